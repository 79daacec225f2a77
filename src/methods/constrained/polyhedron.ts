/**
 * Euclidean projection onto {u : a_i u <= b_i, or = b_i for equalities}, dense and small. With r = A u - b the dual is
 *
 *   min ½ λᵀ A Aᵀ λ - rᵀ λ   over λ_i >= 0 (free for equalities),    P(u) = u - Aᵀ λ
 *
 * Solved by a primal-dual active-set iteration from the last active rows (Hintermüller, Ito and Kunisch, 2003); where that
 * cycles or the active rows depend on each other, by least distance programming (Lawson and Hanson, 1974, chapter 23).
 */
import { choleskyInto, choleskySolveInto } from "../../num/cholesky.js";
import { nonNegativeLeastSquares } from "../../num/nonNegative.js";
import { dot, norm } from "../../num/vector.js";

type Vector = Float64Array;

const ROUNDS = 12;

export class Polyhedron {
  private readonly rows: readonly Vector[];
  private readonly b: Vector;
  private readonly equality: Uint8Array;
  private readonly gram: Vector;
  private readonly active: Uint8Array;
  private readonly index: Int32Array;
  private readonly small: Vector;
  private readonly r: Vector;
  private readonly lambda: Vector;
  private readonly right: Vector;

  /** Rows a_i of one length, right-hand sides and 1 for equalities; rows are scaled to length one. */
  constructor(rows: readonly Vector[], b: ArrayLike<number>, equality: ArrayLike<number>) {
    const k = rows.length;
    const size = rows.map((a) => norm(a) || 1);
    this.rows = rows.map((a, i) => a.map((v) => v / size[i]));
    this.b = Float64Array.from(size, (s, i) => b[i] / s);
    this.equality = Uint8Array.from(equality);
    this.gram = new Float64Array(k * k);
    for (let i = 0; i < k; i++) for (let j = 0; j < k; j++) this.gram[i * k + j] = dot(this.rows[i], this.rows[j]);
    this.active = Uint8Array.from(equality);
    this.index = new Int32Array(k);
    this.small = new Float64Array(k * k);
    this.r = new Float64Array(k);
    this.lambda = new Float64Array(k);
    this.right = new Float64Array(k);
  }

  /** New values for the first rows, as many as are given. */
  replace(rows: readonly Vector[], b: Vector): void {
    const k = this.rows.length;
    for (let r = 0; r < rows.length; r++) {
      const size = norm(rows[r]) || 1;
      for (let j = 0; j < rows[r].length; j++) this.rows[r][j] = rows[r][j] / size;
      this.b[r] = b[r] / size;
    }
    for (let i = 0; i < k; i++) {
      for (let j = 0; j < rows.length; j++) {
        const v = dot(this.rows[i], this.rows[j]);
        this.gram[i * k + j] = v;
        this.gram[j * k + i] = v;
      }
    }
  }

  /** In place. Where the set is empty the result is a least-squares compromise of no meaning. */
  project(u: Vector): void {
    if (this.step(u, true)) return;
    // What rounding left of the violation, in the same way.
    this.step(u, false);
    this.step(u, false);
  }

  /** u <- u - Aᵀ λ; true where the active rows were found and are independent. */
  private step(u: Vector, quick: boolean): boolean {
    const { rows, b, r, lambda } = this;
    for (let i = 0; i < rows.length; i++) r[i] = dot(rows[i], u) - b[i];
    const found = quick && this.activeSet(norm(u));
    if (!found) this.leastDistance(u.length);
    for (let i = 0; i < rows.length; i++) {
      if (lambda[i] === 0) continue;
      const a = rows[i];
      for (let j = 0; j < u.length; j++) u[j] -= lambda[i] * a[j];
    }
    return found;
  }

  /** λ from a guess of the active rows, mended until it fits; false if it does not come to that. */
  private activeSet(size: number): boolean {
    const { active, equality, gram, index, small, r, lambda, right } = this;
    const k = r.length;
    const rounding = 1e-15 * (1 + size);
    for (let round = 0; round < ROUNDS; round++) {
      let p = 0;
      for (let i = 0; i < k; i++) if (active[i] !== 0) index[p++] = i;
      for (let a = 0; a < p; a++) {
        for (let c = 0; c < p; c++) small[a * p + c] = gram[index[a] * k + index[c]];
        right[a] = r[index[a]];
      }
      if (p > 0) {
        if (choleskyInto(small, p) >= 0) return false;
        for (let a = 0; a < p; a++) if (!(small[a * p + a] > 1e-7)) return false;
        choleskySolveInto(small, p, right);
      }
      lambda.fill(0);
      for (let a = 0; a < p; a++) lambda[index[a]] = right[a];
      let fits = true;
      for (let i = 0; i < k; i++) {
        if (equality[i] !== 0) continue;
        let next = 0;
        if (active[i] !== 0) next = lambda[i] >= 0 ? 1 : 0;
        else {
          let left = r[i];
          for (let a = 0; a < p; a++) left -= gram[i * k + index[a]] * right[a];
          next = left > rounding ? 1 : 0;
        }
        if (next !== active[i]) fits = false;
        active[i] = next;
      }
      if (fits) return true;
    }
    return false;
  }

  /** min |w| subject to A w <= -r as non-negative least squares with one more row: the slow and safe way. Allocates. */
  private leastDistance(n: number): void {
    const { rows, equality, r, lambda, active } = this;
    let top = 0;
    for (let i = 0; i < r.length; i++) top = Math.max(top, equality[i] !== 0 ? Math.abs(r[i]) : r[i]);
    lambda.fill(0);
    if (!(top > 0)) return;
    const columns = rows.map((a, i) => {
      const column = new Float64Array(n + 1);
      for (let j = 0; j < n; j++) column[j] = -a[j];
      column[n] = r[i] / top;
      return column;
    });
    const unit = new Float64Array(n + 1);
    unit[n] = 1;
    const z = nonNegativeLeastSquares(
      columns,
      unit,
      columns.map((_, i) => equality[i] === 0),
    );
    let last = 1;
    for (let i = 0; i < r.length; i++) last -= z[i] * columns[i][n];
    for (let i = 0; i < r.length; i++) {
      lambda[i] = last > 1e-14 ? (z[i] * top) / last : 0;
      active[i] = equality[i] !== 0 || lambda[i] > 0 ? 1 : 0;
    }
  }
}
