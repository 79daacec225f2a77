/**
 * Normal form of contractions. In this order: labels of one operand only are summed beforehand; scalars, numbers,
 * repetition, transposes, unit matrices and put-into-zeros are taken out of the operands; products without a sum that
 * one operand covers become elementwise products; symmetric matrices, operands and labels are put in a fixed order.
 */
import type { ContractLabels, Node } from "../../expr/node.js";
import { sizeOf } from "../../expr/node.js";
import type { Builder } from "../build.js";
import { isScalar, scale, scaled } from "./parts.js";
import { isSymmetric, isUnit } from "./symmetric.js";

type Labels = readonly number[];

export function contract(b: Builder, a: Node, other: Node, labels: ContractLabels): Node {
  return simpler(b, a, other, labels) ?? b.raw("contract", ...ordered(a, other, labels));
}

function simpler(b: Builder, x: Node, y: Node, { left, right, out }: ContractLabels): Node | undefined {
  const alone = presum(b, x, y, { left, right, out });
  if (alone) return alone;
  for (const [p, q, mine, theirs] of [
    [x, y, left, right],
    [y, x, right, left],
  ] as const) {
    const found = operand(b, p, q, mine, theirs, out);
    if (found) return found;
  }
  // the same operand twice: a sum of squares
  if (x === y && left.every((label, k) => label === right[k])) {
    const removed = [...left.keys()].filter((k) => !out.includes(left[k]));
    const kept = left.filter((label) => out.includes(label));
    return b.transpose(
      b.sum(b.square(x), removed),
      out.map((label) => kept.indexOf(label)),
    );
  }
  return covered(b, x, y, left, right, out) ?? covered(b, y, x, right, left, out);
}

/** Labels that only one operand has and the result lacks are summed in that operand. */
function presum(b: Builder, x: Node, y: Node, { left, right, out }: ContractLabels): Node | undefined {
  const alone = (own: Labels, others: Labels): number[] =>
    [...own.keys()].filter((k) => !others.includes(own[k]) && !out.includes(own[k]));
  const [fromLeft, fromRight] = [alone(left, right), alone(right, left)];
  if (fromLeft.length + fromRight.length === 0) return undefined;
  return b.contract(b.sum(x, fromLeft), b.sum(y, fromRight), {
    left: left.filter((_, k) => !fromLeft.includes(k)),
    right: right.filter((_, k) => !fromRight.includes(k)),
    out,
  });
}

/** What can be taken out of operand p (labels `mine`), q being the other one. */
function operand(b: Builder, p: Node, q: Node, mine: Labels, theirs: Labels, out: Labels): Node | undefined {
  const again = (node: Node, own: Labels, rest = q, others = theirs, result = out): Node =>
    b.contract(node, rest, { left: own, right: others, out: result });
  if (isScalar(p))
    return b.mul(
      p,
      b.transpose(
        q,
        out.map((label) => theirs.indexOf(label)),
      ),
    );
  const { factor, rest } = scaled(p);
  if (rest !== p) return scale(b, factor, again(rest, mine));
  switch (p.op) {
    case "mul":
    case "div": {
      // a scalar factor comes out where that is not more work
      const [one, two] = p.args;
      const smaller = sizeOf(out.map((label) => lengthOf(label, p, mine, q, theirs))) <= sizeOf(p.shape);
      if (smaller && isScalar(two)) return b.apply(p.op, [again(one, mine), two]);
      if (smaller && isScalar(one) && p.op === "mul") return b.mul(one, again(two, mine));
      return undefined;
    }
    case "transpose": {
      const from = p.attributes.axes!;
      return again(
        p.args[0],
        mine.map((_, axis) => mine[from.indexOf(axis)]),
      );
    }
    case "broadcast": {
      const own = p.attributes.axes!.map((k) => mine[k]);
      const lost = mine.filter((label) => !own.includes(label) && !theirs.includes(label));
      const result = out.filter((label) => !lost.includes(label));
      const inner = again(p.args[0], own, q, theirs, result);
      return b.broadcast(
        inner,
        out.map((label) => lengthOf(label, p, mine, q, theirs)),
        result.map((label) => out.indexOf(label)),
      );
    }
    case "put": {
      // entries outside the positions meet zeros: read them only
      const label = mine[p.attributes.axis!];
      if (out.includes(label) || p.attributes.index!.sample !== undefined) return undefined;
      return again(p.args[0], mine, b.take(q, theirs.indexOf(label), p.attributes.index!));
    }
    case "tensor": {
      // the unit matrix renames an axis of the other operand
      const [row, column] = mine;
      const summed = mine.filter((label) => theirs.includes(label) && !out.includes(label));
      if (mine.length !== 2 || summed.length !== 1 || !isUnit(p)) return undefined;
      const name = summed[0] === row ? column : row;
      if (theirs.includes(name)) return undefined;
      const renamed = theirs.map((label) => (label === summed[0] ? name : label));
      return b.transpose(
        q,
        out.map((label) => renamed.indexOf(label)),
      );
    }
    default:
      return undefined;
  }
}

function lengthOf(label: number, p: Node, mine: Labels, q: Node, theirs: Labels): number {
  const k = mine.indexOf(label);
  return k >= 0 ? p.shape[k] : q.shape[theirs.indexOf(label)];
}

/** Without a sum and with all of the result's axes in p: an elementwise product with q repeated. */
function covered(b: Builder, p: Node, q: Node, mine: Labels, theirs: Labels, out: Labels): Node | undefined {
  if (out.length !== mine.length || !mine.every((label) => out.includes(label))) return undefined;
  if (!theirs.every((label) => mine.includes(label))) return undefined;
  const turned = b.transpose(
    p,
    out.map((label) => mine.indexOf(label)),
  );
  return b.mul(
    turned,
    b.broadcast(
      q,
      turned.shape,
      theirs.map((label) => out.indexOf(label)),
    ),
  );
}

/** Operands by decreasing rank, then by age; labels numbered in order of appearance; symmetric matrices the smaller way round. */
function ordered(x: Node, y: Node, labels: ContractLabels): [readonly Node[], { labels: ContractLabels }] {
  const swap = y.shape.length > x.shape.length || (y.shape.length === x.shape.length && y.id < x.id);
  const [p, q] = swap ? [y, x] : [x, y];
  const [mine, theirs] = swap ? [labels.right, labels.left] : [labels.left, labels.right];
  let best: ContractLabels | undefined;
  for (const left of waysRound(p, mine)) {
    for (const right of waysRound(q, theirs)) {
      const candidate = renumbered({ left, right, out: labels.out });
      if (!best || keyOf(candidate) < keyOf(best)) best = candidate;
    }
  }
  return [[p, q], { labels: best! }];
}

function waysRound(node: Node, own: Labels): Labels[] {
  return isSymmetric(node) ? [own, [own[1], own[0]]] : [own];
}

function keyOf({ left, right, out }: ContractLabels): string {
  return [out, right, left].map((own) => own.map((label) => String.fromCharCode(97 + label)).join("")).join("|");
}

function renumbered({ left, right, out }: ContractLabels): ContractLabels {
  const names = new Map<number, number>();
  for (const label of [...left, ...right]) if (!names.has(label)) names.set(label, names.size);
  const rename = (own: Labels): number[] => own.map((label) => names.get(label)!);
  return { left: rename(left), right: rename(right), out: rename(out) };
}
