/**
 * Surrogate: the upper objective with the gap of the lower level to its Moreau envelope as penalty (Liu, Liu, Yao, Zeng and
 * Zhang, Moreau envelope for nonconvex bi-level optimization, ICML 2024, Algorithm 1):
 *
 *   S(x, y) = f(x, y) + c (g(x, y) - v(x, y)),   v(x, y) = min over theta in Y of g(x, theta) + |theta - y|² / (2 gamma)
 *   theta <- P_Y(theta - eta (grad_y g(x, theta) + (theta - y) / gamma))          one step, warm
 *   S_x = grad_x f + c (grad_x g(x, y) - grad_x g(x, theta)),   S_y = grad_y f + c (grad_y g(x, y) - (y - theta) / gamma)
 *
 * with c = c0 (k + 1)^p. theta is unique where gamma is below 1/(2 rho), rho the weak convexity of g in y. y moves after x.
 * The paper divides S by c; here the steps are.
 */
import { norm } from "../../../num/vector.js";
import type { DomainOracle, LevelOracle } from "../../../oracle/oracle.js";
import { projectedNorm } from "../../kit/lowerGradient.js";
import { numberOr } from "../../kit/options.js";
import type { MethodContext, Parameter } from "../../method.js";
import type { Surrogate, SurrogatePiece } from "../piece.js";

type Vector = Float64Array;

const c0: Parameter = {
  name: "c0",
  type: "number",
  default: undefined,
  auto: "1",
  min: 0,
  doc: "First penalty c.",
};

export const p: Parameter = {
  name: "p",
  type: "number",
  default: undefined,
  auto: "0.25",
  min: 0,
  max: 1,
  doc: "Growth of the penalty, c = c0 (k + 1)^p; below 1/2 in theory. 0 keeps it.",
};

export const eta: Parameter = {
  name: "eta",
  type: "number",
  default: undefined,
  auto: "0.05",
  min: 0,
  doc: "Step size of θ.",
};

const gamma: Parameter = {
  name: "gamma",
  type: "number",
  default: undefined,
  auto: "1",
  min: 1e-12,
  doc: "Parameter γ of the Moreau envelope; below half the inverse of the lower level's weak convexity.",
};

export class Moreau implements Surrogate {
  residual = Number.NaN;
  upper = Number.NaN;
  steepness = 1;
  readonly settled: boolean;
  readonly theta: Vector;
  private readonly above: LevelOracle;
  private readonly lower: LevelOracle;
  private readonly domain: DomainOracle;
  private readonly gx: Vector;
  private readonly gxt: Vector;
  private readonly gy: Vector;
  private readonly gt: Vector;
  private readonly scratch: Vector;
  private readonly c0: number;
  private readonly p: number;
  private readonly gamma: number;
  private eta: number;
  private c: number;
  private iteration = 0;
  private fresh = true;

  constructor(context: MethodContext) {
    const { upper, lower, domainY, n, m } = context.oracle;
    this.above = upper;
    this.lower = lower;
    this.domain = domainY;
    this.theta = new Float64Array(m);
    this.gx = new Float64Array(n);
    this.gxt = new Float64Array(n);
    this.gy = new Float64Array(m);
    this.gt = new Float64Array(m);
    this.scratch = new Float64Array(m);
    this.c0 = numberOr(context, "c0", 1);
    this.p = numberOr(context, "p", 0.25);
    this.eta = numberOr(context, "eta", 0.05);
    this.gamma = numberOr(context, "gamma", 1);
    this.settled = this.p === 0;
    this.c = this.c0;
  }

  evaluate(x: Vector, y: Vector, Gx: Vector, Gy: Vector): number {
    const { lower, theta, gx, gxt, gy, gt, eta } = this;
    if (this.fresh) {
      theta.set(y);
      this.fresh = false;
    }
    this.iteration++;
    const c = this.p === 0 ? this.c0 : this.c0 * this.iteration ** this.p;
    const weight = 1 / this.gamma;
    this.c = c;
    this.steepness = c;
    lower.gradY(x, theta, gt);
    for (let j = 0; j < theta.length; j++) {
      gt[j] += weight * (theta[j] - y[j]);
      theta[j] -= eta * gt[j];
    }
    if (!this.domain.free) this.domain.project(theta);
    const f = this.above.valueGrad(x, y, Gx, Gy);
    const atY = lower.valueGrad(x, y, gx, gy);
    const atTheta = lower.valueGrad(x, theta, gxt, gt);
    for (let i = 0; i < Gx.length; i++) Gx[i] += c * (gx[i] - gxt[i]);
    let square = 0;
    for (let j = 0; j < Gy.length; j++) {
      const apart = y[j] - theta[j];
      square += apart * apart;
      Gy[j] += c * (gy[j] - weight * apart);
      gt[j] -= weight * apart;
    }
    this.residual = projectedNorm(this.domain, theta, gt, this.scratch);
    this.upper = f;
    return f + c * (atY - atTheta - 0.5 * weight * square);
  }

  afterX(x: Vector, y: Vector, Gy: Vector): void {
    const { theta, gy, c } = this;
    const weight = 1 / this.gamma;
    this.above.gradY(x, y, Gy);
    this.lower.gradY(x, y, gy);
    for (let j = 0; j < Gy.length; j++) Gy[j] += c * (gy[j] - weight * (y[j] - theta[j]));
  }

  get rounding(): number {
    return 1e-14 * this.c * (norm(this.gx) + norm(this.gxt));
  }

  note(extra: Record<string, number>): void {
    extra.c = this.c;
  }

  claim(): string {
    return `The gradient of f + c (g - its Moreau envelope) with c = ${this.c} is below the tolerance; its solution is biased by the order of 1/c.`;
  }

  shrink(): void {
    this.eta *= 0.5;
    this.fresh = true;
  }
}

export const moreau: SurrogatePiece = {
  kind: "surrogate",
  id: "moreau",
  title: "Gap to the lower level's Moreau envelope as penalty",
  formulas: [
    "θ ← P_Y(θ - η (∇y g(x, θ) + (θ - y)/γ))                       one step, warm",
    "S_x = ∇x f + c (∇x g(x, y) - ∇x g(x, θ)),   S_y = ∇y f + c (∇y g(x, y) - (y - θ)/γ),   c = c0 (k + 1)^p",
  ],
  reference:
    "Liu, Liu, Yao, Zeng and Zhang, Moreau envelope for nonconvex bi-level optimization, ICML 2024, Algorithm 1",
  parameters: [c0, p, eta, gamma],
  order: 1,
  projects: true,
  constraints: false,
  moves: ["after-x", "together"],
  class: "lower level weakly convex; box, ball or simplex domains by projection",
  make: (context) => new Moreau(context),
};
