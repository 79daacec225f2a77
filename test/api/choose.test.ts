/** Which method a run takes when none is asked for. */
import { describe, expect, test } from "vitest";
import { compile, type Method, methods, registerMethod, solve } from "../../src/api.js";
import type { Limits } from "../../src/methods/budget.js";
import { createRandom } from "../../src/num/random.js";
import { compileOracle } from "../../src/oracle/compile.js";
import { chooseMethods } from "../../src/solve/choose.js";

async function choiceFor(source: string, limits: Limits = {}) {
  const { problem, diagnostics } = await compile(source);
  expect(diagnostics.filter((d) => d.severity === "error")).toEqual([]);
  const oracle = compileOracle(problem!);
  const [choice] = chooseMethods(oracle, createRandom(1), limits);
  expect(oracle.counts.lowerHvp).toBe(0);
  return choice;
}

const has = (id: string): boolean => methods().some((m) => m.id === id);

test("a positive definite lower Hessian, proved or at the start: aid-auto", async () => {
  const curved = async (term: string) => {
    const { method, part, why } = await choiceFor(
      `upper { var x ; minimize (x - y)^2 }\nlower { var y ; minimize (y - x)^2 + ${term} }`,
    );
    return [method, part, why.includes("proved"), why.includes("at the start")];
  };
  expect(await curved("y^4")).toEqual(["aid-auto", "answer", true, false]);
  expect(await curved("y^3")).toEqual(["aid-auto", "answer", false, true]);
});

describe("finite sums", () => {
  const sums = (batch: string, terms = 50): string => `param N = ${terms}
upper { var x ; minimize mean(i in 1..N ${batch}: (y - i/N)^2) + x^2 }
lower { var y ; minimize mean(i in 1..N ${batch}: (y - x * i/N)^2) }`;

  test("are read in full from a hundred passes of budget, and sampled below", async () => {
    expect((await choiceFor(sums("batch 5")))?.method).toBe("aid-auto");
    expect((await choiceFor(sums("batch 5"), { seconds: 60 }))?.method).toBe("aid-auto");
    expect((await choiceFor(sums("batch 5"), { calls: 600 }))?.method).toBe("aid-auto");
    const few = await choiceFor(sums("batch 5"), { calls: 599 });
    expect([few?.method, few?.why.includes("hundred passes")]).toEqual(["saba", true]);
    // nothing to draw from
    expect((await choiceFor(sums(""), { calls: 599 }))?.method).toBe("aid-auto");
    expect((await choiceFor(sums("batch 50"), { calls: 599 }))?.method).toBe("aid-auto");
  });

  test("that are long for the seconds given are sampled", async () => {
    // 2 * 40,000 terms of one variable: 0.32 s for a hundred passes by the estimate
    expect((await choiceFor(sums("batch 50", 40000), { seconds: 0.4 }))?.method).toBe("aid-auto");
    expect((await choiceFor(sums("batch 50", 40000), { seconds: 0.3 }))?.method).toBe("saba");
  });

  test("a plain run with few calls takes saba, others do not", async () => {
    const { problem } = await compile(sums("batch 5"));
    expect((await solve(problem!, { calls: 500 })).method).toBe("saba");
    expect((await solve(problem!)).method).toBe("aid-auto");
  });
});

test("a singular one: the method for many lower solutions, where there is one", async () => {
  const choice = await choiceFor(
    "upper { var x ; minimize x^2 + y[1] + y[2]^2 + y[2]^4 }\nlower { var y[2] ; minimize (y[1] + y[2] - x)^2 }",
  );
  expect(choice?.method).toBe(has("null-aid") ? "null-aid" : "f2ba");
  expect(choice?.why).toContain("singular");
});

test("a singular one with bounds on y, which null-aid cannot keep: the next in line, and the optimistic answer", async () => {
  const source =
    "upper { var x in [-5, 5] ; minimize (x - y[2])^2 + (y[1] - 1)^2 + (y[1] - 1)^4 }\nlower { var y[2] in [-3, 3] ; minimize y[1]^2 - 2x*y[1] }";
  expect((await choiceFor(source))?.method).toBe("f2ba");
  const { problem } = await compile(source);
  const result = await solve(problem!);
  expect([result.status, result.method]).toEqual(["converged", "f2ba"]);
  expect(result.values.x).toBeCloseTo(1, 6);
});

test("linear and quadratic levels with lower bounds: branch and bound, with proof", async () => {
  const source =
    "upper { var x in [-5, 5] ; minimize (x - y[2])^2 + (y[1] - 1)^2 }\nlower { var y[2] in [-3, 3] ; minimize y[1]^2 - 2x*y[1] }";
  expect((await choiceFor(source))?.method).toBe("branch-and-bound");
  const { problem } = await compile(source);
  const result = await solve(problem!);
  expect([result.status, result.method]).toEqual(["converged", "branch-and-bound"]);
  expect(result.reason).toContain("global");
  expect(result.values.x).toBeCloseTo(1, 6);
});

test.each([
  ["branch-and-bound", "one quadratic program", ""],
  ["null-aid", "singular", " + (y[1] - 1)^4"],
])("without bounds %s finds the same, certified", async (method, why, term) => {
  const { problem } = await compile(
    `upper { var x in [-5, 5] ; minimize (x - y[2])^2 + (y[1] - 1)^2${term} }\nlower { var y[2] ; minimize y[1]^2 - 2x*y[1] }`,
  );
  const result = await solve(problem!);
  expect([result.status, result.method]).toEqual(["converged", method]);
  expect(result.tried?.[0].why).toContain(why);
  expect(result.certificate?.certified).toBe(true);
  expect(result.values.x).toBeCloseTo(1, 6);
});

test("negative curvature: a penalty method", async () => {
  const choice = await choiceFor(
    "upper { var x ; minimize x^2 + y }\nlower { var y ; minimize cos(y - x - 3) - y^2 + y^4 }",
  );
  expect(choice?.why).toContain("negative");
  expect(choice?.method).toBe("f2ba");
});

test("a bilinear game: extragradient", async () => {
  const choice = await choiceFor("minimax { minimize var x in [-1, 1]\nmaximize var y in [-1, 1]\nobjective x * y }");
  expect(choice?.method).toBe(has("extragradient") ? "extragradient" : choice?.method);
});

test("constraints: a method that keeps them, or none", async () => {
  const source =
    "upper { var x ; minimize (x - y)^2 }\nlower { var y ; minimize (y - x)^2\nsubject to\nquarter: y^2 + x <= 1 }";
  const keeps = methods()
    .filter((m) => m.requirements.lowerConstraints)
    .map((m) => m.id);
  const choice = await choiceFor(source);
  if (keeps.length === 0) expect(choice).toBeUndefined();
  else expect(keeps).toContain(choice?.method);
  const base = methods().find((m) => m.id === "aid-auto")!;
  const keeper = { ...base, id: "test-keeper", requirements: { ...base.requirements, lowerConstraints: true } };
  registerMethod(keeper as Method);
  expect([...keeps, "test-keeper"]).toContain((await choiceFor(source))?.method);
});

test("where the first answer is not certified the next method is tried, and the result tells of both", async () => {
  const { problem } = await compile(
    "upper { var x ; minimize (x - y[2])^2 + (y[1] - 1)^2 }\nlower { var y[2] ; minimize y[1]^2 - 2x*y[1] }",
  );
  const alone = await solve(problem!, { method: "aid-auto" });
  expect(alone.status).not.toBe("converged");
  const result = await solve(problem!);
  expect(result.status).toBe("converged");
  expect(result.values.x).toBeCloseTo(1, 6);
  const { problem: degenerate } = await compile(
    "upper { var s >= 0 ; minimize (4 - k)^2 + s * k }\nlower { var k >= 0 ; minimize k^2 + k^4 - s * k }",
  );
  const second = await solve(degenerate!);
  expect(second.status).toBe("converged");
  expect(second.warnings.every((w) => w.code !== "BLO0816" || w.message.includes("tried too"))).toBe(true);
});

describe("several answers", () => {
  /** Two wells of the hyper-objective, the one at the start worse. */
  const wells =
    "upper { var x in [-2, 2] init 1.2 ; minimize (x^2 - 1)^2 + x/2 + (y - x)^2 }\nlower { var y in [-3, 3] ; minimize (y - x)^2 + (y - x)^4 }";

  test("the best certified one is the result, and all are listed", async () => {
    const { problem } = await compile(wells);
    const result = await solve(problem!);
    expect(result.status).toBe("converged");
    expect(result.values.x).toBeLessThan(-0.9);
    expect(result.tried?.map((t) => t.method)).toContain("kkt-auto");
    const best = Math.min(...result.tried!.filter((t) => t.certified).map((t) => t.objective));
    expect(result.upper.objective).toBeCloseTo(best, 8);
  });

  test("quick ends with the first", async () => {
    const { problem } = await compile(wells);
    const result = await solve(problem!, { quick: true });
    expect(result.status).toBe("converged");
    expect(result.tried?.length).toBe(1);
    expect(result.values.x).toBeGreaterThan(0.5);
  });
});
