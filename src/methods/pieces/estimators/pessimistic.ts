/**
 * Estimator: pessimistic truncation, the reverse sweep from the worst of the lower iterates for the upper level (Liu, Liu, Zeng
 * and Zhang, NeurIPS 2021, (7)-(8)):
 *
 *   K̄ = argmax_{1 <= k <= K} f(x, y_k),   G = d/dx f(x, y_K̄(x, y_0)),   with its gradient in y_0
 *
 * so that G is a gradient of the maximum over the path: that bounds f(x, y_K), whether or not y_K has converged.
 */
import { norm } from "../../../num/vector.js";
import type { Oracle } from "../../../oracle/oracle.js";
import type { EstimatorPiece, LowerMap } from "../piece.js";
import type { PathEstimator } from "./reverse.js";

type Vector = Float64Array;

export class PessimisticSweep implements PathEstimator {
  residual = Number.NaN;
  adjointSize = Number.NaN;
  leftSize = Number.NaN;
  size = Number.NaN;
  /** K̄ of the last estimate. */
  worst = 0;
  readonly startGradient: Vector;
  /** How much larger the largest f is than f(x, y_K). */
  spread = Number.NaN;
  private readonly oracle: Oracle;
  private readonly map: LowerMap;
  private readonly skipped: number;

  /** `skipped`: share of the path before the iterates that are compared. */
  constructor(oracle: Oracle, map: LowerMap, skipped = 0) {
    this.skipped = skipped;
    this.oracle = oracle;
    this.map = map;
    this.startGradient = new Float64Array(oracle.m);
  }

  /** Returns the largest f on the path, which G belongs to. */
  estimate(x: Vector, _y: Vector, G: Vector): number {
    const { map, startGradient: a } = this;
    const { upper } = this.oracle;
    let largest = Number.NEGATIVE_INFINITY;
    let last = Number.NaN;
    this.worst = map.steps;
    for (let k = Math.max(1, Math.ceil(this.skipped * map.steps)); k <= map.steps; k++) {
      last = upper.value(x, map.iterate(k));
      if (last > largest) {
        largest = last;
        this.worst = k;
      }
    }
    this.spread = largest - last;
    const value = upper.valueGrad(x, map.iterate(this.worst), G, a);
    const whole = norm(a);
    const direct = norm(G);
    this.leftSize = map.pullInto(x, a, G, this.worst, 0);
    this.adjointSize = whole;
    this.size = direct + norm(G);
    this.residual = whole > 0 ? this.leftSize / whole : 0;
    return value;
  }

  reset(): void {}
}

export const pessimistic: EstimatorPiece = {
  kind: "estimator",
  id: "pessimistic",
  title: "Reverse sweep from the worst lower iterate",
  formulas: ["K̄ = argmax_{1≤k≤K} f(x, y_k)", "G = d/dx f(x, y_K̄(x, y_0))  by the reverse sweep from step K̄"],
  reference:
    "Liu, Liu, Zeng and Zhang, Towards gradient-based bilevel optimization with non-convex followers and beyond, NeurIPS 2021, Algorithm 1",
  parameters: [],
  order: 2,
  keepsPath: true,
  maps: "all",
  bias: "belongs to the worst lower iterate, which is the last one only once the path stands",
  make: (context, map) => new PessimisticSweep(context.oracle, map),
};
