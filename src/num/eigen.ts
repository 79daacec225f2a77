/** Eigenvalues and vectors of small dense symmetric matrices; the one file that knows ml-matrix. */
import { EigenvalueDecomposition, Matrix } from "ml-matrix";
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
  const values = new Float64Array(k);
  const vectors = new Float64Array(k * k);
  if (k === 0) return { values, vectors };
  if (!allFinite(A)) return { values: values.fill(Number.NaN), vectors: vectors.fill(Number.NaN) };
  const matrix = Matrix.zeros(k, k);
  const largest = A.reduce((most, a) => Math.max(most, Math.abs(a)), 0);
  if (largest === 0) {
    for (let i = 0; i < k; i++) vectors[i * k + i] = 1;
    return { values, vectors };
  }
  const size = 2 ** Math.floor(Math.log2(largest));
  // Scaled (exactly), because the package's iteration runs out of its arrays on denormal numbers; entries below 1e-200 of the largest count as 0.
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < k; j++) {
      const entry = 0.5 * (A[i * k + j] / size + A[j * k + i] / size);
      matrix.set(i, j, Math.abs(entry) < 1e-200 ? 0 : entry);
    }
  }
  const decomposition = new EigenvalueDecomposition(matrix, { assumeSymmetric: true });
  const raw = decomposition.realEigenvalues;
  const order = Array.from(raw.keys()).sort((a, b) => raw[a] - raw[b]);
  order.forEach((from, to) => {
    values[to] = size * raw[from];
    for (let i = 0; i < k; i++) vectors[i * k + to] = decomposition.eigenvectorMatrix.get(i, from);
  });
  return { values, vectors };
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
