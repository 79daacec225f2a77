/** Programs of hundreds to thousands of variables with closed forms, dense against sparse, and random nonconvex ones. */
import { describe, expect, it } from "vitest";
import type { NonlinearProgram } from "../../src/nlp/program.js";
import { solveNonlinear } from "../../src/nlp/solve.js";
import { createRandom } from "../../src/num/random.js";
import { randomProgram } from "./randomProgram.js";

const free = Number.POSITIVE_INFINITY;
const filled = (n: number, value: number): Float64Array => new Float64Array(n).fill(value);
const upTo = (n: number): Int32Array => Int32Array.from({ length: n }, (_, i) => i);

/** min sum weight_j u_j^2 / 2 + q_j u_j subject to sum u = total and bounds. */
function separable(
  weight: Float64Array,
  q: Float64Array,
  total: number,
  lower: number,
  upper: number,
): NonlinearProgram {
  const n = q.length;
  return {
    n,
    lower: filled(n, lower),
    upper: filled(n, upper),
    rows: 1,
    rowLower: Float64Array.of(total),
    rowUpper: Float64Array.of(total),
    value: (u) => u.reduce((s, v, j) => s + (0.5 * weight[j] * v + q[j]) * v, 0),
    gradientInto(u, out) {
      for (let j = 0; j < n; j++) out[j] = weight[j] * u[j] + q[j];
    },
    constraintsInto(u, out) {
      out[0] = u.reduce((s, v) => s + v, 0);
    },
    jacobian: { rows: new Int32Array(n), columns: upTo(n) },
    jacobianInto(_, values) {
      values.fill(1);
    },
    hessian: { rows: upTo(n), columns: upTo(n) },
    hessianInto(_, sigma, __, values) {
      for (let j = 0; j < n; j++) values[j] = sigma * weight[j];
    },
  };
}

/** x' = control - sin x from 0 towards 1 by N explicit Euler steps over 10 time units, |control| <= 0.9. */
function chain(N: number): NonlinearProgram {
  const n = 2 * N + 1;
  const h = 10 / N;
  const lower = filled(n, -free);
  const upper = filled(n, free);
  lower.fill(-0.9, N + 1);
  upper.fill(0.9, N + 1);
  lower[0] = upper[0] = 0;
  const rows = new Int32Array(3 * N);
  const columns = new Int32Array(3 * N);
  for (let i = 0; i < N; i++) {
    rows.fill(i, 3 * i, 3 * i + 3);
    columns.set([i, i + 1, N + 1 + i], 3 * i);
  }
  return {
    n,
    lower,
    upper,
    rows: N,
    rowLower: new Float64Array(N),
    rowUpper: new Float64Array(N),
    value(u) {
      let s = 0;
      for (let i = 0; i < N; i++) s += (u[i + 1] - 1) ** 2 + 0.1 * u[N + 1 + i] ** 2;
      return h * s;
    },
    gradientInto(u, out) {
      out[0] = 0;
      for (let i = 0; i < N; i++) {
        out[i + 1] = 2 * h * (u[i + 1] - 1);
        out[N + 1 + i] = 0.2 * h * u[N + 1 + i];
      }
    },
    constraintsInto(u, out) {
      for (let i = 0; i < N; i++) out[i] = u[i + 1] - u[i] - h * (u[N + 1 + i] - Math.sin(u[i]));
    },
    jacobian: { rows, columns },
    jacobianInto(u, values) {
      for (let i = 0; i < N; i++) {
        values[3 * i] = -1 + h * Math.cos(u[i]);
        values[3 * i + 1] = 1;
        values[3 * i + 2] = -h;
      }
    },
    hessian: { rows: upTo(n), columns: upTo(n) },
    hessianInto(u, sigma, z, values) {
      values.fill(0);
      for (let i = 0; i < N; i++) {
        values[i + 1] += 2 * h * sigma;
        values[N + 1 + i] += 0.2 * h * sigma;
        values[i] -= z[i] * h * Math.sin(u[i]);
      }
    },
  };
}

describe("closed forms with 200 variables", () => {
  const random = createRandom(7);
  const q = Float64Array.from({ length: 200 }, () => random.normal());

  it("a linear program: the 60.5 cheapest units", () => {
    const { status, u, f } = solveNonlinear(separable(filled(200, 0), q, 60.5, 0, 1), filled(200, 0.5));
    const sorted = q.slice().sort();
    let best = 0.5 * sorted[60];
    for (let j = 0; j < 60; j++) best += sorted[j];
    expect(status).toBe("solved");
    expect(f).toBeCloseTo(best, 6);
    expect(u[q.indexOf(sorted[60])]).toBeCloseTo(0.5, 5);
  });

  it("a quadratic program: the projection onto the simplex", () => {
    // min |u + q|^2 / 2: u = max(0, -q - s) with sum 1.
    const { status, u } = solveNonlinear(separable(filled(200, 1), q, 1, 0, free), filled(200, 0));
    const down = q
      .map((v) => -v)
      .sort()
      .reverse();
    let sum = 0;
    let shift = 0;
    down.forEach((v, j) => {
      sum += v;
      if (v > (sum - 1) / (j + 1)) shift = (sum - 1) / (j + 1);
    });
    expect(status).toBe("solved");
    for (let j = 0; j < 200; j++) expect(Math.abs(u[j] - Math.max(0, -q[j] - shift))).toBeLessThan(1e-6);
  });
});

describe("a chain of Euler steps", () => {
  it("dense and sparse linear algebra agree", () => {
    const [dense, sparse] = (["dense", "sparse"] as const).map((linear) =>
      solveNonlinear(chain(60), new Float64Array(121), { linear }),
    );
    expect(dense.status).toBe("solved");
    expect(sparse.status).toBe("solved");
    expect(Math.abs(dense.f - sparse.f)).toBeLessThan(1e-9);
    expect(sparse.iterations).toBe(dense.iterations);
  });

  it("5,000 steps, 15,000 unknowns", () => {
    const result = solveNonlinear(chain(5000), new Float64Array(10001));
    expect(result.status).toBe("solved");
    expect(result.iterations).toBeLessThan(30);
    const { stationarity, violation, complementarity } = result.residuals;
    for (const r of [stationarity, violation, complementarity]) expect(r).toBeLessThan(1e-7);
    // Euler's error is of first order: twice the steps, half the difference.
    const [a, b] = [1250, 2500].map((N) => solveNonlinear(chain(N), new Float64Array(2 * N + 1)).f);
    expect((b - result.f) / (a - b)).toBeCloseTo(0.5, 1);
  });
});

/** Sum of the violations of the rows. */
function violation(program: NonlinearProgram, u: Float64Array): number {
  const c = new Float64Array(program.rows);
  program.constraintsInto(u, c);
  return c.reduce((s, v, i) => s + Math.max(0, program.rowLower[i] - v, v - program.rowUpper[i]), 0);
}

describe.each(["dense", "sparse"] as const)("three hundred random degenerate programs, %s", (linear) => {
  it("end at first-order points, or where the violation is stationary", () => {
    const random = createRandom(5);
    const statuses: Record<string, number> = {};
    for (let seed = 1; seed <= 300; seed++) {
      const { program, start } = randomProgram(seed);
      const { status, residuals, u } = solveNonlinear(program, start, { linear });
      statuses[status] = (statuses[status] ?? 0) + 1;
      if (status === "solved") {
        expect(residuals.stationarity / residuals.stationarityScale).toBeLessThan(1e-6);
        expect(residuals.violation).toBeLessThan(1e-7);
      }
      if (status === "infeasible") {
        // No direction of first-order descent among a thousand.
        const here = violation(program, u);
        const radius = 1e-4;
        for (let k = 0; k < 1000; k++) {
          const v = u.map((x, j) =>
            Math.min(program.upper[j], Math.max(program.lower[j], x + radius * (2 * random.uniform() - 1))),
          );
          expect(violation(program, v)).toBeGreaterThan(here - 1e-2 * radius);
        }
      }
    }
    const { solved = 0, acceptable = 0, infeasible = 0 } = statuses;
    expect(solved + acceptable + infeasible).toBe(300);
    expect(solved).toBeGreaterThanOrEqual(280);
  });
});
