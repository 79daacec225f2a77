/**
 * Dense Cholesky factorisation A = L Lᵀ, in place, row-major (Golub and Van Loan, Matrix Computations, 4th ed., 4.2.5).
 * The caller decides what to do when A is not positive definite: `ldlt.ts`, or a shift by `shiftedCholeskyInto`.
 */
import { copyInto } from "./vector.js";

type Vector = Float64Array;

/**
 * Replaces the lower triangle of A (k x k; only that triangle is read) by L. Returns -1, or the index of the first pivot
 * that is not above k eps max|diag A| (then the contents of A are unspecified): A is not numerically positive definite.
 */
export function choleskyInto(A: Vector, k: number): number {
  let top = 0;
  for (let i = 0; i < k; i++) top = Math.max(top, Math.abs(A[i * k + i]));
  const least = k * 2.220446049250313e-16 * top;
  for (let j = 0; j < k; j++) {
    const rj = j * k;
    for (let i = j; i < k; i++) {
      const ri = i * k;
      let sum = A[ri + j];
      for (let p = 0; p < j; p++) sum -= A[ri + p] * A[rj + p];
      if (i > j) A[ri + j] = sum / A[rj + j];
      else if (sum > least) A[rj + j] = Math.sqrt(sum);
      else return j;
    }
  }
  return -1;
}

/** Solves L Lᵀ x = b in place: `x` holds b on entry and the solution on return. */
export function choleskySolveInto(L: Vector, k: number, x: Vector): void {
  for (let i = 0; i < k; i++) {
    let sum = x[i];
    for (let p = 0; p < i; p++) sum -= L[i * k + p] * x[p];
    x[i] = sum / L[i * k + i];
  }
  for (let i = k - 1; i >= 0; i--) {
    let sum = x[i];
    for (let p = i + 1; p < k; p++) sum -= L[p * k + i] * x[p];
    x[i] = sum / L[i * k + i];
  }
}

/**
 * Factors A + shift I into `L` with the smallest shift of 0, s0, 10 s0, … that works, s0 = 1e-12 max|A| (the "added
 * multiple of the identity" of Nocedal and Wright, 2nd ed., Algorithm 3.3). Returns the shift, or NaN if A is not finite.
 */
export function shiftedCholeskyInto(A: Vector, k: number, L: Vector): number {
  let top = 0;
  for (let i = 0; i < k * k; i++) {
    const v = Math.abs(A[i]);
    if (!(v < Number.POSITIVE_INFINITY)) return Number.NaN;
    if (v > top) top = v;
  }
  const first = 1e-12 * (top > 0 ? top : 1);
  for (let shift = 0; ; shift = shift === 0 ? first : 10 * shift) {
    copyInto(A, L);
    for (let i = 0; i < k; i++) L[i * k + i] += shift;
    if (choleskyInto(L, k) < 0) return shift;
  }
}
