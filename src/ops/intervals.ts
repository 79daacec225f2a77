/** Interval extensions of operators that move, add and multiply entries; those of single numbers are in elementwise/. */
import { type Node, sizeOf } from "../expr/node.js";
import { add, addDown, addUp, mul, type Range, square, UNDEFINED } from "../num/interval.js";
import type { Intervals, Operator } from "./operator.js";
import { type Plan, planOf, type Run, sweep } from "./strides.js";

const range: Range = { lo: 0, hi: 0, flags: 0 };

/** A node's sums as lists: entry out[k] receives a term of the entries left[k] and right[k]. */
interface Terms {
  readonly out: Int32Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
}

const known = new WeakMap<Node, Terms>();

/** The positions that a plan's sweep visits, in its order, made once. */
function termsOf(node: Node, make: (node: Node) => Plan): Terms {
  let terms = known.get(node);
  if (!terms) {
    const plan = planOf(node, make);
    const count = plan.extents.reduce((p, d) => p * d, 1);
    const [out, left, right] = [new Int32Array(count), new Int32Array(count), new Int32Array(count)];
    let at = 0;
    const note: Run = (_, __, ___, o, l, r, n, so, sl, sr) => {
      for (let k = 0; k < n; k++, at++) {
        out[at] = o + k * so;
        left[at] = l + k * sl;
        right[at] = r + k * sr;
      }
    };
    const none = new Float64Array(0);
    sweep(plan, note, none, none, none);
    terms = { out, left, right };
    known.set(node, terms);
  }
  return terms;
}

function clear(out: Intervals): void {
  out.lo.fill(0);
  out.hi.fill(0);
  out.flags.fill(0);
}

/** Entries that only move: bounds and flags move alike. */
export function movedIntervals(move: Operator["evaluateInto"]): Operator["intervalInto"] {
  return (out, args, node) => {
    move(out.lo, args.lo, node);
    move(out.hi, args.hi, node);
    move(out.flags, args.flags, node);
  };
}

/** Sums over axes. */
export function summedIntervals(make: (node: Node) => Plan): Operator["intervalInto"] {
  return (out, args, node) => {
    const terms = termsOf(node, make);
    const [lo, hi, flags] = [args.lo[0], args.hi[0], args.flags[0]];
    clear(out);
    for (let k = 0; k < terms.out.length; k++) {
      const o = terms.out[k];
      const l = terms.left[k];
      out.lo[o] = addDown(out.lo[o], lo[l]);
      out.hi[o] = addUp(out.hi[o], hi[l]);
      out.flags[o] |= flags[l];
    }
  };
}

/** Operators over axes that increase in every entry: their values at the bounds, moved outward by `widen`. */
export function increasingIntervals(
  evaluateInto: Operator["evaluateInto"],
  make: (node: Node) => Plan,
  widen?: (out: Intervals, terms: number) => void,
): Operator["intervalInto"] {
  return (out, args, node) => {
    const terms = termsOf(node, make);
    const flags = args.flags[0];
    evaluateInto(out.lo, args.lo, node);
    evaluateInto(out.hi, args.hi, node);
    widen?.(out, sizeOf(node.args[0].shape));
    out.flags.fill(0);
    for (let k = 0; k < terms.out.length; k++) out.flags[terms.out[k]] |= flags[terms.left[k]];
  };
}

/** log(sum exp) of n terms by its reference form: the sum within n + 4 units of rounding, the rest relative. */
export function widenLogSum(out: Intervals, terms: number): void {
  const slack = (terms + 8) * 2 ** -51;
  for (let i = 0; i < out.lo.length; i++) {
    const [lo, hi] = [out.lo[i], out.hi[i]];
    out.lo[i] = lo === Number.POSITIVE_INFINITY ? Number.MAX_VALUE : lo - (slack + Math.abs(lo) * 2 ** -50);
    out.hi[i] = hi === Number.NEGATIVE_INFINITY ? -Number.MAX_VALUE : hi + (slack + Math.abs(hi) * 2 ** -50);
  }
}

/** Sums of products; a product of an entry with itself is a square. */
export function contractedIntervals(make: (node: Node) => Plan): Operator["intervalInto"] {
  return (out, args, node) => {
    const terms = termsOf(node, make);
    const same = node.args[0] === node.args[1];
    const [aLo, bLo] = args.lo;
    const [aHi, bHi] = args.hi;
    const [aFlags, bFlags] = args.flags;
    clear(out);
    for (let k = 0; k < terms.out.length; k++) {
      const o = terms.out[k];
      const l = terms.left[k];
      const r = terms.right[k];
      if (same && l === r) square(range, aLo[l], aHi[l]);
      else mul(range, aLo[l], aHi[l], bLo[r], bHi[r]);
      add(range, range.lo, range.hi, out.lo[o], out.hi[o]);
      out.lo[o] = range.lo;
      out.hi[o] = range.hi;
      out.flags[o] |= aFlags[l] | bFlags[r];
    }
  };
}

/** Nothing is known of the result. */
export const unknownIntervals: Operator["intervalInto"] = (out) => {
  out.lo.fill(Number.NEGATIVE_INFINITY);
  out.hi.fill(Number.POSITIVE_INFINITY);
  out.flags.fill(UNDEFINED);
};
