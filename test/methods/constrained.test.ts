/** Plain runs of the methods for constrained lower levels: right answers, multipliers, and no claim without a certificate. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compile, solve } from "../../src/api.js";
import type { Result } from "../../src/methods/result.js";

const file = (name: string): string =>
  readFileSync(new URL(`../acceptance/problems/${name}.blo`, import.meta.url), "utf8");

async function run(source: string, method?: string): Promise<Result> {
  const { problem, diagnostics } = await compile(source);
  if (problem === undefined) throw new Error(diagnostics.map((d) => d.message).join("; "));
  return solve(problem, method === undefined ? {} : { method });
}

const all = ["blocc", "lv-hba", "bic-gaffa", "bvfim"];

describe.each(all)("%s without options", (method) => {
  it("solves C1 with its multiplier", async () => {
    const { status, x, y, multipliers } = await run(file("C1"), method);
    expect(status).toBe("converged");
    expect(x[0]).toBeCloseTo(1.5, 6);
    expect(y[0]).toBeCloseTo(1.5, 6);
    expect(multipliers?.above).toBeCloseTo(1.5, 6);
  });
  it("solves C3, with many lower solutions and an equality, with its multiplier", async () => {
    const { status, x, y, multipliers } = await run(file("C3"), method);
    expect(status).toBe("converged");
    for (const v of x) expect(v).toBeCloseTo(-0.3, 5);
    [0.7, 0.7, -0.4, -0.4].forEach((v, j) => {
      expect(y[j]).toBeCloseTo(v, 5);
    });
    expect(multipliers?.balance).toBeCloseTo(-1, 6);
  });
});

describe("automatic choice", () => {
  it("a nonlinear row: the minimum over x of the hyper-objective by brute force", async () => {
    const source = `
upper { var x in [-3, 3] init 0.5; minimize (x - 1)^2 + (y[1] + y[2] - 1)^2 }
lower { var y[2]; minimize (y[1] - 2)^2 + (y[2] - x)^2; subject to ball: sumsq(y) <= 1 + x^2 }`;
    const { status, method, x, upper } = await run(source);
    expect(status).toBe("converged");
    expect(method).toBe("kkt-sensitivity");
    // y is the projection of (2, x) onto the ball of radius sqrt(1 + x²).
    const phi = (t: number): number => {
      const shrink = Math.min(1, Math.sqrt((1 + t * t) / (4 + t * t)));
      return (t - 1) ** 2 + (shrink * (2 + t) - 1) ** 2;
    };
    let best = Number.POSITIVE_INFINITY;
    for (let t = -3; t <= 3; t += 1e-4) best = Math.min(best, phi(t));
    expect(upper.objective).toBeCloseTo(best, 7);
    expect(phi(x[0])).toBeCloseTo(best, 7);
  });
  it("linear at both levels, from an x without feasible y: a vertex", async () => {
    const { status, x, y } = await run(`
upper { var x in [0, 10]; minimize -x - 4y }
lower {
  var y in [0, 10]
  minimize y
  subject to
    a: x + y >= 3
    b: y <= 2x
    c: 2x + y <= 12
    d: 3x - 2y <= 4
}`);
    expect(status).toBe("converged");
    expect(x[0]).toBeCloseTo(4, 4);
    expect(y[0]).toBeCloseTo(4, 4);
  });
  it("constraints of both levels", async () => {
    const { status, x, y } = await run(`
upper { var x; minimize (x - 3)^2 + (y - 2)^2; subject to C: x + y <= 4 }
lower { var y; minimize 0.5(y - x)^2; subject to above: y >= 0.5x + 0.25 }`);
    // y = x for x >= 0.5: (x - 3)² + (x - 2)² subject to x <= 2.
    expect(status).toBe("converged");
    expect(x[0]).toBeCloseTo(2, 4);
    expect(y[0]).toBeCloseTo(2, 4);
  });
  it("no feasible lower point at any x: nothing is claimed", async () => {
    const { status } = await run(`
upper { var x in [-1, 1]; minimize x^2 }
lower { var y; minimize y^2; subject to low: y >= 3 + x; high: y <= 1 - x^2 }`);
    expect(status).not.toBe("converged");
  });
});

describe("published loops", () => {
  it("a fixed penalty claims its own stationarity; the certificate refuses the biased point", async () => {
    const { problem } = await compile(file("C3"));
    if (problem === undefined) throw new Error("C3 does not compile");
    const options = { alpha: 0.02, beta: 0.02, eta: 0.05, c0: 10, p: 0 };
    const { status } = await solve(problem, { method: "bic-gaffa", options, iterations: 200000 });
    expect(status).toBe("uncertified");
  });
});
