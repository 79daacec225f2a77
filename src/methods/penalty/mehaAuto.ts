/**
 * Automatic MEHA: min f + c (g - v) with y eliminated, v(x, y) = min over theta of g(x, theta) + |theta - y|²/(2 gamma), by
 * continuation in c unless it is given. For each y, theta is solved for to the limit of float64, warm, so that the gradient in y,
 * c (grad_y g - (y - theta)/gamma) + grad_y f, is that of the envelope.
 */

import { norm } from "../../num/vector.js";
import type { Oracle } from "../../oracle/oracle.js";
import { differenceProducts, estimateCurvature } from "../kit/constants.js";
import { differenceOracle } from "../kit/differenceOracle.js";
import type { LowerSolver } from "../kit/lowerSolver.js";
import { given, numberOr } from "../kit/options.js";
import { firstPenalty, leastPenalty } from "../kit/penaltyConstants.js";
import type { Running } from "../kit/running.js";
import { ScaledProblem } from "../kit/scaledProblem.js";
import { estimateScaling, type Scaling } from "../kit/scaling.js";
import type { MethodContext } from "../method.js";
import { Continuation } from "./continuation.js";
import { NestedProblem, nestedStage, solverOf } from "./nested.js";

type Vector = Float64Array;

/** Tolerance of theta, relative to the largest start: errors of theta enter the gradient multiplied by c. */
const TIGHT = 1e-13;

/** g(x, ·) + |· - centre|²/(2 gamma) in scaled variables; `centre` in the user's. */
class ProximalProblem extends ScaledProblem {
  readonly centre: Vector;
  private readonly weight: number;

  constructor(oracle: Oracle, scaling: Scaling, gamma: number) {
    super(oracle, scaling);
    this.centre = new Float64Array(oracle.m);
    this.weight = 1 / gamma;
  }

  override lowerGradient(x: Vector, y: Vector, out: Vector): number {
    const { centre, weight, dy } = this;
    let value = super.lowerGradient(x, y, out);
    for (let j = 0; j < y.length; j++) {
      const apart = dy[j] * y[j] - centre[j];
      value += 0.5 * weight * apart * apart;
      out[j] += weight * dy[j] * apart;
    }
    return value;
  }

  override hvp(v: Vector, out: Vector): void {
    super.hvp(v, out);
    for (let j = 0; j < v.length; j++) out[j] += this.weight * this.dy[j] * this.dy[j] * v[j];
  }
}

/** p = g - v. */
export class MoreauProblem extends NestedProblem {
  rounding = 0;
  private readonly proximal: ProximalProblem;
  private readonly solver: LowerSolver;
  private readonly gamma: number;
  private readonly stopped: () => boolean;
  /** Scaled, and in the user's variables. */
  private readonly scaledX: Vector;
  private readonly scaledTheta: Vector;
  private readonly theta: Vector;
  private readonly gradient: Vector;
  private readonly gx: Vector;
  private begun = false;

  constructor(oracle: Oracle, scaling: Scaling, gamma: number, stopped: () => boolean) {
    super(oracle, scaling);
    const { n, m } = oracle;
    this.gamma = gamma;
    this.stopped = stopped;
    this.proximal = new ProximalProblem(oracle, scaling, gamma);
    this.solver = solverOf(this.proximal);
    this.scaledX = new Float64Array(n);
    this.scaledTheta = new Float64Array(m);
    this.theta = new Float64Array(m);
    this.gradient = new Float64Array(m);
    this.gx = new Float64Array(n);
  }

  override penaltyY(x: Vector, y: Vector, out: Vector): number {
    const { dx, dy, scaledX, scaledTheta, theta, gamma, proximal } = this;
    const { lower } = this.oracle;
    for (let i = 0; i < x.length; i++) scaledX[i] = x[i] / dx[i];
    if (!this.begun) {
      for (let j = 0; j < y.length; j++) scaledTheta[j] = y[j] / dy[j];
      this.begun = true;
    }
    proximal.centre.set(y);
    const end = this.solver.solve(scaledX, scaledTheta, this.gradient, TIGHT, this.stopped);
    if (end === "not-finite" || end === "unbounded") {
      this.solver.reset();
      this.begun = false;
      return Number.NaN;
    }
    this.unscaleYInto(scaledTheta, theta);
    const atY = lower.valueGradY(x, y, out);
    const atTheta = lower.value(x, theta);
    let square = 0;
    for (let j = 0; j < y.length; j++) {
      const apart = y[j] - theta[j];
      square += apart * apart;
      out[j] -= apart / gamma;
    }
    this.rounding = 8e-16 * (Math.abs(atY) + Math.abs(atTheta));
    return atY - atTheta - square / (2 * gamma);
  }

  override penaltyX(x: Vector, y: Vector, out: Vector): number {
    const { lower } = this.oracle;
    const { gx, theta } = this;
    lower.gradX(x, y, out);
    lower.gradX(x, theta, gx);
    const size = norm(out) + norm(gx);
    for (let i = 0; i < out.length; i++) out[i] -= gx[i];
    return size;
  }
}

/**
 * 1000/L where g looks convex: the penalty is then at least half of g - g* in directions of curvature L/1000 and more, for the price
 * of proximal problems of that condition. Half of 1/L where it does not: no weak convexity can be larger than L.
 */
function envelopeOf(L: number, mu: number): number {
  return (mu < -1e-6 * L ? 0.5 : 1000) / L;
}

export function automaticMeha(context: MethodContext): Running {
  const { random, exhausted, tolerance } = context;
  const oracle = differenceOracle(context.oracle);
  const fixed = given(context, "c0");
  const scaling = estimateScaling(oracle, random.split("scaling"));
  const products = differenceProducts(oracle.lower, oracle.startX, oracle.startY);
  const { L, mu } = estimateCurvature(products, oracle.m, random.split("constants"));
  const gamma = given(context, "gamma") ?? envelopeOf(L, mu);
  // A curvature h of the lower level is one of h gamma h / (1 + gamma h) of the penalty.
  const weaker = (h: number): number => (h > 0 ? 1 + 1 / (gamma * h) : 1);
  const c = fixed ?? firstPenalty(oracle, random.split("penalty")) * weaker(L);
  const problem = new MoreauProblem(oracle, scaling, gamma, exhausted);
  const least = (x: Vector, y: Vector): number => {
    const at = estimateCurvature(differenceProducts(oracle.lower, x, y), oracle.m, random.split("constants"));
    return leastPenalty(oracle, x, y, random.split("least penalty")) * weaker(at.mu);
  };
  const stage = nestedStage(problem, exhausted, tolerance, c, least);
  return new Continuation(context, stage, c, fixed === undefined ? numberOr(context, "stages", 14) : 1);
}
