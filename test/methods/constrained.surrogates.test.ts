/** Surrogates for constrained lower levels against finite differences, lower programs against closed forms, projections against what characterises them. */
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { compile } from "../../src/api.js";
import { JointSet } from "../../src/methods/constrained/jointSet.js";
import { LowerProgram } from "../../src/methods/constrained/lowerProgram.js";
import { DifferenceHessian, Newton } from "../../src/methods/constrained/newton.js";
import { Polyhedron } from "../../src/methods/constrained/polyhedron.js";
import { Barrier } from "../../src/methods/pieces/surrogates/barrier.js";
import { ProximalLagrangian } from "../../src/methods/pieces/surrogates/proximalLagrangian.js";
import { RegularisedGap } from "../../src/methods/pieces/surrogates/regularisedGap.js";
import { createRandom } from "../../src/num/random.js";
import { compileOracle } from "../../src/oracle/compile.js";
import type { Oracle } from "../../src/oracle/oracle.js";

type Vector = Float64Array;
const never = (): boolean => false;

async function oracleOf(source: string): Promise<Oracle> {
  const { problem, diagnostics } = await compile(source);
  if (problem === undefined) throw new Error(diagnostics.map((d) => d.message).join("; "));
  return compileOracle(problem);
}

/** Nonlinear in everything, with an inequality, an equality and, where asked, upper constraints. */
const curved = (upper = "") => `
upper { var x[2] init 0.3; minimize sumsq(x) + x[1]*y[1] + exp(0.3y[2]) + y[3]^2
  ${upper} }
lower {
  var y[3] init 0.2
  minimize sumsq(y) + 0.1y[1]^4 - x[1]*y[2] + x[2]*y[1]*y[3]
  subject to
    a: y[1]^2 + y[2] + x[1]*y[3] <= 0.5 + x[2]
    b: y[1] + x[1]*y[2] + y[3] == 0.4 + sin(x[2])
}`;
const start = { x: [0.4, -0.3], y: [0.25, 0.45, 0.3], z: [0.7, -0.4] };

/** Central differences of S over all entries of the vectors against the gradients given. */
function compare(S: () => number, parts: readonly (readonly [Vector, Vector])[], within: number): void {
  for (const [v, G] of parts) {
    for (let i = 0; i < v.length; i++) {
      const at = v[i];
      const h = 1e-5;
      v[i] = at + h;
      const plus = S();
      v[i] = at - h;
      const minus = S();
      v[i] = at;
      expect(Math.abs((plus - minus) / (2 * h) - G[i])).toBeLessThan(within * (1 + Math.abs(G[i])));
    }
  }
}

describe.each(["proximal Lagrangian", "regularised gap"])("gradient of the %s", (name) => {
  it("is that of its value with the inner problem solved", async () => {
    const oracle = await oracleOf(curved());
    const steps = { gamma1: 0.7, gamma2: 1.3, radius: 100, eta: 0, beta: 0, c: () => 1 };
    const piece =
      name === "regularised gap" ? new RegularisedGap(oracle, steps) : new ProximalLagrangian(oracle, steps);
    const inner = (theta: Vector, out: Vector): number =>
      piece instanceof RegularisedGap ? piece.linear(x, y, theta, out) : piece.augmented(x, y, theta, out);
    const [x, y] = [Float64Array.from(start.x), Float64Array.from(start.y)];
    piece.z.set(start.z);
    const newton = new Newton(3);
    const differences = new DifferenceHessian(3);
    const Gx = new Float64Array(2);
    const Gy = new Float64Array(3);
    const Gz = new Float64Array(2);
    const S = (): number => {
      const fn = {
        valueGradient: inner,
        hessianInto: (at: Vector, out: Vector) => differences.into((p, g) => void inner(p, g), at, out),
      };
      newton.minimise(fn, piece.theta, 1e-13, never);
      return piece.outer(x, y, 3, Gx, Gy, Gz);
    };
    S();
    const parts = [
      [x, Gx.slice()],
      [y, Gy.slice()],
      [piece.z, Gz.slice()],
    ] as const;
    compare(S, parts, 1e-7);
    // Of a gap: never negative, whatever z, where max and min are attained.
    if (piece instanceof RegularisedGap) {
      const f = oracle.upper.value(x, y);
      expect(S() - f).toBeGreaterThan(0);
    }
  });
});

describe("value-function barrier", () => {
  it.each([
    ["with lower constraints", ""],
    ["with constraints of both levels", "subject to C: x[1] + y[1]^2 + y[2] <= 1.5"],
  ])("%s: gradients in x and y, and the minimiser over y", async (_, upper) => {
    const oracle = await oracleOf(curved(upper));
    const barrier = new Barrier(oracle, { tau: 0.2, mu1: 0.02, mu2: 0.2, theta: 0.1 });
    const [x, y] = [Float64Array.from(start.x), Float64Array.from(start.y)];
    const Gx = new Float64Array(2);
    const Gy = new Float64Array(3);
    barrier.prepare(x, never);
    y.set(barrier.z);
    y[0] += 0.01;
    const S = (): number => barrier.evaluate(x, y, Gx, Gy);
    S();
    compare(
      S,
      [
        [x, Gx.slice()],
        [y, Gy.slice()],
      ],
      1e-6,
    );
    S();
    barrier.minimiseInto(y, never);
    S();
    expect(Math.hypot(...Gy)).toBeLessThan(1e-9);
    expect(barrier.gap).toBeGreaterThan(0);
  });
});

describe("lower programs", () => {
  const QP = `
upper { var x[2] init 1; minimize sumsq(x) + y[1] }
lower {
  var y[2] in [0, 10]
  minimize 0.5sumsq(y) - x[1]*y[1] - 0.5x[2]*y[2]
  subject to
    a: y[1] + y[2] <= 2 + 0.3x[1]
    b: y[1] - y[2] <= x[2]
}`;
  it("parametric quadratic: d/dx of the value is g_x + h_xᵀ z", async () => {
    const oracle = await oracleOf(QP);
    const program = new LowerProgram(oracle);
    const value = (x: Vector): number => {
      const y = Float64Array.from([0.1, 0.1]);
      expect(program.solve(x, y, 0, never)).toBe("solved");
      return program.value;
    };
    for (const at of [
      [3, 2.5],
      [1, -0.5],
      [0.2, 0.3],
      [4, -1],
    ]) {
      const x = Float64Array.from(at);
      const y = Float64Array.from([0.1, 0.1]);
      program.solve(x, y, 0, never);
      const gx = new Float64Array(2);
      const hx = new Float64Array(2);
      oracle.lower.gradX(x, y, gx);
      program.rows.pullInto(x, y, program.z.slice(), hx, new Float64Array(2));
      compare(() => value(x), [[x, gx.map((v, i) => v + hx[i])]], 1e-7);
    }
  });
  it("closed form: projection of (x1, x2/2) onto y1 + y2 <= 2 + 0.3 x1", async () => {
    const oracle = await oracleOf(QP);
    const program = new LowerProgram(oracle);
    const y = new Float64Array(2);
    program.solve(Float64Array.from([3, 4]), y, 0, never);
    // Excess 3 + 2 - 2.9 = 2.1, shared: y = (1.95, 0.95), multiplier 1.05.
    expect(y[0]).toBeCloseTo(1.95, 11);
    expect(y[1]).toBeCloseTo(0.95, 11);
    expect(program.z[0]).toBeCloseTo(1.05, 10);
    expect(program.z[1]).toBe(0);
  });
  it("linear programme, and elastic where nothing is feasible", async () => {
    const oracle = await oracleOf(`
upper { var x; minimize x }
lower { var y; minimize y; subject to low: y >= 3 - x; high: y <= 2x }`);
    const program = new LowerProgram(oracle);
    const y = new Float64Array(1);
    expect(program.solve(Float64Array.from([2]), y, 0, never)).toBe("solved");
    expect(y[0]).toBeCloseTo(1, 11);
    expect(program.z[0]).toBeCloseTo(1, 10);
    // x = 0: 3 <= y <= 0. At price 5 for either row each y in [0, 3] violates by 3 in all; the objective takes y = 0.
    program.limit.fill(5);
    expect(program.solve(Float64Array.from([0]), y, 0, never)).toBe("solved");
    expect(y[0]).toBeCloseTo(0, 9);
    expect(program.violation).toBeCloseTo(3, 9);
    expect(program.z[0]).toBeCloseTo(5, 9);
  });
});

describe("projections", () => {
  const number = fc.integer({ min: -30, max: 30 }).map((v) => v / 10);
  test("onto polyhedra: feasible, and at an obtuse angle to every feasible point", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(number, number, number, fc.double({ min: 0, max: 2, noNaN: true })), {
          minLength: 1,
          maxLength: 7,
        }),
        fc.array(fc.tuple(number, number, number), { minLength: 6, maxLength: 6 }),
        (rows, points) => {
          // 0 is feasible: b >= 0.
          const A = rows.map(([a, b, c]) => Float64Array.from([a, b, c]));
          const b = rows.map((r) => r[3]);
          const set = new Polyhedron(A, b, new Uint8Array(rows.length));
          const violation = (u: Vector): number =>
            Math.max(...A.map((a, r) => (a[0] * u[0] + a[1] * u[1] + a[2] * u[2] - b[r]) / (Math.hypot(...a) || 1)));
          const projected = points.map((p) => {
            const u = Float64Array.from(p);
            set.project(u);
            return u;
          });
          for (const [k, p] of points.entries()) {
            const u = projected[k];
            expect(violation(u)).toBeLessThan(1e-9);
            for (const w of [new Float64Array(3), ...projected]) {
              expect(
                (p[0] - u[0]) * (w[0] - u[0]) + (p[1] - u[1]) * (w[1] - u[1]) + (p[2] - u[2]) * (w[2] - u[2]),
              ).toBeLessThan(1e-7);
            }
          }
        },
      ),
      { seed: 7, numRuns: 150 },
    );
  });
  it.each([
    ["a curved row", "var x", "var y", "x^2 + y^2 <= 1", [3, 4], [0.6, 0.8]],
    ["a row and a box", "var x in [0, 1]", "var y", "x - y <= 0", [3, 0], [1, 1]],
    ["a row and a ball", "var x", "var y[2] in ball(0, 1)", "x - y[1] <= 0", [3, 1, 0], [1, 1, 0]],
  ])("onto the lower constraints with %s", async (_, x, y, row, from, to) => {
    const oracle = await oracleOf(
      `upper { ${x} init 0.1; minimize x } lower { ${y} init 0.3; minimize sum(y)^2; subject to ${row} }`,
    );
    const set = new JointSet(oracle, createRandom(3));
    const u = Float64Array.from(from.slice(0, 1));
    const v = Float64Array.from(from.slice(1));
    set.project(u, v);
    for (const [k, value] of [...u, ...v].entries()) expect(value).toBeCloseTo(to[k], 8);
  });
});
