/**
 * Gaussian elimination with partial pivoting (Golub & Van Loan, Matrix Computations, section 3.4), self-contained: its
 * text travels with generated modules. Overwrites `out` (k x p from `start`, holding B) by X with A X = B and destroys
 * `a` (k x k). A singular matrix gives NaN.
 */
export function eliminate(out: Float64Array, start: number, a: Float64Array, k: number, p: number): void {
  for (let c = 0; c < k; c++) {
    let pivot = c;
    for (let r = c + 1; r < k; r++) if (Math.abs(a[r * k + c]) > Math.abs(a[pivot * k + c])) pivot = r;
    if (!(Math.abs(a[pivot * k + c]) > 0)) {
      out.fill(Number.NaN, start, start + k * p);
      return;
    }
    if (pivot !== c) {
      for (let j = 0; j < k; j++) {
        const keep = a[pivot * k + j];
        a[pivot * k + j] = a[c * k + j];
        a[c * k + j] = keep;
      }
      for (let j = 0; j < p; j++) {
        const keep = out[start + pivot * p + j];
        out[start + pivot * p + j] = out[start + c * p + j];
        out[start + c * p + j] = keep;
      }
    }
    for (let r = c + 1; r < k; r++) {
      const factor = a[r * k + c] / a[c * k + c];
      if (factor === 0) continue;
      for (let j = c; j < k; j++) a[r * k + j] -= factor * a[c * k + j];
      for (let j = 0; j < p; j++) out[start + r * p + j] -= factor * out[start + c * p + j];
    }
  }
  for (let r = k - 1; r >= 0; r--) {
    for (let j = 0; j < p; j++) {
      let s = out[start + r * p + j];
      for (let c = r + 1; c < k; c++) s -= a[r * k + c] * out[start + c * p + j];
      out[start + r * p + j] = s / a[r * k + r];
    }
  }
}
