/** The table of what a plain run tries: each rule is reached by a problem, its methods exist; runs of seeded problems end certified. */
import { describe, expect, it, test } from "vitest";
import { choiceClasses, choiceProblem } from "../../bench/reference/choiceProblems.mjs";
import { compile, methods, solve } from "../../src/api.js";
import type { Limits } from "../../src/methods/budget.js";
import { createRandom } from "../../src/num/random.js";
import { compileOracle } from "../../src/oracle/compile.js";
import { chooseMethods, featuresOf } from "../../src/solve/choose.js";
import { rules } from "../../src/solve/rules.js";

async function problemOf(source: string) {
  const { problem, diagnostics } = await compile(source);
  if (problem === undefined) throw new Error(diagnostics.map((d) => d.message).join("; "));
  return problem;
}

const upper = "upper { var x[2] ; minimize sumsq(x) + sumsq(y) }";
const capped = "upper { var x[2] ; minimize sumsq(x) + sumsq(y)\n  subject to\n    x[1] + y[1] <= 1 }";
const cubic = "lower { var y[2] ; minimize sumsq(y - x) + y[1]^3 }";
const down = "lower { var y[2] ; minimize (y[1]^2 - 1)^2 + (y[2] - x[1])^2 }";
const sums = `upper { var x ; minimize mean(i in 1..40 batch 5: (y - i/40)^2) + x^2 }
lower { var y ; minimize mean(i in 1..40 batch 5: (y - x * i/40)^2) }`;

/** A problem that the rule applies to, by the rule's words. */
const witnesses: Readonly<Record<string, readonly [string, Limits?]>> = {
  "both levels linear": ["upper { var x in [0, 1] ; minimize x + y }\nlower { var y in [0, 1] ; minimize x * y }"],
  "both levels linear or convex quadratic with affine constraints, strong": [
    `${upper}\nlower { var y[2] ; minimize (y[1] + y[2] - x[1])^2 }`,
  ],
  "upper constraints, at most": [`${capped}\n${cubic}`],
  minimax: ["minimax { minimize var x\n  maximize var y\n  objective x * y + x^2 }"],
  "the budget": [sums, { calls: 100 }],
  "lower level proved": [`${upper}\nlower { var y[2] ; minimize sumsq(y - x) + sum(softplus(y)) }`],
  "lower hessian positive": [`${upper}\n${cubic}`],
  "lower inequalities or bounds": [`${upper}\nlower { var y[2] >= 0 ; minimize sumsq(y - x) + sum(softplus(y)) }`],
  "lower hessian singular": [`${upper}\nlower { var y[2] ; minimize (y[1] + y[2] - x[1])^2 }`],
  "lower hessian with negative": [`${upper}\n${down}`],
  "curvature unknown": [`${upper}\nlower { var y[2] ; minimize sum(y .* log(y)) + sumsq(y - x)^2 }`],
  "lower constraints, more": [
    `upper { var x[20] ; minimize sumsq(x) + sumsq(y) }
lower { var y[20]
  minimize sumsq(y - x) + sum(exp(y))
  subject to
    sum(y) <= 1 }`,
  ],
  "upper constraints": [`${capped}\n${cubic}`],
  "constraints at any level": [
    `${upper}\nlower { var y[2]\n  minimize sumsq(y - x) + sum(exp(y))\n  subject to\n    sum(y) <= 1 }`,
  ],
  "at most 5 variables": [`${upper}\n${down}`],
};

describe("the table of rules", () => {
  const known = new Set(methods().map((m) => m.id));
  it.each(rules.map((rule) => [rule.when, rule] as const))("%s: reached, by methods that exist", async (when, rule) => {
    expect(rule.methods.filter(({ method }) => !known.has(method))).toEqual([]);
    for (const { why } of rule.methods) expect(why).toMatch(/^[A-Z].*\.$/);
    // the longest beginning that fits
    const key = Object.keys(witnesses)
      .filter((k) => when.toLowerCase().startsWith(k))
      .sort((a, b) => b.length - a.length)[0];
    expect(key).toBeDefined();
    const [source, limits = {}] = witnesses[key];
    const oracle = compileOracle(await problemOf(source));
    expect(rule.applies(featuresOf(oracle, createRandom(1), limits))).toBe(true);
    const chosen = chooseMethods(oracle, createRandom(1), limits).map((c) => c.method);
    expect(rule.methods.filter(({ method }) => chosen.includes(method))).not.toEqual([]);
  });
});

describe("tiny bounded minimax problems", () => {
  const search = async (objective: string): Promise<boolean> => {
    const text = `minimax { minimize var x in [-2, 2]\n  maximize var y in [-1, 1]\n  objective ${objective} }`;
    const choices = chooseMethods(compileOracle(await problemOf(text)), createRandom(1));
    return choices.some((c) => c.part === "search");
  };

  test("are searched where the inner problem is not proved to be concave", async () => {
    expect(await search("x^2 * y - x * (y - 1)^2")).toBe(true);
    expect(await search("x * y^3 - y^4")).toBe(true);
  });

  test("not where it is: its saddle point says more, or it has one solution", async () => {
    expect(await search("x * y")).toBe(false);
    expect(await search("x * y - y^2")).toBe(false);
  });
});

describe("seeded problems", () => {
  for (const name of choiceClasses) {
    test(`of the class ${name} end certified, and say why their method was chosen`, async () => {
      for (let index = 0; index < 5; index++) {
        const result = await solve(await problemOf(choiceProblem(name, index)), { seconds: 20 });
        expect([index, result.status, result.reason]).toEqual([index, "converged", result.reason]);
        expect(result.tried?.[0].why).toBeTruthy();
      }
    });
  }
});
