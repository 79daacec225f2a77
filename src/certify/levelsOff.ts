/**
 * Does a function only level off (exp(-t), 1/t) instead of having a minimiser near a point? Small gradients cannot tell; but
 * near a minimiser the slope along the way down changes its sign within a tenth of the point's size. Where it is still
 * downhill after steps of all sizes up to there, the small gradient is no evidence of a minimiser.
 */
import { dot, norm } from "../num/vector.js";
import type { DomainOracle } from "../oracle/oracle.js";

type Vector = Float64Array;

const REACHES = [1e-3, 1e-2, 1e-1];
/** Share of the slope at the point below which a slope counts as gone. */
const GONE = 1e-3;

/**
 * `gradient` at `point`; `d` a way down (gradient · d < 0); `gradientAt` the gradient elsewhere, undefined where there is none.
 * Steps that the domain cuts to less than half end the matter: the bound is near, and with it a minimiser.
 */
export function levelsOff(
  domain: DomainOracle,
  point: Vector,
  gradient: Vector,
  d: Vector,
  gradientAt: (p: Vector) => Vector | undefined,
): boolean {
  const length = norm(d);
  const here = dot(gradient, d) / length;
  if (!(here < 0)) return false;
  for (const reach of REACHES) {
    const t = reach * (1 + norm(point));
    const there = point.map((p, i) => p + (t * d[i]) / length);
    domain.project(there);
    const s = there.map((v, i) => v - point[i]);
    const moved = norm(s);
    if (moved < 0.5 * t) return false;
    const g = gradientAt(there);
    if (g === undefined || !(dot(g, s) / moved < GONE * here)) return false;
  }
  return true;
}
