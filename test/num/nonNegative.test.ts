/** Non-negative least squares: first-order conditions on random problems, dependent columns among them; the factor against a fresh one. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { choleskyInto } from "../../src/num/cholesky.js";
import { GrowingCholesky } from "../../src/num/growingCholesky.js";
import { nonNegativeLeastSquares } from "../../src/num/nonNegative.js";
import { createRandom } from "../../src/num/random.js";
import { axpyInto, dot } from "../../src/num/vector.js";

describe("non-negative least squares", () => {
  test("the residual is orthogonal to what is used, and fits nothing that is not", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 0, max: 12 }),
        fc.integer({ min: 0, max: 3 }),
        fc.boolean(),
        fc.nat(),
        (rows, signed, free, whole, seed) => {
          const random = createRandom(seed);
          const entry = (): number => (whole ? Math.round(2 * random.normal()) : random.normal());
          const vector = (): Float64Array => Float64Array.from({ length: rows }, entry);
          const columns = Array.from({ length: signed + free }, vector);
          if (columns.length > 2) columns[1] = columns[0].map((v) => 3 * v);
          const sign = columns.map((_, j) => j < signed);
          const b = vector();
          const z = nonNegativeLeastSquares(columns, b, sign);
          const r = b.slice();
          for (const [j, a] of columns.entries()) axpyInto(-z[j], a, r);
          const size = Math.sqrt(dot(b, b)) || 1;
          columns.forEach((a, j) => {
            const w = dot(a, r) / (size * (Math.sqrt(dot(a, a)) || 1));
            if (sign[j]) {
              expect(z[j]).toBeGreaterThanOrEqual(0);
              expect(w).toBeLessThan(1e-9);
            }
            if (!sign[j] || z[j] > 0) expect(Math.abs(w)).toBeLessThan(1e-9);
          });
        },
      ),
      { numRuns: 400, seed: 5 },
    );
  });

  test("hundreds of columns", () => {
    const random = createRandom(3);
    const n = 400;
    // a transport problem's bounds and balances: unit vectors, and sums of twenty
    const bounds = Array.from({ length: n }, (_, j) => Float64Array.from({ length: n }, (_, i) => (i === j ? 1 : 0)));
    const balances = Array.from({ length: n / 20 }, (_, k) =>
      Float64Array.from({ length: n }, (_, i) => (Math.floor(i / 20) === k ? 1 : 0)),
    );
    const columns = [...bounds, ...balances];
    const expected = columns.map((_, j) => (j >= n ? random.normal() : random.uniform() < 0.5 ? random.uniform() : 0));
    const b = new Float64Array(n);
    for (const [j, a] of columns.entries()) axpyInto(expected[j], a, b);
    const z = nonNegativeLeastSquares(
      columns,
      b,
      columns.map((_, j) => j < n),
    );
    for (const [j, a] of columns.entries()) axpyInto(-z[j], a, b);
    expect(Math.max(...b.map(Math.abs))).toBeLessThan(1e-10);
    expect(Math.min(...z.slice(0, n))).toBeGreaterThanOrEqual(0);
  });
});

test("a growing factor is that of the columns which stand", () => {
  const random = createRandom(11);
  const columns = Array.from({ length: 12 }, () => Float64Array.from({ length: 9 }, () => random.normal()));
  const factor = new GrowingCholesky();
  const standing: number[] = [];
  for (let round = 0; round < 200; round++) {
    if (standing.length > 0 && random.uniform() < 0.45) {
      const place = Math.floor(random.uniform() * standing.length);
      factor.remove(place);
      standing.splice(place, 1);
    } else {
      const j = Math.floor(random.uniform() * columns.length);
      const inner = standing.map((l) => dot(columns[l], columns[j]));
      const independent = standing.length < 9 && !standing.includes(j);
      expect(factor.append(inner, dot(columns[j], columns[j]))).toBe(independent);
      if (independent) standing.push(j);
    }
    const k = standing.length;
    expect(factor.size).toBe(k);
    const gram = Float64Array.from({ length: k * k }, (_, e) =>
      dot(columns[standing[Math.floor(e / k)]], columns[standing[e % k]]),
    );
    const x = Float64Array.from({ length: k }, () => random.normal());
    const b = x.map((_, i) => x.reduce((sum, v, j) => sum + gram[i * k + j] * v, 0));
    factor.solveInto(b);
    if (choleskyInto(gram, k) < 0) expect([...b]).toEqual(Array.from(x, (v) => expect.closeTo(v, 5)));
  }
});
