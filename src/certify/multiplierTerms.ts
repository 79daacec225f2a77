/** Terms of an upper Lagrangian with the constraints they belong to, and multipliers by name from them. */
import type { NestedNumbers } from "../methods/result.js";
import type { Problem } from "../model/problem.js";
import type { FeasibleSet } from "../reform/levels.js";
import { byConstraint, nested } from "../report/values.js";

type Vector = Float64Array;
export type Named = Readonly<Record<string, NestedNumbers>>;

/** Distance from a limit that counts as none, over 1 + the size of what is limited. */
export const ACTIVE = 1e-5;
/** Share of the slopes that may be left. */
export const LEFT = 1e-4;
/** Undecided pairs are tried both ways up to this many. */
export const UNDECIDED = 4;

export const near = (distance: number, size: number): boolean => Math.abs(distance) <= ACTIVE * (1 + Math.abs(size));

/** Whether a domain of the upper level can have a multiplier at x; balls and simplices always may. */
export function actsOnX({ slacks, residuals }: FeasibleSet, x: Vector): boolean {
  const atBound = slacks.some(({ held }) => held?.at.some((j, i) => near(x[j] - held.value[i], x[j])) ?? true);
  return atBound || residuals.length > 0;
}

/** A term of the Lagrangian: its slope, whether its multiplier is at least zero, and the upper part's entry it belongs to. */
export interface Term {
  readonly slope: Vector;
  readonly signed: boolean;
  readonly part?: { readonly name: string; readonly row: number | undefined; readonly entry: number };
}

/** By constraint and, where they act, by bound. */
export function named({ upper }: Problem, terms: readonly Term[], found: Vector): Named | undefined {
  const names = upper.constraints.flatMap((c) => Array<string>(c.rows).fill(c.name));
  const rows = new Float64Array(names.length);
  const domains: Record<string, NestedNumbers> = {};
  terms.forEach(({ part }, k) => {
    if (part === undefined || found[k] === 0) return;
    if (part.row !== undefined) {
      rows[part.row] = found[k];
      return;
    }
    const variable = upper.variables.find((v) => part.name.endsWith(` of ${v.name}`));
    if (variable === undefined || part.name.startsWith("domain")) domains[part.name] = found[k];
    else {
      const entries = new Float64Array(variable.size);
      terms.forEach((t, l) => {
        if (t.part?.name === part.name && t.part.row === undefined) entries[t.part.entry - variable.offset] = found[l];
      });
      domains[part.name] = nested(entries, variable.shape);
    }
  });
  const all = { ...byConstraint(names, rows), ...domains };
  return Object.keys(all).length > 0 ? all : undefined;
}
