/**
 * Lower map: descent aggregation, which mixes in the upper objective so that, among several lower solutions, y_K tends to the
 * one that the upper level likes best (Liu and others, ICML 2020, (6)-(8)):
 *
 *   y_{k+1} = P_Y(y_k - α_k s_u ∇y f(x, y_k) - (1 - α_k) s_l ∇y g(x, y_k)),   α_k = μ/(k + 1)
 *
 * Its sweeps ask for second derivatives of both levels. From step `cut` on α_k is 0: the upper part has chosen, and what it has
 * left of a lower gradient goes at the rate of plain steps, not of 1/k.
 */
import { estimateCurvature, exactProducts } from "../../kit/constants.js";
import { startingCurvature } from "../../kit/lowerStep.js";
import { given, numberOr } from "../../kit/options.js";
import type { MethodContext, Parameter } from "../../method.js";
import type { LowerMapPiece } from "../piece.js";
import { MomentumMap } from "./momentumMap.js";
import type { StepField, SteppedLevel } from "./stepField.js";

type Vector = Float64Array;

export class AggregationField implements StepField {
  cut = Number.POSITIVE_INFINITY;
  private readonly upper: SteppedLevel;
  private readonly lower: SteppedLevel;
  private readonly mu: number;
  su: number;
  sl: number;
  private readonly part: Vector;
  private readonly partX: Vector;
  private readonly sum: Vector;

  constructor(upper: SteppedLevel, lower: SteppedLevel, n: number, m: number, mu: number, su: number, sl: number) {
    this.upper = upper;
    this.lower = lower;
    this.mu = mu;
    this.su = su;
    this.sl = sl;
    this.part = new Float64Array(m);
    this.partX = new Float64Array(n);
    this.sum = new Float64Array(m);
  }

  /** α_k */
  private share(k: number): number {
    return k < this.cut ? this.mu / (k + 1) : 0;
  }

  directionInto(x: Vector, u: Vector, k: number, out: Vector): void {
    const share = this.share(k);
    const toLower = (1 - share) * this.sl;
    this.lower.gradY(x, u, out);
    for (let j = 0; j < out.length; j++) out[j] *= toLower;
    if (share === 0) return;
    this.upper.gradY(x, u, this.part);
    for (let j = 0; j < out.length; j++) out[j] += share * this.su * this.part[j];
  }

  pullInto(x: Vector, u: Vector, k: number, w: Vector, outU: Vector, outX: Vector): void {
    const { part, partX } = this;
    const share = this.share(k);
    const toLower = (1 - share) * this.sl;
    const toUpper = share * this.su;
    this.lower.linearize(x, u).both(w, outU, outX);
    for (let j = 0; j < outU.length; j++) outU[j] *= toLower;
    for (let i = 0; i < outX.length; i++) outX[i] *= toLower;
    if (share === 0) return;
    this.upper.linearize(x, u).both(w, part, partX);
    for (let j = 0; j < outU.length; j++) outU[j] += toUpper * part[j];
    for (let i = 0; i < outX.length; i++) outX[i] += toUpper * partX[i];
  }

  pushInto(x: Vector, u: Vector, k: number, t: Vector, s: Vector, out: Vector): void {
    const { part, sum } = this;
    const share = this.share(k);
    const toLower = (1 - share) * this.sl;
    const toUpper = share * this.su;
    this.lower.linearize(x, u).hvp(t, sum);
    this.lower.jvpYX(x, u, s, part);
    for (let j = 0; j < out.length; j++) sum[j] = toLower * (sum[j] + part[j]);
    if (share > 0) {
      this.upper.linearize(x, u).hvp(t, part);
      for (let j = 0; j < out.length; j++) sum[j] += toUpper * part[j];
      this.upper.jvpYX(x, u, s, part);
      for (let j = 0; j < out.length; j++) sum[j] += toUpper * part[j];
    }
    out.set(sum);
  }

  gradientInto(x: Vector, y: Vector, out: Vector): void {
    this.lower.gradY(x, y, out);
  }

  shrink(): void {
    this.su *= 0.5;
    this.sl *= 0.5;
  }
}

export const aggregationSteps: readonly Parameter[] = [
  { name: "mu", type: "number", default: undefined, auto: "0.5", min: 0, max: 1, doc: "α_k = μ/(k + 1)." },
  {
    name: "su",
    type: "number",
    default: undefined,
    auto: "1/max(L_f, L_g), by Lanczos at the start",
    min: 0,
    doc: "Step size of the upper part.",
  },
  {
    name: "sl",
    type: "number",
    default: undefined,
    auto: "1/L_g, L_g by Lanczos at the start",
    min: 0,
    doc: "Step size of the lower part.",
  },
];

/** 1/L_f, but no more than 1/L_g: an upper objective that is nearly linear in y would throw y about. */
export function upperStepSize({ oracle, random }: MethodContext, Lg: number): number {
  const products = exactProducts(oracle.upper, oracle.startX, oracle.startY);
  const { L } = estimateCurvature(products, oracle.m, random.split("upper constants"));
  return 1 / Math.max(L, Lg);
}

export const aggregation: LowerMapPiece = {
  kind: "lower",
  id: "aggregation",
  title: "Descent aggregation",
  formulas: ["α_k = μ/(k + 1)", "y_{k+1} = P_Y(y_k - α_k s_u ∇y f(x, y_k) - (1 - α_k) s_l ∇y g(x, y_k))"],
  reference:
    "Liu, Mu, Yuan, Zeng and Zhang, A generic first-order algorithmic framework for bi-level programming beyond lower-level singleton, ICML 2020",
  parameters: aggregationSteps,
  order: 1,
  readsUpper: true,
  projects: true,
  stepwise: true,
  make: (context) => {
    const { oracle } = context;
    const { L } = startingCurvature(context);
    const su = given(context, "su") ?? upperStepSize(context, L);
    const sl = given(context, "sl") ?? 1 / L;
    const mu = numberOr(context, "mu", 0.5);
    const field = new AggregationField(oracle.upper, oracle.lower, oracle.n, oracle.m, mu, su, sl);
    return new MomentumMap(oracle.n, oracle.m, oracle.domainY, field);
  },
};
