/** Which upper rows act at a point, and the size of the slopes of f there: what checks of the upper level with constraints share. */
import { norm } from "../num/vector.js";
import type { Oracle } from "../oracle/oracle.js";

type Vector = Float64Array;

/** Rows within this of zero count as active. */
export const ACTIVE = 1e-6;

export function isActive(oracle: Oracle, c: Vector, r: number): boolean {
  return oracle.upper.constraints.equality[r] === 1 || c[r] >= -ACTIVE * (1 + Math.abs(c[r]));
}

/**
 * Slopes of f itself per relative change of x and y, what cancels in those of phi: here, and a thousandth of those at the written start.
 * Beside a jump or a pole phi is much steeper, which says nothing of how far values at x itself are known.
 */
export function upperSlopes(oracle: Oracle, x: Vector, y: Vector, phi: number): number {
  const { n, upper } = oracle;
  const direct = new Float64Array(n);
  let slopes = 1e-6 * (1 + Math.abs(phi));
  const slopeY = new Float64Array(oracle.m);
  for (const [px, py, share] of [
    [x, y, 1],
    [oracle.startX, oracle.startY, 1e-3],
  ] as const) {
    upper.valueGrad(px, py, direct, slopeY);
    for (let i = 0; i < n; i++) direct[i] *= 1 + Math.abs(x[i]);
    const size = share * (norm(direct) + norm(slopeY) * (1 + norm(y)));
    if (Number.isFinite(size)) slopes = Math.max(slopes, size);
  }
  return slopes;
}
