/**
 * Rules for sums over axes: factors move out, repetition becomes a factor, sums of products become contractions (so
 * that the product is never stored). Other reductions only drop axes of length 1.
 */
import type { Node } from "../../expr/node.js";
import type { Builder } from "../build.js";
import { isScalar, lengthsProduct, scale, scaled } from "./parts.js";

/** Sum of `a` over the axes (increasing, at least one). */
export function sum(b: Builder, a: Node, axes: readonly number[]): Node {
  return simpler(b, a, axes) ?? b.raw("sum", [a], { axes });
}

function simpler(b: Builder, a: Node, axes: readonly number[]): Node | undefined {
  const { factor, rest } = scaled(a);
  if (rest !== a) return scale(b, factor, b.sum(rest, axes));
  const kept = a.shape.map((_, k) => k).filter((k) => !axes.includes(k));
  switch (a.op) {
    case "broadcast":
      return sumOfBroadcast(b, a, axes, kept);
    case "mul":
    case "div": {
      const [x, y] = a.args;
      if (isScalar(y)) return b.apply(a.op, [b.sum(x, axes), y]);
      if (a.op === "div") return undefined;
      if (isScalar(x)) return b.mul(x, b.sum(y, axes));
      const all = [...a.shape.keys()];
      return b.contract(x, y, { left: all, right: all, out: kept });
    }
    case "sum": {
      // positions of the axes in the operand of the inner sum
      const inner = a.attributes.axes!;
      const outer = a.args[0].shape.map((_, k) => k).filter((k) => !inner.includes(k));
      return b.sum(
        a.args[0],
        [...inner, ...axes.map((k) => outer[k])].sort((p, q) => p - q),
      );
    }
    case "transpose": {
      const from = a.attributes.axes!;
      const removed = axes.map((k) => from[k]).sort((p, q) => p - q);
      const left = kept.map((k) => from[k]);
      const order = [...left].sort((p, q) => p - q);
      return b.transpose(
        b.sum(a.args[0], removed),
        left.map((k) => order.indexOf(k)),
      );
    }
    case "put": {
      const axis = a.attributes.axis!;
      if (!axes.includes(axis)) return undefined;
      // repeated positions add up, so the entries' own sum is all there is
      return b.sum(a.args[0], axes);
    }
    case "reshape":
      return kept.length === 0 ? b.sum(a.args[0]) : ones(b, a, axes);
    case "contract": {
      // an outer product is not stored to be summed
      const { left, right, out } = a.attributes.labels!;
      const outer = left.every((label) => out.includes(label)) && right.every((label) => out.includes(label));
      if (!outer) return ones(b, a, axes);
      return b.contract(a.args[0], a.args[1], { left, right, out: kept.map((k) => out[k]) });
    }
    default:
      return ones(b, a, axes);
  }
}

/** Axes of length 1 need no sum. */
export function ones(b: Builder, a: Node, axes: readonly number[]): Node | undefined {
  if (!axes.every((k) => a.shape[k] === 1)) return undefined;
  return b.reshape(
    a,
    a.shape.filter((_, k) => !axes.includes(k)),
  );
}

/** Repeated axes give their length as a factor; the operand's own axes are summed inside. */
function sumOfBroadcast(b: Builder, a: Node, axes: readonly number[], kept: readonly number[]): Node {
  const map = a.attributes.axes!;
  const repeated = axes.filter((k) => !map.includes(k));
  const own = [...map.keys()].filter((i) => axes.includes(map[i]));
  const inner = scale(b, lengthsProduct(a.shape, repeated), b.sum(a.args[0], own));
  const left = map.filter((k) => !axes.includes(k));
  return b.broadcast(
    inner,
    kept.map((k) => a.shape[k]),
    left.map((k) => kept.indexOf(k)),
  );
}
