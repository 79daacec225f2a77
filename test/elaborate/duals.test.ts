/** `dual(NAME)`: signs, rows, followers, what is refused, and answers in closed form. */
import { describe, expect, test } from "vitest";
import { certify, compile, type Problem, solve } from "../../src/api.js";
import { methodOf, whyNot } from "../../src/methods/registry.js";
import { expectGolden } from "../diagnostics/golden.js";

async function problemOf(text: string): Promise<Problem> {
  const { problem, diagnostics } = await compile(text, { name: "problem.blo" });
  if (!problem) throw new Error(diagnostics.map((d) => d.message).join("; "));
  return problem;
}

const answer = async (text: string) => {
  const result = await solve(await problemOf(text));
  expect(result.status, result.reason).toBe("converged");
  return result;
};

/** min (q - 5)² over a constraint that holds q at x: the multiplier of q == x is -2 (x - 5). */
const held = (constraint: string, objective: string, goal = "minimize (q - 5)^2"): string => `upper {
  var x in [0, 10]
  minimize ${objective}
}
lower {
  var q
  ${goal}
  subject to
    hold: ${constraint}
}
`;

describe("signs and values", () => {
  // the upper level pulls the multiplier to 4
  test.each([
    ["q == x", 3, "minimize (q - 5)^2"],
    ["x == q", 7, "minimize (q - 5)^2"],
    ["q <= x", 3, "minimize (q - 5)^2"],
    ["x >= q", 3, "minimize (q - 5)^2"],
    ["q >= x", 7, "minimize (q - 5)^2"],
    ["q <= x", 3, "maximize -(q - 5)^2"],
  ])("%s", async (constraint, x, goal) => {
    const result = await answer(held(constraint, "(dual(hold) - 4)^2", goal));
    expect(result.values.x).toBeCloseTo(x, 6);
    expect(result.values.q).toBeCloseTo(x, 6);
    expect(result.values["dual(hold)"]).toBeCloseTo(4, 6);
  });

  test("the certificate refuses a wrong multiplier of a right y", async () => {
    const problem = await problemOf(held("q == x", "(dual(hold) - 4)^2"));
    const verdict = await certify(problem, { x: 4, q: 4, "dual(hold)": 4 });
    expect(verdict.certified).toBe(false);
    expect(verdict.checks.filter((c) => !c.holds).map((c) => c.name)).toContain("lower: lower stationarity");
    // the right one at that x is 2, from where the upper level moves on
    const right = await certify(problem, { x: 4, q: 4, "dual(hold)": 2 });
    expect(right.checks.filter((c) => !c.holds).map((c) => c.name)).toEqual(["neighbours"]);
  });

  test("rows of forall and followers by name", async () => {
    const result = await answer(`upper {
  var x in [0, 10]
  minimize (dual(first.cap)[2] - 2)^2 + (dual(second.cap) - 6)^2
}
lower first {
  var y[2]
  minimize sum(i in 1..2: (y[i] - 5)^2)
  subject to
    cap: forall i in 1..2: y[i] <= x
}
lower second {
  var w
  minimize (w - 6)^2
  subject to
    cap: w <= x
}
`);
    // multipliers 2 (5 - x) and 2 (6 - x): (8 - 2x)² + (6 - 2x)² is least at 3.5
    expect(result.values.x).toBeCloseTo(3.5, 6);
    expect(result.upper.objective).toBeCloseTo(2, 6);
    expect(result.values["dual(first.cap)"]).toEqual([expect.closeTo(3, 6), expect.closeTo(3, 6)]);
    expect(result.values["dual(second.cap)"]).toBeCloseTo(5, 6);
  });

  test("multipliers that are not unique are the upper level's choice", async () => {
    // q is held twice: the multipliers of both add up to 4 at x = 3
    const result = await answer(`upper {
  var x in [3, 3.5]
  minimize dual(a) + 100 * (x - 3)
}
lower {
  var q
  minimize (q - 5)^2
  subject to
    a: q <= x
    b: q <= 3
}
`);
    expect(result.upper.objective).toBeCloseTo(0, 6);
  });
});

describe("refusals", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["BLO0330", held("q == x", "(dual(hald) - 4)^2")],
    ["BLO0331", held("q == x", "x^2").replace("(q - 5)^2", "(q - 5)^2 + dual(hold)")],
    ["BLO0332", held("0 <= q <= x", "(dual(hold) - 4)^2")],
  ];
  test.each(cases)("%s", async (code, text) => {
    const { problem, diagnostics } = await compile(text, { name: "problem.blo" });
    expect(problem).toBeUndefined();
    const { Source } = await import("../../src/base/source.js");
    expectGolden(
      code,
      diagnostics.filter((d) => d.severity === "error"),
      new Source("problem.blo", text),
    );
  });

  test("BLO0819: a method that does not find multipliers", async () => {
    const problem = await problemOf(held("q == x", "(dual(hold) - 4)^2"));
    const branch = whyNot(methodOf("branch-and-bound"), problem);
    expect(branch).toEqual([]);
    const found = whyNot(methodOf("bvfim"), problem).map((d) => ({ ...d, message: d.message.replace(/;.*/, "") }));
    expectGolden("BLO0819", found, problem.source);
  });

  test("a user's function of that name goes first", async () => {
    const result = await answer(`fn dual(v) = v + 1
${held("q == x", "(dual(x) - 4)^2")}`);
    expect(result.values.x).toBeCloseTo(3, 6);
  });
});
