/** The sparse factorisation against the dense one, and the fill that the order leaves. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { factorSymmetric, symmetricSolveInto } from "../../src/num/ldlt.js";
import { minimumDegreeOrder } from "../../src/num/minimumDegree.js";
import { createRandom } from "../../src/num/random.js";
import { sparseFactor } from "../../src/num/sparseLdlt.js";

/** A random quasi-definite matrix [H Jᵀ; J -G] as its lower triangle. */
function quasiDefinite(primal: number, dual: number, seed: number) {
  const random = createRandom(seed);
  const k = primal + dual;
  const rows: number[] = [];
  const columns: number[] = [];
  const values: number[] = [];
  const A = new Float64Array(k * k);
  for (let i = 0; i < k; i++)
    for (let j = 0; j <= i; j++) {
      const diagonal = i === j;
      const coupled = i >= primal && j < primal && random.uniform() < 0.3;
      const inner = i < primal && !diagonal && random.uniform() < 0.2;
      if (!diagonal && !coupled && !inner) continue;
      const v = diagonal
        ? i < primal
          ? 1 + primal * random.uniform()
          : -0.1 - random.uniform()
        : 0.5 * random.normal();
      rows.push(i);
      columns.push(j);
      // A diagonally dominant H stays definite.
      values.push(diagonal && i < primal ? v + primal : v);
      A[i * k + j] = A[j * k + i] = values[values.length - 1];
    }
  return { k, A, rows: Int32Array.from(rows), columns: Int32Array.from(columns), values: Float64Array.from(values) };
}

describe("sparse LDLᵀ", () => {
  it("solves quasi-definite systems like the dense factorisation and agrees on the inertia", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 15 }), fc.integer({ min: 0, max: 10 }), fc.integer(), (n, m, seed) => {
        const { k, A, rows, columns, values } = quasiDefinite(n, m, seed);
        const factor = sparseFactor(k, rows, columns);
        factor.factor(values, new Float64Array(k), 0);
        expect([factor.positive, factor.negative, factor.zero]).toEqual([n, m, 0]);
        const dense = factorSymmetric(A, k);
        expect([dense.positive, dense.negative, dense.zero]).toEqual([n, m, 0]);
        const b = Float64Array.from({ length: k }, (_, i) => Math.sin(i + 1));
        const x = b.slice();
        factor.solveInto(x);
        symmetricSolveInto(dense, b);
        for (let i = 0; i < k; i++) expect(Math.abs(x[i] - b[i])).toBeLessThan(1e-9);
      }),
      { seed: 11, numRuns: 100 },
    );
  });

  it("replaces a vanishing pivot by one with the sign of its shift, and counts it", () => {
    const factor = sparseFactor(2, Int32Array.of(0, 1), Int32Array.of(0, 1));
    factor.factor(Float64Array.of(3, 0), Float64Array.of(0, -1e-20), 1e-14);
    expect([factor.positive, factor.negative, factor.zero]).toEqual([1, 0, 1]);
    const x = Float64Array.of(3, 1e-14);
    factor.solveInto(x);
    expect(Array.from(x)).toEqual([1, -1]);
  });
});

describe("minimum degree", () => {
  const pattern = (k: number, edges: readonly (readonly [number, number])[]) => {
    const all = [...Array.from({ length: k }, (_, i) => [i, i] as const), ...edges];
    return [Int32Array.from(all, ([i]) => i), Int32Array.from(all, ([, j]) => j)] as const;
  };

  it("orders every variable once", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer(), (k, seed) => {
        const random = createRandom(seed);
        const edges: [number, number][] = [];
        for (let i = 0; i < k; i++) for (let j = 0; j < i; j++) if (random.uniform() < 0.15) edges.push([i, j]);
        const order = minimumDegreeOrder(k, ...pattern(k, edges));
        expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: k }, (_, i) => i));
      }),
      { seed: 12, numRuns: 60 },
    );
  });

  it("makes no fill on trees: an arrow and a chain", () => {
    const arrow = Array.from({ length: 49 }, (_, i) => [i + 1, 0] as const);
    const chain = Array.from({ length: 49 }, (_, i) => [i + 1, i] as const);
    for (const edges of [arrow, chain]) expect(sparseFactor(50, ...pattern(50, edges)).fill).toBe(49);
  });

  it("keeps the fill of a grid near n log n", () => {
    const side = 40;
    const edges: [number, number][] = [];
    for (let i = 0; i < side; i++)
      for (let j = 0; j < side; j++) {
        if (i > 0) edges.push([i * side + j, (i - 1) * side + j]);
        if (j > 0) edges.push([i * side + j, i * side + j - 1]);
      }
    const n = side * side;
    // By rows it would be n * side = 64,000.
    expect(sparseFactor(n, ...pattern(n, edges)).fill).toBeLessThan(2.2 * n * Math.log2(n));
  });
});
