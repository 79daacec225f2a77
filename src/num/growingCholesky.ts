/**
 * Cholesky factor of a matrix of inner products that gains and loses columns one at a time (Golub and Van Loan, Matrix
 * Computations, 4th ed., 6.5): appending costs one triangular solve, removing a chain of Givens rotations.
 */
type Vector = Float64Array;

/** A column whose part outside the span of the others has a squared length below this share of its own depends on them. */
const DEPENDENT = 1e-12;

export class GrowingCholesky {
  /** Row i of L, its first i + 1 entries. */
  private readonly rows: Vector[] = [];

  get size(): number {
    return this.rows.length;
  }

  /** `inner`: products of the new column with those that stand, in their order; `square` with itself. False, and nothing is changed, where it depends on them. */
  append(inner: ArrayLike<number>, square: number): boolean {
    const { rows } = this;
    const k = rows.length;
    const row = new Float64Array(k + 1);
    let left = square;
    for (let i = 0; i < k; i++) {
      const L = rows[i];
      let sum = inner[i];
      for (let p = 0; p < i; p++) sum -= L[p] * row[p];
      row[i] = sum / L[i];
      left -= row[i] * row[i];
    }
    if (!(left > DEPENDENT * square)) return false;
    row[k] = Math.sqrt(left);
    rows.push(row);
    return true;
  }

  /** Takes out the column at this place. */
  remove(place: number): void {
    const { rows } = this;
    rows.splice(place, 1);
    for (let c = place; c < rows.length; c++) {
      const a = rows[c][c];
      const b = rows[c][c + 1];
      const length = Math.hypot(a, b);
      const cos = a / length;
      const sin = b / length;
      for (let i = c; i < rows.length; i++) {
        const row = rows[i];
        const first = row[c];
        row[c] = cos * first + sin * row[c + 1];
        row[c + 1] = cos * row[c + 1] - sin * first;
      }
      rows[c] = rows[c].slice(0, c + 1);
    }
  }

  /** Solves L Lᵀ x = b in place. */
  solveInto(x: Vector): void {
    const { rows } = this;
    const k = rows.length;
    for (let i = 0; i < k; i++) {
      const L = rows[i];
      let sum = x[i];
      for (let p = 0; p < i; p++) sum -= L[p] * x[p];
      x[i] = sum / L[i];
    }
    for (let i = k - 1; i >= 0; i--) {
      const L = rows[i];
      x[i] /= L[i];
      for (let p = 0; p < i; p++) x[p] -= L[p] * x[i];
    }
  }
}
