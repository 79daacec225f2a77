/** Leaves of a graph as people name them: blocks cut into variables, small constants written out. */
import type { InputBlock, Node, Tensor } from "../../expr/node.js";
import { sizeOf } from "../../expr/node.js";
import type { Problem, Variable } from "../../model/problem.js";
import type { Builder } from "../../ops/build.js";
import type { Expression } from "../../syntax/tree.js";
import { array, indexed } from "../notation/make.js";
import { numberExpression } from "../notation/numbers.js";
import type { Blocks } from "./blocks.js";

/** Constants with at most so many entries are written out. */
const mostWritten = 6;

/** Operators of which a part is the operator on parts. */
const entrywise = new Set(["add", "sub", "mul", "neg"]);

/** The part of a vector over all variables of a level that belongs to one, in its shape. */
export function variablePart({ builder: b }: Problem, whole: Node, v: Variable): Node {
  return b.reshape(run(b, whole, v.offset, v.size), v.shape);
}

/** A run of a vector's entries, taken from the terms of a sum rather than from the sum. */
function run(b: Builder, node: Node, start: number, size: number): Node {
  if (node.shape.length === 0) return node;
  const parts = (): Node[] => node.args.map((a) => run(b, a, start, size));
  if (entrywise.has(node.op)) return b.apply(node.op, parts());
  return b.take(node, 0, b.graph.range(start, size));
}

/** A node that only moves entries of one named part of a block; undefined where it is none. */
export function placedPart(blocks: Blocks, node: Node): Expression | undefined {
  const part = partOf(node);
  const places = part && blocks.get(part.block);
  if (!part || !places) return undefined;
  const place = places.find((p) => p.offset <= part.start && part.start + part.size <= p.offset + p.size);
  if (!place) return undefined;
  const { expression } = place;
  const at = part.start - place.offset;
  const { shape } = node;
  const isFlat = shape.length < 2 || shape.includes(1);
  if (part.size === place.size && (isFlat || shape.join() === place.shape.join())) {
    const isFlattened = place.shape.length === 2 && shape.length === 1 && !place.shape.includes(1);
    return isFlattened ? undefined : expression;
  }
  if (place.shape.length < 2) {
    if (!isFlat) return undefined;
    return indexed(expression, part.size === 1 ? at + 1 : [at + 1, at + part.size]);
  }
  const columns = place.shape[1];
  if (part.size === 1) return indexed(expression, Math.floor(at / columns) + 1, (at % columns) + 1);
  const isRows = at % columns === 0 && part.size % columns === 0;
  if (!isRows || (shape.length === 1 && part.size !== columns)) return undefined;
  const [row, rows] = [at / columns, part.size / columns];
  return indexed(expression, rows === 1 ? row + 1 : [row + 1, row + rows], "all");
}

interface Part {
  readonly block: InputBlock;
  readonly start: number;
  readonly size: number;
}

/** A contiguous part of an input block, in any shape. */
function partOf(node: Node): Part | undefined {
  if (node.attributes.input) return { block: node.attributes.input, start: 0, size: node.shape[0] };
  if (node.op === "reshape") return partOf(node.args[0]);
  if (node.op !== "take" || node.attributes.axis !== 0) return undefined;
  const inner = partOf(node.args[0]);
  const { index } = node.attributes;
  if (!inner || !index || index.values || (index.step !== 1 && index.size > 1)) return undefined;
  const row = sizeOf(node.shape.slice(1));
  return { block: inner.block, start: inner.start + index.start * row, size: index.size * row };
}

/** Few entries written out; undefined for more. */
export function writtenConstant({ shape, values }: Tensor): Expression | undefined {
  if (values.length === 0 || values.length > mostWritten || shape.length > 2) return undefined;
  const row = (from: number, n: number): Expression =>
    array(Array.from(values.subarray(from, from + n), (v) => numberExpression(v)));
  if (shape.length === 1) return row(0, values.length);
  return array(Array.from({ length: shape[0] }, (_, k) => row(k * shape[1], shape[1])));
}
