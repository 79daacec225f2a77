/** Small linear programs by the dense simplex method against HiGHS: values, statuses, first-order conditions, changes of limits. */
import { beforeAll, describe, expect, test } from "vitest";
import { linearModel, loadLinearSolver } from "../../src/lp/linearModel.js";
import type { QuadraticProgram } from "../../src/lp/quadratic.js";
import { isSmall, modelOf } from "../../src/lp/smallModel.js";
import { createRandom } from "../../src/num/random.js";

const inf = Number.POSITIVE_INFINITY;
beforeAll(loadLinearSolver);

function made(seed: number, integer: boolean): QuadraticProgram {
  const random = createRandom(seed);
  const number = (): number => (integer ? random.integer(7) - 3 : 6 * random.uniform() - 3);
  const n = 2 + random.integer(9);
  const rows = 1 + random.integer(9);
  const limits = (): [number, number] => {
    const kind = random.integer(6);
    const at = number();
    if (kind === 0) return [-inf, inf];
    if (kind === 1) return [at, inf];
    if (kind === 2) return [-inf, at];
    if (kind === 3) return [at, at];
    return [at, at + 1 + random.integer(4)];
  };
  const columns = Array.from({ length: n }, limits);
  const sides = Array.from({ length: rows }, limits);
  const entries = Array.from({ length: n * rows }, (_, e) => e).filter(() => random.uniform() < 0.7);
  return {
    n,
    rows,
    cost: Float64Array.from({ length: n }, number),
    offset: number(),
    hessian: undefined,
    matrix: {
      rows: Int32Array.from(entries, (e) => Math.floor(e / n)),
      columns: Int32Array.from(entries, (e) => e % n),
      values: Float64Array.from(entries, number),
    },
    lower: Float64Array.from(columns, ([l]) => l),
    upper: Float64Array.from(columns, ([, u]) => u),
    rowLower: Float64Array.from(sides, ([l]) => l),
    rowUpper: Float64Array.from(sides, ([, u]) => u),
  };
}

describe("small linear programs", () => {
  test.each([false, true])(
    "the statuses, values and duals of HiGHS, along changes of limits and costs (integer: %s)",
    (integer) => {
      const seen = { optimal: 0, infeasible: 0, unbounded: 0 };
      for (let seed = 1; seed <= 60; seed++) {
        const program = made(seed, integer);
        const random = createRandom(seed).split("changes");
        const [own, other] = [modelOf(program), linearModel(program)];
        for (let change = 0; change < 6; change++) {
          const status = own.solve();
          expect(status, `seed ${seed}, change ${change}`).toBe(other.solve());
          if (status === "optimal" || status === "infeasible" || status === "unbounded") seen[status]++;
          if (status === "optimal") {
            expect(own.objective).toBeCloseTo(other.objective, 6);
            check(program, own.solution());
          }
          if (status === "unbounded") {
            const ray = own.ray()!;
            expect(ray.reduce((sum, r, j) => sum + r * program.cost[j], 0)).toBeLessThan(0);
          }
          if (change % 2 === 0) {
            const j = random.integer(program.n);
            const low = random.integer(2) - 1;
            const high = random.integer(2) === 0 ? low : inf;
            program.lower[j] = low;
            program.upper[j] = high;
            for (const model of [own, other]) model.setColumn(j, low, high);
          } else {
            const i = random.integer(program.rows);
            const limit = random.integer(5) - 2;
            program.rowLower[i] = -inf;
            program.rowUpper[i] = limit;
            for (const model of [own, other]) model.setRow(i, -inf, limit);
          }
          if (change === 3) {
            program.cost[0] += 1;
            for (const model of [own, other]) model.setCost(program.cost);
          }
        }
        own.dispose();
        other.dispose();
      }
      expect(Math.min(...Object.values(seen))).toBeGreaterThan(20);
    },
  );

  test("what is small", () => {
    expect(isSmall(made(1, true))).toBe(true);
    expect(isSmall({ ...made(1, true), n: 31 })).toBe(false);
  });
});

/** Limits hold, and the reduced costs vanish but at limits, where they have the right sign. */
function check(p: QuadraticProgram, found: ReturnType<ReturnType<typeof modelOf>["solution"]>): void {
  const { u, rowValues, rowDuals, columnDuals } = found;
  const slope = p.cost.slice();
  const rows = new Float64Array(p.rows);
  p.matrix.values.forEach((a, e) => {
    const [i, j] = [p.matrix.rows[e], p.matrix.columns[e]];
    rows[i] += a * u[j];
    slope[j] -= a * rowDuals[i];
  });
  slope.forEach((s, j) => {
    expect(s).toBeCloseTo(columnDuals[j], 6);
  });
  rows.forEach((v, i) => {
    expect(v).toBeCloseTo(rowValues[i], 6);
  });
  const holds = (v: number, low: number, high: number, dual: number): void => {
    expect(Math.min(v - low, high - v)).toBeGreaterThan(-1e-7);
    if (dual > 1e-6) expect(v).toBeCloseTo(low, 6);
    if (dual < -1e-6) expect(v).toBeCloseTo(high, 6);
  };
  u.forEach((v, j) => {
    holds(v, p.lower[j], p.upper[j], columnDuals[j]);
  });
  rowValues.forEach((v, i) => {
    holds(v, p.rowLower[i], p.rowUpper[i], rowDuals[i]);
  });
}
