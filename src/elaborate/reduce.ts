/**
 * Reducing the axes of a comprehension. An axis that absorbed enclosing ones is reduced segment by segment: sums by
 * adding the terms into the places of the enclosing axes, products and extrema over segments padded to equal length.
 */

import type { Node } from "../expr/node.js";
import { elementwise, type Reduction, reduceAxis } from "../ops/algebra.js";
import { isProblem } from "../ops/align.js";
import type { Value } from "../ops/value.js";
import { type Axis, arrange, withAxis } from "./axis.js";
import { firstEmpty, outerAxes, outerPositions } from "./bind.js";
import type { Context } from "./context.js";
import type { Scope } from "./scope.js";

export interface ReduceProblem {
  /** Indices of the enclosing comprehensions for which nothing is left. */
  readonly empty: string;
}

/** `scope`: that around the comprehension, for the words of problems. */
export function reduceAxes(
  c: Context,
  value: Value,
  axes: readonly Axis[],
  kind: Reduction,
  scope: Scope,
): Value | ReduceProblem {
  const plainAxes = axes.filter((axis) => axis.outer.length === 0);
  const joint = axes.filter((axis) => axis.outer.length > 0);
  if (kind === "mean" && joint.length > 0) return meanOver(c, value, plainAxes, joint, scope);
  let result = value;
  for (const axis of plainAxes) result = sound(reduceAxis(c.b, result, axis.id, kind, axis.size));
  for (const axis of joint) {
    if (kind === "sum" || kind === "mean") {
      result = segmentSum(c, withAxis(c.b, result, axis), axis);
      continue;
    }
    const empty = kind === "prod" ? undefined : firstEmpty(axis, countsOf(axis), scope);
    if (empty !== undefined) return { empty };
    result = paddedReduce(c, withAxis(c.b, result, axis), axis, kind);
  }
  return result;
}

/** The sum over all terms divided by their number. */
function meanOver(
  c: Context,
  value: Value,
  plainAxes: readonly Axis[],
  joint: readonly Axis[],
  scope: Scope,
): Value | ReduceProblem {
  let result = value;
  for (const axis of plainAxes) result = sound(reduceAxis(c.b, result, axis.id, "mean", axis.size));
  for (const axis of joint) {
    const counts = countsOf(axis);
    const empty = firstEmpty(axis, counts, scope);
    if (empty !== undefined) return { empty };
    const total = segmentSum(c, withAxis(c.b, result, axis), axis);
    const shape = outerAxes(axis).map((a) => a.size);
    const divisor: Value = { node: c.b.tensor({ shape, values: counts }), axes: outerAxes(axis).map((a) => a.id) };
    result = sound(elementwise(c.b, "div", [total, divisor]));
  }
  return result;
}

function sound(result: Value | { readonly problem: string }): Value {
  if (isProblem(result as Value)) throw new Error((result as { problem: string }).problem);
  return result as Value;
}

/** Number of terms at each position of the absorbed axes. */
function countsOf(axis: Axis): Float64Array {
  const counts = new Float64Array(outerAxes(axis).reduce((n, a) => n * a.size, 1));
  for (const p of outerPositions(axis)) counts[p]++;
  return counts;
}

function segmentSum(c: Context, value: Value, axis: Axis): Value {
  const size = outerAxes(axis).reduce((n, a) => n * a.size, 1);
  const k = value.axes.indexOf(axis.id);
  const node = c.b.put(value.node, k, c.b.graph.positions(outerPositions(axis)), size);
  return unfold(c, node, value, k, axis, []);
}

/** Replaces axis k of the node, which runs over the grid of the absorbed axes, by these (and `more` behind them). */
function unfold(c: Context, node: Node, value: Value, k: number, axis: Axis, more: readonly Axis[]): Value {
  const axes = [...outerAxes(axis), ...more];
  const shape = [...node.shape.slice(0, k), ...axes.map((a) => a.size), ...node.shape.slice(k + 1)];
  const ids = [...value.axes.slice(0, k), ...axes.map((a) => a.id), ...value.axes.slice(k + 1)];
  return arrange(c.b, c.b.reshape(node, shape), ids, value.row);
}

/** Segments padded with their own first term (for products: with 1), as a grid of absorbed axes and places. */
function paddedReduce(c: Context, value: Value, axis: Axis, kind: "prod" | "max" | "min"): Value {
  const counts = countsOf(axis);
  const width = Math.max(
    1,
    counts.reduce((m, n) => Math.max(m, n), 0),
  );
  const positions = new Int32Array(counts.length * width).fill(-1);
  const filled = new Int32Array(counts.length);
  outerPositions(axis).forEach((segment, k) => {
    positions[segment * width + filled[segment]++] = k;
  });
  const present = Float64Array.from(positions, (p) => (p >= 0 ? 1 : 0));
  for (let s = 0; s < counts.length; s++) {
    const first = Math.max(0, positions[s * width]);
    for (let j = 0; j < width; j++) if (positions[s * width + j] < 0) positions[s * width + j] = first;
  }
  const place = c.newAxis(width);
  const k = value.axes.indexOf(axis.id);
  const taken = c.b.take(value.node, k, c.b.graph.positions(positions));
  let grid = unfold(c, taken, value, k, axis, [place]);
  if (kind === "prod" && present.includes(0)) {
    const axes = [...outerAxes(axis), place];
    const mask = c.b.tensor({ shape: axes.map((a) => a.size), values: present });
    const one: Value = { node: c.b.constant(1), axes: [] };
    grid = sound(elementwise(c.b, "select", [{ node: mask, axes: axes.map((a) => a.id) }, grid, one]));
  }
  return sound(reduceAxis(c.b, grid, place.id, kind));
}
