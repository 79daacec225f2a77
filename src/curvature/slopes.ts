/**
 * Bounds of slopes over the variables' bounds, by interval arithmetic on the derivatives: a slope that is nowhere negative proves
 * that a function does not fall in that variable, whatever the others are (Moore, Kearfott and Cloud 2009, section 8.1).
 */
import { jacobianRows } from "../diff/index.js";
import { type InputBlock, type Node, sizeOf } from "../expr/node.js";
import { topological } from "../expr/walk.js";
import { JUMP, UNDEFINED } from "../num/interval.js";
import type { Intervals } from "../ops/operator.js";
import type { Setting } from "./analysis.js";

/** Rows times variables. */
const MOST = 20_000;

/** Of each row by each entry of the block, [rows, size] row-major; undefined where that is large or the function may jump. */
export function slopeBounds(
  { builder: b, ranges, fine }: Setting,
  node: Node,
  block: InputBlock,
): Intervals | undefined {
  const rows = sizeOf(node.shape);
  if (rows * block.size > MOST || rows * block.size === 0) return undefined;
  if (topological([node]).some((n) => (ranges.hull(n).flags & JUMP) !== 0)) return undefined;
  const J = b.at(node.origin, () => jacobianRows(b, b.reshape(node, [rows]), block));
  return fine.each(J);
}

/** 1: nowhere falling in that entry; -1: nowhere rising; 0: not known; 2: constant. Entries as in `slopeBounds`. */
export function monotone(slopes: Intervals): Int8Array {
  return Int8Array.from(slopes.lo, (lo, k) => {
    // a slope that jumps (at a kink) is bounded all the same
    if ((slopes.flags[k] & UNDEFINED) !== 0) return 0;
    if (lo === 0 && slopes.hi[k] === 0) return 2;
    return lo >= 0 ? 1 : slopes.hi[k] <= 0 ? -1 : 0;
  });
}
