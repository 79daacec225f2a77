/** Multipliers of both levels in results: closed forms, and the change of the optimal value when a constraint is moved. */
import { describe, expect, test } from "vitest";
import { compile, type Problem, solve } from "../../src/api.js";
import { multipliersOf } from "../../src/certify/multipliers.js";
import { multipliersByAdjoint } from "../../src/certify/multipliersByAdjoint.js";
import { compileOracle } from "../../src/oracle/compile.js";
import { feasibleSet } from "../../src/reform/levels.js";

async function problemOf(text: string): Promise<Problem> {
  const { problem, diagnostics } = await compile(text, { name: "problem.blo" });
  if (!problem) throw new Error(diagnostics.map((d) => d.message).join("; "));
  return problem;
}

const solved = async (text: string, method?: string) => {
  const result = await solve(await problemOf(text), method === undefined ? {} : { method });
  expect(result.status).toBe("converged");
  return result;
};

describe("closed forms", () => {
  test("an upper constraint over a smooth lower level: (x - 3)² + y², y = x, x <= 1", async () => {
    // 2 (x - 3) + 2x + λ = 0 at x = 1
    for (const method of ["kkt-mpcc", "auglag", "kkt-auto", undefined]) {
      const text = `upper { var x; minimize (x - 3)^2 + y^2; subject to  cap: x + 0y <= 1 }
lower { var y; minimize (y - x)^2 }`;
      expect((await solved(text, method)).upperMultipliers?.cap).toBeCloseTo(2, 4);
    }
  });

  test("a bound by name; the other bounds are left out", async () => {
    const { upperMultipliers } =
      await solved(`upper { var x[2] in [-1, 1]; minimize (x[1] - 3)^2 + (x[2] - 0.5y)^2 + y^2 }
lower { var y; minimize (y - x[1])^2 }`);
    // 2 (1 - 3) + 2 y + λ = 0 with y = 1 and x2 = 0.5
    expect(upperMultipliers).toEqual({ "upper bound of x": [expect.closeTo(2, 4), 0] });
  });

  test("a maximised objective counts as minimised, and a constraint that is a bound counts in its own units", async () => {
    // f = -2x - y, y = x: -3 + 4 λ = 0 for 4x - 8 <= 0
    const { upperMultipliers } = await solved(`upper { var x in [-9, 9]; maximize 2x + y; subject to  four: 4x <= 8 }
lower { var y; minimize (y - x)^2 }`);
    expect(upperMultipliers).toEqual({ four: expect.closeTo(0.75, 5) });
  });

  test("an equality has a multiplier of either sign, a simplex those of its sum and its bounds", async () => {
    const { upperMultipliers } = await solved(`upper { var x[3] in simplex(1); minimize sumsq(x) + 2x[3] + y }
lower { var y; minimize (y - x[1])^2 }`);
    // (2a + 1, 2b, 2c + 2) + μ - bounds: a = 1/4, b = 3/4, c = 0, μ = -1.5, bound of c: 2 - 1.5
    expect(upperMultipliers).toEqual({
      "domain of x": expect.closeTo(-1.5, 4),
      "lower bound of x": [0, 0, expect.closeTo(0.5, 4)],
    });
  });

  test("lower ones by least squares where the method keeps none", async () => {
    // y = 1 at its cap: 2 (1 - 3) + z = 0
    const text = `upper { var x in [2, 4]; minimize (x - 3)^2 }
lower { var y; minimize (y - 3)^2 + 0x; subject to  cap: y <= 1 }`;
    expect((await solved(text, "bvfim")).multipliers?.cap).toBeCloseTo(4, 2);
  });
});

describe("sensitivities", () => {
  const cases: Readonly<Record<string, (e: number) => string>> = {
    "a curved constraint on both levels' variables": (
      e,
    ) => `upper { var x[2]; minimize (x[1] - 2)^2 + (x[2] - 1)^2 + (y - 3)^2
  subject to  moved: x[1]^2 + x[2] * y <= ${1 + e} }
lower { var y; minimize exp(y) - (x[1] + x[2] + 2) * y }`,
    "a lower level held by its own constraint": (e) => `upper { var x in [0, 9]; minimize (x - 4)^2 + (y - 5)^2
  subject to  moved: x + y <= ${5 + e} }
lower { var y; minimize (y - 4)^2; subject to  cap: y <= 0.5x + 1 }`,
    "on a branch of the lower solution": (e) => `upper { var x in [-5, 5]; minimize x + 3y
  subject to  moved: 0.5 - x - y <= ${e} }
lower { var y; minimize (y - x)^2; subject to  floor: y >= 0 }`,
    "an equality": (e) => `upper { var x[2]; minimize sumsq(x) + y^2; subject to  moved: x[1] + x[2] + y == ${2 + e} }
lower { var y; minimize y^2 - x[1]*y }`,
    "followers in a game": (
      e,
    ) => `upper { var x >= 0; maximize x * (12 - x - y - z); subject to  moved: x + y <= ${6 + e} }
lower first { var y; maximize y * (12 - x - y - z) }
lower second { var z; maximize z * (12 - x - y - z) }`,
  };

  test.each(Object.keys(cases))("%s: dφ/dε = -λ for c <= ε", async (name) => {
    const e = 1e-3;
    const [less, here, more] = await Promise.all([-e, 0, e].map((d) => solved(cases[name](d))));
    const sense = name === "followers in a game" ? -1 : 1;
    const slope = (sense * (more.upper.objective - less.upper.objective)) / (2 * e);
    expect(Math.abs(slope)).toBeGreaterThan(0.05);
    expect(here.upperMultipliers?.moved).toBeCloseTo(-slope, 2);
  });
});

/** 45 - 22.5 λ = 22 */
const LAMBDA = 46 / 45;

describe("by adjoints, as for large problems", () => {
  const both = async (text: string) => {
    const problem = await problemOf(text);
    const { x, y } = await solve(problem);
    const oracle = compileOracle(problem);
    const set = feasibleSet(problem, problem.upper, problem.x);
    return { small: multipliersOf(oracle, x, y), large: multipliersByAdjoint(oracle, set, x, y) };
  };
  test.each([
    [
      "a bound",
      "upper { var x[2] in [-1, 1]; minimize (x[1] - 3)^2 + (x[2] - 0.5y)^2 + y^2 } lower { var y; minimize (y - x[1])^2 }",
    ],
    [
      "a curved constraint",
      "upper { var x[2]; minimize (x[1] - 2)^2 + (x[2] - 1)^2 + (y - 3)^2; subject to  c: x[1]^2 + x[2] * y <= 1 } lower { var y; minimize exp(y) - (x[1] + x[2] + 2) * y }",
    ],
    [
      "a lower row that holds",
      "upper { var x in [0, 9]; minimize (x - 4)^2 + (y - 5)^2; subject to  c: x + y <= 5 } lower { var y; minimize (y - 4)^2; subject to  cap: y <= 0.5x + 1 }",
    ],
    [
      "an equality",
      "upper { var x[2]; minimize sumsq(x) + y^2; subject to  c: x[1] + x[2] + y == 2 } lower { var y; minimize y^2 - x[1]*y }",
    ],
    [
      "a simplex",
      "upper { var x[3] in simplex(1); minimize sumsq(x) + 2x[3] + y } lower { var y; minimize (y - x[1])^2 }",
    ],
    [
      "a constraint at a kink",
      "upper { var x[2] in [-2, 2]; minimize (x[1] - 1)^2 + 4 * y + (x[2] - 2)^2; subject to  c: x[2] + y <= 1 } lower { var y >= 0; minimize (y - x[1])^2; subject to cap: y <= 9 }",
    ],
  ])("%s: the same as from the whole program", async (_, text) => {
    const { small, large } = await both(text);
    expect(small.upper).toBeDefined();
    const entries = (named: typeof small.upper) =>
      Object.entries(named ?? {}).flatMap(([name, v]) =>
        [v].flat(2).map((e, i) => [`${name} ${i}`, e as number] as const),
      );
    const found = new Map(entries(large?.upper));
    for (const [name, value] of entries(small.upper)) expect(found.get(name) ?? 0, name).toBeCloseTo(value, 4);
    expect(found.size).toBe(entries(small.upper).length);
  });

  test("300 lower and 60 upper variables with a known answer", async () => {
    // y_i = min(x_i, cap_i): 2 (x - 1) + λ = 0 where the cap 0.2 holds, 2 (x - 1) + 2 x + λ = 0 elsewhere; 30 (1 - λ/2) + 30 (2 - λ)/4 = 22 at λ = 46/45
    const problem = await problemOf(`param n = 60
upper { var x[n] in [0, 0.9]; minimize sumsq(x - 1) + sum(i in 1..n: y[i]^2); subject to  budget: sum(x) <= 22 }
lower { var y[300]
  minimize 0.5 * sum(i in 1..n: (y[i] - x[i])^2) + 0.5 * sum(j in n + 1..300: (y[j] - 0.1 * j)^2)
  subject to  caps: forall i in 1..30: y[i] <= 0.2 }`);
    const x = Float64Array.from({ length: 60 }, (_, i) => (i < 30 ? 1 - LAMBDA / 2 : (2 - LAMBDA) / 4));
    const y = Float64Array.from({ length: 300 }, (_, j) => (j < 30 ? 0.2 : j < 60 ? x[j] : 0.1 * (j + 1)));
    const { upper, lower } = multipliersOf(compileOracle(problem), x, y);
    expect(upper).toEqual({ budget: expect.closeTo(LAMBDA, 7) });
    expect(lower?.caps).toEqual(Array.from(x.subarray(0, 30), (v) => expect.closeTo(v - 0.2, 7)));
  });
  test("bounds alone, and answers that are none", async () => {
    // phi = Σ (x_i - 2)² + x_i: slope -1 at the bound 1
    const problem = await problemOf(`upper { var x[150] in [0, 1]; minimize sumsq(x - 2) + sum(y) }
lower { var y[150]; minimize sumsq(y - x) }`);
    const oracle = compileOracle(problem);
    const ones = new Float64Array(150).fill(1);
    expect(multipliersOf(oracle, ones, ones).upper).toEqual({
      "upper bound of x": Array.from(ones, () => expect.closeTo(1, 8)),
    });
    const inside = ones.map((v, i) => (i === 7 ? 0.5 : v));
    expect(multipliersOf(oracle, inside, inside).upper).toBeUndefined();
  });
});
