/**
 * Bringing values of comprehensions together: their leading axes are united by id (in increasing order) and missing
 * ones are broadcast symbolically. Also the problems that shapes can have, as words for a diagnostic.
 */
import type { Node, Shape } from "../expr/node.js";
import type { Builder } from "./build.js";
import { ownShape, type Value } from "./value.js";

/** Why arguments do not fit; `argument` is the 0-based position of the one at fault, where it is one. */
export interface ShapeProblem {
  readonly problem: string;
  readonly argument?: number;
}

export function isProblem(result: Value | ShapeProblem): result is ShapeProblem {
  return "problem" in result;
}

export type Kind = "scalar" | "vector" | "row" | "matrix";

export function kindOf(v: Value): Kind {
  const rank = v.node.shape.length - v.axes.length;
  if (rank === 0) return "scalar";
  if (rank === 1) return v.row ? "row" : "vector";
  return "matrix";
}

/** "a scalar", "a vector [3]", "a row [1, 3]", "a matrix [2, 3]". */
export function words(v: Value): string {
  const kind = kindOf(v);
  if (kind === "scalar") return "a scalar";
  const shape = ownShape(v);
  return `a ${kind} [${(kind === "row" ? [1, ...shape] : shape).join(", ")}]`;
}

/** A value with the given comprehension axes and own shape. */
export function makeValue(node: Node, axes: readonly number[], row = false): Value {
  return row ? { node, axes, row: true } : { node, axes };
}

/** Ids and lengths of all comprehension axes of the values, ids increasing. */
export function unitedAxes(values: readonly Value[]): { ids: number[]; sizes: number[] } {
  const sizes = new Map<number, number>();
  for (const v of values) for (const [k, id] of v.axes.entries()) sizes.set(id, v.node.shape[k]);
  const ids = [...sizes.keys()].sort((p, q) => p - q);
  return { ids, sizes: ids.map((id) => sizes.get(id)!) };
}

/**
 * The values' nodes with the united comprehension axes in front, each with its own shape behind them, or with `shape`
 * for all (own scalars are then repeated).
 */
export function align(
  b: Builder,
  values: readonly Value[],
  shape?: Shape,
): { readonly nodes: Node[]; readonly axes: readonly number[] } {
  const { ids, sizes } = unitedAxes(values);
  const nodes = values.map((v) => {
    const own = ownShape(v);
    const target = shape ?? own;
    const map = v.axes.map((id) => ids.indexOf(id));
    own.forEach((_, k) => {
      map.push(ids.length + k);
    });
    return b.broadcast(v.node, [...sizes, ...target], map);
  });
  return { nodes, axes: ids };
}

/**
 * Einstein summation of two values: `left`, `right` and `out` label their own axes ("ij", "j", "i"); comprehension axes
 * are shared by id and kept. Nothing is broadcast.
 */
export function contractValues(b: Builder, l: Value, left: string, r: Value, right: string, out: string): Value {
  const { ids } = unitedAxes([l, r]);
  const label = (letter: string): number => ids.length + letter.charCodeAt(0) - 97;
  const labels = (v: Value, own: string): number[] => [
    ...v.axes.map((id) => ids.indexOf(id)),
    ...Array.from(own, label),
  ];
  const node = b.contract(l.node, r.node, {
    left: labels(l, left),
    right: labels(r, right),
    out: [...ids.keys(), ...Array.from(out, label)],
  });
  return { node, axes: ids };
}

/** A reduction of all own axes of a value. */
export function ownAxes(v: Value): number[] {
  return v.node.shape.map((_, k) => k).slice(v.axes.length);
}

/** The integer a value is, where it is a constant one. */
export function integerOf(v: Value): number | undefined {
  const value = v.node.attributes.value;
  return v.node.op === "constant" && value !== undefined && Number.isInteger(value) ? value : undefined;
}
