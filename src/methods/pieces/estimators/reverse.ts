/**
 * Estimator: the gradient of x -> f(x, y_K(x)) by the reverse sweep through the lower steps (Franceschi and others, ICML
 * 2017, Algorithm 1):  a = ∇y f(x, y_K),  G = ∇x f + Σ_k (∂Φ_k/∂x)ᵀ a_{k+1},  a_k = (∂Φ_k/∂y)ᵀ a_{k+1}.
 * What is left of a at y_0 is the gradient with respect to the initial point, and its share of |∇y f| bounds the bias.
 */
import { norm } from "../../../num/vector.js";
import type { Oracle } from "../../../oracle/oracle.js";
import type { Estimator, EstimatorPiece, LowerMap } from "../piece.js";

type Vector = Float64Array;

/** What automatic runs ask of an estimator that follows the path, besides the estimate. */
export interface PathEstimator extends Estimator {
  /** |∇y f| at the end of the path and what is left of it at its start (or a bound of that). */
  readonly adjointSize: number;
  readonly leftSize: number;
  /** Size of the terms that G is a sum of: its rounding error is that times 1e-15. */
  readonly size: number;
  /** How far the value may be from f(x, y_K); 0 where missing. */
  readonly spread?: number;
}

/** The sweep over the last `depth` steps. */
export class ReverseSweep implements PathEstimator {
  residual = Number.NaN;
  adjointSize = Number.NaN;
  leftSize = Number.NaN;
  size = Number.NaN;
  /** The adjoint at the first step swept. */
  readonly leftover: Vector;
  readonly startGradient?: Vector;
  private readonly oracle: Oracle;
  private readonly map: LowerMap;
  private readonly depth: number;

  constructor(oracle: Oracle, map: LowerMap, depth = Number.POSITIVE_INFINITY) {
    this.oracle = oracle;
    this.map = map;
    this.depth = depth;
    this.leftover = new Float64Array(oracle.m);
    if (depth === Number.POSITIVE_INFINITY) this.startGradient = this.leftover;
  }

  estimate(x: Vector, y: Vector, G: Vector): number {
    const { map, leftover } = this;
    const value = this.oracle.upper.valueGrad(x, y, G, leftover);
    const whole = norm(leftover);
    const direct = norm(G);
    this.leftSize = map.pullInto(x, leftover, G, map.steps, Math.max(0, map.steps - this.depth));
    this.adjointSize = whole;
    this.size = direct + norm(G);
    this.residual = whole > 0 ? this.leftSize / whole : 0;
    return value;
  }

  reset(): void {}
}

export const reverse: EstimatorPiece = {
  kind: "estimator",
  id: "reverse",
  title: "Reverse sweep through the lower steps",
  formulas: ["a = ∇y f(x, y_K),  G = ∇x f(x, y_K)", "for k = K-1 … 0:  G ← G + (∂Φ_k/∂x)ᵀ a;  a ← (∂Φ_k/∂y)ᵀ a"],
  reference:
    "Franceschi and others, Forward and reverse gradient-based hyperparameter optimization, ICML 2017, Algorithm 1",
  parameters: [],
  order: 2,
  keepsPath: true,
  maps: "all",
  make: (context, map) => new ReverseSweep(context.oracle, map),
};
