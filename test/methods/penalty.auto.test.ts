/** g-pbgd, bome and meha without options, judged by the certificate and by the known answers; and answers with many lower solutions. */
import { describe, expect, it } from "vitest";
import { certify } from "../../src/certify/certificate.js";
import type { Running } from "../../src/methods/kit/running.js";
import type { Method, ParameterValue } from "../../src/methods/method.js";
import type { RunOutcome } from "../../src/methods/outcome.js";
import { bome } from "../../src/methods/penalty/bome.js";
import { f2ba } from "../../src/methods/penalty/f2ba.js";
import { gPbgd } from "../../src/methods/penalty/gPbgd.js";
import { meha } from "../../src/methods/penalty/meha.js";
import { vPbgd } from "../../src/methods/penalty/vPbgd.js";
import { runMethod } from "../../src/methods/run.js";
import type { Problem } from "../../src/model/problem.js";
import { createRandom } from "../../src/num/random.js";
import { compileOracle } from "../../src/oracle/compile.js";
import { acceptanceSource, problemFrom } from "../support/compiledOracle.js";

/** Condition about 300, not quadratic. */
const ridge = await problemFrom(`
upper { var x init -1; minimize softplus(1.1y[1] + 10y[2] - 1) + softplus(y[2] - 2y[1] + 0.4) }
lower {
  var y[2]
  minimize softplus(y[1] + 8y[2]) + softplus(-1.5y[1] - y[2]) + softplus(0.3 - 9y[2]) + 0.05exp(x) * (y[1]^2 + 64y[2]^2)
}`);

const follow = (domain: string): Promise<Problem> =>
  problemFrom(`
upper { var x init 0.2; minimize (y[1] - 0.5)^2 + (y[2] - 0.2)^2 + 0.05x^2 }
lower { var y[2] ${domain}; minimize (y[1] - x)^2 + (y[2] - 0.5x)^2 + 0.4y[1]*y[2] }`);

const ball = await follow("in ball([0, 0], 0.4)");
const simplex = await follow("in simplex");

const named = (name: string): Promise<Problem> => problemFrom(acceptanceSource(name));
const [P1, E1, E53, M1, C2] = await Promise.all(["P1", "E1", "E53", "M1", "C2"].map(named));

function solve(
  method: Method<Running>,
  problem: Problem,
  parameters: Record<string, ParameterValue> = {},
): RunOutcome & { certified: boolean } {
  const oracle = compileOracle(problem);
  const run = runMethod(method, oracle, { now: () => 0, limits: { calls: 100_000 }, parameters });
  const { certified } = certify(oracle, run.x, run.y, { tolerance: 1e-6, random: createRandom(1) });
  return { ...run, certified };
}

describe("automatic mode", () => {
  const table: readonly (readonly [string, Problem, number | undefined, readonly Method<Running>[]])[] = [
    ["P1", P1, 7, [gPbgd, bome, meha]],
    ["E1", E1, 0.5, [gPbgd, bome, meha]],
    ["E53", E53, 1, [gPbgd, bome, meha]],
    ["M1", M1, 0.5, [gPbgd, bome, meha]],
    ["logistic ridge", ridge, undefined, [gPbgd, bome, meha]],
    ["C2", C2, 2, [meha]],
    ["follow, ball", ball, undefined, [meha]],
    ["follow, simplex", simplex, undefined, [meha]],
  ];
  for (const [name, problem, x, methods] of table) {
    for (const method of methods) {
      it(`${method.id} on ${name}`, () => {
        const run = solve(method, problem);
        expect(run.status, run.reason).toBe("converged");
        expect(run.certified).toBe(true);
        if (x !== undefined) expect(Math.abs(run.x[0] - x)).toBeLessThan(1e-6);
      });
    }
  }
  it("bome says that the continuation took over", () => {
    expect(solve(bome, P1).reason).toContain("the continuation on the value gap went on from there");
  });
  it("the same seed gives the same bytes", () => {
    for (const method of [gPbgd, bome, meha]) {
      const [a, b] = [solve(method, ridge), solve(method, ridge)];
      expect(Array.from(a.x)).toEqual(Array.from(b.x));
      expect(a.counts).toEqual(b.counts);
    }
  });
});

describe("one penalty given", () => {
  it("g-pbgd: P1 with gamma = 10 is biased by 13/(8 gamma - 1)", () => {
    const run = solve(gPbgd, P1, { gamma: 10 });
    expect(run.x[0]).toBeCloseTo(7 + 13 / 79, 8);
    expect(run.y[0]).toBeCloseTo(3.66455696, 7);
  });
  it("meha: P1 with c = 100 and gamma = 1 is what the published loop comes to", () => {
    const run = solve(meha, P1, { c0: 100, gamma: 1 });
    const published = solve(meha, P1, { c0: 100, p: 0, gamma: 1, alpha: 0.05, beta: 0.05, eta: 0.05 });
    expect(run.x[0]).toBeCloseTo(7.14791, 4);
    expect(Math.abs(run.x[0] - published.x[0])).toBeLessThan(1e-6);
  });
  it("f2ba: sigma is 1/lambda", () => {
    expect(solve(f2ba, P1, { sigma: 0.01 }).x[0]).toBe(solve(f2ba, P1, { lambda: 100 }).x[0]);
  });
});

describe("many lower solutions: the penalised y is the answer", () => {
  it("f2ba on E53, with lambda alone and in the published loop", () => {
    for (const parameters of [{ lambda: 100 }, { lambda: 100, alpha: 0.3, tau: 0.004, eta: 0.1, K: 50 }]) {
      const run = solve(f2ba, E53, parameters);
      expect(run.status, run.reason).toBe("converged");
      for (const v of [run.x[0], run.y[0], run.y[1]]) expect(Math.abs(v - 1)).toBeLessThan(1e-6);
    }
  });
  it("f2ba on E1, whose lower Hessian is definite at the start only", () => {
    const fixed = solve(f2ba, E1, { lambda: 100 });
    const gap = solve(vPbgd, E1, { gamma: 100 });
    // y of the penalised problem: off by 1/lambda from the solutions
    const offset = fixed.x[0] + fixed.y[0] - Math.sin(fixed.y[1]);
    expect(Math.abs(offset + 0.01)).toBeLessThan(1e-6);
    expect(Math.abs(gap.x[0] + gap.y[0] - Math.sin(gap.y[1]) + 0.01)).toBeLessThan(1e-6);
  });
});
