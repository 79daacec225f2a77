/**
 * The weight w of the upper objective in g + w f, whose minimiser is next to the optimistic lower solution where the lower Hessian is
 * singular: w f is 1e-6 of g, by their second derivatives and the slope of f; where f is flat at y, its slope away from y counts.
 * 0 for minimax problems: all lower solutions are worth the same there.
 */
import type { Random } from "../num/random.js";
import { norm } from "../num/vector.js";
import type { Oracle } from "../oracle/oracle.js";

type Vector = Float64Array;

/** Share of g that w f is. */
const SHARE = 1e-6;

/** `curvature`: smallest and largest eigenvalue of the lower Hessian at (x, y). */
export function optimisticWeight(
  oracle: Oracle,
  x: Vector,
  y: Vector,
  curvature: readonly [number, number],
  random: Random,
): number {
  const { m, upper, startX, startY } = oracle;
  if (oracle.problem.minimax) return 0;
  const b = new Float64Array(m);
  const r = Float64Array.from({ length: m }, () => random.normal());
  const away = y.map((v, j) => v + ((1 + norm(y)) * r[j]) / (norm(r) || 1));
  let slope = 0;
  for (const [u, v] of [
    [x, y],
    [x, away],
    [startX, startY],
  ] as const) {
    upper.gradY(u, v, b);
    if (Number.isFinite(norm(b))) slope = Math.max(slope, norm(b));
  }
  const Hr = new Float64Array(m);
  upper.hvpYY(x, y, r, Hr);
  const top = Math.max(...curvature.map(Math.abs), 0);
  const largest = Number.isFinite(top) && top > 0 ? top : 1;
  const size = norm(Hr) / norm(r) + slope / (1 + norm(y));
  return (SHARE * largest) / (size > 0 ? size : 1);
}
