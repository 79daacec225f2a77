/**
 * Entries of variables that can have one value only are replaced by it: those with equal bounds, and those that an affine equality of
 * their own level fixes, a v + c = 0. The multiplier of such an equality is what lower stationarity leaves: -(grad of the rest) / a.
 */

import { affineRows, isZeroVector, single } from "../curvature/affineRows.js";
import type { Constraint, Problem } from "../model/problem.js";
import { entryName, variableAt } from "./names.js";
import { reductionOf } from "./reduction.js";
import { rowPositions, withoutRows } from "./rows.js";
import { type SingletonRow, singletonMultipliers } from "./singletons.js";
import { type PresolveStep, presolveStep } from "./step.js";

type Level = "upper" | "lower";

class Fixing {
  readonly values = { upper: new Map<number, number>(), lower: new Map<number, number>() };
  readonly gone = new Map<Constraint, Set<number>>();
  readonly rows: SingletonRow[] = [];
  readonly changes: string[] = [];

  constructor(private readonly problem: Problem) {}

  byBounds(level: Level): void {
    const { upper, lowers } = this.problem;
    for (const v of level === "upper" ? upper.variables : lowers.flatMap((l) => l.variables)) {
      const { domain } = v;
      if (domain.kind !== "box") continue;
      domain.lower.forEach((value, k) => {
        if (value === domain.upper[k]) this.fix(level, v.offset + k, value, "by its bounds");
      });
    }
  }

  byRows(level: Level): void {
    const { problem } = this;
    const constraints = level === "upper" ? problem.upper.constraints : problem.lowers.flatMap((l) => l.constraints);
    for (const c of constraints) {
      if (c.kind !== "eq") continue;
      for (const { row, a, b, c: constant } of affineRows(problem, c) ?? []) {
        const [own, other] = level === "upper" ? [a, b] : [b, a];
        const at = isZeroVector(other) ? single(own) : undefined;
        if (at === undefined) continue;
        const value = constant === 0 ? 0 : -constant / own[at];
        if (!this.allowed(level, at, value) || this.values[level].has(at)) continue;
        this.fix(level, at, value, `by the constraint ${c.name}`);
        let rows = this.gone.get(c);
        if (rows === undefined) this.gone.set(c, (rows = new Set()));
        rows.add(row);
        if (level === "lower")
          this.rows.push({ position: rowPositions(problem, c)[row], entry: at, slope: own[at], kind: "eq" });
      }
    }
  }

  private allowed(level: Level, at: number, value: number): boolean {
    const { domain, offset } = variableAt(this.problem, level, at);
    if (domain.kind === "free") return true;
    return domain.kind === "box" && value >= domain.lower[at - offset] && value <= domain.upper[at - offset];
  }

  private fix(level: Level, at: number, value: number, why: string): void {
    this.values[level].set(at, value);
    this.changes.push(`${entryName(this.problem, level, at).text} = ${value}, ${why}.`);
  }
}

export const fixedVariables: PresolveStep = presolveStep({
  id: "fixed-variables",
  title: "Variables with one value",
  reference: "Andersen and Andersen, Presolving in linear programming, 1995, sections 3.1 and 3.2",
  formulas: ["l = v = u", "a v + c = 0 gives v = -c/a"],
  keeps: "All solutions.",
  find: (problem) => {
    const fixing = new Fixing(problem);
    const { x } = problem;
    fixing.byBounds("upper");
    fixing.byRows("upper");
    if (problem.independentFollowers) {
      fixing.byBounds("lower");
      fixing.byRows("lower");
    }
    const { upper, lower } = fixing.values;
    if (upper.size + lower.size === 0) return [{ message: "No variable is fixed." }];
    if (upper.size === x.size)
      return [{ message: "All upper variables are fixed: no choice is left to the upper level." }];
    const cut = { x: upper, y: lower, rows: withoutRows(fixing.gone) };
    return reductionOf(problem, cut, summary(fixing.changes), singletonMultipliers(problem, fixing.rows));
  },
});

/** The first few, and how many more. */
export function summary(changes: readonly string[]): readonly string[] {
  const most = 6;
  return changes.length <= most
    ? changes
    : [...changes.slice(0, most - 1), `… and ${changes.length - most + 1} more like these.`];
}
