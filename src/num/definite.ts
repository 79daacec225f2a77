/**
 * Proof that a symmetric matrix is positive definite, in floating point. Cholesky's method succeeds on a matrix only if one
 * nearby is positive semidefinite, so that success on A - c I proves A positive definite for
 *
 *   c >= gamma / (1 - gamma) trace(A),   gamma = (k + 1) u / (1 - (k + 1) u)
 *
 * (Rump, Verification of positive definiteness, BIT 2006, Corollary 2.4; here with twice that c, for the rounding of c and of the
 * shifted diagonal). Rows and columns are first scaled by powers of two to a diagonal in [1, 4), which is exact.
 */
import { choleskyInto } from "./cholesky.js";

type Vector = Float64Array;

const UNIT = 1.1102230246251565e-16;

/**
 * A is k x k, row-major; only its lower triangle is read. `error`: a bound on the sum over each row of |A - exact A|, where A itself
 * is rounded. False proves nothing.
 */
export function provedDefinite(A: Vector, k: number, error?: Vector): boolean {
  const scale = new Float64Array(k);
  for (let i = 0; i < k; i++) {
    const d = A[i * k + i] - (error?.[i] ?? 0);
    if (!(d > 0 && d < Number.POSITIVE_INFINITY)) return false;
    scale[i] = 2 ** -Math.floor(Math.log2(d) / 2);
  }
  const work = new Float64Array(k * k);
  let trace = 0;
  for (let i = 0; i < k; i++) {
    for (let j = 0; j <= i; j++) work[i * k + j] = A[i * k + j] * scale[i] * scale[j];
    // Weyl and Gershgorin: a symmetric error E with row sums e moves eigenvalues no further than diag(e) does.
    if (error !== undefined) work[i * k + i] -= rowError(error, scale, i) * (1 + 8 * UNIT);
    trace += Math.max(work[i * k + i], 0);
  }
  const gamma = ((k + 2) * UNIT) / (1 - (k + 2) * UNIT);
  const shift = 2 * (gamma / (1 - gamma)) * trace + k * 1e-300;
  for (let i = 0; i < k; i++) work[i * k + i] -= shift;
  return choleskyInto(work, k) < 0;
}

/** Row i of the scaled error: its entries are at most e_i each, by columns scaled with at most the largest factor. */
function rowError(error: Vector, scale: Vector, i: number): number {
  if (error[i] === 0) return 0;
  let top = 0;
  for (let j = 0; j < scale.length; j++) if (error[j] > 0) top = Math.max(top, scale[j]);
  return error[i] * scale[i] * top;
}
