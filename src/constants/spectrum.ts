/**
 * Eigenvalues of interval matrices. For a symmetric [C - D, C + D] with centre C and radius D >= 0 (Rohn, Bounds on eigenvalues of
 * interval matrices, ZAMM 78, 1998, theorem 2)
 *   lambda_min >= lambda_min(C) - rho(D),   lambda_max <= lambda_max(C) + rho(D),   rho(D) = lambda_max(D)
 * Eigenvalues computed in floating point are off by at most about k² units of rounding times the matrix's norm (Golub and Van
 * Loan, 4th ed., 8.3.1); bounds move outward by that.
 */
import { symmetricEigen } from "../num/eigen.js";
import type { Intervals } from "../ops/operator.js";

type Vector = Float64Array;

/** Relative radius of the entries up to which intervals count as one matrix. */
const oneMatrix = 1e-12;

export interface SpectrumBounds {
  readonly smallest: number;
  readonly largest: number;
  /** The intervals are one matrix, up to rounding: then these are its eigenvalues, up to rounding. */
  readonly constant: boolean;
}

/** Of the k x k block with rows and columns from `first` on, of an N x N interval matrix; undefined where an entry has no bound. */
export function spectrumBounds(matrix: Intervals, N: number, first: number, k: number): SpectrumBounds | undefined {
  const centre = new Float64Array(k * k);
  const radius = new Float64Array(k * k);
  let largestEntry = 0;
  let largestRadius = 0;
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < k; j++) {
      const at = (first + i) * N + first + j;
      const [lo, hi] = [matrix.lo[at], matrix.hi[at]];
      if (!Number.isFinite(lo) || !Number.isFinite(hi) || matrix.flags[at] !== 0) return undefined;
      const c = 0.5 * lo + 0.5 * hi;
      centre[i * k + j] = c;
      radius[i * k + j] = Math.max(hi - c, c - lo) * (1 + 4 * Number.EPSILON);
      largestEntry = Math.max(largestEntry, Math.abs(lo), Math.abs(hi));
      largestRadius = Math.max(largestRadius, radius[i * k + j]);
    }
  }
  if (k === 0) return { smallest: 0, largest: 0, constant: true };
  const c = symmetricEigen(centre, k).values;
  const d = symmetricEigen(radius, k).values;
  const rounding = 2 ** -52 * k * k * (frobenius(centre) + frobenius(radius));
  const spread = relative(largestRadius, largestEntry);
  if (spread <= oneMatrix) {
    const clean = (v: number): number => (Math.abs(v) <= rounding ? 0 : v);
    return { smallest: clean(c[0]), largest: clean(c[k - 1]), constant: true };
  }
  const rho = Math.max(0, d[k - 1]);
  return {
    smallest: c[0] - rho - rounding,
    largest: c[k - 1] + rho + rounding,
    constant: false,
  };
}

function relative(radius: number, entry: number): number {
  return entry === 0 ? 0 : radius / entry;
}

function frobenius(a: Vector): number {
  let sum = 0;
  for (const v of a) sum += v * v;
  return Math.sqrt(sum);
}

/** An upper bound of the two-norm of a vector, or of the Frobenius norm of a tensor, within intervals; Infinity where there is none. */
export function normBound({ lo, hi, flags }: Intervals, first = 0, count = lo.length - first): number {
  let sum = 0;
  for (let i = first; i < first + count; i++) {
    if (flags[i] !== 0) return Number.POSITIVE_INFINITY;
    const far = Math.max(Math.abs(lo[i]), Math.abs(hi[i]));
    sum += far * far;
  }
  return Math.sqrt(sum) * (1 + (count + 2) * Number.EPSILON);
}
