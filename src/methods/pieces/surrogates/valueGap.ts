/**
 * Surrogate: the upper objective with the value gap of the lower level as penalty (Shen and Chen, On penalty-based bilevel
 * gradient descent method, ICML 2023, Algorithm 1):
 *
 *   S(x, y) = f(x, y) + gamma (g(x, y) - g(x, omega)),   omega ~ argmin g(x, ·) by T warm projected gradient steps
 *   S_x = grad_x f + gamma (grad_x g(x, y) - grad_x g(x, omega)),   S_y = grad_y f + gamma grad_y g(x, y)
 *
 * omega counts as constant (Danskin's theorem): exact where it solves the lower level. Steps are divided by max(gamma, 1).
 */
import { norm } from "../../../num/vector.js";
import type { DomainOracle, LevelOracle } from "../../../oracle/oracle.js";
import { differenceProducts, estimateCurvature } from "../../kit/constants.js";
import { lowerGradientInto, projectedNorm } from "../../kit/lowerGradient.js";
import { given, numberOr } from "../../kit/options.js";
import type { MethodContext, Parameter } from "../../method.js";
import type { Surrogate, SurrogatePiece } from "../piece.js";

type Vector = Float64Array;

const gamma: Parameter = {
  name: "gamma",
  type: "number",
  default: undefined,
  auto: "100",
  min: 0,
  doc: "Penalty γ.",
};

export const beta: Parameter = {
  name: "beta",
  type: "number",
  default: undefined,
  auto: "1/L_g at the start, halved where y turns out nearer to the lower solution than ω",
  min: 0,
  doc: "Step size of ω.",
};

const T: Parameter = {
  name: "T",
  type: "integer",
  default: undefined,
  auto: "5",
  min: 1,
  doc: "Lower steps of ω per step.",
};

export const ramp: Parameter = {
  name: "ramp",
  type: "integer",
  default: undefined,
  auto: "0",
  min: 0,
  doc: "Steps over which γ grows linearly from 0 in the published loop.",
};

/** gamma after `iteration` steps: linear from 0 over `over` steps, then constant. */
export function ramped(most: number, over: number, iteration: number): number {
  return iteration < over ? (most * iteration) / over : most;
}

export class ValueGap implements Surrogate {
  residual = Number.NaN;
  upper = Number.NaN;
  steepness = 1;
  settled = false;
  readonly omega: Vector;
  private readonly lower: LevelOracle;
  private readonly above: LevelOracle;
  private readonly domain: DomainOracle;
  private readonly gx: Vector;
  private readonly gxo: Vector;
  private readonly gy: Vector;
  private readonly go: Vector;
  private readonly scratch: Vector;
  private readonly most: number;
  private readonly over: number;
  private readonly T: number;
  private beta: number;
  /** beta was estimated: it is halved where it turns out too long. */
  private readonly estimated: boolean;
  private gamma = 0;
  private iteration = 0;
  private fresh = true;

  constructor(context: MethodContext) {
    const { upper, lower, domainY, n, m, startX, startY } = context.oracle;
    this.above = upper;
    this.lower = lower;
    this.domain = domainY;
    this.omega = new Float64Array(m);
    this.gx = new Float64Array(n);
    this.gxo = new Float64Array(n);
    this.gy = new Float64Array(m);
    this.go = new Float64Array(m);
    this.scratch = new Float64Array(m);
    this.most = numberOr(context, "gamma", 100);
    this.over = numberOr(context, "ramp", 0);
    this.T = numberOr(context, "T", 5);
    this.estimated = given(context, "beta") === undefined;
    this.beta =
      given(context, "beta") ??
      1 / estimateCurvature(differenceProducts(lower, startX, startY), m, context.random.split("constants")).L;
  }

  evaluate(x: Vector, y: Vector, Gx: Vector, Gy: Vector): number {
    const { lower, omega, gx, gxo, gy, go } = this;
    if (this.fresh) {
      omega.set(y);
      this.fresh = false;
    }
    const gamma = ramped(this.most, this.over, this.iteration);
    this.gamma = gamma;
    this.steepness = Math.max(gamma, 1);
    this.settled = this.iteration >= this.over;
    this.iteration++;
    lowerGradientInto(lower, this.domain, x, omega, this.beta, this.T, go);
    const f = this.above.valueGrad(x, y, Gx, Gy);
    const atY = lower.valueGrad(x, y, gx, gy);
    const least = lower.valueGrad(x, omega, gxo, go);
    for (let i = 0; i < Gx.length; i++) Gx[i] += gamma * (gx[i] - gxo[i]);
    for (let j = 0; j < Gy.length; j++) Gy[j] += gamma * gy[j];
    this.residual = projectedNorm(this.domain, omega, go, this.scratch);
    this.upper = f;
    if (this.estimated && least > atY && this.residual > projectedNorm(this.domain, y, gy, this.scratch)) {
      // The curvature at the start was smaller than here: y itself is nearer to the lower solution than omega.
      this.beta *= 0.5;
      this.fresh = true;
    }
    return f + gamma * (atY - least);
  }

  afterX(x: Vector, y: Vector, Gy: Vector): void {
    this.above.gradY(x, y, Gy);
    this.lower.gradY(x, y, this.gy);
    for (let j = 0; j < Gy.length; j++) Gy[j] += this.gamma * this.gy[j];
  }

  get rounding(): number {
    return 1e-14 * this.gamma * (norm(this.gx) + norm(this.gxo));
  }

  note(extra: Record<string, number>): void {
    extra.gamma = this.gamma;
  }

  claim(): string {
    return `The gradient of f + gamma (g - g*) with gamma = ${this.gamma} is below the tolerance; its solution is biased by the order of 1/gamma.`;
  }

  shrink(): void {
    this.beta *= 0.5;
    this.fresh = true;
  }
}

export const valueGap: SurrogatePiece = {
  kind: "surrogate",
  id: "value-gap",
  title: "Value gap of the lower level as penalty",
  formulas: [
    "ω ← P_Y(ω - β ∇y g(x, ω))                                     T times, warm",
    "S_x = ∇x f + γ (∇x g(x, y) - ∇x g(x, ω)),   S_y = ∇y f + γ ∇y g(x, y)",
  ],
  reference: "Shen and Chen, On penalty-based bilevel gradient descent method, ICML 2023, Algorithm 1",
  parameters: [gamma, beta, T, ramp],
  order: 1,
  projects: true,
  constraints: false,
  moves: ["together", "after-x"],
  class: "lower level Polyak-Łojasiewicz; box, ball or simplex domains by projection",
  make: (context) => new ValueGap(context),
};
