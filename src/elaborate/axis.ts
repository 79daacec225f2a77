/**
 * Comprehension axes. An index of a comprehension is not a loop but an axis of a tensor: `sum(i in S: e)` computes e for
 * all i at once and reduces the axis. Sets that depend on other indices (`j in 1..i`) and conditions on several of them
 * turn the axes involved into one joint axis, whose positions are the combinations that exist; `outer` then says to
 * which position of an enclosing axis each of them belongs.
 */
import type { Node } from "../expr/node.js";
import type { Builder } from "../ops/build.js";
import { ownShape, type Value } from "../ops/value.js";

/** No comprehension, and no constant, has more entries. */
export const mostCombinations = 1e8;

export interface Axis {
  /** Increasing with the time of creation: enclosing axes have smaller ids. */
  readonly id: number;
  readonly size: number;
  /** Id of the sample mark, where the comprehension is marked `batch`. */
  readonly sample?: number;
  /** Enclosing axes that this one has absorbed: for each own position, the position along them. */
  readonly outer: readonly Absorbed[];
}

export interface Absorbed {
  readonly axis: Axis;
  readonly positions: Int32Array;
}

/** Axes that were replaced by a joint one: position k of `to` stands for position positions[j][k] of from[j]. */
export interface Rebase {
  readonly from: readonly Axis[];
  readonly positions: readonly Int32Array[];
  readonly to: Axis;
}

/** A value from a node whose leading axes have the given ids in any order: sorts them. */
export function arrange(b: Builder, node: Node, ids: readonly number[], row?: true): Value {
  const order = ids.map((_, k) => k).sort((p, q) => ids[p] - ids[q]);
  const rest = node.shape.slice(ids.length).map((_, k) => ids.length + k);
  const sorted = b.transpose(node, [...order, ...rest]);
  return { node: sorted, axes: order.map((k) => ids[k]), ...(row ? { row } : {}) };
}

/** Repeats a value along an axis that it does not have. */
export function withAxis(b: Builder, value: Value, axis: Axis): Value {
  if (value.axes.includes(axis.id)) return value;
  const own = value.node.shape.map((_, k) => k + 1);
  const node = b.broadcast(value.node, [axis.size, ...value.node.shape], own);
  return arrange(b, node, [axis.id, ...value.axes], value.row);
}

/** The positions in a joint axis's terms of what was written over the axes it replaced. */
export function flatPositions(axes: readonly Axis[], positions: readonly Int32Array[], size: number): Int32Array {
  const flat = new Int32Array(size);
  for (let j = 0; j < axes.length; j++) {
    for (let k = 0; k < size; k++) flat[k] = flat[k] * axes[j].size + positions[j][k];
  }
  return flat;
}

/** Rewrites a value over replaced axes as one over the joint axis. */
export function rebase(b: Builder, value: Value, change: Rebase): Value {
  const present = change.from.map((_, j) => j).filter((j) => value.axes.includes(change.from[j].id));
  if (present.length === 0) return value;
  const joined = present.map((j) => change.from[j]);
  const kept = value.axes.filter((id) => !joined.some((axis) => axis.id === id));
  const own = ownShape(value);
  const order = [...kept, ...joined.map((axis) => axis.id)].map((id) => value.axes.indexOf(id));
  const moved = b.transpose(value.node, [...order, ...own.map((_, k) => value.axes.length + k)]);
  const keptShape = moved.shape.slice(0, kept.length);
  const merged = b.reshape(moved, [...keptShape, joined.reduce((n, axis) => n * axis.size, 1), ...own]);
  const flat = flatPositions(
    joined,
    present.map((j) => change.positions[j]),
    change.to.size,
  );
  const taken = b.take(merged, kept.length, b.graph.positions(flat));
  return arrange(b, taken, [...kept, change.to.id], value.row);
}
