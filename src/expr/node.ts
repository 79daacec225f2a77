/**
 * The typed tensor expression graph. A node is an operator applied to nodes; it has a shape (rank 0 scalar, 1 vector,
 * 2 matrix; comprehensions add leading batch axes) and is unique: equal nodes are the same object (see graph.ts).
 * Storage order is row-major throughout.
 */
import type { Span } from "../base/span.js";

export type Shape = readonly number[];

/** A constant tensor. Identity counts: two tensors are equal only if they are the same object. */
export interface Tensor {
  readonly shape: Shape;
  readonly values: Float64Array;
  /** For people: the parameter or data set it came from. */
  readonly name?: string;
}

/**
 * 0-based positions along one axis, as used by `take` and `put`. A contiguous range has `values` undefined.
 * `sample` is set where the positions belong to a comprehension marked `batch`: a stochastic engine may put a minibatch
 * of its positions in place of them.
 */
export interface IndexSet {
  readonly id: number;
  readonly size: number;
  /** First position and step of a range; meaningless where `values` is given. */
  readonly start: number;
  readonly step: number;
  readonly values?: Int32Array;
  readonly sample?: number;
  /** The values are rewritten between calls: they may not be read before a kernel runs. */
  readonly live?: true;
}

/** A block that callers supply at run time: "x", "y", a direction "v", multipliers "z" … always a flat vector. */
export interface InputBlock {
  readonly name: string;
  readonly size: number;
}

/** Static facts of a node besides its arguments; an operator reads those that it owns. */
export interface Attributes {
  /** constant: the scalar's value. */
  readonly value?: number;
  /** tensor: the constant. */
  readonly tensor?: Tensor;
  /** input: the block. */
  readonly input?: InputBlock;
  /** Reductions: the axes removed. broadcast: for each axis of the operand, the output axis it becomes. transpose: for each output axis, the operand axis it was. */
  readonly axes?: readonly number[];
  /** take, put, concat, cumulative operators: the axis. */
  readonly axis?: number;
  /** take: positions read. put: positions written (added) into `size` zeros. */
  readonly index?: IndexSet;
  /** put: length of the axis in the result. */
  readonly size?: number;
  /** contract: labels of the axes of each operand and of the result, as in Einstein summation. */
  readonly labels?: ContractLabels;
}
/** e.g. matrix times vector: { left: [0, 1], right: [1], out: [0] }. Labels absent from `out` are summed. */
export interface ContractLabels {
  readonly left: readonly number[];
  readonly right: readonly number[];
  readonly out: readonly number[];
}

export interface Node {
  readonly id: number;
  readonly op: string;
  readonly args: readonly Node[];
  readonly shape: Shape;
  readonly attributes: Attributes;
  /** The place in the source that first asked for this value; derivative nodes inherit that of what they derive. */
  readonly origin: Span | undefined;
}

/** Number of entries of a shape. */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (const d of shape) size *= d;
  return size;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((d, i) => d === b[i]);
}
