/**
 * Surrogate: the upper objective with the squared lower gradient as penalty (Shen and Chen, On penalty-based bilevel gradient
 * descent method, ICML 2023, (3) with p = |grad_y g|²), for lower levels without a domain:
 *
 *   S(x, y) = f(x, y) + gamma/2 |s|²,  s = grad_y g(x, y);   S_x = grad_x f + gamma J s,  S_y = grad_y f + gamma H s
 *
 * No auxiliary variables; one J s and one H s at one point. Steps are divided by max(gamma, 1).
 */
import { norm } from "../../../num/vector.js";
import type { LevelOracle } from "../../../oracle/oracle.js";
import { numberOr } from "../../kit/options.js";
import type { MethodContext, Parameter } from "../../method.js";
import type { Surrogate, SurrogatePiece } from "../piece.js";
import { ramp, ramped } from "./valueGap.js";

type Vector = Float64Array;

const gamma: Parameter = {
  name: "gamma",
  type: "number",
  default: undefined,
  auto: "10",
  min: 0,
  doc: "Penalty γ.",
};

export class SquaredGradient implements Surrogate {
  readonly residual = 0;
  upper = Number.NaN;
  steepness = 1;
  settled = false;
  private readonly above: LevelOracle;
  private readonly lower: LevelOracle;
  private readonly s: Vector;
  private readonly Hs: Vector;
  private readonly Js: Vector;
  private readonly most: number;
  private readonly over: number;
  private gamma = 0;
  private iteration = 0;

  constructor(context: MethodContext) {
    const { upper, lower, n, m } = context.oracle;
    this.above = upper;
    this.lower = lower;
    this.s = new Float64Array(m);
    this.Hs = new Float64Array(m);
    this.Js = new Float64Array(n);
    this.most = numberOr(context, "gamma", 10);
    this.over = numberOr(context, "ramp", 0);
  }

  evaluate(x: Vector, y: Vector, Gx: Vector, Gy: Vector): number {
    const { lower, s, Hs, Js } = this;
    const gamma = ramped(this.most, this.over, this.iteration);
    this.gamma = gamma;
    this.steepness = Math.max(gamma, 1);
    this.settled = this.iteration >= this.over;
    this.iteration++;
    const f = this.above.valueGrad(x, y, Gx, Gy);
    lower.gradY(x, y, s);
    lower.linearize(x, y).both(s, Hs, Js);
    let sum = 0;
    for (let i = 0; i < Gx.length; i++) Gx[i] += gamma * Js[i];
    for (let j = 0; j < Gy.length; j++) {
      Gy[j] += gamma * Hs[j];
      sum += s[j] * s[j];
    }
    this.upper = f;
    return f + 0.5 * gamma * sum;
  }

  afterX(x: Vector, y: Vector, Gy: Vector): void {
    const { lower, s, Hs, gamma } = this;
    this.above.gradY(x, y, Gy);
    lower.gradY(x, y, s);
    lower.hvpYY(x, y, s, Hs);
    for (let j = 0; j < Gy.length; j++) Gy[j] += gamma * Hs[j];
  }

  get rounding(): number {
    return 1e-14 * this.gamma * (norm(this.Js) + norm(this.Hs));
  }

  note(extra: Record<string, number>): void {
    extra.gamma = this.gamma;
    extra.lowerResidual = norm(this.s);
  }

  claim(): string {
    return `The gradient of f + gamma/2 |grad_y g|² with gamma = ${this.gamma} is below the tolerance; its solution is biased by the order of 1/gamma.`;
  }

  /** Nothing of its own to make smaller. */
  shrink(): void {}
}

export const squaredGradient: SurrogatePiece = {
  kind: "surrogate",
  id: "squared-gradient",
  title: "Squared lower gradient as penalty",
  formulas: ["s = ∇y g(x, y)", "S_x = ∇x f + γ J s,   S_y = ∇y f + γ H s"],
  reference: "Shen and Chen, On penalty-based bilevel gradient descent method, ICML 2023, (3) with |∇y g|²",
  parameters: [gamma, ramp],
  order: 2,
  projects: false,
  constraints: false,
  moves: ["together", "after-x"],
  class: "lower level Polyak-Łojasiewicz, y free",
  make: (context) => new SquaredGradient(context),
};
