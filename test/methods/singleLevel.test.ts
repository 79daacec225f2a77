/** Single-level methods: the pieces of the portfolio against closed forms and brute force, and the filter against known traps. */
import { describe, expect, test } from "vitest";
import { compile } from "../../src/api.js";
import { generated } from "../../src/codegen/backend.js";
import { methodOf } from "../../src/methods/registry.js";
import { runMethod } from "../../src/methods/run.js";
import { AugmentedProgram } from "../../src/methods/singleLevel/augmented.js";
import { KktModel } from "../../src/methods/singleLevel/kktModel.js";
import { EvenSequence } from "../../src/methods/singleLevel/portfolio/sequence.js";
import { compileOracle } from "../../src/oracle/compile.js";
import { compileProgram } from "../../src/reform/compile.js";
import { kktProgram } from "../../src/reform/kkt.js";
import { rowBounds } from "../../src/reform/rowBounds.js";
import { cutProgram } from "../../src/reform/valueCuts.js";
import { valueSystem } from "../../src/reform/valueSystem.js";

async function problemOf(text: string) {
  const { problem, diagnostics } = await compile(text);
  expect(diagnostics.filter((d) => d.severity === "error")).toEqual([]);
  return problem!;
}

async function run(id: string, text: string, iterations = 3000) {
  const oracle = compileOracle(await problemOf(text));
  return runMethod(methodOf(id), oracle, { limits: { iterations }, now: () => 0, traceRows: 0 });
}

const C1 = `upper { var x init 0.3; minimize 0.5(x - 1)^2 + 0.5(y - 2)^2 }
lower { var y init 0.5; minimize 0.5y^2; subject to  above: x - y <= 0 }`;

describe("programs", () => {
  test("constraints that are bounds become bounds, with their multipliers; coupling ones stay rows", async () => {
    const problem = await problemOf(`upper { var x[2]; minimize sumsq(x) + y; subject to
      low: 3 - 2x[1] <= 0
      both: forall i in 1..2: x[i] <= 7
      coupling: y <= 5
      mixed: x[1] + x[2] <= 9 }
    lower { var y; minimize (y - x[1])^2; subject to  floor: 1 - 4y <= 0 }`);
    const found = rowBounds(problem);
    const byName = new Map([...found].map(([c, held]) => [c.name, held]));
    expect([...byName.keys()].sort()).toEqual(["both", "floor", "low"]);
    expect(byName.get("low")?.value[0]).toBe(1.5);
    const kkt = kktProgram(problem, "none");
    expect(Array.from(kkt.x.lower)).toEqual([1.5, Number.NEGATIVE_INFINITY]);
    expect(Array.from(kkt.x.upper)).toEqual([7, 7]);
    expect(kkt.y.lower[0]).toBe(0.25);
    // the multiplier of 1 - 4y <= 0 counts in the row's own units: 2 (y - x1) - 4 z = 0
    const u = new KktModel(compileOracle(problem)).start(Float64Array.of(-2, 0), Float64Array.of(0.25));
    expect(u[3]).toBeCloseTo((2 * (0.25 + 2)) / 4, 10);
  });

  test("value cuts hold exactly where a point is lower or not feasible", async () => {
    const problem = await problemOf(`upper { var x; minimize x + y }
    lower { var y; minimize y^3 - 3y; subject to  x - y - 3 <= 0 }`);
    const program = cutProgram(problem, 1, false);
    const compiled = compileProgram(program, generated);
    const g = (y: number): number => y ** 3 - 3 * y;
    const rows = new Float64Array(compiled.rows);
    for (const [x, y, point] of [
      [0.5, 1, -2.5],
      [0.5, -2.5, -2.5],
      [2, 1, -2.5],
      [1, 0, 1],
      [1, 1, 0],
    ]) {
      compiled.parameters.set([0, point]);
      // the least value of the row over the weights is at a vertex of the simplex
      const least = Math.min(
        ...[1, 0].map((w) => {
          compiled.constraintsInto(Float64Array.of(x, y, w, 1 - w), rows);
          return rows[rows.length - 1];
        }),
      );
      expect(least <= 0).toBe(g(y) <= g(point) || x - point - 3 >= 0);
    }
  });

  test("the system of the value function vanishes at a solution with its multipliers", async () => {
    const system = compileProgram(valueSystem(await problemOf(C1)), generated);
    const rows = new Float64Array(system.rows);
    for (const lambda of [0.5, 4]) {
      system.parameters[0] = lambda;
      // x = y = z = 1.5, w = y = 1.5; stationarity in y: y - 2 + λ y - v = 0
      system.constraintsInto(Float64Array.of(1.5, 1.5, 1.5, 1.5, -0.5 + 1.5 * lambda), rows);
      for (const r of rows) expect(Math.abs(r)).toBeLessThan(1e-12);
    }
  });

  test("derivatives of the augmented Lagrangian agree with differences", async () => {
    const inner = compileProgram(kktProgram(await problemOf(C1), "fischer"), generated);
    inner.parameters[0] = 0.1;
    const program = new AugmentedProgram(inner);
    program.rho = 3;
    program.mu.fill(0.4);
    const u = Float64Array.of(0.7, 1.1, 0.6);
    const slope = new Float64Array(3);
    program.gradientInto(u, slope);
    const H = new Float64Array(6);
    program.hessianInto(u, 1, new Float64Array(0), H);
    for (let j = 0; j < 3; j++) {
      const at = (h: number): Float64Array => u.map((v, i) => (i === j ? v + h : v));
      const h = 1e-5;
      expect(slope[j]).toBeCloseTo((program.value(at(h)) - program.value(at(-h))) / (2 * h), 7);
      const [a, b] = [new Float64Array(3), new Float64Array(3)];
      program.gradientInto(at(h), a);
      program.gradientInto(at(-h), b);
      for (let i = j; i < 3; i++) expect(H[(i * (i + 1)) / 2 + j]).toBeCloseTo((a[i] - b[i]) / (2 * h), 6);
    }
  });

  test("even sequences fill every half and quarter of a box evenly", () => {
    for (const d of [1, 2, 5]) {
      const sequence = new EvenSequence(d);
      const point = new Float64Array(d);
      const counts = new Int32Array(4 * d);
      for (let k = 0; k < 64; k++) {
        sequence.into(k, new Float64Array(d).fill(-1), new Float64Array(d).fill(1), point);
        point.forEach((v, j) => {
          counts[4 * j + Math.floor(2 * (v + 1))]++;
        });
      }
      for (const c of counts) expect(Math.abs(c - 16)).toBeLessThanOrEqual(3);
    }
  });
});

describe("kkt-auto", () => {
  test("lower levels that are not convex: stationary points and local solutions are refused", async () => {
    // y^3 - 3y over y >= x - 3: y = 1 for x >= 1, y = x - 3 below; f = (x - 0.5)² + (y - 2)² is least at x = 1
    const outcome = await run(
      "kkt-auto",
      `upper { var x in [0, 4]; minimize (x - 0.5)^2 + (y - 2)^2 }
       lower { var y; minimize y^3 - 3y; subject to  x - y - 3 <= 0 }`,
    );
    expect(outcome.status).toBe("converged");
    expect(outcome.value).toBeCloseTo(1.25, 5);
    expect(outcome.x[0]).toBeGreaterThan(1 - 1e-3);
  });

  test("solutions without multipliers are found by direct search", async () => {
    // y² <= 0 has no Slater point: y = 0 at every x, and no multiplier balances the slope of (y - 1)²
    const outcome = await run(
      "kkt-auto",
      `upper { var x in [-1, 2]; minimize (x - 1)^2 + y }
       lower { var y init 1; minimize (y - 1)^2; subject to  y^2 <= 0 }`,
    );
    expect(outcome.value).toBeCloseTo(0, 3);
    expect(outcome.x[0]).toBeCloseTo(1, 2);
  });

  test("the optimistic one of many lower solutions", async () => {
    const outcome = await run(
      "kkt-auto",
      `upper { var x in [-1, 1]; minimize (x - 0.25)^2 + y[2] }
       lower { var y[2] in [-1, 1]; minimize (y[1] - x)^2 }`,
    );
    expect(outcome.value).toBeCloseTo(-1, 6);
    expect(outcome.x[0]).toBeCloseTo(0.25, 3);
  });

  test("no feasible point: stalled with a reason", async () => {
    const outcome = await run(
      "kkt-auto",
      `upper { var x in [0, 1]; minimize x; subject to  y >= 5 }
       lower { var y in [0, 10]; minimize (y - x)^2 }`,
    );
    expect(outcome.status).toBe("stalled");
    expect(outcome.reason).toContain("keeps all constraints");
  });

  test("starts where functions are not finite", async () => {
    const outcome = await run(
      "kkt-auto",
      `upper { var x init 0; minimize (x - 2)^2 + y^2; subject to  0.5 - x <= 0 }
       lower { var y init 0; minimize y - log(y) / x; subject to  0.1 - y <= 0 }`,
    );
    // y = max(0.1, 1/x): phi = (x - 2)² + 1/x²
    const phi = (x: number): number => (x - 2) ** 2 + 1 / (x * x);
    let least = Number.POSITIVE_INFINITY;
    for (let x = 0.5; x < 4; x += 1e-4) least = Math.min(least, phi(x));
    expect(outcome.status).toBe("converged");
    expect(outcome.value).toBeCloseTo(least, 5);
  });

  test("the same bytes for the same problem; budgets end it between pieces", async () => {
    const [a, b] = [await run("kkt-auto", C1), await run("kkt-auto", C1)];
    expect(a.x).toEqual(b.x);
    expect(a.value).toBe(b.value);
    expect(a.multipliers?.[0]).toBeCloseTo(1.5, 6);
    const cut = await run("kkt-auto", C1, 6);
    expect(cut.status).toBe("iteration-limit");
    expect(cut.value).toBeCloseTo(0.25, 6);
  });
});

describe("answers of relaxed paths are sharp", () => {
  test.each(["kkt-mpcc", "kkt-fb"])("%s: an undecided pair is decided both ways", async (id) => {
    // y = max(x, 0), f pulls x to 0 from both sides: the pair is (0, 0) at the solution
    const outcome = await run(
      id,
      `upper { var x init 1; minimize x^2 + (y - x)^2 + 0.5y }
       lower { var y init 1; minimize (y - x)^2; subject to  -y <= 0 }`,
    );
    expect(outcome.status).toBe("converged");
    expect(outcome.x[0]).toBeCloseTo(0, 5);
    expect(outcome.y[0]).toBeCloseTo(0, 5);
    expect(outcome.value).toBeCloseTo(0, 9);
  });
});
