/**
 * Bounds of all entries of a tensor at once: one interval for each argument gives one for the result. Coarser than
 * `intervalInto`, and as cheap for a million entries as for one.
 */
import type { Node, Shape } from "../expr/node.js";
import { addDown, addUp, downBy, mul, type Range, square, UNDEFINED, upBy } from "../num/interval.js";
import type { Bounds } from "./curvature.js";

export type HullRule = (bounds: readonly Bounds[], node: Node) => Bounds;

const NOTHING: Bounds = { lo: Number.NEGATIVE_INFINITY, hi: Number.POSITIVE_INFINITY, flags: UNDEFINED };

export const unknownHull: HullRule = () => NOTHING;

/** Entries that only move: the union of all arguments. */
export const movedHull: HullRule = (bounds) => {
  let [{ lo, hi, flags }] = bounds;
  for (const b of bounds) {
    lo = Math.min(lo, b.lo);
    hi = Math.max(hi, b.hi);
    flags |= b.flags;
  }
  return { lo, hi, flags };
};

/** n terms of one interval. */
export function repeated({ lo, hi, flags }: Bounds, n: number): Bounds {
  const out: Range = { lo: 0, hi: 0, flags: 0 };
  mul(out, lo, hi, n, n);
  // each of n - 1 rounded additions may lose a unit: the sum of the magnitudes bounds them
  const slack = (v: number): number => (n > 1 ? Math.abs(v) * n * 2 ** -52 : 0);
  return {
    lo: lo >= 0 ? Math.max(0, out.lo - slack(out.lo)) : out.lo - slack(out.lo),
    hi: hi <= 0 ? Math.min(0, out.hi + slack(out.hi)) : out.hi + slack(out.hi),
    flags,
  };
}

/** Number of entries along the removed axes. */
function removed(node: Node): number {
  return node.attributes.axes!.reduce((n, k) => n * node.args[0].shape[k], 1);
}

export const summedHull: HullRule = ([a], node) => repeated(a, removed(node));

export const logSumHull: HullRule = ([{ lo, hi, flags }], node) => {
  const more = Math.log(removed(node));
  return { lo: downBy(addDown(lo, downBy(more, 64)), 64), hi: upBy(addUp(hi, upBy(more, 64)), 64), flags };
};

/** Entries written into zeros, several of which may add up. */
export const putHull: HullRule = ([a], node) => {
  const { index } = node.attributes;
  const { values, size } = index!;
  let most = size > 0 ? 1 : 0;
  if (values) {
    const count = new Map<number, number>();
    for (const p of values) {
      const c = (count.get(p) ?? 0) + 1;
      count.set(p, c);
      if (c > most) most = c;
    }
  } else if (index!.step === 0) most = size;
  return repeated({ lo: Math.min(a.lo, 0), hi: Math.max(a.hi, 0), flags: a.flags }, most);
};

/** Sums of products; a product with itself, entry by entry, is a square. */
export const contractedHull: HullRule = ([a, b], node) => {
  const { left, right, out } = node.attributes.labels!;
  const extent = (labels: readonly number[], shape: Shape): number =>
    labels.reduce((n, label, k) => (out.includes(label) ? n : n * shape[k]), 1);
  const lone = right.filter((label) => !left.includes(label));
  const terms =
    extent(left, node.args[0].shape) *
    extent(
      lone,
      lone.map((label) => node.args[1].shape[right.indexOf(label)]),
    );
  const product: Range = { lo: 0, hi: 0, flags: 0 };
  const same = node.args[0] === node.args[1] && left.every((label, k) => label === right[k]);
  if (same) square(product, a.lo, a.hi);
  else mul(product, a.lo, a.hi, b.lo, b.hi);
  return repeated({ lo: product.lo, hi: product.hi, flags: a.flags | b.flags }, terms);
};
