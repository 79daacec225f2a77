/** BLO08xx: methods, their options, and whether they fit, through the path that the command line takes. */
import { describe, expect, test } from "vitest";
import { compile, type Problem, type SolveOptions } from "../../src/api.js";
import type { Diagnostic } from "../../src/base/diagnostic.js";
import { attempt } from "../../src/cli/solveFlags.js";
import { methods, whyNot } from "../../src/methods/registry.js";
import { expectGolden } from "./golden.js";

const upper = "upper {\n  var x\n  minimize (x - 1)^2 + y^2\n}\n";
const lower = "lower {\n  var y\n  minimize (y - x)^2\n}\n";

async function problemOf(text: string): Promise<Problem> {
  const { problem } = await compile(text, { name: "problem.blo" });
  if (!problem) throw new Error("does not compile");
  return problem;
}

/** What a run says: refusals of options, obstacles, notes. */
async function said(problem: Problem, options: SolveOptions): Promise<readonly Diagnostic[]> {
  const tried = await attempt(problem, { iterations: 50, ...options });
  return "result" in tried ? tried.result.warnings : tried.diagnostics;
}

describe("options", () => {
  const solve = (settings: string): string => `${upper}${lower}solve { ${settings} }\n`;
  const cases: readonly (readonly [string, string, SolveOptions])[] = [
    ["BLO0801", upper + lower, { method: "aid-atuo" }],
    ["BLO0801-source", solve("method aid-atuo"), {}],
    ["BLO0802", upper + lower, { method: "f2ba", options: { lamda: 100 } }],
    ["BLO0802-source", solve("method f2ba ; lamda 100"), {}],
    ["BLO0802-none", solve("method gda ; momentum 1"), {}],
    ["BLO0803", upper + lower, { method: "f2ba", options: { debias: 3 } }],
    ["BLO0803-source", solve("method aid-cg ; K 2.5"), {}],
    ["BLO0804", upper + lower, { method: "f2ba", options: { lambda: -1 } }],
    ["BLO0804-source", solve("method f2ba ; lambda -1"), {}],
  ];
  test.each(cases)("%s", async (name, text, options) => {
    const problem = await problemOf(text);
    const found = await said(problem, options);
    expect(found).toHaveLength(1);
    // What the source says has a place in it, what a flag says has none.
    expect(found[0].span !== undefined).toBe(options.method === undefined);
    expectGolden(name, found, problem.source);
  });

  test.each([
    ["BLO0805", { lower: "nestrov" }],
    ["BLO0805-estimator", { lower: "nesterov", estimator: "exact" }],
    ["BLO0805-surrogate", { surrogate: "valuegap" }],
    ["BLO0805-sampling", { field: "joint", sampling: "sgd" }],
    ["BLO0806", { lower: "aggregation", estimator: "cg" }],
    ["BLO0806-surrogate", { surrogate: "value-gap", estimator: "cg" }],
    ["BLO0806-field", { field: "joint", outer: "adam" }],
    ["BLO0806-tables", { field: "neumann", sampling: "saga" }],
    ["BLO0806-full", { field: "joint", sampling: "full" }],
    ["BLO0806-steps", { lower: "nesterov", sampling: "spider" }],
    ["BLO0806-kernel", { estimator: "minimum-norm", sampling: "minibatch" }],
  ] as const)("%s", async (name, method) => {
    const problem = await problemOf(upper + lower);
    const found = await said(problem, { method });
    expect(found).toHaveLength(1);
    expectGolden(name, found, problem.source);
  });

  test("BLO0830: parameters by theory where its assumptions fail", async () => {
    const problem = await problemOf(upper + lower.replace("(y - x)^2", "(y - x)^4"));
    expectGolden("BLO0830", await said(problem, { method: "f2ba", theory: true }), problem.source);
  });

  test("BLO0831: parameters by theory of no method", async () => {
    const problem = await problemOf(upper + lower);
    expectGolden("BLO0831", await said(problem, { theory: true }), problem.source);
  });

  test("an option of the command line is not blamed on the source's option of that name", async () => {
    const problem = await problemOf(solve("method f2ba ; lambda 10"));
    const [found] = await said(problem, { options: { lambda: -1 } });
    expect([found.code, found.span]).toEqual(["BLO0804", undefined]);
  });
});

describe("fit", () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ["BLO0810", upper.replace("}\n", "  subject to\n    x >= 2\n}\n") + lower, "null-aid"],
    ["BLO0811", upper + lower.replace("}\n", "  subject to\n    y <= x\n}\n"), "aid-auto"],
    ["BLO0813", upper + lower, "gda"],
    ["BLO0818", upper + lower.replace("}\n", "  subject to\n    y^2 <= x\n}\n"), "branch-and-bound"],
    [
      "BLO0814",
      `${upper.replace("y^2", "y^2 + z^2")}${lower.replace("lower", "lower first").replace("- x", "- x - z")}lower second {\n  var z\n  minimize (z - y)^2\n}\n`,
      "aid-auto",
    ],
  ];
  test.each(cases)("%s", async (name, text, method) => {
    const problem = await problemOf(text);
    const found = (await said(problem, { method })).filter((d) => d.severity === "error");
    expect(found).toHaveLength(1);
    expectGolden(name, found, problem.source);
  });

  test("BLO0812: a method that cannot project", async () => {
    const problem = await problemOf(upper.replace("var x", "var x in [0, 1]") + lower);
    const [method] = methods();
    const free = { ...method, requirements: { ...method.requirements, upperDomain: false } };
    expectGolden("BLO0812", whyNot(free, problem), problem.source);
  });

  test("BLO0815: a level without variables", async () => {
    const problem = await problemOf(upper + lower);
    const empty = { ...problem, upper: { ...problem.upper, variables: [] } };
    const [method] = methods();
    expectGolden("BLO0815", whyNot(method, empty), problem.source);
  });
});
