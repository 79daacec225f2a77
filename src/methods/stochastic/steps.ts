/** Step sizes of x in stochastic methods: AdaGrad-norm, and the projected step with its gradient mapping. */
import { norm } from "../../num/vector.js";
import type { DomainOracle } from "../../oracle/oracle.js";

type Vector = Float64Array;

/**
 * AdaGrad-norm (Ward, Wu and Bottou, ICML 2019):  gamma_t = c max(1, |x_t|) / sqrt(|d_0|² + … + |d_t|²).
 * The first step has length c max(1, |x|); with variance-reduced estimates the sum converges and gamma with it.
 */
export class AdaGradNorm {
  private sum = 0;

  constructor(private scale: number) {}

  /** The step size for direction d at x. */
  next(x: Vector, d: Vector): number {
    const size = norm(d);
    this.sum += size * size;
    return this.sum > 0 ? (this.scale * Math.max(1, norm(x))) / Math.sqrt(this.sum) : 0;
  }

  shrink(): void {
    this.scale *= 0.5;
  }
}

/** x <- P(x - gamma d); returns the norm of the gradient mapping, |x - P(x - gamma d)| / gamma. `trial`: scratch like x. */
export function projectedStep(domain: DomainOracle, x: Vector, gamma: number, d: Vector, trial: Vector): number {
  if (domain.free) {
    for (let i = 0; i < x.length; i++) x[i] -= gamma * d[i];
    return norm(d);
  }
  if (gamma === 0) return projectedMapping(domain, x, d, trial);
  for (let i = 0; i < x.length; i++) trial[i] = x[i] - gamma * d[i];
  domain.project(trial);
  let sum = 0;
  for (let i = 0; i < x.length; i++) {
    sum += (x[i] - trial[i]) ** 2;
    x[i] = trial[i];
  }
  return Math.sqrt(sum) / gamma;
}

/** |x - P(x - d)|, for points that are held. */
function projectedMapping(domain: DomainOracle, x: Vector, d: Vector, trial: Vector): number {
  for (let i = 0; i < x.length; i++) trial[i] = x[i] - d[i];
  domain.project(trial);
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += (x[i] - trial[i]) ** 2;
  return Math.sqrt(sum);
}
