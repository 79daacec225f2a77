/** Eigenvalues and vectors: the same numbers as ml-matrix, the defining equations, degenerate and non-finite matrices. */
import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { expect, it } from "vitest";
import { EigenSpace, symmetricEigen } from "../../src/num/eigen.js";
import { createRandom } from "../../src/num/random.js";

function symmetric(k: number, seed: number): Float64Array {
  const random = createRandom(seed);
  const A = new Float64Array(k * k);
  for (let i = 0; i < k; i++) for (let j = 0; j <= i; j++) A[i * k + j] = A[j * k + i] = random.normal();
  return A;
}

it.each([1, 2, 3, 5, 8, 17, 40])("a random %i x %i matrix has the eigenvalues that ml-matrix finds", (k) => {
  const A = symmetric(k, k);
  const rows = Array.from({ length: k }, (_, i) => Array.from(A.subarray(i * k, (i + 1) * k)));
  const theirs = new EigenvalueDecomposition(new Matrix(rows), { assumeSymmetric: true });
  const { values, vectors } = symmetricEigen(A, k);
  expect(Array.from(values)).toEqual(theirs.realEigenvalues);
  const flat = theirs.eigenvectorMatrix.to2DArray().flat();
  expect(Array.from(vectors)).toEqual(flat);
});

it("A V = V diag(values) and V is orthonormal, for one matrix after the other in the same arrays", () => {
  const k = 12;
  const space = new EigenSpace(k);
  for (let seed = 1; seed <= 5; seed++) {
    const A = symmetric(k, 100 + seed);
    // of rank 2 in the last round: ten eigenvalues vanish
    if (seed === 5) for (let i = 0; i < k; i++) for (let j = 0; j < k; j++) A[i * k + j] = i + j;
    space.decompose(A);
    const { values, vectors } = space;
    for (let a = 0; a < k; a++) {
      for (let b = 0; b < k; b++) {
        let inner = 0;
        let Av = 0;
        for (let i = 0; i < k; i++) {
          inner += vectors[i * k + a] * vectors[i * k + b];
          Av += A[a * k + i] * vectors[i * k + b];
        }
        expect(inner).toBeCloseTo(a === b ? 1 : 0, 12);
        expect(Av).toBeCloseTo(values[b] * vectors[a * k + b], 10);
      }
    }
    expect(Array.from(values)).toEqual(Array.from(values).sort((p, q) => p - q));
    if (seed === 5) expect(values.filter((v) => Math.abs(v) > 1e-10).length).toBe(2);
  }
});

it("matrices that are not finite have NaN for everything", () => {
  const { values, vectors } = symmetricEigen(Float64Array.of(1, Number.NaN, Number.NaN, 1), 2);
  expect([...values, ...vectors].every(Number.isNaN)).toBe(true);
});
