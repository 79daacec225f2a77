/**
 * Estimator: forward mode, the derivative Z = dy_K/dx carried along the lower steps, a column for each upper variable
 * (Franceschi and others, ICML 2017, Algorithm 2):
 *
 *   Z_{k+1} = (∂Φ_k/∂y) Z_k + ∂Φ_k/∂x,  Z_0 = 0,     G = ∇x f + Z_Kᵀ ∇y f
 *
 * The same number as the reverse sweep at n times its cost; worth it only for few upper variables.
 */
import { dot, norm } from "../../../num/vector.js";
import type { Oracle } from "../../../oracle/oracle.js";
import type { MethodContext } from "../../method.js";
import type { EstimatorPiece, LowerMap } from "../piece.js";
import type { PathEstimator } from "./reverse.js";

type Vector = Float64Array;

export class ForwardSweep implements PathEstimator {
  /** |(dy_K/dy_0) p| for a random p of length 1: how much a displacement of y_0 still matters. */
  residual = Number.NaN;
  adjointSize = Number.NaN;
  size = Number.NaN;
  private readonly oracle: Oracle;
  private readonly map: LowerMap;
  private readonly gradY: Vector;
  private readonly unit: Vector;
  private readonly column: Vector;
  private readonly probe: Vector;

  constructor(oracle: Oracle, map: LowerMap, probe: Vector) {
    this.probe = probe;
    this.oracle = oracle;
    this.map = map;
    this.gradY = new Float64Array(oracle.m);
    this.unit = new Float64Array(oracle.n);
    this.column = new Float64Array(oracle.m);
  }

  get leftSize(): number {
    return this.residual * this.adjointSize;
  }

  estimate(x: Vector, y: Vector, G: Vector): number {
    const { map, gradY, unit, column } = this;
    const value = this.oracle.upper.valueGrad(x, y, G, gradY);
    const direct = norm(G);
    for (let i = 0; i < G.length; i++) {
      column.fill(0);
      unit[i] = 1;
      map.pushInto(x, unit, column);
      unit[i] = 0;
      G[i] += dot(column, gradY);
    }
    this.adjointSize = norm(gradY);
    this.size = direct + norm(G);
    column.set(this.probe);
    map.pushInto(x, unit, column);
    this.residual = norm(column);
    return value;
  }

  reset(): void {}
}

/** A random direction of length 1 in the lower variables. */
export function probeOf({ oracle, random }: MethodContext): Vector {
  const draw = random.split("probe");
  const probe = Float64Array.from({ length: oracle.m }, () => draw.normal());
  const length = norm(probe);
  return probe.map((v) => v / length);
}

export const forward: EstimatorPiece = {
  kind: "estimator",
  id: "forward",
  title: "Forward sweep through the lower steps",
  formulas: ["Z_0 = 0,  Z_{k+1} = (∂Φ_k/∂y) Z_k + ∂Φ_k/∂x", "G = ∇x f + Z_Kᵀ ∇y f"],
  reference:
    "Franceschi and others, Forward and reverse gradient-based hyperparameter optimization, ICML 2017, Algorithm 2",
  parameters: [],
  order: 2,
  keepsPath: true,
  maps: "all",
  make: (context, map) => new ForwardSweep(context.oracle, map, probeOf(context)),
};
