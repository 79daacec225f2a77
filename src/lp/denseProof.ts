/**
 * What a tableau of the dense simplex method claims, computed again from the data, so that rounding errors in the tableau
 * cannot prune a part of a search tree (Neumaier and Shcherbina, Math. Program. 99, 2004): for any multipliers μ of the rows
 *
 *     cᵀ u = Σ_i μ_i r_i + Σ_j (c - Aᵀ μ)_j u_j
 *
 * holds at every point, and the right-hand side has a minimum over the limits.
 */
import type { DenseSimplex } from "./denseSimplex.js";

type Vector = Float64Array;

/** Entries this small of variables without a limit are rounding. */
const ROUNDING = 1e-10;
/** By this much, relative to the sizes involved, a combination of rows must miss zero. */
const MISSES = 1e-9;

export class DenseProof {
  private readonly slope: Vector;
  private readonly multipliers: Vector;
  private size = 0;
  /** Limits that no row implies, for a tableau to stand on: 1 of a lower, 2 of an upper one. They prove nothing. */
  borrowed: Uint8Array | undefined;

  constructor(n: number, rows: number) {
    this.slope = new Float64Array(n);
    this.multipliers = new Float64Array(rows);
  }

  /** A lower bound of the objective over the limits as they stand; -Infinity where the reduced costs give none. */
  bound(lp: DenseSimplex): number {
    const { n, rows, cost } = lp.data;
    this.slope.set(cost);
    for (let i = 0; i < rows; i++) {
      const p = lp.place[n + i];
      this.multipliers[i] = p >= 0 ? 0 : lp.d[-1 - p];
    }
    return this.least(lp, 1);
  }

  /** True where the row of the tableau in which the method stopped proves that no point is within the limits. */
  infeasible(lp: DenseSimplex): boolean {
    const { n, rows } = lp.data;
    if (lp.proof < 0) return true;
    this.slope.fill(0);
    const from = lp.proof * n;
    for (let i = 0; i < rows; i++) {
      const p = lp.place[n + i];
      this.multipliers[i] = p === lp.proof ? 1 : p >= 0 ? 0 : -lp.T[from - 1 - p];
    }
    const least = this.least(lp, 1);
    if (least > MISSES * (1 + this.size)) return true;
    this.slope.fill(0);
    return this.least(lp, -1) > MISSES * (1 + this.size);
  }

  /** A variable stands at a borrowed limit. */
  usesBorrowed({ nonbasic, x, lower, upper }: DenseSimplex): boolean {
    const { borrowed } = this;
    if (borrowed === undefined) return false;
    for (const v of nonbasic) {
      if (lower[v] === upper[v]) continue;
      if ((borrowed[v] & 1) !== 0 && x[v] === lower[v]) return true;
      if ((borrowed[v] & 2) !== 0 && x[v] === upper[v]) return true;
    }
    return false;
  }

  private limit(lp: DenseSimplex, v: number, high: boolean): number {
    const { lower, upper } = lp;
    if (this.borrowed !== undefined && lower[v] !== upper[v] && (this.borrowed[v] & (high ? 2 : 1)) !== 0)
      return high ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
    return high ? upper[v] : lower[v];
  }

  /** Minimum over the limits of ±(μᵀ r + (slope - Aᵀ μ)ᵀ u). */
  private least(lp: DenseSimplex, sign: number): number {
    const { n, rows, matrix } = lp.data;
    const { slope, multipliers } = this;
    let sum = 0;
    this.size = 0;
    for (let i = 0; i < rows; i++) {
      const m = multipliers[i];
      if (m === 0) continue;
      for (let j = 0, at = i * n; j < n; j++, at++) slope[j] -= m * matrix[at];
      const term = m * this.limit(lp, n + i, sign * m < 0);
      if (Number.isFinite(term)) {
        sum += sign * term;
        this.size = Math.max(this.size, Math.abs(term));
      } else if (Math.abs(m) > ROUNDING) return Number.NEGATIVE_INFINITY;
    }
    for (let j = 0; j < n; j++) {
      const g = slope[j];
      if (g === 0) continue;
      const term = g * this.limit(lp, j, sign * g < 0);
      if (Number.isFinite(term)) {
        sum += sign * term;
        this.size = Math.max(this.size, Math.abs(term));
      } else if (Math.abs(g) > ROUNDING) return Number.NEGATIVE_INFINITY;
    }
    return sum;
  }
}

/** Largest |A u - r|, relative to 1 + |r|. */
export function residual({ data: { n, rows, matrix }, x }: DenseSimplex): number {
  let worst = 0;
  for (let i = 0; i < rows; i++) {
    let sum = 0;
    let size = 1;
    for (let j = 0, at = i * n; j < n; j++, at++) {
      const term = matrix[at] * x[j];
      sum += term;
      size += Math.abs(term);
    }
    worst = Math.max(worst, Math.abs(sum - x[n + i]) / size);
  }
  return worst;
}
