/**
 * A value of the language while it is being elaborated: a node whose leading axes belong to comprehension indices
 * (`axes` holds their ids in increasing order, one per leading axis) and whose remaining axes are its own shape.
 * A vector is a column; the transpose of a vector is a `row`: the same storage, but it multiplies from the left.
 */
import type { Node, Shape } from "../expr/node.js";

export interface Value {
  readonly node: Node;
  readonly axes: readonly number[];
  readonly row?: true;
}

/** The shape a reader of the source sees: without comprehension axes. */
export function ownShape(v: Value): Shape {
  return v.axes.length === 0 ? v.node.shape : v.node.shape.slice(v.axes.length);
}

/** A value outside any comprehension. */
export function plain(node: Node): Value {
  return { node, axes: [] };
}
