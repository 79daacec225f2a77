/** Lints: each on a problem that has what it looks for, at the place that a person would point to, and none on sound ones. */

import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { compile } from "../../src/api.js";
import type { Diagnostic } from "../../src/base/diagnostic.js";
import { lint } from "../../src/lints/index.js";
import type { Problem } from "../../src/model/problem.js";
import { compileFile } from "../../src/node.js";
import { compileOracle } from "../../src/oracle/compile.js";
import { expectGolden } from "../diagnostics/golden.js";

async function problemOf(text: string): Promise<Problem> {
  const { problem, diagnostics } = await compile(text, { name: "problem.blo" });
  if (!problem) throw new Error(diagnostics.map((d) => d.message).join("; "));
  return problem;
}

const found = (problem: Problem): readonly Diagnostic[] => lint(compileOracle(problem));

const ten = (value: (i: number) => number): string => Array.from({ length: 10 }, (_, i) => value(i)).join(", ");

const cases: readonly (readonly [string, string])[] = [
  [
    "BLO1001",
    "upper {\n  var x in [0, 1]\n  minimize x + (y - 2)^2\n}\nlower {\n  var y in [0, 5]\n  minimize 0*y + x\n}\n",
  ],
  ["BLO1002", "upper {\n  var x init 1\n  minimize x^2 + y\n}\nlower {\n  var y in [-1, 1]\n  minimize -x*y\n}\n"],
  [
    "BLO1002-wells",
    "upper {\n  var x in [-1, 1] init 0.3\n  minimize x^2 + y\n}\nlower {\n  var y in [-2, 2]\n  minimize (y^2 - 1)^2 + 0.5*(x - 0.2)*y\n}\n",
  ],
  [
    "BLO1003",
    "upper {\n  var x init 0.5\n  minimize (x - 1)^2 + y\n}\nlower {\n  var y in [-9, 9]\n  minimize y^4/4 - x*y\n}\n",
  ],
  // jumps only at the end of what constraints of x alone leave
  [
    "BLO1002-end",
    "upper {\n  var x init 0.5\n  minimize 0.5*(1 - x) + x*y\n  subject to\n    -x <= 0\n    x - 1 <= 0\n}\nlower {\n  var y in [0, 1]\n  minimize (x - 1)*y\n}\n",
  ],
  // local lower minima at sqrt(x) and -1 tie at x = 1/4: Mitsos and Barton (2006), example 3.14
  [
    "BLO1002-tie",
    "upper {\n  var x in [-1, 1]\n  minimize (x - 0.25)^2 + y^2\n}\nlower {\n  var y in [-1, 1]\n  minimize y^3/3 - x*y\n}\n",
  ],
  [
    "BLO1004-upper",
    "upper {\n  var x[2]\n  minimize (y[1] - 1)^2 + 1e-9*(x[2] - 3)^2\n}\nlower {\n  var y[2]\n  minimize (y[1] - x[1])^2 + (y[2] - x[2])^2 + exp(y[2])\n}\n",
  ],
  [
    "BLO1004",
    "upper {\n  var x\n  minimize x^2 + y[1]\n}\nlower {\n  var y[2]\n  minimize 1e6*(y[1] - x)^2 + 1e-6*(y[2] - x)^2\n}\n",
  ],
  [
    "BLO1005",
    "upper {\n  var x\n  minimize x^2 + y[1]\n}\nlower {\n  var y[2]\n  minimize (y[1] + y[2] - x)^2 + 1e-9*(y[1] - y[2])^2\n}\n",
  ],
  [
    "BLO1006",
    "upper {\n  var x in [-1, 1] init 0.5\n  minimize y^2 - 2*x*y\n}\nlower {\n  var y\n  minimize 0*x + 1e-6*y^2\n}\n",
  ],
  [
    "BLO1006-sum",
    "upper {\n  var x\n  minimize (x - 1)^2 + y[2]\n}\nlower {\n  var y[2]\n  minimize (y[1] + y[2] - x)^2 + 1e-4*sumsq(y)\n}\n",
  ],
  ["BLO1007", "upper {\n  var x\n  minimize x^2 + y\n}\nlower {\n  var y in [0, 1]\n  minimize -y\n}\n"],
  [
    "BLO1007-row",
    "upper {\n  var x in [0, 1]\n  minimize x + y[1]^2\n}\nlower {\n  var y[2] in [0, 5]\n  minimize (y[1] - 3)^2 + (y[2] - 3 - x)^2\n  subject to\n    cap: y[1] + y[2] <= 2\n}\n",
  ],
  [
    "BLO1008",
    `param a = [${ten((i) => i)}]\nparam b = [${ten(() => 7)}]\nupper {\n  var x\n  minimize x^2 + y^2\n}\nlower {\n  var y\n  minimize sum(i in 1..10: (a[i]*y - b[i] + x)^2)\n}\n`,
  ],
];

describe("each fires where it should", () => {
  test.each(cases)("%s", async (name, text) => {
    const problem = await problemOf(text);
    const said = found(problem).filter((d) => d.code === name.slice(0, 7));
    expect(said).toHaveLength(1);
    expectGolden(name, said, problem.source);
  });
});

const sound: readonly (readonly [string, string])[] = [
  [
    "a jump only where the upper level forbids x",
    "upper { var x init 2; minimize x^2 + y\nsubject to\n1 - x <= 0 }\nlower { var y in [-2, 2]; minimize (y^2 - 1)^2 - 0.5*x*y }",
  ],
  // SMD6 of Sinha, Malo and Deb (2012): the solver's choice among lower solutions jumps, the best one does not
  [
    "many lower solutions, as good for all that follow",
    "upper { var x in [-5, 10]; minimize x^2 + (y[1] - y[2])^2 }\nlower { var y[2] in [-5, 10]; minimize (y[1] - y[2] - x)^2 }",
  ],
  [
    "units that differ, but curvatures do not",
    "upper { var x[2]; minimize (x[1] - 1)^2 + 1e-4*(x[2] - 3)^2 + sumsq(y) }\nlower { var y[2]; minimize (y[1] - x[1])^2 + (y[2] - x[2])^2 }",
  ],
  [
    "curvature that comes through the lower level only",
    "upper { var x[2]; minimize (y[1] - 1)^2 + 1e-9*(x[2] - 3)^2 + (y[2] - 1)^2 }\nlower { var y[2]; minimize (y[1] - x[1])^2 + (y[2] - x[2])^2 }",
  ],
  ["quadratic", "upper { var x; minimize (x - 1)^2 + y^2 }\nlower { var y; minimize (y - x)^2 }"],
  [
    "a kink is Lipschitz",
    "upper { var x init 0.5; minimize (x - 1)^2 + y }\nlower { var y in [0, 1]; minimize (y - x)^2 }",
  ],
  [
    "a ridge that depends on x is what is looked for",
    "upper { var x in [1e-3, 1]; minimize (y[1] - 1)^2 }\nlower { var y[2]; minimize (y[1] + y[2] - 1)^2 + x*sumsq(y) }",
  ],
  [
    "an intercept",
    `param A = [${Array.from({ length: 10 }, (_, i) => `[1, ${i}]`).join(", ")}]\nupper { var x; minimize x^2 + sumsq(y) }\nlower { var y[2]; minimize sumsq(A*y - x) }`,
  ],
  ["steep but smooth", "upper { var x init 0.5; minimize x^2 + y }\nlower { var y; minimize (y - tanh(20*x))^2 }"],
];

test.each(sound)("silent: %s", async (_, text) => {
  expect(found(await problemOf(text)).map((d) => d.message)).toEqual([]);
});

/** What the lints say of the examples, and why that is right. */
const expected: Readonly<Record<string, readonly string[]>> = {
  // More perturbations than examples: many are equally good for the adversary.
  "adversarial/small.blo": ["BLO1001"],
  // Every y is a lower solution.
  "igfm/indifferent.blo": ["BLO1001"],
  // phi(x) = x² + sign(x), the example of a discontinuous hyper-objective.
  "igfm/jump.blo": ["BLO1002"],
  "igfm/kernel.blo": ["BLO1001"],
  // Customers who leave one product for another: with price 1 at 10 the first group's 3 buyers do, 125 - 3 * 10 + 3 * 5 = 110.
  "stackelberg/prices.blo": ["BLO1002", "BLO1002", "BLO1002", "BLO1007"],
};

const examples = readdirSync("examples", { recursive: true, encoding: "utf8" }).filter((f) => f.endsWith(".blo"));

test.each(examples)("examples/%s", async (file) => {
  const { problem } = await compileFile(`examples/${file}`);
  const said = found(problem!);
  expect(said.map((d) => d.code)).toEqual(expected[file.replaceAll("\\", "/")] ?? []);
});

test("the same seed says the same", async () => {
  const problem = await problemOf(cases[0][1]);
  expect(JSON.stringify(found(problem))).toBe(JSON.stringify(found(problem)));
});
