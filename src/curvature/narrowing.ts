/**
 * One node backwards: bounds of the arguments from bounds of the result (the HC4 algorithm's revise step: Benhamou, Goualard, Granvilliers and
 * Puget, Revising hull and box consistency, ICLP 1999). Sums and products are solved for each argument; entries of other elementwise
 * operators lose, from both ends, what the operator's own interval extension shows to miss the result (box consistency by
 * bisection), so that no operator needs an inverse. Rigorous: what is cut off holds no argument with a result in the bounds. Cuts are
 * made only where everything is defined.
 */
import { type Node, sizeOf } from "../expr/node.js";
import { addDown, addUp, div, mul, type Range, UNDEFINED } from "../num/interval.js";
import { extents } from "../ops/contract.js";
import type { Intervals } from "../ops/operator.js";
import { operatorOf } from "../ops/registry.js";
import { rowMajor } from "../ops/strides.js";
import { Rooms } from "./rooms.js";
import { shaved } from "./shaving.js";

/** Bounds that shrink; false once they hold nothing. */
export function meet(box: Intervals, k: number, lo: number, hi: number): boolean {
  if (lo > box.lo[k]) box.lo[k] = lo;
  if (hi < box.hi[k]) box.hi[k] = hi;
  return box.lo[k] <= box.hi[k];
}

/** Narrows the arguments' bounds in place; false where nothing is left of one. */
export function narrow(node: Node, result: Intervals, args: readonly Intervals[]): boolean {
  const { family } = operatorOf(node);
  if (family === "layout") return moved(node, result, args);
  if (family === "elementwise") return elementwise(node, result, args);
  if (node.op === "contract") return contracted(node, result, args);
  if (node.op === "sum") return summed(node, result, args[0]);
  if (node.op === "maxOf" || node.op === "logsumexp" || node.op === "minOf") return extreme(node, result, args[0]);
  return true;
}

const places = new WeakMap<Node, readonly Int32Array[]>();

/** For each argument, where its entries go in the result; -1: nowhere. Moving operators move the entries' numbers, too. */
function placesOf(node: Node): readonly Int32Array[] {
  let found = places.get(node);
  if (found !== undefined) return found;
  let next = 1;
  const numbered = node.args.map((a) => Float64Array.from({ length: sizeOf(a.shape) }, () => next++));
  const out = new Float64Array(sizeOf(node.shape));
  operatorOf(node).evaluateInto(out, numbered, node);
  found = [out].map((values) => Int32Array.from(values, (v) => v - 1));
  places.set(node, found);
  return found;
}

function moved(node: Node, result: Intervals, args: readonly Intervals[]): boolean {
  const [from] = placesOf(node);
  const sizes = node.args.map((a) => sizeOf(a.shape));
  for (let k = 0; k < from.length; k++) {
    let at = from[k];
    if (at < 0) continue;
    let i = 0;
    while (at >= sizes[i]) at -= sizes[i++];
    if (!meet(args[i], at, result.lo[k], result.hi[k])) return false;
  }
  return true;
}

const r: Range = { lo: 0, hi: 0, flags: 0 };

function elementwise(node: Node, result: Intervals, args: readonly Intervals[]): boolean {
  if (!solvable.has(node.op)) return shaved(node, result, args);
  const [a, b] = args;
  const [sa, sb] = args.map((box) => (box.lo.length === 1 ? 0 : 1));
  for (let k = 0; k < result.lo.length; k++) {
    const [p, q] = [k * sa, k * (sb ?? 0)];
    const [lo, hi] = [result.lo[k], result.hi[k]];
    const fits =
      node.op === "neg"
        ? meet(a, p, -hi, -lo)
        : node.op === "add"
          ? meet(a, p, addDown(lo, -b.hi[q]), addUp(hi, -b.lo[q])) &&
            meet(b, q, addDown(lo, -a.hi[p]), addUp(hi, -a.lo[p]))
          : node.op === "sub"
            ? meet(a, p, addDown(lo, b.lo[q]), addUp(hi, b.hi[q])) &&
              meet(b, q, addDown(a.lo[p], -hi), addUp(a.hi[p], -lo))
            : node.op === "mul"
              ? quotient(a, p, lo, hi, b, q) && quotient(b, q, lo, hi, a, p)
              : product(a, p, lo, hi, b, q);
    if (!fits) return false;
  }
  return true;
}

const solvable = new Set(["neg", "add", "sub", "mul", "div"]);

/** box[k] times by[q] lies in [lo, hi]. */
function quotient(box: Intervals, k: number, lo: number, hi: number, by: Intervals, q: number): boolean {
  if (by.lo[q] <= 0 && by.hi[q] >= 0) return true;
  div(r, lo, hi, by.lo[q], by.hi[q]);
  return meet(box, k, r.lo, r.hi);
}

/** box[k] over by[q] lies in [lo, hi]. */
function product(box: Intervals, k: number, lo: number, hi: number, by: Intervals, q: number): boolean {
  if (by.lo[q] <= 0 && by.hi[q] >= 0) return true;
  mul(r, lo, hi, by.lo[q], by.hi[q]);
  if (!meet(box, k, r.lo, r.hi)) return false;
  if (lo <= 0 && hi >= 0) return true;
  div(r, box.lo[k], box.hi[k], lo, hi);
  return (r.flags & UNDEFINED) !== 0 || meet(by, q, r.lo, r.hi);
}

const rooms = new Rooms();

/** For each entry of a reduction's argument, the entry of the result that it counts for. */
function groupsOf(node: Node): Int32Array {
  const { shape } = node.args[0];
  const removed = new Set(node.attributes.axes);
  const kept = shape.map((_, k) => k).filter((k) => !removed.has(k));
  const steps = rowMajor(shape);
  const into = rowMajor(node.shape);
  return Int32Array.from({ length: sizeOf(shape) }, (_, at) =>
    kept.reduce((sum, k, i) => sum + (Math.floor(at / steps[k]) % shape[k]) * into[i], 0),
  );
}

function summed(node: Node, result: Intervals, box: Intervals): boolean {
  const groups = groupsOf(node);
  for (let g = 0; g < result.lo.length; g++) {
    rooms.reset();
    groups.forEach((own, k) => {
      if (own === g) rooms.add(box.lo[k], box.hi[k]);
    });
    for (let k = 0; k < groups.length; k++) {
      if (groups[k] !== g) continue;
      const [lo, hi] = [box.lo[k], box.hi[k]];
      if (!meet(box, k, rooms.least(result.lo[g], hi), rooms.most(result.hi[g], lo))) return false;
    }
  }
  return true;
}

/** All entries of a maximum, or of a log-sum-exp, are at most as large as it; of a minimum at least. */
function extreme(node: Node, result: Intervals, box: Intervals): boolean {
  const groups = groupsOf(node);
  const [low, high] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  return groups.every((g, k) =>
    node.op === "minOf" ? meet(box, k, result.lo[g], high) : meet(box, k, low, result.hi[g]),
  );
}

interface Terms {
  readonly out: Int32Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
}

const products = new WeakMap<Node, Terms>();

/** The products that a contraction adds up, sorted by the entry they count for. */
function termsOf(node: Node): Terms {
  let found = products.get(node);
  if (found !== undefined) return found;
  const labels = node.attributes.labels!;
  const [a, b] = node.args;
  const sizes = extents(labels, a.shape, b.shape);
  // labels of the result outermost: products of one entry stand together
  const order = [...labels.out, ...[...sizes.keys()].filter((label) => !labels.out.includes(label))];
  const total = order.reduce((n, label) => n * sizes.get(label)!, 1);
  const step = (own: readonly number[], shape: readonly number[], label: number): number => {
    const k = own.indexOf(label);
    return k < 0 ? 0 : rowMajor(shape)[k];
  };
  const at = (own: readonly number[], shape: readonly number[]): Int32Array => {
    const steps = order.map((label) => step(own, shape, label));
    return Int32Array.from({ length: total }, (_, index) => {
      let rest = index;
      let sum = 0;
      for (let k = order.length - 1; k >= 0; k--) {
        const size = sizes.get(order[k])!;
        sum += (rest % size) * steps[k];
        rest = Math.floor(rest / size);
      }
      return sum;
    });
  };
  found = { out: at(labels.out, node.shape), left: at(labels.left, a.shape), right: at(labels.right, b.shape) };
  products.set(node, found);
  return found;
}

function contracted(node: Node, result: Intervals, [a, b]: readonly Intervals[]): boolean {
  const { out, left, right } = termsOf(node);
  for (let first = 0; first < out.length; ) {
    const g = out[first];
    let end = first;
    rooms.reset();
    while (end < out.length && out[end] === g) {
      mul(r, a.lo[left[end]], a.hi[left[end]], b.lo[right[end]], b.hi[right[end]]);
      rooms.add(r.lo, r.hi);
      end++;
    }
    for (let k = first; k < end; k++) {
      const [i, j] = [left[k], right[k]];
      mul(r, a.lo[i], a.hi[i], b.lo[j], b.hi[j]);
      const lo = rooms.least(result.lo[g], r.hi);
      const hi = rooms.most(result.hi[g], r.lo);
      if (!quotient(a, i, lo, hi, b, j) || !quotient(b, j, lo, hi, a, i)) return false;
    }
    first = end;
  }
  return true;
}
