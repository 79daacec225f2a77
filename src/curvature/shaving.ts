/**
 * Ends of an argument's bounds that an elementwise operator maps outside the result's bounds are cut off, by its interval extension
 * on slices of the argument: an infinite side at powers of four, a finite one by slices that are halved where they cannot go.
 */
import type { Node } from "../expr/node.js";
import { UNDEFINED } from "../num/interval.js";
import type { Intervals } from "../ops/operator.js";
import { operatorOf } from "../ops/registry.js";

/** Halvings of a slice: the cut is found to within about its width times 2^-30. */
const HALVINGS = 30;
/** Slices that are cut off in one go at most. */
const CUTS = 100;
/** Powers of four at which infinite sides are cut. */
const POWERS = 20;
/** Narrower slices, relative to 1 + |end|, are not worth a look. */
const THIN = 1e-12;

/** Bounds of one entry in every argument, and of the result, as arrays of length 1. */
class Entry {
  readonly lo: Float64Array[];
  readonly hi: Float64Array[];
  readonly flags: Float64Array[];
  private readonly out = one();
  private readonly interval: ReturnType<typeof operatorOf>["intervalInto"];

  constructor(private readonly node: Node) {
    this.lo = node.args.map(() => new Float64Array(1));
    this.hi = node.args.map(() => new Float64Array(1));
    this.flags = node.args.map(() => new Float64Array(1));
    this.interval = operatorOf(node).intervalInto;
  }

  /** No argument in the slice [lo, hi] of number i has a result within the bounds. */
  misses(i: number, lo: number, hi: number, least: number, most: number): boolean {
    const [from, to] = [this.lo[i][0], this.hi[i][0]];
    this.lo[i][0] = lo;
    this.hi[i][0] = hi;
    this.interval(this.out, this, this.node);
    this.lo[i][0] = from;
    this.hi[i][0] = to;
    const { out } = this;
    return (out.flags[0] & UNDEFINED) === 0 && (out.lo[0] > most || out.hi[0] < least);
  }
}

function one(): Intervals {
  return { lo: new Float64Array(1), hi: new Float64Array(1), flags: new Float64Array(1) };
}

/** In place; false where nothing is left of an entry. Entries with an argument that may have no value stay as they are. */
export function shaved(node: Node, result: Intervals, args: readonly Intervals[]): boolean {
  const entry = new Entry(node);
  for (let k = 0; k < result.lo.length; k++) {
    const at = args.map((box) => (box.lo.length === 1 ? 0 : k));
    for (let i = 0; i < args.length; i++) {
      args.forEach((box, j) => {
        entry.lo[j][0] = box.lo[at[j]];
        entry.hi[j][0] = box.hi[at[j]];
      });
      const box = args[i];
      if (box.lo[at[i]] === box.hi[at[i]] || args.some((own, j) => (own.flags[at[j]] & UNDEFINED) !== 0)) continue;
      const [least, most] = [result.lo[k], result.hi[k]];
      const misses = (lo: number, hi: number): boolean => entry.misses(i, lo, hi, least, most);
      const top = cutAbove(box.lo[at[i]], box.hi[at[i]], misses);
      if (top === undefined) return false;
      const bottom = cutAbove(-top, -box.lo[at[i]], (lo, hi) => misses(-hi, -lo));
      if (bottom === undefined) return false;
      box.hi[at[i]] = top;
      box.lo[at[i]] = -bottom;
    }
  }
  return true;
}

/** The smallest upper end that slices allow; undefined where everything misses. */
function cutAbove(lo: number, hi: number, misses: (lo: number, hi: number) => boolean): number | undefined {
  let end = hi;
  if (end === Number.POSITIVE_INFINITY) {
    for (let k = POWERS; k >= 0; k--) {
      const from = Math.max(lo, 4 ** k);
      if (!misses(from, end)) break;
      end = from;
      if (from === lo) return undefined;
    }
    if (end === Number.POSITIVE_INFINITY) return end;
  }
  let width = lo === Number.NEGATIVE_INFINITY ? 2 * (1 + Math.abs(end)) : end - lo;
  for (let k = 0, cuts = 0; k < HALVINGS && cuts < CUTS && width > THIN * (1 + Math.abs(end)); ) {
    const from = Math.max(lo, end - width);
    if (misses(from, end)) {
      if (from <= lo) return undefined;
      end = from;
      cuts++;
    } else {
      width /= 2;
      k++;
    }
  }
  return end;
}
