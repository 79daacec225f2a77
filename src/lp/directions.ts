/**
 * Directions that prove which pairs of a separable program must be tight: with weights w_j >= 0,
 *
 *     max eᵀ r   subject to   d_jᵀ r <= w_j,   d_vᵀ r = 0        and its dual   min Σ w_j z_j   over the multipliers z.
 *
 * Where w_j is 0 for the pairs that are tight anyway, the value is 0 exactly if multipliers exist on these alone. Else r
 * proves that some pair j with d_jᵀ r > 0 has z_j > 0: one of this clause must be tight. (For linear bilevel problems these
 * are the conditions of Hansen, Jaumard and Savard, SIAM J. Sci. Stat. Comput. 13, 1992, for all directions r instead of the axes.)
 */
import { type Basis, DenseSimplex } from "./denseSimplex.js";
import { loadOptimal } from "./denseStart.js";
import type { PivotMemory } from "./pivotKernel.js";
import type { Separable } from "./separable.js";

type Vector = Float64Array;

/** Weight of pairs whose multiplier is zero. */
export const EXCLUDED = 1e4;
/** What a multiplier is worth is told by the cost where its pair weighs so many times as much. */
const HEAVIER = 20;
/** Pivots after which a tableau is made anew. */
const OLD = 300;
/** Values e·r below this, and this share of their terms, are zero. */
const ZERO = 1e-9;
const ROUNDING = 1e-12;
/**
 * Pairs with d_j·r below this share of e·r are left out of a clause (only multipliers above its inverse, over the number of
 * pairs, could make up for them), and the same for pairs of weight 0.
 */
const SHARE = 1e-9;
const TOUCHES = 1e-7;
const SUPPORT = 1e-9;

export class Directions {
  readonly weights: Vector;
  /** False where no multipliers exist at all, or HiGHS could not say. */
  readonly usable: boolean;
  failed = false;
  solves = 0;
  private readonly lp: DenseSimplex;
  private readonly spare: DenseSimplex;
  private readonly root: Basis;

  constructor(
    private readonly s: Separable,
    memory: PivotMemory,
  ) {
    const pairs = s.along.length;
    this.lp = new DenseSimplex(s.directions, memory);
    this.spare = new DenseSimplex(s.directions, memory);
    this.weights = new Float64Array(pairs).fill(1);
    const { lower, upper } = this.lp;
    lower.fill(Number.NEGATIVE_INFINITY);
    upper.fill(Number.POSITIVE_INFINITY);
    for (const v of s.still) {
      lower[v] = 0;
      upper[v] = 0;
    }
    for (let j = 0; j < pairs; j++) {
      const limit = 1 / s.sign[j];
      if (limit > 0) upper[s.along[j]] = limit;
      else lower[s.along[j]] = limit;
    }
    this.usable = loadOptimal(this.lp);
    this.root = this.lp.basis();
  }

  /** After a failure: from the first basis. */
  restart(): void {
    this.failed = false;
    this.lp.load(this.root);
  }

  weigh(j: number, weight: number): void {
    if (this.weights[j] === weight) return;
    const { lp, s } = this;
    this.weights[j] = weight;
    const v = s.along[j];
    const limit = weight / s.sign[j];
    if (s.sign[j] > 0) lp.limit(v, lp.lower[v], limit);
    else lp.limit(v, limit, lp.upper[v]);
  }

  /** The value of the program, at least 0. */
  solve(): number {
    const { lp } = this;
    this.solves++;
    if (lp.age > OLD) lp.load(lp.basis());
    if (lp.solve() === "stuck") {
      lp.load(lp.basis());
      if (lp.solve() === "stuck") this.failed = true;
    }
    return -lp.objective;
  }

  /**
   * Pairs that are not `excluded` and of which one must be tight; undefined where those of weight 0 may carry all multipliers,
   * empty where there are no multipliers without the excluded pairs.
   */
  clause(excluded: (j: number) => boolean): number[] | undefined {
    this.solve();
    for (let attempt = 0; ; attempt++) {
      const found = this.read(excluded);
      if (found !== "inexact") return found;
      if (attempt === 1) {
        this.failed = true;
        return undefined;
      }
      this.lp.load(this.lp.basis());
      this.solve();
    }
  }

  /** The clause of the direction at hand; its products with the columns are computed from the data. */
  private read(excluded: (j: number) => boolean): number[] | undefined | "inexact" {
    const { lp, s, weights } = this;
    const { n, cost, matrix } = s.directions;
    let along = 0;
    let size = 0;
    for (let i = 0; i < n; i++) {
      along -= cost[i] * lp.x[i];
      size += Math.abs(cost[i] * lp.x[i]);
    }
    if (along <= ZERO + ROUNDING * size) return undefined;
    const product = (v: number): number => {
      if (v < n) return lp.x[v];
      let sum = 0;
      for (let i = 0, at = (v - n) * n; i < n; i++, at++) sum += matrix[at] * lp.x[i];
      return sum;
    };
    const found: number[] = [];
    for (let j = 0; j < weights.length; j++) {
      if (excluded(j)) continue;
      const value = product(s.along[j]) * s.sign[j];
      if (weights[j] > 0) {
        if (value > SHARE * along) found.push(j);
      } else if (value > TOUCHES * along) return "inexact";
    }
    for (const v of s.still) if (Math.abs(product(v)) > TOUCHES * along) return "inexact";
    return found;
  }

  /** The multiplier z_j that the program's optimum gives. */
  multiplier(j: number): number {
    const { lp, s } = this;
    const p = lp.place[s.along[j]];
    if (p >= 0) return 0;
    const z = -lp.d[-1 - p] * Math.sign(s.sign[j]);
    return z > SUPPORT ? z / Math.abs(s.sign[j]) : 0;
  }

  /** Pairs with a multiplier: 1. */
  support(): Uint8Array {
    return Uint8Array.from(this.weights, (_, j) => (this.multiplier(j) > 0 ? 1 : 0));
  }

  /** The value where pair j weighs more; the program stays as it is. */
  heavier(j: number): number {
    const { lp, spare } = this;
    const weight = this.weights[j];
    spare.copy(lp);
    this.weigh(j, Math.min(EXCLUDED, HEAVIER * weight));
    this.solves++;
    lp.solve();
    const value = -lp.objective;
    this.weights[j] = weight;
    lp.copy(spare);
    return value;
  }
}
