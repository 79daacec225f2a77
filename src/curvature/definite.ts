/**
 * Proved lower bounds of the smallest eigenvalue of all symmetric matrices within entrywise bounds. Two bounds, the better counts:
 *   Gershgorin   min over i of (a_ii - sum over j of |a_ij|);
 *   centre       lambda_min(C) - |R|, C the middle and R the radius off the diagonal (Rohn 1994), |R| at most its largest row sum,
 * where lambda_min(C) >= s is proved by a floating-point Cholesky factorisation of C - s I that runs to its end: then
 * C - s I has no eigenvalue below -gamma tr(C - s I), gamma = (k+2)u / (1 - 2(k+2)u) (Rump, Verification of positive definiteness,
 * BIT 46, 2006, theorem 2.3). The diagonal counts with its lower ends, as a larger diagonal only adds.
 */
import { choleskyInto } from "../num/cholesky.js";
import { symmetricEigen } from "../num/eigen.js";
import { addDown, addUp, down, up } from "../num/interval.js";

type Vector = Float64Array;

/** Larger matrices get no eigenvalue as an estimate, but one by halving; beyond LARGEST Gershgorin's bound only. */
const DENSE = 160;
const LARGEST = 600;
/** Of the least diagonal entry: smaller eigenvalues of larger matrices are not looked for. */
const LEAST = 2 ** -30;
const U = 2 ** -53;

/** -Infinity where nothing is known. `lo` and `hi` are k x k, row-major. */
export function leastEigenvalue(lo: Vector, hi: Vector, k: number): number {
  if (k === 0) return 0;
  const C = new Float64Array(k * k);
  let gershgorin = Number.POSITIVE_INFINITY;
  let radius = 0;
  let sound = true;
  for (let i = 0; i < k; i++) {
    let row = 0;
    let spread = 0;
    for (let j = 0; j < k; j++) {
      if (j === i) continue;
      // the matrix is symmetric: both enclosures of a pair hold
      const l = Math.max(lo[i * k + j], lo[j * k + i]);
      const h = Math.min(hi[i * k + j], hi[j * k + i]);
      const most = Math.max(Math.abs(l), Math.abs(h));
      row = addUp(row, most);
      const middle = l / 2 + h / 2;
      C[i * k + j] = middle;
      if (Number.isFinite(most))
        spread = addUp(spread, l === h ? 0 : up(Math.max(addUp(h, -middle), addUp(middle, -l))));
      else sound = false;
    }
    const own = lo[i * k + i];
    C[i * k + i] = own;
    gershgorin = Math.min(gershgorin, addDown(own, -row));
    radius = Math.max(radius, spread);
    if (!Number.isFinite(own)) sound = false;
  }
  const plain = Number.isNaN(gershgorin) ? Number.NEGATIVE_INFINITY : gershgorin;
  if (!sound || k > LARGEST) return plain;
  return Math.max(plain, addDown(k > DENSE ? byHalving(C, k) : proved(C, k), -radius));
}

/** A proved lower bound of the smallest eigenvalue of one symmetric matrix. */
function proved(C: Vector, k: number): number {
  const estimate = symmetricEigen(C, k).values[0];
  if (!Number.isFinite(estimate)) return Number.NEGATIVE_INFINITY;
  let size = 0;
  for (let i = 0; i < k * k; i++) size = Math.max(size, Math.abs(C[i]));
  if (size === 0) return 0;
  const shifted = new Float64Array(k * k);
  for (let step = 64 * k * U * size; step <= 1e-3 * size; step *= 32) {
    const bound = above(C, k, estimate - step, shifted);
    if (bound !== undefined) return bound;
  }
  return Number.NEGATIVE_INFINITY;
}

/** The same for positive definite matrices too large for all of their eigenvalues: the least one to within an eighth, if not tiny. */
function byHalving(C: Vector, k: number): number {
  let high = Number.POSITIVE_INFINITY;
  for (let i = 0; i < k; i++) high = Math.min(high, C[i * k + i]);
  const shifted = new Float64Array(k * k);
  const tiny = LEAST * high;
  let low = above(C, k, tiny, shifted);
  if (!(high > 0) || low === undefined) return Number.NEGATIVE_INFINITY;
  while (high > 1.125 * low && low > 0) {
    const s = Math.sqrt(Math.max(low, tiny) * high);
    const bound = above(C, k, s, shifted);
    if (bound === undefined) high = s;
    else low = Math.max(low, bound);
  }
  return low;
}

/** What is proved of the smallest eigenvalue where the factorisation of C - s I runs to its end. */
function above(C: Vector, k: number, s: number, shifted: Vector): number | undefined {
  shifted.set(C);
  let trace = 0;
  for (let i = 0; i < k; i++) {
    shifted[i * k + i] = down(C[i * k + i] - s);
    trace = addUp(trace, Math.abs(shifted[i * k + i]));
  }
  if (choleskyInto(shifted, k) >= 0) return undefined;
  const gamma = ((k + 2) * U) / (1 - 4 * (k + 2) * U);
  return addDown(s, -up(up(gamma * trace) + k * k * 1e-300));
}

/**
 * Whether a symmetric matrix of doubles is exactly positive semidefinite: elimination without division in whole numbers (Bareiss
 * 1968), symmetric pivots. A zero pivot needs a zero row. The entries must not be spread over more than about 200 binary digits.
 */
export function exactlySemidefinite(A: Vector, k: number): boolean {
  const scale = wholeScale(A);
  if (scale === undefined) return false;
  const M = Array.from(A, (v) => wholeNumber(v, scale));
  let previous = 1n;
  const left = new Set(Array.from({ length: k }, (_, i) => i));
  while (left.size > 0) {
    let pivot = -1;
    for (const i of left) {
      const d = M[i * k + i];
      if (d < 0n) return false;
      if (d > 0n && pivot < 0) pivot = i;
    }
    if (pivot < 0) {
      for (const i of left) for (const j of left) if (M[i * k + j] !== 0n) return false;
      return true;
    }
    left.delete(pivot);
    const d = M[pivot * k + pivot];
    for (const i of left)
      for (const j of left) M[i * k + j] = (d * M[i * k + j] - M[i * k + pivot] * M[pivot * k + j]) / previous;
    previous = d;
  }
  return true;
}

/** The power of two that makes all entries whole; undefined where that would be too many digits. */
function wholeScale(A: Vector): number | undefined {
  let most = 0;
  for (const v of A) {
    if (!Number.isFinite(v) || Math.abs(v) > 2 ** 100) return undefined;
    let e = 0;
    let w = v;
    while (!Number.isInteger(w)) {
      w *= 2;
      if (++e > 160) return undefined;
    }
    if (e > most) most = e;
  }
  return most;
}

function wholeNumber(v: number, scale: number): bigint {
  let e = 0;
  let w = v;
  while (!Number.isInteger(w)) {
    w *= 2;
    e++;
  }
  return BigInt(w) << BigInt(scale - e);
}
