/**
 * Automatic G-PBGD: the penalised problem min f + gamma/2 |D s|², s = grad_y g, with y eliminated, by continuation in gamma unless
 * it is given. D holds the scales of y, under which the lower Hessian has about unit diagonal (the identity where gamma is given):
 * the penalty squares the condition number of the lower level, and s need not be measured in the user's units.
 */
import type { Random } from "../../num/random.js";
import { norm } from "../../num/vector.js";
import type { Linearization, Oracle } from "../../oracle/oracle.js";
import { estimateCurvature, exactProducts } from "../kit/constants.js";
import { given, numberOr } from "../kit/options.js";
import { firstPenalty, leastPenalty } from "../kit/penaltyConstants.js";
import type { Running } from "../kit/running.js";
import { estimateScaling, type Scaling } from "../kit/scaling.js";
import type { MethodContext } from "../method.js";
import { Continuation } from "./continuation.js";
import { NestedProblem, nestedStage } from "./nested.js";

type Vector = Float64Array;

/** p = |D s|²/2 with its gradients H D² s and J D² s. */
export class SquaredGradientProblem extends NestedProblem {
  rounding = 0;
  private readonly weights: Vector;
  private readonly s: Vector;
  private at: Linearization | undefined;

  constructor(oracle: Oracle, scaling: Scaling, weights: Vector) {
    super(oracle, scaling);
    this.weights = weights;
    this.s = new Float64Array(oracle.m);
  }

  override penaltyY(x: Vector, y: Vector, out: Vector): number {
    const { s, weights } = this;
    const { lower } = this.oracle;
    lower.gradY(x, y, s);
    let sum = 0;
    for (let j = 0; j < s.length; j++) {
      s[j] *= weights[j];
      sum += s[j] * s[j];
      s[j] *= weights[j];
    }
    this.at = lower.linearize(x, y);
    this.at.hvp(s, out);
    this.rounding = 1e-15 * sum;
    return 0.5 * sum;
  }

  override penaltyX(_x: Vector, _y: Vector, out: Vector): number {
    this.at?.jvp(this.s, out);
    return norm(out);
  }
}

/** Largest and smallest curvature of the weighted lower level. */
function curvature(oracle: Oracle, x: Vector, y: Vector, weights: Vector, random: Random): { L: number; mu: number } {
  const products = exactProducts(oracle.lower, x, y);
  const scaled = new Float64Array(oracle.m);
  return estimateCurvature(
    (v, out) => {
      for (let j = 0; j < v.length; j++) scaled[j] = weights[j] * v[j];
      products(scaled, out);
      for (let j = 0; j < v.length; j++) out[j] *= weights[j];
    },
    oracle.m,
    random,
  );
}

export function automaticGPbgd(context: MethodContext): Running {
  const { oracle, random, exhausted, tolerance } = context;
  const fixed = given(context, "gamma");
  const scaling = estimateScaling(oracle, random.split("scaling"));
  const weights = fixed === undefined ? scaling.dy : new Float64Array(oracle.m).fill(1);
  const constants = random.split("constants");
  const { L } = curvature(oracle, oracle.startX, oracle.startY, weights, constants);
  const gamma = fixed ?? firstPenalty(oracle, random.split("penalty")) / L;
  const problem = new SquaredGradientProblem(oracle, scaling, weights);
  // |D s|²/2 >= mu (g - g*) for the weighted curvature mu.
  const least = (x: Vector, y: Vector): number => {
    const { mu } = curvature(oracle, x, y, weights, constants);
    return mu > 0 ? leastPenalty(oracle, x, y, random.split("least penalty")) / mu : 0;
  };
  const stage = nestedStage(problem, exhausted, tolerance, gamma, least);
  return new Continuation(context, stage, gamma, fixed === undefined ? numberOr(context, "stages", 14) : 1);
}
