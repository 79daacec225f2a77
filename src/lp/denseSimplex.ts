/**
 * A dense dual simplex method with bounded variables, for many small linear programs that differ in their limits only:
 *
 *     min cᵀ u   subject to   r = A u,   limits on all of (u, r)
 *
 * The tableau expresses the basic variables by the others, x_B = T x_N, and the objective is d_Nᵀ x_N: there is no right-hand
 * side, so that T and d depend on the basis alone. A basis whose d has the right signs stays dual feasible whatever the
 * limits become. Ratio test with flips of boxed variables (Maros, Comput. Optim. Appl. 25, 2003), devex pricing of rows
 * (Forrest and Goldfarb, Math. Program. 57, 1992). Variables are numbered u first, then r.
 */
import { type Eliminate, eliminateRows, type PivotMemory } from "./pivotKernel.js";

type Vector = Float64Array;

export type DenseStatus = "optimal" | "infeasible" | "stuck";

/** Limits may be violated by this much, relative to 1 + |limit|. */
const FEASIBLE = 1e-9;
/** Smaller entries of the tableau count as zero in ratio tests. */
export const PIVOT = 1e-8;
/** Reduced costs below this have no sign. */
const DUAL = 1e-10;

export interface DenseData {
  readonly n: number;
  readonly rows: number;
  /** Row by row, rows × n. */
  readonly matrix: Vector;
  readonly cost: Vector;
}

/** A basis that can be returned to, with where every variable stood: 0 basic, 1 at its lower limit, 2 at its upper one. */
export type Basis = Uint8Array;

export class DenseSimplex {
  readonly lower: Vector;
  readonly upper: Vector;
  /** Values of u and r. */
  readonly x: Vector;
  readonly T: Vector;
  readonly d: Vector;
  /** Variables of the rows and columns of T. */
  readonly basic: Int32Array;
  readonly nonbasic: Int32Array;
  /** Place of each variable: row i of T as i, column j as -1 - j. */
  readonly place: Int32Array;
  /** Pivots since the tableau was made from the data. */
  age = 0;
  pivots = 0;
  /** After `infeasible`: the row of T that proves it. */
  proof = -1;
  private readonly weight: Vector;
  private readonly order: Int32Array;
  private readonly ratio: Vector;

  private readonly eliminate: Eliminate;

  constructor(
    readonly data: DenseData,
    memory?: PivotMemory,
  ) {
    const { n, rows } = data;
    this.eliminate = memory?.eliminate ?? eliminateRows;
    this.lower = new Float64Array(n + rows);
    this.upper = new Float64Array(n + rows);
    this.x = new Float64Array(n + rows);
    this.T = memory?.allocate(n * rows) ?? new Float64Array(n * rows);
    this.d = new Float64Array(n);
    this.basic = new Int32Array(rows);
    this.nonbasic = new Int32Array(n);
    this.place = new Int32Array(n + rows);
    this.weight = new Float64Array(rows).fill(1);
    this.order = new Int32Array(n);
    this.ratio = new Float64Array(n);
  }

  copy(other: DenseSimplex): void {
    this.lower.set(other.lower);
    this.upper.set(other.upper);
    this.x.set(other.x);
    this.T.set(other.T);
    this.d.set(other.d);
    this.basic.set(other.basic);
    this.nonbasic.set(other.nonbasic);
    this.place.set(other.place);
    this.weight.set(other.weight);
    this.age = other.age;
  }

  get objective(): number {
    const { d, nonbasic, x } = this;
    let sum = 0;
    for (let j = 0; j < d.length; j++) if (d[j] !== 0) sum += d[j] * x[nonbasic[j]];
    return sum;
  }

  basis(): Basis {
    return Uint8Array.from(this.place, (p, v) =>
      p >= 0 ? 0 : this.x[v] === this.upper[v] && this.upper[v] !== this.lower[v] ? 2 : 1,
    );
  }

  /** The tableau of a basis, made from the data, at the limits as they stand. False where it is singular. */
  load(basis: Basis): boolean {
    const { n, rows, matrix, cost } = this.data;
    const { T, d, basic, nonbasic, place, weight } = this;
    T.set(matrix);
    d.set(cost);
    for (let j = 0; j < n; j++) {
      nonbasic[j] = j;
      place[j] = -1 - j;
    }
    for (let i = 0; i < rows; i++) {
      basic[i] = n + i;
      place[n + i] = i;
      weight[i] = 1;
    }
    for (let j = 0; j < n; j++) {
      if (basis[j] !== 0) continue;
      let best = -1;
      let most = 1e-9;
      for (let i = 0; i < rows; i++) {
        if (basic[i] < n || basis[basic[i]] === 0) continue;
        const size = Math.abs(T[i * n + j]);
        if (size > most) {
          most = size;
          best = i;
        }
      }
      if (best < 0) return false;
      this.exchange(best, j);
    }
    this.age = 0;
    this.settle(basis);
    return true;
  }

  /** Nonbasic variables to the limits that their reduced costs ask for, basic ones to what follows. */
  settle(basis?: Basis): void {
    const { d, nonbasic, x, lower, upper } = this;
    for (let j = 0; j < d.length; j++) {
      const v = nonbasic[j];
      let high = d[j] < 0;
      if (Math.abs(d[j]) <= DUAL) high = basis !== undefined && basis[v] === 2;
      x[v] = high ? upper[v] : lower[v];
      if (!Number.isFinite(x[v])) x[v] = high ? lower[v] : upper[v];
      if (!Number.isFinite(x[v])) x[v] = 0;
    }
    this.refresh();
  }

  /** x_B = T x_N */
  private refresh(): void {
    const { T, basic, nonbasic, x } = this;
    const n = nonbasic.length;
    for (let i = 0; i < basic.length; i++) {
      let sum = 0;
      for (let j = 0, at = i * n; j < n; j++, at++) sum += T[at] * x[nonbasic[j]];
      x[basic[i]] = sum;
    }
  }

  /** New limits; a nonbasic variable moves with its limit. */
  limit(v: number, low: number, high: number): void {
    this.lower[v] = low;
    this.upper[v] = high;
    const p = this.place[v];
    if (p >= 0) return;
    const { d, x } = this;
    const j = -1 - p;
    let to = x[v] < low ? low : x[v] > high ? high : x[v];
    // strictly between its limits only where it is free
    if (d[j] > DUAL && Number.isFinite(low)) to = low;
    else if (d[j] < -DUAL && Number.isFinite(high)) to = high;
    else if (to > low && to < high) to = Number.isFinite(low) ? low : Number.isFinite(high) ? high : to;
    if (to !== x[v]) this.move(j, to);
  }

  /** Nonbasic variable j to a value, and the basic ones with it. */
  move(j: number, to: number): void {
    const { T, basic, nonbasic, x } = this;
    const n = nonbasic.length;
    const by = to - x[nonbasic[j]];
    x[nonbasic[j]] = to;
    for (let i = 0, at = j; i < basic.length; i++, at += n) if (T[at] !== 0) x[basic[i]] += T[at] * by;
  }

  /** Dual simplex from the basis at hand; stops early above `cutoff`, with `optimal` as the bound holds. */
  solve(cutoff = Number.POSITIVE_INFINITY, most = 1000): DenseStatus {
    const { T, d, basic, nonbasic, x, lower, upper, weight, order, ratio } = this;
    const n = nonbasic.length;
    const rows = basic.length;
    let fresh = false;
    for (let iteration = 0; iteration < most; iteration++) {
      if (cutoff < Number.POSITIVE_INFINITY && this.objective >= cutoff) return "optimal";
      let leaving = -1;
      let worst = 0;
      for (let i = 0; i < rows; i++) {
        const v = basic[i];
        const over = x[v] < lower[v] ? lower[v] - x[v] : x[v] - upper[v];
        const limit = x[v] < lower[v] ? lower[v] : upper[v];
        if (over <= FEASIBLE * (1 + Math.abs(limit))) continue;
        const score = (over * over) / weight[i];
        if (score > worst) {
          worst = score;
          leaving = i;
        }
      }
      if (leaving < 0) return "optimal";
      const out = basic[leaving];
      const up = x[out] < lower[out];
      const target = up ? lower[out] : upper[out];
      // what can move the leaving variable towards its limit, by the price of it
      const from = leaving * n;
      let count = 0;
      for (let j = 0; j < n; j++) {
        const a = up ? T[from + j] : -T[from + j];
        if (a < PIVOT && a > -PIVOT) continue;
        const v = nonbasic[j];
        if (lower[v] === upper[v]) continue;
        const free = lower[v] === Number.NEGATIVE_INFINITY && upper[v] === Number.POSITIVE_INFINITY;
        if (!free && (a > 0 ? x[v] >= upper[v] : x[v] <= lower[v])) continue;
        ratio[j] = Math.abs(d[j] / a);
        if (a > 0 ? d[j] < 0 : d[j] > 0) ratio[j] = 0;
        order[count++] = j;
      }
      if (count === 0) {
        if (!fresh) {
          this.refresh();
          fresh = true;
          continue;
        }
        this.proof = leaving;
        return "infeasible";
      }
      let slope = up ? target - x[out] : x[out] - target;
      let entering = -1;
      for (;;) {
        // the cheapest, within the tolerance the one of the largest entry
        let bound = Number.POSITIVE_INFINITY;
        for (let k = 0; k < count; k++) {
          const j = order[k];
          bound = Math.min(bound, ratio[j] + DUAL / Math.abs(T[from + j]));
        }
        let best = -1;
        let size = 0;
        for (let k = 0; k < count; k++) {
          const j = order[k];
          const a = Math.abs(T[from + j]);
          if (ratio[j] <= bound && a > size) {
            size = a;
            best = k;
          }
        }
        if (best < 0) break;
        const j = order[best];
        const v = nonbasic[j];
        entering = j;
        slope -= size * (upper[v] - lower[v]);
        if (slope <= FEASIBLE || count === 1) break;
        order[best] = order[--count];
        this.move(j, x[v] === lower[v] ? upper[v] : lower[v]);
        entering = -1;
      }
      if (entering < 0) {
        this.proof = leaving;
        return "infeasible";
      }
      const pivot = T[from + entering];
      this.move(entering, x[nonbasic[entering]] + (target - x[out]) / pivot);
      x[out] = target;
      const own = weight[leaving];
      for (let i = 0, at = entering; i < rows; i++, at += n) {
        if (T[at] === 0 || i === leaving) continue;
        const share = T[at] / pivot;
        const asked = share * share * own;
        if (asked > weight[i]) weight[i] = asked;
      }
      weight[leaving] = Math.max(own / (pivot * pivot), 1);
      this.exchange(leaving, entering);
    }
    return "stuck";
  }

  /** Row p of T and column q change places. */
  exchange(p: number, q: number): void {
    const { T, d, basic, nonbasic, place } = this;
    const n = nonbasic.length;
    const rows = basic.length;
    const from = p * n;
    const inverse = 1 / T[from + q];
    for (let j = 0; j < n; j++) T[from + j] *= -inverse;
    T[from + q] = 0;
    this.eliminate(T, rows, n, p, q, inverse);
    const f = d[q];
    if (f !== 0) {
      for (let j = 0; j < n; j++) d[j] += f * T[from + j];
      d[q] = f * inverse;
    }
    T[from + q] = inverse;
    const v = basic[p];
    basic[p] = nonbasic[q];
    nonbasic[q] = v;
    place[basic[p]] = p;
    place[v] = -1 - q;
    this.age++;
    this.pivots++;
  }
}
