/**
 * The doubly regularised gap function (Yao, Yin, Zeng and Zhang, Overcoming lower-level constraints in bilevel optimization:
 * a novel approach with regularized gap functions, NeurIPS 2024, (5) and Algorithm 1):
 *
 *   G(x, y, z) = max_{λ >= 0} [g(x, y) + λᵀh(x, y) - |λ - z|²/(2 γ2)] - min_{θ in Y} [g(x, θ) + zᵀh(x, θ) + |θ - y|²/(2 γ1)]
 *   λ = [z + γ2 h(x, y)]_+ ;   minimised:  f/c + G  over x in X, y in Y, z in [0, r]   (equalities: no [.]_+, z in [-r, r])
 *
 * G >= 0, and G = 0 exactly where (y, z) is a Karush-Kuhn-Tucker pair of the lower level. One projected gradient step in θ
 * per evaluation; z moves along -dG/dz = -((λ - z)/γ2 - h(x, θ)) between evaluations.
 */

import type { Oracle } from "../../../oracle/oracle.js";
import { given } from "../../kit/options.js";
import type { MethodContext } from "../../method.js";
import type { Surrogate, SurrogatePiece } from "../piece.js";
import { lagrangianParameters } from "./lagrangianParameters.js";
import { type LagrangianSettings, type LagrangianSteps, lagrangianSettings } from "./lagrangianSettings.js";

type Vector = Float64Array;

export class RegularisedGap implements Surrogate {
  residual = Number.NaN;
  readonly theta: Vector;
  /** Multipliers at y, and the variable they are drawn to. */
  readonly lambda: Vector;
  readonly z: Vector;
  readonly dz: Vector;
  readonly steps: LagrangianSteps;
  k = 0;
  private readonly oracle: Oracle;
  private readonly h: Vector;
  private readonly hx: Vector;
  private readonly hy: Vector;
  private readonly gx: Vector;
  private readonly gy: Vector;
  private readonly before: Vector;

  constructor(oracle: Oracle, steps: LagrangianSteps) {
    const { n, m, lower, startY } = oracle;
    const { rows } = lower.constraints;
    this.oracle = oracle;
    this.steps = steps;
    this.theta = startY.slice();
    this.lambda = new Float64Array(rows);
    this.z = new Float64Array(rows);
    this.dz = new Float64Array(rows);
    this.h = new Float64Array(rows);
    this.hx = new Float64Array(n);
    this.hy = new Float64Array(m);
    this.gx = new Float64Array(n);
    this.gy = new Float64Array(m);
    this.before = new Float64Array(m);
  }

  evaluate(x: Vector, y: Vector, Gx: Vector, Gy: Vector): number {
    const { steps, z, dz } = this;
    const { equality } = this.oracle.lower.constraints;
    const { radius, beta } = steps;
    const c = steps.c(this.k);
    if (this.k > 0) {
      for (let r = 0; r < z.length; r++) {
        z[r] = Math.min(radius, Math.max(equality[r] === 1 ? -radius : 0, z[r] - beta * dz[r]));
      }
    }
    this.k++;
    this.inner(x, y);
    return this.gradientInto(x, y, c, Gx, Gy);
  }

  /** θ <- P_Y(θ - η (∇y g(x, θ) + h_yᵀ z + (θ - y)/γ1)) */
  private inner(x: Vector, y: Vector): void {
    const { oracle, steps, theta, z, hx, hy, gy, before } = this;
    oracle.lower.gradY(x, theta, gy);
    oracle.lower.constraints.vjp(x, theta, z, hx, hy);
    before.set(theta);
    for (let j = 0; j < theta.length; j++) theta[j] -= steps.eta * (gy[j] + hy[j] + (theta[j] - y[j]) / steps.gamma1);
    oracle.domainY.project(theta);
    let moved = 0;
    for (let j = 0; j < theta.length; j++) moved += (theta[j] - before[j]) ** 2;
    this.residual = Math.sqrt(moved) / steps.eta;
  }

  /** Value and gradients of f/c + G with θ as it is; also dG/dz into `dz`. */
  gradientInto(x: Vector, y: Vector, c: number, Gx: Vector, Gy: Vector): number {
    const { oracle, steps, theta, lambda, z, dz, h, hx, hy, gx, gy } = this;
    const { upper, lower } = oracle;
    const { constraints } = lower;
    let value = upper.valueGrad(x, y, Gx, Gy) / c;
    value += lower.valueGrad(x, y, gx, gy);
    constraints.value(x, y, h);
    for (let r = 0; r < h.length; r++) {
      const next = z[r] + steps.gamma2 * h[r];
      lambda[r] = constraints.equality[r] === 1 ? next : Math.max(0, next);
      dz[r] = (lambda[r] - z[r]) / steps.gamma2;
      value += lambda[r] * h[r] - (lambda[r] - z[r]) ** 2 / (2 * steps.gamma2);
    }
    constraints.vjp(x, y, lambda, hx, hy);
    for (let i = 0; i < gx.length; i++) Gx[i] = Gx[i] / c + gx[i] + hx[i];
    for (let j = 0; j < gy.length; j++) {
      const d = y[j] - theta[j];
      Gy[j] = Gy[j] / c + gy[j] + hy[j] - d / steps.gamma1;
      value -= (d * d) / (2 * steps.gamma1);
    }
    value -= lower.valueGrad(x, theta, gx, gy);
    constraints.value(x, theta, h);
    for (let r = 0; r < h.length; r++) {
      value -= z[r] * h[r];
      dz[r] -= h[r];
    }
    constraints.vjp(x, theta, z, hx, hy);
    for (let i = 0; i < gx.length; i++) Gx[i] -= gx[i] + hx[i];
    return value;
  }

  /** The function that θ minimises, g + zᵀh + |θ - y|²/(2 γ1), with its gradient in θ. */
  linear(x: Vector, y: Vector, theta: Vector, out: Vector): number {
    const { oracle, steps, z, h, hx, hy } = this;
    let value = oracle.lower.valueGradY(x, theta, out);
    oracle.lower.constraints.value(x, theta, h);
    for (let r = 0; r < h.length; r++) value += z[r] * h[r];
    oracle.lower.constraints.vjp(x, theta, z, hx, hy);
    for (let j = 0; j < out.length; j++) {
      const d = theta[j] - y[j];
      out[j] += hy[j] + d / steps.gamma1;
      value += (d * d) / (2 * steps.gamma1);
    }
    return value;
  }

  /** f + c G and its gradients at the θ given. */
  outer(x: Vector, y: Vector, c: number, Gx: Vector, Gy: Vector, Gz: Vector): number {
    const value = c * this.gradientInto(x, y, c, Gx, Gy);
    for (let i = 0; i < Gx.length; i++) Gx[i] *= c;
    for (let j = 0; j < Gy.length; j++) Gy[j] *= c;
    for (let r = 0; r < Gz.length; r++) Gz[r] = c * this.dz[r];
    return value;
  }

  get multipliers(): Vector {
    return this.lambda;
  }

  note(extra: Record<string, number>): void {
    extra.c = this.steps.c(Math.max(0, this.k - 1));
    extra.innerResidual = this.residual;
  }

  claim(): string {
    return "The steps on f/c + gap have become smaller than the tolerance; for a finite c their limit is biased by the order of 1/c.";
  }

  shrink(): void {
    this.steps.eta *= 0.5;
    this.steps.beta *= 0.5;
    this.z.fill(0);
  }
}

/** The surrogate of the published loop with its settings; `alpha`: the step of x and y where it is given. */
export function regularisedGapOf(
  context: MethodContext,
  alpha: number | undefined,
): { readonly surrogate: RegularisedGap; readonly settings: LagrangianSettings } {
  const settings = lagrangianSettings(context, "gap", alpha);
  return { surrogate: new RegularisedGap(context.oracle, settings), settings };
}

export const regularisedGap: SurrogatePiece = {
  kind: "surrogate",
  id: "regularised-gap",
  title: "Doubly regularised gap function",
  formulas: [
    "G = max_{λ≥0} [g(x, y) + λᵀh(x, y) - |λ - z|²/(2γ2)] - min_{θ∈Y} [g(x, θ) + zᵀh(x, θ) + |θ - y|²/(2γ1)]",
    "f/c_k + G(x, y, z),   c_k = c0 (k + 1)^p",
  ],
  reference: "Yao, Yin, Zeng and Zhang, NeurIPS 2024, (5)",
  parameters: lagrangianParameters,
  order: 1,
  projects: true,
  constraints: true,
  moves: ["together"],
  class: "lower level convex with constraints h(x, y) <= 0 or = 0; box, ball or simplex domains",
  make: (context) => regularisedGapOf(context, given(context, "stepX")).surrogate,
};
