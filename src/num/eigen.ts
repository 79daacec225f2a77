/** Eigenvalues and vectors of small dense symmetric matrices, and the pseudo-inverse by them. */
import { symmetricQlInto } from "./symmetricQl.js";
import { allFinite } from "./vector.js";

type Vector = Float64Array;

export interface SymmetricEigen {
  /** Ascending. */
  readonly values: Vector;
  /** Row-major k x k; column j belongs to values[j]; orthonormal. */
  readonly vectors: Vector;
}

/**
 * Decomposes a symmetric A (k x k, row-major; its symmetric part is used). O(k³): k up to a few hundred.
 * Where A is not finite, all values and vectors are NaN.
 */
export function symmetricEigen(A: Vector, k: number): SymmetricEigen {
  const made = new EigenSpace(k);
  made.decompose(A);
  return made;
}

/** The same with arrays of its own, for matrices of one size again and again: `values` and `vectors` are those of the last one. */
export class EigenSpace implements SymmetricEigen {
  readonly values: Vector;
  readonly vectors: Vector;
  private readonly spare: Vector;

  constructor(k: number) {
    this.values = new Float64Array(k);
    this.vectors = new Float64Array(k * k);
    this.spare = new Float64Array(k);
  }

  decompose(A: Vector): void {
    const { values, vectors } = this;
    const k = values.length;
    if (!allFinite(A)) {
      values.fill(Number.NaN);
      vectors.fill(Number.NaN);
      return;
    }
    let largest = 0;
    for (let i = 0; i < k * k; i++) largest = Math.max(largest, Math.abs(A[i]));
    // Scaled by a power of two, which is exact, because the iteration squares entries; below 1e-150 of the largest they count as 0.
    const size = largest === 0 ? 1 : 2 ** Math.floor(Math.log2(largest));
    for (let i = 0; i < k; i++) {
      for (let j = 0; j < k; j++) {
        const entry = 0.5 * (A[i * k + j] / size + A[j * k + i] / size);
        vectors[i * k + j] = Math.abs(entry) < 1e-150 ? 0 : entry;
      }
    }
    symmetricQlInto(vectors, k, values, this.spare);
    for (let j = 0; j < k; j++) values[j] *= size;
    for (let i = 0; i < k; i++) {
      for (let j = 0; j < i; j++) {
        const v = vectors[i * k + j];
        vectors[i * k + j] = vectors[j * k + i];
        vectors[j * k + i] = v;
      }
    }
  }
}

/**
 * out = A⁺ b by the eigenvectors, keeping |eigenvalue| > rcond max|eigenvalue| (1e-8 is a usual choice):
 * the minimum-norm least-squares solution. Returns the numerical rank; where an eigenvalue is NaN it is 0 and out is NaN.
 */
export function pseudoSolveInto(eigen: SymmetricEigen, b: Vector, rcond: number, out: Vector): number {
  const { values, vectors } = eigen;
  const k = values.length;
  out.fill(0);
  let top = 0;
  for (let j = 0; j < k; j++) top = Math.max(top, Math.abs(values[j]));
  if (Number.isNaN(top)) out.fill(top);
  let rank = 0;
  for (let j = 0; j < k; j++) {
    if (!(Math.abs(values[j]) > rcond * top)) continue;
    rank++;
    let c = 0;
    for (let i = 0; i < k; i++) c += vectors[i * k + j] * b[i];
    c /= values[j];
    for (let i = 0; i < k; i++) out[i] += c * vectors[i * k + j];
  }
  return rank;
}
