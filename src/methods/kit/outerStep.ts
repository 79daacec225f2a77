/**
 * The outer step x <- P_X(x - eta G) of the published algorithms, with eta given, or chosen without function values:
 *
 *   eta_k = min( sqrt(1 + eta_{k-1} / eta_{k-2}) eta_{k-1},  |x_k - x_{k-1}| / (2 |G_k - G_{k-1}|) )
 *
 * (Malitsky and Mishchenko, Adaptive gradient descent without descent, ICML 2020, Algorithm 1: the inverse of the local
 * Lipschitz constant, growing slowly). Proved for exact gradients of convex functions; used here on hypergradients.
 */
import type { DomainOracle } from "../../oracle/oracle.js";

type Vector = Float64Array;

export class OuterStep {
  /** The step size of the next step; NaN before the first one where it is adaptive. */
  eta: number;
  private readonly fixed: boolean;
  private readonly previousX: Vector;
  private readonly previousG: Vector;
  private readonly trial: Vector;
  private ratio = Number.POSITIVE_INFINITY;
  private started = false;
  private cap = Number.POSITIVE_INFINITY;

  constructor(n: number, eta: number | undefined) {
    this.fixed = eta !== undefined;
    this.eta = eta ?? Number.NaN;
    this.previousX = new Float64Array(n);
    this.previousG = new Float64Array(n);
    this.trial = new Float64Array(n);
  }

  /** |x - P_X(x - eta G)| / eta for the step size that `take` will use; call before `take`. */
  measure(domain: DomainOracle, x: Vector, G: Vector): number {
    if (!this.fixed) this.adapt(x, G);
    const n = x.length;
    const eta = this.eta;
    const { trial } = this;
    let sum = 0;
    if (domain.free) {
      for (let i = 0; i < n; i++) sum += G[i] * G[i];
      return Math.sqrt(sum);
    }
    for (let i = 0; i < n; i++) trial[i] = x[i] - eta * G[i];
    domain.project(trial);
    for (let i = 0; i < n; i++) sum += (x[i] - trial[i]) * (x[i] - trial[i]);
    return Math.sqrt(sum) / eta;
  }

  /** x <- P_X(x - eta G) */
  take(domain: DomainOracle, x: Vector, G: Vector): void {
    const n = x.length;
    const eta = this.eta;
    for (let i = 0; i < n; i++) x[i] -= eta * G[i];
    if (!domain.free) domain.project(x);
  }

  /** Halves the step for good (the loop met a non-finite or exploding state). */
  shrink(): void {
    this.eta *= 0.5;
    this.cap = this.eta;
    this.started = false;
  }

  private adapt(x: Vector, G: Vector): void {
    const n = x.length;
    let sx = 0;
    let sg = 0;
    let size = 0;
    let length = 0;
    for (let i = 0; i < n; i++) {
      const dx = x[i] - this.previousX[i];
      const dg = G[i] - this.previousG[i];
      sx += dx * dx;
      sg += dg * dg;
      size += G[i] * G[i];
      length += x[i] * x[i];
      this.previousX[i] = x[i];
      this.previousG[i] = G[i];
    }
    if (!this.started) {
      this.started = true;
      this.ratio = Number.POSITIVE_INFINITY;
      // A first step that is small against x: the next one measures the curvature.
      if (size > 0) this.eta = Math.min(this.cap, (1e-4 * (1 + Math.sqrt(length))) / Math.sqrt(size));
      else this.eta = Math.min(this.cap, 1);
      return;
    }
    const growth = this.eta * Math.sqrt(1 + this.ratio);
    const local = sg > 0 ? Math.sqrt(sx / sg) / 2 : Number.POSITIVE_INFINITY;
    const next = Math.min(growth, local, this.cap);
    if (!(next > 0) || next === Number.POSITIVE_INFINITY) return;
    this.ratio = next / this.eta;
    this.eta = next;
  }
}
