/**
 * The penalty on the proximal Lagrangian value function (Yao, Yu, Zeng and Zhang, Constrained bi-level optimization: proximal
 * Lagrangian value function approach and Hessian-free algorithm, ICLR 2024, (3), (6) and Algorithm 1):
 *
 *   v(x, y, z) = min_{θ in Y} max_{λ >= 0} g(x, θ) + λᵀh(x, θ) + |θ - y|²/(2 γ1) - |λ - z|²/(2 γ2)
 *   minimised:  f(x, y)/c + g(x, y) - v(x, y, z)  over (x, y) in C = {h <= 0}, z in [0, r] (free multipliers: [-r, r])
 *
 * One projected gradient step in θ and one in λ per evaluation; z moves along -(z - λ)/γ2 between evaluations. Outside C the
 * difference g - v may be negative: whoever moves x and y has to keep them in C.
 */

import type { Oracle } from "../../../oracle/oracle.js";
import { JointSet } from "../../constrained/jointSet.js";
import { given } from "../../kit/options.js";
import type { MethodContext } from "../../method.js";
import type { Surrogate, SurrogatePiece } from "../piece.js";
import { lagrangianParameters } from "./lagrangianParameters.js";
import { type LagrangianSettings, type LagrangianSteps, lagrangianSettings } from "./lagrangianSettings.js";

type Vector = Float64Array;

export class ProximalLagrangian implements Surrogate {
  residual = Number.NaN;
  readonly theta: Vector;
  readonly lambda: Vector;
  readonly z: Vector;
  readonly steps: LagrangianSteps;
  /** Evaluations so far. */
  k = 0;
  /** Onto C, where the constructor was given it. */
  readonly project?: (x: Vector, y: Vector) => void;
  private readonly oracle: Oracle;
  private readonly h: Vector;
  private readonly hx: Vector;
  private readonly hy: Vector;
  private readonly gx: Vector;
  private readonly gy: Vector;
  private readonly before: Vector;

  constructor(oracle: Oracle, steps: LagrangianSteps, set?: Pick<JointSet, "project">) {
    const { n, m, lower, startY } = oracle;
    const { rows } = lower.constraints;
    this.oracle = oracle;
    this.steps = steps;
    if (set) this.project = (x, y) => set.project(x, y);
    this.theta = startY.slice();
    this.lambda = new Float64Array(rows);
    this.z = new Float64Array(rows);
    this.h = new Float64Array(rows);
    this.hx = new Float64Array(n);
    this.hy = new Float64Array(m);
    this.gx = new Float64Array(n);
    this.gy = new Float64Array(m);
    this.before = new Float64Array(m);
  }

  evaluate(x: Vector, y: Vector, Gx: Vector, Gy: Vector): number {
    const { steps, lambda, z } = this;
    const { equality } = this.oracle.lower.constraints;
    const { gamma2, radius, beta } = steps;
    const c = steps.c(this.k);
    if (this.k > 0) {
      for (let r = 0; r < z.length; r++) {
        const next = z[r] + (beta * (lambda[r] - z[r])) / gamma2;
        z[r] = Math.min(radius, Math.max(equality[r] === 1 ? -radius : 0, next));
      }
    }
    this.k++;
    this.inner(x, y);
    return this.gradientInto(x, y, c, Gx, Gy);
  }

  /** θ <- P_Y(θ - η d_θ), λ <- [λ - η d_λ]_+, both from the old pair. */
  private inner(x: Vector, y: Vector): void {
    const { oracle, steps, theta, lambda, z, h, hx, hy, gy, before } = this;
    const { constraints } = oracle.lower;
    const { gamma1, gamma2, eta } = steps;
    oracle.lower.gradY(x, theta, gy);
    constraints.value(x, theta, h);
    constraints.vjp(x, theta, lambda, hx, hy);
    before.set(theta);
    for (let j = 0; j < theta.length; j++) theta[j] -= eta * (gy[j] + hy[j] + (theta[j] - y[j]) / gamma1);
    oracle.domainY.project(theta);
    let moved = 0;
    for (let j = 0; j < theta.length; j++) moved += (theta[j] - before[j]) ** 2;
    for (let r = 0; r < lambda.length; r++) {
      const next = lambda[r] - eta * (-h[r] + (lambda[r] - z[r]) / gamma2);
      const kept = constraints.equality[r] === 1 ? next : Math.max(0, next);
      moved += (kept - lambda[r]) ** 2;
      lambda[r] = kept;
    }
    this.residual = Math.sqrt(moved) / eta;
  }

  private gradientInto(x: Vector, y: Vector, c: number, Gx: Vector, Gy: Vector): number {
    const { oracle, steps, theta, lambda, h, hx, hy, gx, gy } = this;
    const { upper, lower } = oracle;
    const { constraints } = lower;
    let value = upper.valueGrad(x, y, Gx, Gy) / c;
    value += lower.valueGrad(x, y, gx, gy);
    for (let i = 0; i < gx.length; i++) Gx[i] = Gx[i] / c + gx[i];
    for (let j = 0; j < gy.length; j++) Gy[j] = Gy[j] / c + gy[j] - (y[j] - theta[j]) / steps.gamma1;
    value -= lower.valueGrad(x, theta, gx, gy);
    constraints.vjp(x, theta, lambda, hx, hy);
    for (let i = 0; i < gx.length; i++) Gx[i] -= gx[i] + hx[i];
    constraints.value(x, theta, h);
    for (let r = 0; r < h.length; r++) value -= lambda[r] * h[r] - (lambda[r] - this.z[r]) ** 2 / (2 * steps.gamma2);
    for (let j = 0; j < y.length; j++) value -= (theta[j] - y[j]) ** 2 / (2 * steps.gamma1);
    return value;
  }

  /**
   * The function of θ behind v with λ at its maximiser [z + γ2 h]_+, which is left in `lambda`:
   * g + Σ ([z + γ2 h]_+² - z²)/(2 γ2) + |θ - y|²/(2 γ1), strongly convex in θ where g and h are convex.
   */
  augmented(x: Vector, y: Vector, theta: Vector, out: Vector): number {
    const { oracle, steps, lambda, z, h, hx, hy } = this;
    const { constraints } = oracle.lower;
    const { gamma1, gamma2 } = steps;
    let value = oracle.lower.valueGradY(x, theta, out);
    constraints.value(x, theta, h);
    for (let r = 0; r < h.length; r++) {
      const next = z[r] + gamma2 * h[r];
      lambda[r] = constraints.equality[r] === 1 ? next : Math.max(0, next);
      value += lambda[r] * h[r] - (lambda[r] - z[r]) ** 2 / (2 * gamma2);
    }
    constraints.vjp(x, theta, lambda, hx, hy);
    for (let j = 0; j < out.length; j++) {
      const d = theta[j] - y[j];
      out[j] += hy[j] + d / gamma1;
      value += (d * d) / (2 * gamma1);
    }
    return value;
  }

  /** f + c (g - v) and its gradients at the θ given, with λ at its maximiser. */
  outer(x: Vector, y: Vector, c: number, Gx: Vector, Gy: Vector, Gz: Vector): number {
    const { lambda, z, steps } = this;
    this.augmented(x, y, this.theta, Gy);
    const value = c * this.gradientInto(x, y, c, Gx, Gy);
    for (let i = 0; i < Gx.length; i++) Gx[i] *= c;
    for (let j = 0; j < Gy.length; j++) Gy[j] *= c;
    for (let r = 0; r < z.length; r++) Gz[r] = (-c * (lambda[r] - z[r])) / steps.gamma2;
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
    this.lambda.fill(0);
    this.z.fill(0);
  }
}

/** The surrogate of the published loop with its settings; `alpha`: the step of x and y where it is given. */
export function proximalLagrangianOf(
  context: MethodContext,
  alpha: number | undefined,
): { readonly surrogate: ProximalLagrangian; readonly settings: LagrangianSettings } {
  const settings = lagrangianSettings(context, "proximal", alpha);
  const set = new JointSet(context.oracle, context.random.split("affine"));
  return { surrogate: new ProximalLagrangian(context.oracle, settings, set), settings };
}

export const proximalLagrangian: SurrogatePiece = {
  kind: "surrogate",
  id: "proximal-lagrangian",
  title: "Gap to the proximal Lagrangian value function",
  formulas: [
    "v = min_{θ∈Y} max_{λ≥0} g(x, θ) + λᵀh(x, θ) + |θ - y|²/(2γ1) - |λ - z|²/(2γ2)",
    "f/c_k + g - v(x, y, z) over C = {x∈X, y∈Y, h <= 0},   c_k = c0 (k + 1)^p",
  ],
  reference: "Yao, Yu, Zeng and Zhang, ICLR 2024, (3) and (6)",
  parameters: lagrangianParameters,
  order: 1,
  projects: true,
  constraints: true,
  moves: ["together"],
  class: "lower level convex with constraints h(x, y) <= 0 or = 0; box, ball or simplex domains",
  make: (context) => proximalLagrangianOf(context, given(context, "stepX")).surrogate,
};
