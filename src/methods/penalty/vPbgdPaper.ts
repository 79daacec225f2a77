/**
 * The published loop of V-PBGD with fixed constants (Shen and Chen, On penalty-based bilevel gradient descent method, ICML
 * 2023, Algorithm 1 with the value gap as penalty):
 *
 *   omega <- P_Y(omega - beta grad_y g(x, omega))            T times, warm
 *   x <- P_X(x - a [grad_x f + gamma (grad_x g(x, y) - grad_x g(x, omega))])
 *   y <- P_Y(y - a [grad_y f + gamma grad_y g(x, y)])        simultaneously, a = alpha / max(gamma, 1)
 */
import { norm } from "../../num/vector.js";
import { claimTolerance, RelativeStop } from "../kit/claim.js";
import { differenceProducts, estimateCurvature } from "../kit/constants.js";
import { lowerGradientInto, projectedNorm } from "../kit/lowerGradient.js";
import { given, numberOr } from "../kit/options.js";
import { type Running, StateFields } from "../kit/running.js";
import type { MethodContext } from "../method.js";

type Vector = Float64Array;

export class VPbgdPaper extends StateFields implements Running {
  readonly omega: Vector;
  private readonly gx: Vector;
  private readonly gxg: Vector;
  private readonly gxo: Vector;
  private readonly gy: Vector;
  private readonly gyg: Vector;
  private readonly go: Vector;
  private readonly scratchX: Vector;
  private readonly scratchY: Vector;
  private readonly stop: RelativeStop;
  private readonly lowerStop: RelativeStop;
  private readonly gammaMax: number;
  private readonly ramp: number;
  private readonly T: number;
  private alpha: number;
  private beta: number;
  private iteration = 0;

  constructor(context: MethodContext) {
    super(context.oracle);
    const { oracle } = context;
    const { n, m } = oracle;
    this.omega = this.y.slice();
    this.gx = new Float64Array(n);
    this.gxg = new Float64Array(n);
    this.gxo = new Float64Array(n);
    this.gy = new Float64Array(m);
    this.gyg = new Float64Array(m);
    this.go = new Float64Array(m);
    this.scratchX = new Float64Array(n);
    this.scratchY = new Float64Array(m);
    this.stop = new RelativeStop(claimTolerance(context.tolerance));
    this.lowerStop = new RelativeStop(claimTolerance(context.tolerance));
    this.gammaMax = numberOr(context, "gamma", 100);
    this.ramp = numberOr(context, "ramp", 0);
    this.T = numberOr(context, "T", 5);
    this.alpha = numberOr(context, "alpha", 0.1);
    this.beta =
      given(context, "beta") ??
      1 / estimateCurvature(differenceProducts(oracle.lower, this.x, this.y), m, context.random.split("constants")).L;
  }

  step(context: MethodContext): void {
    const { upper, lower, domainX, domainY } = context.oracle;
    const { x, y, omega, gx, gxg, gxo, gy, gyg } = this;
    const n = x.length;
    const m = y.length;
    const gamma = this.iteration < this.ramp ? (this.gammaMax * this.iteration) / this.ramp : this.gammaMax;
    const a = this.alpha / Math.max(gamma, 1);
    lowerGradientInto(lower, domainY, x, omega, this.beta, this.T, this.go);
    this.value = upper.valueGrad(x, y, gx, gy);
    lower.valueGrad(x, y, gxg, gyg);
    lower.gradX(x, omega, gxo);
    for (let i = 0; i < n; i++) gx[i] += gamma * (gxg[i] - gxo[i]);
    for (let j = 0; j < m; j++) gy[j] += gamma * gyg[j];
    const px = projectedNorm(domainX, x, gx, this.scratchX);
    const py = projectedNorm(domainY, y, gy, this.scratchY);
    this.stationarity = Math.hypot(px, py);
    this.extra.gamma = gamma;
    const residual = projectedNorm(domainY, omega, this.go, this.scratchY);
    const small = this.stop.passes(this.stationarity, 1e-14 * gamma * (norm(gxg) + norm(gxo)));
    if (this.lowerStop.passes(residual, 1e-300) && small && this.iteration >= this.ramp) {
      this.finish(
        "converged",
        `The gradient of f + gamma (g - g*) with gamma = ${gamma} is below the tolerance; its solution is biased by the order of 1/gamma.`,
      );
      return;
    }
    for (let i = 0; i < n; i++) x[i] -= a * gx[i];
    for (let j = 0; j < m; j++) y[j] -= a * gy[j];
    if (!domainX.free) domainX.project(x);
    if (!domainY.free) domainY.project(y);
    this.iteration++;
  }

  backOff(): boolean {
    this.alpha *= 0.5;
    this.beta *= 0.5;
    this.omega.set(this.y);
    return true;
  }
}
