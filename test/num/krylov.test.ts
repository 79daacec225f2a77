import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cgWorkspace, conjugateGradient } from "../../src/num/cg.js";
import { choleskyInto, choleskySolveInto, shiftedCholeskyInto } from "../../src/num/cholesky.js";
import { pseudoSolveInto, symmetricEigen } from "../../src/num/eigen.js";
import { lanczosExtremes, powerIteration } from "../../src/num/lanczos.js";
import { LbfgsMemory } from "../../src/num/lbfgs.js";
import { factorSymmetric, symmetricSolveInto } from "../../src/num/ldlt.js";
import { minimumNormSolve } from "../../src/num/minimumNorm.js";
import { createRandom, type Random } from "../../src/num/random.js";
import { distance, dot, type LinearMap, matvecInto, matvecTransposedInto, norm } from "../../src/num/vector.js";

const vector = (k: number, random: Random) => Float64Array.from({ length: k }, () => random.normal());

/** Q diag(values) Qᵀ with random orthonormal Q. */
function withSpectrum(values: readonly number[], random: Random): Float64Array {
  const k = values.length;
  const S = new Float64Array(k * k);
  for (let i = 0; i < k; i++) for (let j = 0; j <= i; j++) S[i * k + j] = S[j * k + i] = random.normal();
  const { vectors } = symmetricEigen(S, k);
  const A = new Float64Array(k * k);
  for (let p = 0; p < k; p++) {
    for (let i = 0; i < k; i++)
      for (let j = 0; j < k; j++) A[i * k + j] += values[p] * vectors[i * k + p] * vectors[j * k + p];
  }
  return A;
}
const map =
  (A: Float64Array): LinearMap =>
  (v, out) =>
    matvecInto(A, v, out);
const seeds = { seed: 5, numRuns: 60 };
const sizeAndSeed = fc.tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 0, max: 1e6 }));

describe("factorisations", () => {
  it("Cholesky and LDLᵀ solve positive definite systems alike", () => {
    fc.assert(
      fc.property(sizeAndSeed, ([k, seed]) => {
        const random = createRandom(seed);
        const A = withSpectrum(
          Array.from({ length: k }, () => 10 ** (3 * random.uniform() - 1)),
          random,
        );
        const x = vector(k, random);
        const b = new Float64Array(k);
        matvecInto(A, x, b);
        const L = A.slice();
        expect(choleskyInto(L, k)).toBe(-1);
        const c = b.slice();
        choleskySolveInto(L, k, c);
        expect(distance(c, x)).toBeLessThan(1e-10 * (1 + norm(x)));
        const factor = factorSymmetric(A, k);
        symmetricSolveInto(factor, b);
        expect(distance(b, x)).toBeLessThan(1e-10 * (1 + norm(x)));
        expect([factor.positive, factor.negative, factor.zero]).toEqual([k, 0, 0]);
      }),
      seeds,
    );
  });

  it("LDLᵀ tells the inertia of indefinite matrices and solves with them", () => {
    fc.assert(
      fc.property(sizeAndSeed, ([k, seed]) => {
        const random = createRandom(seed);
        const values = Array.from({ length: k }, () => random.sign() * (0.1 + random.uniform()));
        const A = withSpectrum(values, random);
        const factor = factorSymmetric(A, k);
        const negative = values.filter((v) => v < 0).length;
        expect([factor.positive, factor.negative, factor.zero]).toEqual([k - negative, negative, 0]);
        const x = vector(k, random);
        const b = new Float64Array(k);
        matvecInto(A, x, b);
        symmetricSolveInto(factor, b);
        expect(distance(b, x)).toBeLessThan(1e-10 * (1 + norm(x)));
        const L = A.slice();
        if (negative > 0) expect(choleskyInto(L, k)).toBeGreaterThanOrEqual(0);
      }),
      seeds,
    );
  });

  it("uses 2x2 pivots where the diagonal vanishes, and counts zero pivots", () => {
    const A = Float64Array.of(0, 1, 1, 0);
    const factor = factorSymmetric(A, 2);
    expect([factor.positive, factor.negative]).toEqual([1, 1]);
    const b = Float64Array.of(3, 5);
    symmetricSolveInto(factor, b);
    expect([...b]).toEqual([5, 3]);
    expect(factorSymmetric(Float64Array.of(1, 1, 1, 1), 2).zero).toBe(1);
    expect(factorSymmetric(new Float64Array(9), 3).zero).toBe(3);
  });

  it("shifts just enough to make a matrix positive definite", () => {
    const A = withSpectrum([-2, 1, 3], createRandom(1));
    const L = new Float64Array(9);
    const shift = shiftedCholeskyInto(A, 3, L);
    expect(shift).toBeGreaterThan(2);
    expect(shift).toBeLessThan(25);
    expect(shiftedCholeskyInto(withSpectrum([1, 2, 3], createRandom(1)), 3, L)).toBe(0);
    expect(shiftedCholeskyInto(Float64Array.of(Number.NaN), 1, new Float64Array(1))).toBeNaN();
  });

  it("eigenvectors diagonalise, and the pseudo-inverse is the minimum-norm solution", () => {
    const values = [0, 0, 0.5, 2, 7];
    const A = withSpectrum(values, createRandom(3));
    const eigen = symmetricEigen(A, 5);
    values.forEach((v, i) => {
      expect(eigen.values[i]).toBeCloseTo(v, 12);
    });
    const random = createRandom(4);
    const b = vector(5, random);
    const v = new Float64Array(5);
    expect(pseudoSolveInto(eigen, b, 1e-8, v)).toBe(3);
    const least = new Float64Array(5);
    const result = minimumNormSolve(map(A), b, least, 1e-13, 100);
    expect(result.converged).toBe(true);
    expect(distance(v, least)).toBeLessThan(1e-10);
    const Av = new Float64Array(5);
    matvecInto(A, v, Av);
    expect(result.residual).toBeCloseTo(distance(Av, b), 10);
  });
});

describe("conjugate gradients", () => {
  it("agree with Cholesky, with and without preconditioner and warm start", () => {
    fc.assert(
      fc.property(sizeAndSeed, fc.boolean(), fc.boolean(), ([k, seed], preconditioned, warm) => {
        const random = createRandom(seed);
        const A = withSpectrum(
          Array.from({ length: k }, () => 10 ** (2 * random.uniform())),
          random,
        );
        const b = vector(k, random);
        const exact = b.slice();
        const L = A.slice();
        choleskyInto(L, k);
        choleskySolveInto(L, k, exact);
        const v = warm ? vector(k, random) : new Float64Array(k);
        const diagonal: LinearMap = (r, out) => {
          for (let i = 0; i < k; i++) out[i] = r[i] / A[i * k + i];
        };
        const result = conjugateGradient(
          map(A),
          b,
          v,
          {
            tolerance: 1e-12 * norm(b),
            maxIterations: 20 * k,
            warm,
            precondition: preconditioned ? diagonal : undefined,
          },
          cgWorkspace(k),
        );
        expect(result.converged).toBe(true);
        expect(distance(v, exact)).toBeLessThan(1e-9 * norm(exact));
      }),
      seeds,
    );
  });

  it("return the updated iterate: one step solves a system of size one", () => {
    const v = new Float64Array(1);
    const result = conjugateGradient(
      map(Float64Array.of(4)),
      Float64Array.of(2),
      v,
      { tolerance: 0, maxIterations: 5 },
      cgWorkspace(1),
    );
    expect([v[0], result.iterations, result.converged]).toEqual([0.5, 1, true]);
  });

  it("flag negative and zero curvature and keep the best iterate", () => {
    const v = new Float64Array(2);
    const indefinite = conjugateGradient(
      map(Float64Array.of(1, 0, 0, -1)),
      Float64Array.of(1, 2),
      v,
      { tolerance: 1e-12, maxIterations: 9 },
      cgWorkspace(2),
    );
    expect([indefinite.negativeCurvature, indefinite.converged, ...v]).toEqual([true, false, 0, 0]);
    const singular = conjugateGradient(
      map(Float64Array.of(2, 0, 0, 0)),
      Float64Array.of(0, 1),
      v,
      { tolerance: 1e-12, maxIterations: 9 },
      cgWorkspace(2),
    );
    expect(singular.negativeCurvature).toBe(true);
  });

  it("drop a warm start that is worse than zero", () => {
    const v = Float64Array.of(1e6, 1e6);
    const A = Float64Array.of(2, 0, 0, 3);
    const result = conjugateGradient(
      map(A),
      Float64Array.of(2, 3),
      v,
      { tolerance: 1e-14, maxIterations: 2, warm: true },
      cgWorkspace(2),
    );
    expect(result.converged).toBe(true);
    expect(distance(v, Float64Array.of(1, 1))).toBeLessThan(1e-14);
  });

  it("end at a product that is not finite, with a finite iterate", () => {
    const v = new Float64Array(2);
    const result = conjugateGradient(
      map(Float64Array.of(Number.NaN, 0, 0, 1)),
      Float64Array.of(1, 1),
      v,
      { tolerance: 1e-12, maxIterations: 9 },
      cgWorkspace(2),
    );
    expect([result.converged, ...v]).toEqual([false, 0, 0]);
  });
});

describe("extreme eigenvalues", () => {
  it("Ritz values of a full Lanczos run are the ends of the spectrum", () => {
    fc.assert(
      fc.property(sizeAndSeed, ([k, seed]) => {
        const random = createRandom(seed);
        const values = Array.from({ length: k }, () => random.normal());
        const ends = lanczosExtremes(map(withSpectrum(values, random)), k, k, random.split("start"));
        expect(ends.smallest).toBeCloseTo(Math.min(...values), 9);
        expect(ends.largest).toBeCloseTo(Math.max(...values), 9);
      }),
      seeds,
    );
  });

  it("a short run stays inside the spectrum, and its error bounds hold", () => {
    const values = Array.from({ length: 60 }, (_, i) => 1 + i * i);
    const A = withSpectrum(values, createRandom(8));
    const ends = lanczosExtremes(map(A), 60, 20, createRandom(9));
    expect(ends.largest).toBeLessThanOrEqual(3482 * (1 + 1e-12));
    expect(ends.smallest).toBeGreaterThanOrEqual(1 - 1e-9);
    for (const [theta, error] of [
      [ends.smallest, ends.smallestError],
      [ends.largest, ends.largestError],
    ]) {
      expect(Math.min(...values.map((v) => Math.abs(v - theta)))).toBeLessThanOrEqual(error + 1e-9);
    }
    expect(powerIteration(map(A), 60, 300, createRandom(2))).toBeCloseTo(3482, 3);
    expect(powerIteration(map(new Float64Array(4)), 2, 5, createRandom(2))).toBe(0);
  });
});

describe("L-BFGS memory", () => {
  it("satisfies the secant equation of the last pair and is symmetric positive definite", () => {
    fc.assert(
      fc.property(sizeAndSeed, fc.integer({ min: 1, max: 25 }), ([k, seed], pairs) => {
        const random = createRandom(seed);
        const A = withSpectrum(
          Array.from({ length: k }, () => 1 + random.uniform()),
          random,
        );
        const memory = new LbfgsMemory(k, 7);
        let s = vector(k, random);
        const y = new Float64Array(k);
        for (let p = 0; p < pairs; p++) {
          s = vector(k, random);
          matvecInto(A, s, y);
          expect(memory.push(s, y)).toBe(true);
        }
        expect(memory.size).toBe(Math.min(pairs, 7));
        const out = new Float64Array(k);
        memory.applyInto(y, out);
        expect(distance(out, s)).toBeLessThan(1e-10 * norm(s));
        const u = vector(k, random);
        const w = vector(k, random);
        const Bu = new Float64Array(k);
        const Bw = new Float64Array(k);
        memory.applyInto(u, Bu);
        memory.applyInto(w, Bw);
        expect(dot(u, Bw)).toBeCloseTo(dot(w, Bu), 8);
        expect(dot(u, Bu)).toBeGreaterThan(0);
      }),
      seeds,
    );
  });

  it("on a free set equals the memory built from the cut pairs", () => {
    const random = createRandom(11);
    const memory = new LbfgsMemory(4, 5);
    const cut = new LbfgsMemory(2, 5);
    for (let p = 0; p < 8; p++) {
      const s = vector(4, random);
      const y = Float64Array.from(s, (v, i) => v * (1 + i));
      memory.push(s, y);
      cut.push(Float64Array.of(s[0], s[2]), Float64Array.of(y[0], y[2]));
    }
    const v = vector(4, random);
    const out = new Float64Array(4);
    memory.applyFreeInto(v, Uint8Array.of(1, 0, 1, 0), out);
    const small = new Float64Array(2);
    cut.applyInto(Float64Array.of(v[0], v[2]), small);
    expect([out[1], out[3]]).toEqual([0, 0]);
    expect(distance(Float64Array.of(out[0], out[2]), small)).toBeLessThan(1e-14);
  });

  it("refuses pairs without positive curvature", () => {
    const memory = new LbfgsMemory(2, 3);
    expect(memory.push(Float64Array.of(1, 0), Float64Array.of(-1, 0))).toBe(false);
    expect(memory.push(Float64Array.of(1, 0), Float64Array.of(0, 1))).toBe(false);
    expect(memory.size).toBe(0);
  });
});

describe("vector kernels", () => {
  it("transposed product is the adjoint of the product", () => {
    const random = createRandom(2);
    const A = vector(6, random);
    const v = vector(3, random);
    const u = vector(2, random);
    const Av = new Float64Array(2);
    const Atu = new Float64Array(3);
    matvecInto(A, v, Av);
    matvecTransposedInto(A, u, Atu);
    expect(dot(u, Av)).toBeCloseTo(dot(Atu, v), 12);
  });

  it("norms neither overflow nor underflow, and pass NaN on", () => {
    expect(norm(Float64Array.of(3e200, 4e200))).toBeCloseTo(5e200, -188);
    expect(norm(Float64Array.of(3e-200, 4e-200)) / 5e-200).toBeCloseTo(1, 12);
    expect(norm(Float64Array.of(0, 0))).toBe(0);
    expect(norm(Float64Array.of(1, Number.NaN))).toBeNaN();
    expect(norm(Float64Array.of(1, Number.POSITIVE_INFINITY))).toBe(Number.POSITIVE_INFINITY);
  });
});
