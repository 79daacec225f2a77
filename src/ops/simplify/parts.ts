/** Reading nodes apart: constants, uniform nodes, coefficients, index sets. Shared by the simplification rules. */
import { type IndexSet, type Node, type Shape, sameShape } from "../../expr/node.js";
import type { Builder } from "../build.js";

/** The value of a scalar constant. */
export function constantOf(node: Node): number | undefined {
  return node.op === "constant" ? node.attributes.value : undefined;
}

/** The value that all entries share: of a constant, or of one that is broadcast. */
export function uniformOf(node: Node): number | undefined {
  return node.op === "broadcast" ? constantOf(node.args[0]) : constantOf(node);
}

export const isZero = (node: Node): boolean => uniformOf(node) === 0;

export const isScalar = (node: Node): boolean => node.shape.length === 0;

/** node = factor * rest, where the factor is a number that stands in front. */
export interface Scaled {
  readonly factor: number;
  readonly rest: Node;
}

export function scaled(node: Node): Scaled {
  if (node.op === "neg") return { factor: -1, rest: node.args[0] };
  if (node.op === "mul" || node.op === "div") {
    const constant = constantOf(node.args[node.op === "mul" ? 0 : 1]);
    if (constant !== undefined && node.op === "mul") return { factor: constant, rest: node.args[1] };
    if (constant !== undefined) return { factor: 1 / constant, rest: node.args[0] };
  }
  return { factor: 1, rest: node };
}

/** factor * node */
export function scale(b: Builder, factor: number, node: Node): Node {
  return b.mul(b.constant(factor), node);
}

/** The scalar repeated to the shape that the result of an elementwise operator must have. */
export function shaped(b: Builder, node: Node, shape: Shape): Node {
  return sameShape(node.shape, shape) ? node : b.broadcast(node, shape, []);
}

export function at(index: IndexSet, k: number): number {
  return index.values ? index.values[k] : index.start + k * index.step;
}

/** Positions start, start + 1, …, that are not a sample. */
export function isRun(index: IndexSet): boolean {
  return index.sample === undefined && !index.values && (index.step === 1 || index.size === 1);
}

/** All positions of an axis in order, not a sample. */
export function isWhole(index: IndexSet, length: number): boolean {
  return isRun(index) && index.size === length && (length === 0 || index.start === 0);
}

/** The sizes an odometer of shape and axes runs over: product of the lengths of some axes. */
export function lengthsProduct(shape: Shape, axes: readonly number[]): number {
  return axes.reduce((p, k) => p * shape[k], 1);
}
