/** Linear and convex quadratic programs: answers by hand, duals by differences, conflicts, rays, warm changes. */
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { linearModel, loadLinearSolver } from "../../src/lp/linearModel.js";
import type { QuadraticProgram, Triplets } from "../../src/lp/quadratic.js";

const inf = Number.POSITIVE_INFINITY;
const vector = (...v: number[]): Float64Array => Float64Array.from(v);

function triplets(rows: readonly (readonly number[])[]): Triplets {
  const found = rows.flatMap((row, i) => row.map((value, j) => [i, j, value] as const)).filter(([, , v]) => v !== 0);
  return {
    rows: Int32Array.from(found, (e) => e[0]),
    columns: Int32Array.from(found, (e) => e[1]),
    values: Float64Array.from(found, (e) => e[2]),
  };
}

/** min -x - 2y, x + y <= 4, x + 3y <= 6, x, y >= 0: (3, 1), -5 */
const shop: QuadraticProgram = {
  n: 2,
  rows: 2,
  cost: vector(-1, -2),
  offset: 0,
  hessian: undefined,
  matrix: triplets([
    [1, 1],
    [1, 3],
  ]),
  lower: vector(0, 0),
  upper: vector(inf, inf),
  rowLower: vector(-inf, -inf),
  rowUpper: vector(4, 6),
};

beforeAll(loadLinearSolver);

describe("linear programs", () => {
  test("optimum, duals, and a changed bound from the last basis", () => {
    const model = linearModel(shop);
    expect(model.solve()).toBe("optimal");
    expect(model.objective).toBeCloseTo(-5, 9);
    const { u, rowDuals } = model.solution();
    expect([...u]).toEqual([expect.closeTo(3, 9), expect.closeTo(1, 9)]);
    expect([...rowDuals]).toEqual([expect.closeTo(-0.5, 9), expect.closeTo(-0.5, 9)]);
    model.setRow(0, -inf, 4.1);
    expect(model.solve()).toBe("optimal");
    expect(model.objective).toBeCloseTo(-5.05, 9);
    model.setColumn(0, 0, 1);
    expect(model.solve()).toBe("optimal");
    expect(model.objective).toBeCloseTo(-1 - 10 / 3, 9);
    model.dispose();
  });

  test("unbounded: a ray along which the objective falls", () => {
    const model = linearModel({ ...shop, rowUpper: vector(inf, inf), rowLower: vector(0, -inf) });
    expect(model.solve()).toBe("unbounded");
    const ray = model.ray();
    expect(ray === undefined ? Number.NaN : -ray[0] - 2 * ray[1]).toBeLessThan(0);
    model.dispose();
  });

  test("infeasible: the rows that contradict each other, and not the others", () => {
    const model = linearModel({
      ...shop,
      rows: 3,
      matrix: triplets([
        [1, 1],
        [1, 3],
        [1, 1],
      ]),
      rowLower: vector(5, -inf, -inf),
      rowUpper: vector(inf, 100, 4),
    });
    expect(model.solve()).toBe("infeasible");
    expect([...(model.conflict()?.rows ?? [])].sort()).toEqual([0, 2]);
    model.dispose();
  });
});

describe("convex quadratic programs", () => {
  test("first-order conditions hold on random ones", () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.double({ min: -2, max: 2, noNaN: true })), (stream) => {
        const next = (): number => stream.next().value;
        const n = 4;
        const root = Array.from({ length: n }, () => Array.from({ length: n }, next));
        const Q = root.map((_, i) => root.map((__, j) => root.reduce((s, r) => s + r[i] * r[j], i === j ? 0.1 : 0)));
        const A = [Array.from({ length: n }, next), Array.from({ length: n }, next)];
        const c = Float64Array.from({ length: n }, next);
        const model = linearModel({
          n,
          rows: 2,
          cost: c,
          offset: 1,
          hessian: triplets(Q.map((row, i) => row.map((v, j) => (j <= i ? v : 0)))),
          matrix: triplets(A),
          lower: new Float64Array(n).fill(-1),
          upper: new Float64Array(n).fill(3),
          rowLower: vector(-inf, -inf),
          rowUpper: vector(1, 2),
        });
        const status = model.solve();
        const { u, rowDuals, columnDuals, rowValues } = model.solution();
        const objective = model.objective;
        model.dispose();
        if (status === "infeasible") return;
        expect(status).toBe("optimal");
        let value = 1;
        for (let i = 0; i < n; i++) {
          const Qu = Q[i].reduce((s, q, j) => s + q * u[j], 0);
          value += (c[i] + Qu / 2) * u[i];
          expect(Qu + c[i] - A[0][i] * rowDuals[0] - A[1][i] * rowDuals[1] - columnDuals[i]).toBeCloseTo(0, 5);
        }
        expect(objective).toBeCloseTo(value, 6);
        for (const [i, limit] of [1, 2].entries()) {
          expect(rowDuals[i]).toBeLessThan(1e-6);
          expect(rowDuals[i] * (rowValues[i] - limit)).toBeCloseTo(0, 5);
        }
      }),
      { numRuns: 30, seed: 1 },
    );
  });
});
