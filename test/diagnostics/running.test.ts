/** BLO09xx and BLO0816: what runs say, at the start, in the middle and at the end. */
import { describe, expect, test } from "vitest";
import { BloError, certify, compile, type Problem, type SolveOptions, solve } from "../../src/api.js";
import { type Diagnostic, diagnostic } from "../../src/base/diagnostic.js";
import { methods } from "../../src/methods/registry.js";
import type { Result } from "../../src/methods/result.js";
import { expectGolden } from "./golden.js";

async function problemOf(text: string): Promise<Problem> {
  const { problem } = await compile(text, { name: "problem.blo" });
  if (!problem) throw new Error("does not compile");
  return problem;
}

const level = (name: string, variable: string, objective: string): string =>
  `${name} {\n  var ${variable}\n  minimize ${objective}\n}\n`;
const levels = (upper: string, lower: string, x = "x init 1", y = "y init 1"): string =>
  level("upper", x, upper) + level("lower", y, lower);
const plainText = levels("(x - 1)^2 + y^2", "(y - x)^2");

async function refusal(action: () => Promise<unknown>): Promise<readonly Diagnostic[]> {
  try {
    await action();
  } catch (error) {
    if (error instanceof BloError) return error.diagnostics;
    throw error;
  }
  throw new Error("nothing was refused");
}

const finding = ({ warnings }: Result): Diagnostic[] => warnings.filter((d) => d.code.startsWith("BLO09"));

describe("not finite", () => {
  /** Name, source, options, the status, the text that is named, and what the point must satisfy. */
  const cases: readonly (readonly [string, string, SolveOptions, string, string])[] = [
    ["BLO0901", levels("x - log(x) + y^2", "(y - x)^2", "x"), {}, "not-finite", "log(x)"],
    ["BLO0901-lower", levels("(x - y)^2", "y + 1/(y - x)"), {}, "not-finite", "1/(y - x)"],
    ["BLO0901-gradient", levels("x^0.7 + y^2", "(y - x)^2", "x"), {}, "not-finite", "x^0.7"],
    [
      "BLO0901-vector",
      "upper {\n  var w[6]\n  minimize sumsq(w) + sum(i in 1..6: y[i])\n}\nlower {\n  var y[6]\n  minimize sum(i in 1..6: (y[i] - w[i])^2 + log(y[i]))\n}\n",
      {},
      "not-finite",
      "log(y[i])",
    ],
    [
      "BLO0902",
      levels("x + sqrt(x) + y^2", "(y - x)^2"),
      { method: "aid-cg", options: { K: 5, eta: 0.3 } },
      "not-finite",
      "sqrt(x)",
    ],
    [
      "BLO0902-lower",
      levels("(x + 2)^2 + y^2", "(y - x)^2 + 0.01 * y * log(y)"),
      { method: "f2ba", options: { lambda: 10, K: 5, eta: 0.1 } },
      "not-finite",
      "log(y)",
    ],
    [
      "BLO0902-dense",
      levels("(x + 2)^2 + y^2", "(y - x)^2 + y^1.5"),
      { method: "ift-direct", options: { K: 5, eta: 0.3 } },
      "not-finite",
      "y^1.5",
    ],
    [
      "BLO0902-minimax",
      "minimax {\n  minimize var x init 1\n  maximize var y\n  objective x + sqrt(x) - y^2 + x * y\n}\n",
      { method: "gda", options: { etaX: 0.3, etaY: 0.1 } },
      "not-finite",
      "sqrt(x)",
    ],
    [
      "BLO0908",
      levels("(x + 2)^2 + 1e-3 * sqrt(x + 0.5)", "(y - x)^2"),
      { method: "aid-cg", options: { K: 5, eta: 0.3 }, iterations: 1 },
      "iteration-limit",
      "sqrt(x + 0.5)",
    ],
  ];

  test.each(cases)("%s", async (name, text, options, status, blamed) => {
    const problem = await problemOf(text);
    const result = await solve(problem, { iterations: 1000, ...options });
    expect(result.status).toBe(status);
    const found = finding(result);
    expect(found).toHaveLength(1);
    expect(problem.source.slice(found[0].span ?? { start: 0, end: 0 })).toBe(blamed);
    // What is returned can be evaluated, except where the start itself cannot be.
    if (name.startsWith("BLO0902")) {
      expect(result.iterations).toBeGreaterThan(1);
      expect([result.upper.objective, result.lower.objective].every(Number.isFinite)).toBe(true);
    }
    expectGolden(name, found, problem.source);
  });

  test("the point that is named is outside the domain of what is blamed, and the run came there", async () => {
    const problem = await problemOf(levels("x + sqrt(x) + y^2", "(y - x)^2"));
    const visited: number[] = [];
    const result = await solve(problem, {
      method: "aid-cg",
      options: { K: 5, eta: 0.3 },
      onIteration: (_, x) => visited.push(x[0]),
    });
    const named = Number(/ at x = (\S+),/.exec(finding(result)[0].message)?.[1]);
    expect(named).toBeLessThan(0);
    expect(visited.some((x) => Math.abs(x - named) < 1e-5 * Math.abs(named))).toBe(true);
  });

  test("without a place to name, the finding is general", () => {
    expectGolden("BLO0902-general", [diagnostic("BLO0902", { iteration: 7, backOffs: 1 })], undefined);
  });
});

test("BLO0903: without bound", async () => {
  const problem = await problemOf(levels("x + y", "(y - x)^2"));
  const result = await solve(problem, { method: "aid-cg", options: { K: 5, eta: 1e7 }, iterations: 5000 });
  // that the upper objective itself has no bound is seen afterwards
  expect(result.status).toBe("unbounded");
  const [first, second] = finding(result);
  expect(second.code).toBe("BLO0918");
  expectGolden("BLO0903", [first], problem.source);
});

test("BLO0904: limits", async () => {
  const problem = await problemOf(plainText);
  expectGolden("BLO0904", await refusal(() => solve(problem, { seconds: 0 })), problem.source);
});

test("BLO0905: checkpoints of another method or problem", async () => {
  const problem = await problemOf(plainText);
  const point = { version: 1, seed: 1, iteration: 3, seconds: 0.1, x: [1], y: [1] } as const;
  const { counts } = await solve(problem, { iterations: 1 });
  const resume = { ...point, counts, method: "f2ba" };
  expectGolden("BLO0905", await refusal(() => solve(problem, { method: "aid-cg", resume })), problem.source);
  const wide = { ...resume, method: "aid-cg", x: [1, 2] };
  expectGolden("BLO0905-size", await refusal(() => solve(problem, { method: "aid-cg", resume: wide })), problem.source);
});

test("BLO0906, BLO0907: values by name", async () => {
  const problem = await problemOf(
    level("upper", "weight", "(weight - 1)^2 + sumsq(y)") + level("lower", "y[3]", "sumsq(y - weight)"),
  );
  const wrong = await refusal(() => solve(problem, { start: { wieght: 1 } }));
  expectGolden("BLO0906", wrong, problem.source);
  expectGolden("BLO0906-far", await refusal(() => certify(problem, { zzzzzz: 1 })), problem.source);
  expectGolden("BLO0907", await refusal(() => certify(problem, { weight: 1, y: [1, 2] })), problem.source);
});

test("BLO0816: what became of other methods", async () => {
  const problem = await problemOf(levels("sqrt(x) + 0.1 * (y - x)^2", "(y - x)^2"));
  const result = await solve(problem, { seconds: 5 });
  const notes = result.warnings.filter((d) => d.code === "BLO0816");
  expect(notes.length).toBeGreaterThan(0);
  const known = methods().map((m) => m.id);
  for (const { message } of notes) expect(known).toContain(message.split(" ")[0]);
  const reason = "The line search finds no better point.";
  expectGolden("BLO0816", [diagnostic("BLO0816", { method: "aid-auto", status: "stalled", reason })], problem.source);
});
