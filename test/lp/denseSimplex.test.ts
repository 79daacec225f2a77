/** The dense dual simplex method against HiGHS on random programs, along random changes of limits; its proofs and penalties. */
import { beforeAll, expect, test } from "vitest";
import { DenseProof, residual } from "../../src/lp/denseProof.js";
import { DenseSimplex } from "../../src/lp/denseSimplex.js";
import { implyLimits, loadOptimal } from "../../src/lp/denseStart.js";
import { linearModel, loadLinearSolver } from "../../src/lp/linearModel.js";
import { penalty } from "../../src/lp/penalty.js";
import { createRandom } from "../../src/num/random.js";

const inf = Number.POSITIVE_INFINITY;
const [n, rows] = [8, 6];
beforeAll(loadLinearSolver);

/** HiGHS' answer at the limits of a tableau. */
function reference({ data: { matrix, cost }, lower, upper }: DenseSimplex): number {
  const model = linearModel({
    n,
    rows,
    cost,
    offset: 0,
    hessian: undefined,
    matrix: {
      rows: Int32Array.from(matrix, (_, e) => Math.floor(e / n)),
      columns: Int32Array.from(matrix, (_, e) => e % n),
      values: matrix,
    },
    lower: lower.slice(0, n),
    upper: upper.slice(0, n),
    rowLower: lower.slice(n),
    rowUpper: upper.slice(n),
  });
  const status = model.solve();
  const value = status === "optimal" ? model.objective : status === "infeasible" ? inf : Number.NaN;
  model.dispose();
  return value;
}

test.each([
  ["real", false],
  ["integer, degenerate", true],
])("optima, proofs and penalties along changes of limits: %s", (_, integer) => {
  let [optimal, infeasible, penalties] = [0, 0, 0];
  for (let seed = 1; seed <= 12; seed++) {
    const random = createRandom(seed);
    const number = (): number => (integer ? random.integer(7) - 3 : 6 * random.uniform() - 3);
    const matrix = Float64Array.from({ length: rows * n }, () => (random.uniform() < 0.6 ? number() : 0));
    const lp = new DenseSimplex({ n, rows, matrix, cost: Float64Array.from({ length: n }, number) });
    lp.upper.fill(3, 0, n);
    lp.lower.fill(-inf, n);
    for (let i = 0; i < rows; i++) lp.upper[n + i] = number() + 4;
    // a variable whose limit only the rows imply would have none here
    if (!loadOptimal(lp)) continue;
    const proof = new DenseProof(n, rows);
    const before = [lp.lower.slice(), lp.upper.slice()];
    implyLimits(lp);
    lp.settle();
    before[1].forEach((v, k) => {
      expect(lp.upper[k]).toBeLessThanOrEqual(v);
    });
    const copy = new DenseSimplex(lp.data);
    for (let change = 0; change < 25; change++) {
      const status = lp.solve();
      const wanted = reference(lp);
      if (status === "infeasible") {
        infeasible++;
        expect(wanted).toBe(inf);
        expect(proof.infeasible(lp)).toBe(true);
      } else {
        optimal++;
        expect(status).toBe("optimal");
        expect(lp.objective).toBeCloseTo(wanted, 7);
        expect(proof.bound(lp)).toBeCloseTo(wanted, 7);
        expect(residual(lp)).toBeLessThan(1e-10);
        const at = lp.basic[random.integer(rows)];
        const to = random.uniform() < 0.5 ? lp.lower[at] : lp.upper[at];
        if (Number.isFinite(to)) {
          copy.copy(lp);
          const least = penalty(lp, at, to);
          copy.limit(at, to, to);
          const moved = reference(copy);
          penalties++;
          expect(wanted + least).toBeLessThanOrEqual(moved + 1e-7);
        }
      }
      // one variable or row is held at a limit, another is let go
      const v = random.integer(n + rows);
      const held = random.uniform() < 0.5 ? before[0][v] : before[1][v];
      if (Number.isFinite(held)) lp.limit(v, held, held);
      const w = random.integer(n + rows);
      if (w !== v) lp.limit(w, Math.max(before[0][w], -40), Math.min(before[1][w], 40));
      if (change % 7 === 6) expect(lp.load(lp.basis())).toBe(true);
    }
  }
  expect(optimal).toBeGreaterThan(60);
  expect(infeasible).toBeGreaterThan(5);
  expect(penalties).toBeGreaterThan(30);
});

test("a cutoff stops at a bound that holds", () => {
  const lp = new DenseSimplex({ n: 2, rows: 1, matrix: Float64Array.of(1, 1), cost: Float64Array.of(1, 2) });
  lp.upper.fill(10);
  expect(lp.load(Uint8Array.of(1, 1, 0))).toBe(true);
  expect(lp.solve()).toBe("optimal");
  expect(lp.objective).toBe(0);
  lp.limit(2, 4, 10);
  expect(lp.solve()).toBe("optimal");
  expect(lp.objective).toBe(4);
  lp.limit(0, 0, 1);
  lp.solve(5);
  expect(lp.objective).toBeGreaterThanOrEqual(5);
  expect(new DenseProof(2, 1).bound(lp)).toBeLessThanOrEqual(7);
});
