/**
 * Implicit differentiation through first-order conditions: hypergradients against differences of the hyper-objective, on each
 * smooth piece and on both sides of kinks; lower solutions against the interior point method; plain runs against brute force.
 */
import { describe, expect, it } from "vitest";
import { compile, solve } from "../../src/api.js";
import { generated } from "../../src/codegen/backend.js";
import { KktEvaluator } from "../../src/methods/constrained/kktEvaluator.js";
import { HyperPoint } from "../../src/methods/kit/hyperPoint.js";
import type { Result } from "../../src/methods/result.js";
import { ProgramSolver } from "../../src/methods/singleLevel/programSolver.js";
import type { Problem } from "../../src/model/problem.js";
import { createRandom, type Random } from "../../src/num/random.js";
import { compileOracle } from "../../src/oracle/compile.js";
import { lowerSensitivity } from "../../src/reform/lowerSensitivity.js";

async function problemOf(source: string): Promise<Problem> {
  const { problem, diagnostics } = await compile(source);
  if (problem === undefined) throw new Error(diagnostics.map((d) => d.message).join("; "));
  return problem;
}

async function evaluatorOf(source: string): Promise<{ readonly evaluator: KktEvaluator; readonly p: HyperPoint }> {
  const problem = await problemOf(source);
  const oracle = compileOracle(problem);
  const model = lowerSensitivity(problem, generated);
  const evaluator = new KktEvaluator(oracle, model, new ProgramSolver(oracle, () => false), undefined);
  return { evaluator, p: new HyperPoint(oracle.n, oracle.m) };
}

async function run(source: string, options: Record<string, number> = {}): Promise<Result> {
  return solve(await problemOf(source), { method: "kkt-sensitivity", options });
}

/** Row by row, for array literals. */
const text = (rows: readonly (readonly number[])[]): string =>
  `[${rows.map((r) => `[${r.map((v) => v.toFixed(6)).join(", ")}]`).join(", ")}]`;

const table = (random: Random, k: number, l: number): number[][] =>
  Array.from({ length: k }, () => Array.from({ length: l }, () => random.normal()));

/** A random strictly convex lower level with rows, an equality and bounds; parameters in every place. */
function quadratic(seed: number): string {
  const random = createRandom(seed);
  return `
param W = ${text(table(random, 5, 5))}
param C = ${text(table(random, 5, 2))}
param A = ${text(table(random, 3, 5))}
param B = ${text(table(random, 3, 2))}
param t = ${text(table(random, 1, 5))}
upper {
  var x[2] in [-3, 3]
  minimize sumsq(y - t[1, :]) + 0.3 * sumsq(x) + x[1] * y[2] + sin(y[3])
}
lower {
  var y[5] in [-1, 1.5]
  minimize 0.5 * sumsq(W * y) + 0.5 * sumsq(y) + dot(C * x, y)
  subject to
    rows: A * y <= 0.4 + B * x
    balance: y[1] + y[2] - y[5] == 0.2 * x[1]
}`;
}

const curved = `
upper { var x[2] in [-2, 2]; minimize (y[1] - 1)^2 + (y[2] + x[1])^2 + y[3]^2 + 0.1 * x[2]^2 }
lower {
  var y[3]
  minimize exp(y[1] - x[1]) + exp(x[2] - y[2]) + y[1]^2 + y[2]^2 + (y[3] - x[1] * x[2])^2 + 0.1 * y[1] * y[3]
  subject to
    ball: sumsq(y) <= 1 + 0.3 * x[1]^2
    cut: y[1] * exp(0.2 * x[2]) + y[2] <= 0.3
}`;

describe("hypergradients", () => {
  const sources: readonly (readonly [string, string])[] = [
    ["quadratic 1", quadratic(1)],
    ["quadratic 2", quadratic(2)],
    ["quadratic 3", quadratic(3)],
    ["curved", curved],
  ];
  it.each(sources)("%s: central differences of phi at many x, through changes of the active set", async (_, source) => {
    const { evaluator, p } = await evaluatorOf(source);
    const sets = new Set<string>();
    let compared = 0;
    const phi = (x: readonly number[]): { value: number; set: string } => {
      p.x.set(x);
      evaluator.evaluate(p);
      expect(p.finite).toBe(true);
      return { value: p.phi, set: `${evaluator.lower.active.rows} ${evaluator.lower.active.bounds}` };
    };
    for (let k = 0; k < 40; k++) {
      const x = [1.5 * Math.sin(0.7 * k), 1.5 * Math.cos(1.1 * k)];
      const { set } = phi(x);
      if (evaluator.lower.violation > 0) continue;
      const G = p.G.slice();
      expect(p.lowerResidual).toBeLessThan(1e-9);
      sets.add(set);
      for (let i = 0; i < 2; i++) {
        const h = 1e-5;
        const up = phi(x.map((v, j) => (j === i ? v + h : v)));
        const down = phi(x.map((v, j) => (j === i ? v - h : v)));
        if (up.set !== set || down.set !== set) continue;
        compared++;
        expect(Math.abs((up.value - down.value) / (2 * h) - G[i])).toBeLessThan(1e-6 * (1 + Math.abs(G[i])));
      }
    }
    expect(sets.size).toBeGreaterThan(2);
    expect(compared).toBeGreaterThan(30);
  });
});

describe("at kinks and beyond", () => {
  const kink = `
upper { var x in [-2, 2] init 1; minimize (x + 0.5)^2 + y }
lower { var y; minimize (y - x)^2; subject to above: y >= 0 }`;
  it("gives the gradient of the piece on each side: y = max(x, 0)", async () => {
    const { evaluator, p } = await evaluatorOf(kink);
    for (const [x, G] of [
      [1, 4],
      [1e-6, 2 + 2e-6],
      [-1e-6, 1 - 2e-6],
      [-1, -1],
    ]) {
      p.x[0] = x;
      evaluator.evaluate(p);
      expect(p.G[0]).toBeCloseTo(G, 9);
      expect(evaluator.lower.weak).toBe(0);
    }
    p.x[0] = 0;
    evaluator.evaluate(p);
    expect(evaluator.lower.weak).toBe(1);
    expect([1, 2]).toContain(Math.round(p.G[0] * 1e9) / 1e9);
  });
  it("solves a problem whose solution is a kink, and says so", async () => {
    // phi = 0.5 (x - 1)² + 3 max(x, 0): at 0 slopes -1 and 2
    const { status, x, warnings } = await run(`
upper { var x in [-2, 2] init 1; minimize 0.5 * (x - 1)^2 + 3 * y }
lower { var y; minimize (y - x)^2; subject to above: y >= 0 }`);
    expect(status).toBe("converged");
    expect(Math.abs(x[0])).toBeLessThan(1e-6);
    expect(warnings).toBeDefined();
  });
  it.each([
    // phi = 0.5 (x + 1)² + 3 |x - 0.5|-like kink at 0.5: slopes 1.5 - 3 and 1.5
    [
      "one kink",
      "upper { var x in [-2, 2] init -1; minimize 0.5 * (x + 1)^2 + 3 * y - 3 * (x - 0.5) } lower { var y >= 0; minimize (y - x + 0.5)^2; subject to cap: y <= 9 }",
      [0.5],
    ],
    // phi = (x1 - 1)² + (x2 - 2)² + 10 |x1 - x2|: the solution is smooth along the kink x1 = x2
    [
      "along a kink",
      "upper { var x[2] in [-4, 4] init [3, -3]; minimize (x[1] - 1)^2 + (x[2] - 2)^2 + 10 * sum(y) } lower { var y[2] >= 0; minimize (y[1] - x[1] + x[2])^2 + (y[2] + x[1] - x[2])^2; subject to cap: sum(y) <= 99 }",
      [1.5, 1.5],
    ],
    // curved kink x2 = x1², phi = (x1 - 1)² + (x2 - 3)² + 20 |x2 - x1²|: min over x1 of (x1 - 1)² + (x1² - 3)²
    [
      "along a curved kink",
      "upper { var x[2] in [-4, 4] init [2, 0]; minimize (x[1] - 1)^2 + (x[2] - 3)^2 + 20 * sum(y) } lower { var y[2] >= 0; minimize (y[1] - x[2] + x[1]^2)^2 + (y[2] + x[2] - x[1]^2)^2; subject to cap: sum(y) <= 99 }",
      undefined,
    ],
    // two kinks meet at the solution 0 of l1-like terms, one of them only one-sided
    [
      "where kinks meet",
      "upper { var x[3] in [-3, 3] init [1, 2, -1]; minimize 0.5 * sumsq(x - 0.3) + 2 * sum(y) } lower { var y[6] >= 0; minimize sumsq(y[1:3] - x) + sumsq(y[4:6] + x); subject to cap: sum(y) <= 99 }",
      [0, 0, 0],
    ],
  ] as const)("%s: certified to 1e-9 at the minimum", async (_, source, answer) => {
    const { status, x, certificate, reason, warnings } = await run(source);
    expect(status).toBe("converged");
    expect(certificate?.certified).toBe(true);
    const expected = answer ?? curvedAnswer();
    for (const [i, v] of expected.entries()) expect(Math.abs(x[i] - v)).toBeLessThan(1e-8);
    expect(`${reason} ${JSON.stringify(warnings)}`).toContain("negative in no direction");
  });
  it("leaves a point whose own piece is stationary: phi = 0.5 x² - max(x, 0) from 0", async () => {
    const { status, x } = await run(`
upper { var x in [-2, 2] init 0; minimize 0.5 * x^2 - y }
lower { var y >= 0; minimize (y - x)^2; subject to cap: y <= 9 }`);
    expect(status).toBe("converged");
    expect(x[0]).toBeCloseTo(1, 8);
  });
  it("leaves a kink with multipliers that are not unique, along the one that maximises dᵀ ∇x L", async () => {
    // y = min(x1, x2, 0.5 (x1 + x2) + 0.1): all rows hold at 0 + their limits; phi falls where y grows
    const { status, x, y } = await run(`
upper { var x[2] in [-1, 1] init [0, 0]; minimize sumsq(x - 0.4) - 3 * y }
lower { var y; minimize (y - 5)^2; subject to one: y <= x[1]; two: y <= x[2]; mean: 2 * y <= x[1] + x[2]; twice: 2 * y <= 2 * x[1] }`);
    // x1 = x2 = t: 2 (t - 0.4)² - 3 t: t = 1.15, cut at 1
    expect(status).toBe("converged");
    expect(x[0]).toBeCloseTo(1, 8);
    expect(x[1]).toBeCloseTo(1, 8);
    expect(y[0]).toBeCloseTo(1, 8);
  });
  it("leaves dependent rows out: the same row twice, and three rows through a vertex of the plane", async () => {
    const source = `
upper { var x in [-2, 2] init 0.5; minimize (x - 1)^2 + sumsq(y) }
lower {
  var y[2]
  minimize sumsq(y - 3)
  subject to
    first: y[1] <= x
    twice: 2 * y[1] <= 2 * x
    second: y[2] <= x
    sum: y[1] + y[2] <= 2 * x
}`;
    const { evaluator, p } = await evaluatorOf(source);
    p.x[0] = 0.5;
    evaluator.evaluate(p);
    expect(evaluator.lower.active.rows.reduce((s, r) => s + r, 0)).toBe(2);
    // phi = (x - 1)² + 2 x²
    expect(p.G[0]).toBeCloseTo(2 * (0.5 - 1) + 4 * 0.5, 9);
    const { status, x } = await run(source);
    expect(status).toBe("converged");
    expect(x[0]).toBeCloseTo(1 / 3, 8);
  });
  it("starts where the lower level is infeasible, and ends at the border of those where it is not", async () => {
    // feasible for x >= 1 only, where y = 1; phi = x² there
    const { status, x, y } = await run(`
upper { var x in [-4, 4] init -3; minimize x^2 + y }
lower { var y in [-5, 1]; minimize (y - 4)^2; subject to above: y >= 2 - x }`);
    expect(status).toBe("converged");
    expect(x[0]).toBeCloseTo(1, 6);
    expect(y[0]).toBeCloseTo(1, 6);
  });
  it("singular lower Hessians: the optimistic solution among many", async () => {
    // lower solutions: y1 + y2 = x, y >= 0; the upper level wants y2 = 0.25: min (x - 1)² + (y1 - x)² + (y2 - 0.25)²
    const { status, x, y } = await run(`
upper { var x in [0, 2] init 0.5; minimize (x - 1)^2 + (y[1] - x)^2 + (y[2] - 0.25)^2 }
lower { var y[2] >= 0; minimize (y[1] + y[2] - x)^2; subject to cap: y[2] <= 5 }`);
    expect(status).toBe("converged");
    expect(x[0]).toBeCloseTo(1, 5);
    expect(y[1]).toBeCloseTo(0.125, 5);
  });
});

/** The least (t - 1)² + (t² - 3)² by bisection of its slope, as (t, t²). */
function curvedAnswer(): readonly number[] {
  let low = 1.2;
  let high = 2;
  for (let k = 0; k < 60; k++) {
    const t = (low + high) / 2;
    if (2 * (t - 1) + 4 * t * (t * t - 3) > 0) high = t;
    else low = t;
  }
  return [low, low * low];
}

/** A chain: neighbours are coupled in the objective and in the rows. */
const chain = `
param m = 30
upper {
  var x[3] in [-2, 2]
  minimize sum(i in 1..m: (y[i] - 0.4 - 0.2 * sin(i))^2) / m + 0.1 * sum(log(1 + exp(x))) + 0.1 * sum((x - 1).^4)
}
lower {
  var y[m] >= 0
  minimize sum(i in 1..m: 0.5 * (1 + 0.05 * i) * y[i]^2 - (0.5 + 0.3 * cos(3 * i) + 0.4 * sin(i) * x[1] + 0.2 * x[2]) * y[i])
    + 0.3 * sum(i in 1..m - 1: (y[i + 1] - y[i])^2)
  subject to
    rows: forall i in 1..m - 1: y[i] + y[i + 1] <= 0.9 + 0.1 * x[3]
}`;

describe("larger lower levels", () => {
  it("are what a plain run takes it for, and it comes to what a complementarity program comes to", async () => {
    const problem = await problemOf(chain);
    const plain = await solve(problem);
    expect(plain.status).toBe("converged");
    expect(plain.method).toBe("kkt-sensitivity");
    const other = await solve(problem, { method: "kkt-mpcc" });
    expect(plain.upper.objective).toBeLessThan(other.upper.objective + 1e-6);
    expect(plain.upper.objective).toBeGreaterThan(other.upper.objective - 1e-5);
  });
});

/** A convex quadratic lower level of rank 8 in 40 variables, with rows and bounds: solutions are vertices of faces of the polyhedron. */
function singular(seed: number): string {
  const random = createRandom(seed);
  const [n, m, k, rank] = [4, 40, 20, 8];
  const W = table(random, rank, m).map((row) => row.map((v) => v / Math.sqrt(m)));
  const typical = Array.from({ length: m }, () => Math.max(0, random.normal()));
  const along = W.map((row) => row.reduce((s, v, j) => s + v * typical[j], 0));
  const c = typical.map((_, j) => -W.reduce((s, row, l) => s + row[j] * along[l], 0) + 0.5 * random.normal());
  const A = Array.from({ length: k }, () =>
    Array.from({ length: m }, () => (random.uniform() < 0.2 ? random.uniform() : 0)),
  );
  const b = A.map((row) => 0.1 + 0.9 * row.reduce((s, v, j) => s + v * typical[j], 0));
  return `
param W = ${text(W)}
param C = ${text(table(random, m, n).map((row) => row.map((v) => v / 2)))}
param c = ${text([c])}
param A = ${text(A)}
param b = ${text([b])}
param t = ${text([typical.map((v) => 0.5 * v)])}
upper { var x[${n}] in [-2, 2]; minimize sumsq(y - t[1, :]) / ${m} + 0.5 * sumsq(x - 0.4) / ${n} }
lower {
  var y[${m}] in [0, 4]
  minimize 0.5 * sumsq(W * y) + dot(c[1, :] + C * x, y)
  subject to  rows: A * y <= b[1, :]
}`;
}

describe("singular lower Hessians with constraints", () => {
  it.each([1, 2, 3])("seed %i: certified, and no worse than points around", async (seed) => {
    const source = singular(seed);
    const { status, x, upper } = await run(source);
    expect(status).toBe("converged");
    const { evaluator, p } = await evaluatorOf(source);
    const random = createRandom(seed);
    for (let trial = 0; trial < 200; trial++) {
      const reach = 10 ** -(2 + (trial % 4));
      p.x.set(x.map((v) => Math.min(2, Math.max(-2, v + reach * random.normal()))));
      evaluator.evaluate(p);
      if (p.finite) expect(p.phi).toBeGreaterThan(upper.objective - 1e-6 * reach - 1e-7);
    }
  });
});

describe("plain runs", () => {
  it("with multipliers of rows and of rows that are bounds", async () => {
    // y = min(x, 1) with multiplier 2 (x - 1) of cap; min (x - 3)² + y: x = 3, multiplier 4
    const { status, x, multipliers } = await run(`
upper { var x in [-5, 5] init 0; minimize (x - 3)^2 + y }
lower { var y; minimize (y - x)^2; subject to cap: y <= 1 }`);
    expect(status).toBe("converged");
    expect(x[0]).toBeCloseTo(3, 7);
    expect(multipliers?.cap).toBeCloseTo(4, 6);
  });
  it.each([1, 2])("a random quadratic %i: brute force over x", async (seed) => {
    const source = quadratic(seed);
    const { status, x, upper } = await run(source);
    expect(status).toBe("converged");
    const { evaluator, p } = await evaluatorOf(source);
    let best = Number.POSITIVE_INFINITY;
    for (let reach = 0.5; reach > 1e-5; reach *= 0.5) {
      for (let i = -4; i <= 4; i++) {
        for (let j = -4; j <= 4; j++) {
          p.x[0] = Math.min(3, Math.max(-3, x[0] + (reach * i) / 4));
          p.x[1] = Math.min(3, Math.max(-3, x[1] + (reach * j) / 4));
          evaluator.evaluate(p);
          if (p.finite && evaluator.lower.violation < 1e-12) best = Math.min(best, p.f);
        }
      }
    }
    expect(upper.objective).toBeLessThanOrEqual(best + 1e-8 * (1 + Math.abs(best)));
  });
});
