/**
 * Upper constraints through an augmented Lagrangian around methods that have none: its derivatives against differences, plain
 * runs against closed forms and brute force, multipliers against them.
 */
import { describe, expect, it } from "vitest";
import { compile, solve } from "../../src/api.js";
import { augmentedOracle } from "../../src/methods/kit/augmentedOracle.js";
import type { Result } from "../../src/methods/result.js";
import type { Problem } from "../../src/model/problem.js";
import { compileOracle } from "../../src/oracle/compile.js";

async function problemOf(source: string): Promise<Problem> {
  const { problem, diagnostics } = await compile(source);
  if (problem === undefined) throw new Error(diagnostics.map((d) => d.message).join("; "));
  return problem;
}

async function run(source: string, method: string): Promise<Result> {
  return solve(await problemOf(source), { method });
}

const smooth = [
  "aid-auto",
  "aid-cg",
  "aid-fp",
  "aid-neumann",
  "ift-direct",
  "itd",
  "itd-forward",
  "f2ba",
  "kkt-sensitivity",
];

describe("the augmented objective", () => {
  it("has the derivatives of its formula", async () => {
    const base = compileOracle(
      await problemOf(`
upper { var x[2]; minimize sumsq(x) * y[1] + sin(y[2] * x[1])
  subject to
    le: x[1] * y[1]^2 + exp(y[2]) <= 1.2
    idle: y[1] <= 50
    eq: x[2] * y[2] + y[1] * y[2] == 0.3 }
lower { var y[2]; minimize sumsq(y - x) }`),
    );
    const terms = { mu: Float64Array.of(0.7, 0.2, -0.4), rho: 3 };
    const { upper } = augmentedOracle(base, terms, base.startX, base.startY);
    const x = Float64Array.of(0.6, -0.3);
    const y = Float64Array.of(0.8, 0.4);
    const h = 1e-6;
    const F = (dx: number[], dy: number[]): number =>
      upper.value(
        x.map((v, i) => v + dx[i]),
        y.map((v, j) => v + dy[j]),
      );
    const c = new Float64Array(3);
    base.upper.constraints.value(x, y, c);
    const expected =
      base.upper.value(x, y) +
      (Math.max(0, 0.7 + 3 * c[0]) ** 2 - 0.49) / 6 +
      (Math.max(0, 0.2 + 3 * c[1]) ** 2 - 0.04) / 6 +
      ((-0.4 + 3 * c[2]) ** 2 - 0.16) / 6;
    expect(upper.value(x, y)).toBeCloseTo(expected, 12);
    const gx = new Float64Array(2);
    const gy = new Float64Array(2);
    upper.valueGrad(x, y, gx, gy);
    const e = (i: number): number[] => [i === 0 ? h : 0, i === 1 ? h : 0];
    const back = (v: number[]): number[] => v.map((u) => -u);
    for (let i = 0; i < 2; i++) {
      expect((F(e(i), [0, 0]) - F(back(e(i)), [0, 0])) / (2 * h)).toBeCloseTo(gx[i], 6);
      expect((F([0, 0], e(i)) - F([0, 0], back(e(i)))) / (2 * h)).toBeCloseTo(gy[i], 6);
    }
    const H = new Float64Array(4);
    upper.hessianYY(x, y, H);
    const up = new Float64Array(2);
    const down = new Float64Array(2);
    for (let j = 0; j < 2; j++) {
      upper.gradY(
        x,
        y.map((v, k) => v + e(j)[k]),
        up,
      );
      upper.gradY(
        x,
        y.map((v, k) => v - e(j)[k]),
        down,
      );
      for (let i = 0; i < 2; i++) expect((up[i] - down[i]) / (2 * h)).toBeCloseTo(H[i * 2 + j], 5);
      const unit = Float64Array.from(e(j), (v) => v / h);
      const Jv = new Float64Array(2);
      upper.jvpXY(x, y, unit, Jv);
      const other = new Float64Array(2);
      for (let i = 0; i < 2; i++) {
        upper.gradY(
          x.map((v, k) => v + e(i)[k]),
          y,
          up,
        );
        upper.gradY(
          x.map((v, k) => v - e(i)[k]),
          y,
          down,
        );
        expect((up[j] - down[j]) / (2 * h)).toBeCloseTo(Jv[i], 5);
        upper.jvpYX(
          x,
          y,
          Float64Array.from(e(i), (v) => v / h),
          other,
        );
        expect(other[j]).toBeCloseTo(Jv[i], 10);
      }
    }
  });
});

describe.each(smooth)("%s", (method) => {
  it("a coupling inequality: min (x - 2)² + (y - 2)² with y = x/2 and x + y <= 1.5", async () => {
    const { status, x, y, upperMultipliers } = await run(
      `
upper { var x in [-3, 3]; minimize (x - 2)^2 + (y - 2)^2; subject to cap: x + y <= 1.5 }
lower { var y; minimize (2 * y - x)^2 }`,
      method,
    );
    expect(status).toBe("converged");
    // x = 1, y = 0.5: 2 (x - 2) + (y - 2) + 1.5 μ = 0
    expect(x[0]).toBeCloseTo(1, 6);
    expect(y[0]).toBeCloseTo(0.5, 6);
    expect(upperMultipliers?.cap).toBeCloseTo(7 / 3, 4);
  });
});

describe("constraints of both levels", () => {
  it("an equality in y on a constrained lower level", async () => {
    // y = min(x1, x2): equality x1 + y = 1; min (x1 - 3)² + (x2 - 0.2)² + y²
    const source = `
upper { var x[2] in [-3, 3]; minimize (x[1] - 3)^2 + (x[2] - 0.2)^2 + y^2; subject to line: x[1] + y == 1 }
lower { var y; minimize (y - x[1])^2; subject to cap: y <= x[2] }`;
    const { status, upper } = await run(source, "kkt-sensitivity");
    expect(status).toBe("converged");
    let best = Number.POSITIVE_INFINITY;
    for (let a = -2; a <= 3; a += 1e-3) {
      const y = 1 - a;
      // y = min(a, b): either a = y = 0.5 <= b, or b = y <= a
      if (y <= a) best = Math.min(best, (a - 3) ** 2 + (y - 0.2) ** 2 + y * y);
    }
    expect(upper.objective).toBeLessThan(best + 1e-5);
    expect(upper.objective).toBeGreaterThan(best - 1e-3);
  });
});
