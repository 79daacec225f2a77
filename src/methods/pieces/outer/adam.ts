/**
 * Outer rule: Adam (Kingma and Ba, ICLR 2015, Algorithm 1), the step projected in the Euclidean norm,
 *
 *   m <- b1 m + (1 - b1) G,   s <- b2 s + (1 - b2) G²,
 *   x <- P_X(x - eta (m / (1 - b1^t)) / (sqrt(s / (1 - b2^t)) + eps))
 *
 * With constant eta x ends in a cycle of that size. Where eta is not given it starts at 0.1 (1 + max |x|), and 20 steps that
 * have not halved |G| are followed by a restart (m = s = 0, t = 0), with half of eta if one of them went too far (Gᵀ (last step) > 0).
 */
import { normInf } from "../../../num/vector.js";
import type { DomainOracle } from "../../../oracle/oracle.js";
import { given, numberOr } from "../../kit/options.js";
import { OuterStep } from "../../kit/outerStep.js";
import { upperStep } from "../../kit/stepParameters.js";
import type { Parameter } from "../../method.js";
import type { OuterPiece, OuterRule } from "../piece.js";

type Vector = Float64Array;

const FIRST = 0.1;
const WINDOW = 20;

const parameters: readonly Parameter[] = [
  {
    ...upperStep,
    auto: "0.1 (1 + max |x|) at the start; restarted whenever 20 steps do not halve |G|, with half of it if they overshot",
  },
  { name: "beta1", type: "number", default: 0.9, min: 0, max: 0.9999, doc: "Weight of the past in the mean of G." },
  {
    name: "beta2",
    type: "number",
    default: 0.999,
    min: 0,
    max: 0.999999,
    doc: "Weight of the past in the mean of G².",
  },
  { name: "adamEpsilon", type: "number", default: 1e-8, min: 0, doc: "Added to the root of the mean of G²." },
];

interface Weights {
  readonly eta: number | undefined;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

class Adam implements OuterRule {
  eta: number;
  private readonly weights: Weights;
  private readonly mapping: OuterStep;
  private readonly m: Vector;
  private readonly s: Vector;
  private t = 0;
  private age = 0;
  private readonly last: Vector;
  private first = Number.POSITIVE_INFINITY;
  private least = Number.POSITIVE_INFINITY;
  private overshot = false;

  constructor(size: number, weights: Weights) {
    this.weights = weights;
    this.eta = weights.eta ?? Number.NaN;
    this.mapping = new OuterStep(size, 1);
    this.m = new Float64Array(size);
    this.s = new Float64Array(size);
    this.last = new Float64Array(size);
  }

  /** |x - P_X(x - G)|: the length of Adam's own steps says nothing about stationarity. */
  measure(domain: DomainOracle, x: Vector, G: Vector): number {
    const size = this.mapping.measure(domain, x, G);
    if (this.weights.eta !== undefined) return size;
    if (Number.isNaN(this.eta)) this.eta = FIRST * (1 + normInf(x));
    let slope = 0;
    for (let i = 0; i < x.length; i++) slope += G[i] * (x[i] - this.last[i]);
    if (this.t > 0 && slope > 0) this.overshot = true;
    this.last.set(x);
    this.least = Math.min(this.least, size);
    if (++this.age < WINDOW) return size;
    this.age = 0;
    if (this.least > 0.5 * this.first) {
      if (this.overshot) this.eta *= 0.5;
      this.restart();
    }
    this.first = this.least;
    this.overshot = false;
    return size;
  }

  take(domain: DomainOracle, x: Vector, G: Vector): void {
    const { m, s, eta } = this;
    const { beta1, beta2, epsilon } = this.weights;
    this.t++;
    const c1 = 1 - beta1 ** this.t;
    const c2 = 1 - beta2 ** this.t;
    for (let i = 0; i < m.length; i++) {
      m[i] = beta1 * m[i] + (1 - beta1) * G[i];
      s[i] = beta2 * s[i] + (1 - beta2) * G[i] * G[i];
      const root = Math.sqrt(s[i] / c2) + epsilon;
      if (root > 0) x[i] -= (eta * m[i]) / c1 / root;
    }
    if (!domain.free) domain.project(x);
  }

  shrink(): void {
    this.eta *= 0.5;
    this.restart();
  }

  private restart(): void {
    this.m.fill(0);
    this.s.fill(0);
    this.t = 0;
  }
}

export const adam: OuterPiece = {
  kind: "outer",
  id: "adam",
  title: "Adam",
  formulas: ["m ← β₁ m + (1 - β₁) G,  s ← β₂ s + (1 - β₂) G²", "x ← P_X(x - η (m/(1 - β₁^t)) / (√(s/(1 - β₂^t)) + ε))"],
  reference: "Kingma and Ba, Adam: A method for stochastic optimization, ICLR 2015, Algorithm 1",
  parameters,
  scaleFree: true,
  make: (context, size) =>
    new Adam(size, {
      eta: given(context, "eta"),
      beta1: numberOr(context, "beta1", 0.9),
      beta2: numberOr(context, "beta2", 0.999),
      epsilon: numberOr(context, "adamEpsilon", 1e-8),
    }),
};
