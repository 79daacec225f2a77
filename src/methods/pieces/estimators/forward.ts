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
  /** Estimate of |(dy_K/dy_0)ᵀ ∇y f| / |∇y f| by its products with the probes: exact for up to three lower variables. NaN in published loops. */
  residual = Number.NaN;
  adjointSize = Number.NaN;
  size = Number.NaN;
  private readonly oracle: Oracle;
  private readonly map: LowerMap;
  private readonly gradY: Vector;
  private readonly unit: Vector;
  private readonly column: Vector;
  private readonly probes: readonly Vector[];

  constructor(oracle: Oracle, map: LowerMap, probes: readonly Vector[]) {
    this.probes = probes;
    this.oracle = oracle;
    this.map = map;
    this.gradY = new Float64Array(oracle.m);
    this.unit = new Float64Array(oracle.n);
    this.column = new Float64Array(oracle.m);
  }

  get leftSize(): number {
    return this.residual * this.adjointSize;
  }

  estimate(x: Vector, y: Vector, G: Vector, tolerance: number | undefined): number {
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
    this.residual = Number.NaN;
    if (tolerance === undefined) return value;
    let left = 0;
    for (const probe of this.probes) {
      column.set(probe);
      map.pushInto(x, unit, column);
      left += dot(column, gradY) ** 2;
    }
    this.residual = this.adjointSize > 0 ? Math.sqrt(left) / this.adjointSize : 0;
    return value;
  }

  reset(): void {}
}

const PROBES = 3;

/** Directions p_i with E Σ (p_iᵀ a)² = |a|²: all unit vectors where they are few, else three random ones. */
export function probesOf({ oracle: { m }, random }: MethodContext): readonly Vector[] {
  if (m <= PROBES) return Array.from({ length: m }, (_, i) => new Float64Array(m).fill(1, i, i + 1));
  const draw = random.split("probe");
  return Array.from({ length: PROBES }, () =>
    Float64Array.from({ length: m }, () => draw.normal() / Math.sqrt(PROBES)),
  );
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
  make: (context, map) => new ForwardSweep(context.oracle, map, probesOf(context)),
};
