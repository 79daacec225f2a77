/**
 * Inexact proximal steps for lower levels that satisfy an error bound without being strongly convex (Kwon, Kwon, Wright and
 * Nowak, On penalty methods for nonconvex bilevel optimization and first-order stochastic approximation, ICLR 2024):
 *
 *   z <- argmin over w in Y of g(x, w) + rho/2 |w - z|²
 *   y <- argmin over w in Y of f(x, w) + lambda (g(x, w) + rho/2 |w - y|²)      (lambda = 1/sigma)
 *
 * by K projected gradient steps each. What is subtracted from the variables is put into `gradient`, as in plain steps.
 */
import type { Oracle } from "../../../oracle/oracle.js";

type Vector = Float64Array;

export class ProximalSteps {
  private readonly oracle: Oracle;
  private readonly rho: number;
  private readonly centre: Vector;

  constructor(oracle: Oracle, rho: number) {
    this.oracle = oracle;
    this.rho = rho;
    this.centre = new Float64Array(oracle.m);
  }

  /** z in place; `gradient` (length m) holds the whole gradient before the last step on return. */
  lowerInto(x: Vector, z: Vector, alpha: number, K: number, gradient: Vector): void {
    const { centre, rho } = this;
    const { lower, domainY } = this.oracle;
    const m = z.length;
    for (let j = 0; j < m; j++) centre[j] = z[j];
    for (let k = 0; k < K; k++) {
      lower.gradY(x, z, gradient);
      for (let j = 0; j < m; j++) {
        gradient[j] += rho * (z[j] - centre[j]);
        z[j] -= alpha * gradient[j];
      }
      if (!domainY.free) domainY.project(z);
    }
  }

  /** y in place; `gradient` holds the whole gradient before the last step on return, `scratch` has length m. */
  penalisedInto(x: Vector, y: Vector, tau: number, lambda: number, K: number, gradient: Vector, scratch: Vector): void {
    const { centre, rho } = this;
    const { upper, lower, domainY } = this.oracle;
    const m = y.length;
    for (let j = 0; j < m; j++) centre[j] = y[j];
    for (let k = 0; k < K; k++) {
      upper.gradY(x, y, gradient);
      lower.gradY(x, y, scratch);
      for (let j = 0; j < m; j++) {
        gradient[j] += lambda * (scratch[j] + rho * (y[j] - centre[j]));
        y[j] -= tau * gradient[j];
      }
      if (!domainY.free) domainY.project(y);
    }
  }
}
