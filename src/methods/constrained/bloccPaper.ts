/**
 * The published loop of BLOCC (Jiang and others, A primal-dual-assisted penalty approach to bilevel optimization with coupled
 * constraints, NeurIPS 2024, Algorithms 1 and 2): both lower problems by T primal-dual steps, warm,
 *
 *   (y_g, μ_g): min_y g             subject to h(x, y) <= 0      μ <- [μ + ρ h(x, y)]_+,  y <- P_Y(y - σ (∇y q + h_yᵀ μ))
 *   (y_F, μ_F): min_y f/γ + g       subject to h(x, y) <= 0
 *   x <- P_X(x - η {∇x f(x, y_F) + γ [∇x g(x, y_F) + h_xᵀ μ_F - ∇x g(x, y_g) - h_xᵀ μ_g]})
 */

import { hypotenuse } from "../../num/vector.js";
import type { Oracle } from "../../oracle/oracle.js";
import { claimTolerance, RelativeStop } from "../kit/claim.js";
import { projectedNorm } from "../kit/lowerGradient.js";
import { given, numberOr } from "../kit/options.js";
import { OuterStep } from "../kit/outerStep.js";
import { type Running, StateFields } from "../kit/running.js";
import type { MethodContext } from "../method.js";
import { primalDualConstants } from "./constants.js";

type Vector = Float64Array;

/** T steps on one of the two problems; `share` is the weight of f (0 or 1/γ). */
class PrimalDual {
  residual = Number.NaN;
  readonly y: Vector;
  readonly mu: Vector;
  private readonly oracle: Oracle;
  private readonly share: number;
  private readonly h: Vector;
  private readonly spareX: Vector;
  private readonly hy: Vector;
  private readonly gy: Vector;
  private readonly fy: Vector;

  constructor(oracle: Oracle, share: number) {
    const { n, m, lower } = oracle;
    const { rows } = lower.constraints;
    this.oracle = oracle;
    this.share = share;
    this.y = oracle.startY.slice();
    this.mu = new Float64Array(rows);
    this.h = new Float64Array(rows);
    this.spareX = new Float64Array(n);
    this.hy = new Float64Array(m);
    this.gy = new Float64Array(m);
    this.fy = new Float64Array(m);
  }

  run(x: Vector, T: number, sigma: number, rho: number): void {
    const { oracle, share, y, mu, h, spareX, hy, gy, fy } = this;
    const { constraints } = oracle.lower;
    const { equality } = constraints;
    for (let t = 0; t < T; t++) {
      constraints.value(x, y, h);
      let moved = 0;
      for (let r = 0; r < mu.length; r++) {
        const next = mu[r] + rho * h[r];
        const kept = equality[r] === 1 ? next : Math.max(0, next);
        const change = (kept - mu[r]) / rho;
        moved += change * change;
        mu[r] = kept;
      }
      oracle.lower.gradY(x, y, gy);
      constraints.vjp(x, y, mu, spareX, hy);
      if (share > 0) oracle.upper.gradY(x, y, fy);
      for (let j = 0; j < y.length; j++) gy[j] += hy[j] + share * fy[j];
      if (t === T - 1) this.residual = hypotenuse(Math.sqrt(moved), projectedNorm(oracle.domainY, y, gy, hy));
      for (let j = 0; j < y.length; j++) y[j] -= sigma * gy[j];
      oracle.domainY.project(y);
    }
  }

  /** out (length n) = d/dx of g + μᵀh at (x, y); returns g. */
  slopeInto(x: Vector, out: Vector): number {
    const { oracle, y, mu, spareX, hy, gy } = this;
    const g = oracle.lower.valueGrad(x, y, out, gy);
    oracle.lower.constraints.vjp(x, y, mu, spareX, hy);
    for (let i = 0; i < out.length; i++) out[i] += spareX[i];
    return g;
  }
}

export class BloccPaper extends StateFields implements Running {
  readonly multipliers: Vector;
  private readonly gamma: number;
  private readonly T: number;
  private sigma: number;
  private rho: number;
  private readonly plain: PrimalDual;
  private readonly mixed: PrimalDual;
  private readonly outer: OuterStep;
  private readonly G: Vector;
  private readonly atF: Vector;
  private readonly atG: Vector;
  private readonly fy: Vector;
  private readonly stop: RelativeStop;
  private readonly innerStop: RelativeStop;

  constructor(context: MethodContext) {
    super(context.oracle);
    const { oracle } = context;
    this.gamma = numberOr(context, "gamma", 100);
    this.T = numberOr(context, "T", 100);
    const { lower, upper, slopeY } = primalDualConstants(context);
    // Both conditions of primal-dual gradient methods: σ (L + A) < 1 and ρ σ A² < 1.
    const L = lower + upper / this.gamma;
    this.sigma = given(context, "sigma") ?? 1 / (L + slopeY);
    this.rho = given(context, "rho") ?? (slopeY > 0 ? Math.min(L + slopeY, 1 / this.sigma) / (2 * slopeY * slopeY) : 1);
    this.plain = new PrimalDual(oracle, 0);
    this.mixed = new PrimalDual(oracle, 1 / this.gamma);
    this.multipliers = this.mixed.mu;
    this.outer = new OuterStep(oracle.n, given(context, "eta"));
    this.G = new Float64Array(oracle.n);
    this.atF = new Float64Array(oracle.n);
    this.atG = new Float64Array(oracle.n);
    this.fy = new Float64Array(oracle.m);
    this.stop = new RelativeStop(claimTolerance(context.tolerance));
    this.innerStop = new RelativeStop(claimTolerance(context.tolerance));
  }

  step(context: MethodContext): void {
    const { upper, domainX } = context.oracle;
    const { x, plain, mixed, gamma, G, atF, atG } = this;
    plain.run(x, this.T, this.sigma, this.rho);
    mixed.run(x, this.T, this.sigma, this.rho);
    for (let j = 0; j < this.y.length; j++) this.y[j] = mixed.y[j];
    const f = upper.valueGrad(x, mixed.y, G, this.fy);
    const gap = mixed.slopeInto(x, atF) - plain.slopeInto(x, atG);
    for (let i = 0; i < G.length; i++) G[i] += gamma * (atF[i] - atG[i]);
    this.value = f + gamma * gap;
    this.stationarity = this.outer.measure(domainX, x, G);
    this.extra.gap = gap;
    this.extra.innerResidual = Math.max(plain.residual, mixed.residual);
    const inner = this.innerStop.passes(this.extra.innerResidual, 1e-300);
    if (this.stop.passes(this.stationarity) && inner) {
      this.finish(
        "converged",
        `The gradient of the penalised problem with gamma = ${gamma} is below the tolerance; its solution is biased by the order of 1/gamma.`,
      );
      return;
    }
    this.outer.take(domainX, x, G);
  }

  backOff(): boolean {
    this.outer.shrink();
    this.sigma *= 0.5;
    this.rho *= 0.5;
    for (const side of [this.plain, this.mixed]) {
      side.y.set(this.y);
      side.mu.fill(0);
    }
    return true;
  }
}
