/**
 * Plain inner loops of the papers: K projected gradient steps on the lower objective, or on the lower objective with the
 * upper one added. No allocation, no function evaluation, no test: what a step costs is its oracle calls. Where nothing
 * restricts y, small problems take all K steps in one kernel.
 *
 *   y <- P_Y(y - alpha grad_y g(x, y))                                (F2BA, AID, BOME, V-PBGD: the lower sequence)
 *   y <- P_Y(y - tau (grad_y f(x, y) + lambda grad_y g(x, y)))        (F2BA: the penalised sequence)
 */
import type { DomainOracle, LevelOracle } from "../../oracle/oracle.js";

type Vector = Float64Array;

/** K steps on g(x, ·) in place; `gradient` (length m) is scratch and holds the gradient before the last step on return. */
export function lowerGradientInto(
  lower: LevelOracle,
  domain: DomainOracle,
  x: Vector,
  y: Vector,
  alpha: number,
  K: number,
  gradient: Vector,
): void {
  const { descent } = lower;
  if (descent?.lower === lower && domain.free && descent.lowerInto(x, y, alpha, K, gradient)) return;
  // a function of its own: where it is never called, the engine inlines what remains here
  lowerLoopInto(lower, domain, x, y, alpha, K, gradient);
}

function lowerLoopInto(
  lower: LevelOracle,
  domain: DomainOracle,
  x: Vector,
  y: Vector,
  alpha: number,
  K: number,
  gradient: Vector,
): void {
  const m = y.length;
  const free = domain.free;
  for (let k = 0; k < K; k++) {
    lower.gradY(x, y, gradient);
    for (let j = 0; j < m; j++) y[j] -= alpha * gradient[j];
    if (!free) domain.project(y);
  }
}

/** K steps on f(x, ·) + lambda g(x, ·) in place; on return `gradF` holds the whole gradient before the last step. */
export function penalisedGradientInto(
  upper: LevelOracle,
  lower: LevelOracle,
  domain: DomainOracle,
  x: Vector,
  y: Vector,
  tau: number,
  lambda: number,
  K: number,
  gradF: Vector,
  gradG: Vector,
): void {
  const { descent } = lower;
  if (descent?.lower === lower && descent.upper === upper && domain.free) {
    if (descent.penalisedInto(x, y, tau, lambda, K, gradF)) return;
  }
  penalisedLoopInto(upper, lower, domain, x, y, tau, lambda, K, gradF, gradG);
}

function penalisedLoopInto(
  upper: LevelOracle,
  lower: LevelOracle,
  domain: DomainOracle,
  x: Vector,
  y: Vector,
  tau: number,
  lambda: number,
  K: number,
  gradF: Vector,
  gradG: Vector,
): void {
  const m = y.length;
  const free = domain.free;
  for (let k = 0; k < K; k++) {
    upper.gradY(x, y, gradF);
    lower.gradY(x, y, gradG);
    for (let j = 0; j < m; j++) {
      const d = gradF[j] + lambda * gradG[j];
      gradF[j] = d;
      y[j] -= tau * d;
    }
    if (!free) domain.project(y);
  }
}

/** |y - P_Y(y - g)| for a gradient g at y: the projected gradient's norm, zero exactly at stationary points. */
export function projectedNorm(domain: DomainOracle, y: Vector, gradient: Vector, scratch: Vector): number {
  const m = y.length;
  let sum = 0;
  if (domain.free) {
    for (let j = 0; j < m; j++) sum += gradient[j] * gradient[j];
    return Math.sqrt(sum);
  }
  for (let j = 0; j < m; j++) scratch[j] = y[j] - gradient[j];
  domain.project(scratch);
  for (let j = 0; j < m; j++) sum += (y[j] - scratch[j]) * (y[j] - scratch[j]);
  return Math.sqrt(sum);
}
