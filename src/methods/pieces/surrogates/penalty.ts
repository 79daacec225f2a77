/**
 * Surrogate: the value-function penalty with y eliminated (Kwon, Kwon, Wright and Nowak, A fully first-order method for
 * stochastic bilevel optimization, ICML 2023; Chen, Ma and Zhang 2023, Algorithm 1), a function of x alone:
 *
 *   L(x) = f(x, y) + lambda (g(x, y) - g(x, z)),   y ~ argmin f(x, ·) + lambda g(x, ·),  z ~ argmin g(x, ·)
 *   z <- P_Y(z - alpha grad_y g(x, z)),   y <- P_Y(y - tau (grad_y f(x, y) + lambda grad_y g(x, y)))      K times each, warm
 *   S_x = grad_x f(x, y) + lambda (grad_x g(x, y) - grad_x g(x, z)),   S_y = 0: `evaluate` moves y itself
 *
 *   debias: a third sequence with 2 lambda (step tau/2), S_x <- 2 S_x(2 lambda) - S_x(lambda), error O(1/lambda²)
 *   prox:   both minimised with rho/2 |· - y_k|² added (times lambda for y), y_k from the last time: proximal steps
 *           (Kwon, Kwon, Wright and Nowak, On penalty methods for nonconvex bilevel optimization, ICLR 2024, where
 *           sigma = 1/lambda), for lower levels with an error bound in place of strong convexity
 */
import { norm } from "../../../num/vector.js";
import type { Oracle } from "../../../oracle/oracle.js";
import { differenceProducts, estimateCurvature } from "../../kit/constants.js";
import { lowerGradientInto, penalisedGradientInto, projectedNorm } from "../../kit/lowerGradient.js";
import { flag, given, numberOr } from "../../kit/options.js";
import type { MethodContext, Parameter } from "../../method.js";
import type { Surrogate, SurrogatePiece } from "../piece.js";
import { ProximalSteps } from "./proximalSteps.js";

type Vector = Float64Array;

/** Lower levels whose smallest curvature is below this share of the largest count as singular. */
export const SINGULAR = 1e-7;

const parameters: readonly Parameter[] = [
  { name: "lambda", type: "number", default: undefined, auto: "100", min: 0, doc: "Penalty λ." },
  { name: "K", type: "integer", default: undefined, auto: "30", min: 1, doc: "Inner steps of both sequences." },
  { name: "alpha", type: "number", default: undefined, auto: "1/L_g", min: 0, doc: "Step size of z." },
  { name: "tau", type: "number", default: undefined, auto: "1/(L_f + λ L_g)", min: 0, doc: "Step size of y." },
  { name: "debias", type: "boolean", default: false, doc: "Remove the first-order bias by a third sequence with 2λ." },
  {
    name: "prox",
    type: "number",
    default: undefined,
    auto: "0: no proximal terms",
    min: 0,
    doc: "Weight ρ of the proximal terms ρ/2 |y - y_k|² of both inner problems, for lower levels with an error bound.",
  },
];

/** lambda, or 1/sigma where that is given instead. */
export function penaltyOf(context: MethodContext): number | undefined {
  const sigma = given(context, "sigma");
  return given(context, "lambda") ?? (sigma === undefined ? undefined : 1 / sigma);
}

export class Penalty implements Surrogate {
  /** Lower sequence, and the penalised one for 2 lambda where debiased. */
  readonly z: Vector;
  readonly doubled: Vector;
  /** Norms of the last gradients of z and of y (or of the sequence for 2 lambda); see `measure`. */
  zResidual = Number.NaN;
  yResidual = Number.NaN;
  upper = Number.NaN;
  readonly lambda: number;
  readonly debias: boolean;
  readonly K: number;
  /** Smallest and largest curvature of the lower level at the start. */
  readonly singular: boolean;
  alpha: number;
  tau: number;
  private readonly oracle: Oracle;
  private readonly prox: ProximalSteps | undefined;
  private readonly gradX: Vector;
  private readonly gradXy: Vector;
  private readonly gradXz: Vector;
  private readonly gradY: Vector;
  private readonly gradYg: Vector;
  private readonly gradZ: Vector;
  private readonly scratch: Vector;
  private last: Vector;
  private fresh = true;

  constructor(context: MethodContext) {
    const { oracle, random } = context;
    const { n, m, startX: x, startY: y } = oracle;
    this.oracle = oracle;
    this.z = y.slice();
    this.doubled = y.slice();
    this.last = y;
    this.gradX = new Float64Array(n);
    this.gradXy = new Float64Array(n);
    this.gradXz = new Float64Array(n);
    this.gradY = new Float64Array(m);
    this.gradYg = new Float64Array(m);
    this.gradZ = new Float64Array(m);
    this.scratch = new Float64Array(m);
    this.lambda = penaltyOf(context) ?? 100;
    this.K = numberOr(context, "K", 30);
    this.debias = flag(context, "debias");
    const rho = numberOr(context, "prox", 0);
    const lower = estimateCurvature(differenceProducts(oracle.lower, x, y), m, random.split("constants"));
    this.singular = lower.mu <= SINGULAR * lower.L;
    this.alpha = given(context, "alpha") ?? 1 / (lower.L + rho);
    const tau = given(context, "tau");
    if (tau === undefined) {
      const { L } = estimateCurvature(differenceProducts(oracle.upper, x, y), m, random.split("upper"));
      this.tau = 1 / (this.lambda * (lower.L + rho) + L);
    } else this.tau = tau;
    this.prox = rho > 0 ? new ProximalSteps(oracle, rho) : undefined;
  }

  evaluate(x: Vector, y: Vector, Gx: Vector, Gy: Vector): number {
    const { z, doubled, lambda } = this;
    if (this.fresh) {
      z.set(y);
      doubled.set(y);
      this.fresh = false;
    }
    const { lower, domainY } = this.oracle;
    if (this.prox === undefined) lowerGradientInto(lower, domainY, x, z, this.alpha, this.K, this.gradZ);
    else this.prox.lowerInto(x, z, this.alpha, this.K, this.gradZ);
    this.penalised(x, y, this.tau, lambda);
    const value = this.gradientInto(x, y, lambda, Gx);
    this.last = y;
    this.upper = value;
    if (this.debias) {
      this.penalised(x, doubled, this.tau / 2, 2 * lambda);
      this.gradientInto(x, doubled, 2 * lambda, this.gradX);
      for (let i = 0; i < Gx.length; i++) Gx[i] = 2 * this.gradX[i] - Gx[i];
      this.last = doubled;
    }
    Gy.fill(0);
    return value;
  }

  private penalised(x: Vector, y: Vector, tau: number, lambda: number): void {
    const { upper, lower, domainY } = this.oracle;
    if (this.prox !== undefined) this.prox.penalisedInto(x, y, tau, lambda, this.K, this.gradY, this.gradYg);
    else penalisedGradientInto(upper, lower, domainY, x, y, tau, lambda, this.K, this.gradY, this.gradYg);
  }

  /** f(x, y), with out = grad_x f(x, y) + lambda (grad_x g(x, y) - grad_x g(x, z)); in one kernel where there is one. */
  private gradientInto(x: Vector, y: Vector, lambda: number, out: Vector): number {
    const { upper, lower } = this.oracle;
    const { descent } = upper;
    const { z, gradXy, gradXz } = this;
    if (descent?.upper === upper && descent.lower === lower) return descent.surrogateInto(x, y, z, lambda, out);
    const value = upper.valueGrad(x, y, out, this.scratch);
    lower.gradX(x, y, gradXy);
    lower.gradX(x, z, gradXz);
    for (let i = 0; i < out.length; i++) out[i] += lambda * (gradXy[i] - gradXz[i]);
    return value;
  }

  /** Gradients before the last inner step: slightly pessimistic, and free. */
  measure(): void {
    const { domainY } = this.oracle;
    this.zResidual = projectedNorm(domainY, this.z, this.gradZ, this.scratch);
    this.yResidual = projectedNorm(domainY, this.last, this.gradY, this.scratch);
  }

  get residual(): number {
    this.measure();
    return this.zResidual + this.yResidual;
  }

  /** Rounding error of lambda (grad_x g(x, y) - grad_x g(x, z)), generously; asks for a gradient. */
  roundingAt(x: Vector): number {
    this.oracle.lower.gradX(x, this.z, this.gradXz);
    return 2e-14 * this.lambda * norm(this.gradXz);
  }

  claim(): string {
    return `The gradient of the penalty surrogate with lambda = ${this.lambda} is below the tolerance; its solution is biased by the order of 1/lambda${this.debias ? "²" : ""}.`;
  }

  shrink(): void {
    this.alpha *= 0.5;
    this.tau *= 0.5;
    this.fresh = true;
  }
}

export const penalty: SurrogatePiece = {
  kind: "surrogate",
  id: "penalty",
  title: "Value-function penalty with y eliminated",
  formulas: [
    "z ← P_Y(z - α ∇y g(x, z))                                     K times",
    "y ← P_Y(y - τ (∇y f(x, y) + λ ∇y g(x, y)))                    K times",
    "S_x = ∇x f(x, y) + λ (∇x g(x, y) - ∇x g(x, z)),   S_y = 0",
  ],
  reference: "Chen, Ma and Zhang, Near-optimal nonconvex-strongly-convex bilevel optimization, 2023, Algorithm 1",
  parameters,
  order: 1,
  projects: true,
  constraints: false,
  moves: ["nested"],
  class: "lower level strongly convex (usable for convex ones); box, ball or simplex domains by projection",
  make: (context) => new Penalty(context),
};
