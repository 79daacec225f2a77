/** BLO0910 to BLO0919: problems without a solution. Each page's wrong example is such a problem, and its mended one is not. */
import { describe, expect, test } from "vitest";
import type { SolveOptions } from "../../src/api.js";
import { compile, type Problem, type Result, solve, toDocument } from "../../src/api.js";
import { plain } from "../../src/base/paint.js";
import { summary } from "../../src/cli/summary.js";
import { expectGolden } from "./golden.js";

async function problemOf(text: string): Promise<Problem> {
  const { problem, diagnostics } = await compile(text, { name: "problem.blo" });
  if (!problem) throw new Error(diagnostics.map((d) => d.message).join("; "));
  return problem;
}

async function run(text: string, options: SolveOptions = {}): Promise<{ result: Result; problem: Problem }> {
  const problem = await problemOf(text);
  return { result: await solve(problem, options), problem };
}

const found = ({ warnings }: Result) => warnings.filter((d) => /^BLO091[0-689]$/.test(d.code));

const contradiction = `upper {
  var x in [0, 1]
  minimize x
  subject to
    floor: x + y >= 3
    idle: x <= 0.5
}
lower {
  var y in [0, 1]
  minimize (y - x)^2
  subject to
    also: y <= 0.9
    loose: x - y <= 7
}
`;

describe("proofs", () => {
  test("BLO0910: constraints of both levels, and no member that is not needed", async () => {
    const { result, problem } = await run(contradiction);
    expect(result.status).toBe("infeasible");
    expectGolden("BLO0910", found(result), problem.source);
    const { kind, proved, constraints } = result.obstruction!;
    expect([kind, proved]).toEqual(["constraints", true]);
    // floor needs x + y >= 3: together with any limit on x and any on y
    expect(constraints).toHaveLength(3);
    expect(constraints).toContain("floor");
    expect(["idle", "upper bound of x"].filter((c) => constraints.includes(c))).toHaveLength(1);
    expect(["also", "upper bound of y"].filter((c) => constraints.includes(c))).toHaveLength(1);
  });

  test("the same verdict whatever method was asked for", async () => {
    const { result } = await run(contradiction, { method: "bvfim", iterations: 20 });
    expect(result.status).toBe("infeasible");
    expect(result.obstruction?.constraints).toContain("floor");
  });

  test("BLO0910-rows: the rows of forall constraints that conflict", async () => {
    const { result, problem } = await run(`upper {
  var x in [0, 1]
  minimize x
}
lower {
  var y[3]
  minimize sumsq(y) - x * y[1]
  subject to
    small: forall i in 1..3: y[i] <= i
    large: y[2] >= 2.5 + x
}
`);
    expect(result.status).toBe("infeasible");
    expect(result.obstruction?.constraints).toEqual(expect.arrayContaining(["small[2]", "large", "lower bound of x"]));
    expect(result.obstruction?.constraints).toHaveLength(3);
    expectGolden("BLO0910-rows", found(result), problem.source);
  });

  test("BLO0911: each level can be satisfied, but the lower level's answers violate the upper constraints", async () => {
    const { result, problem } = await run(`upper {
  var x in [0, 1]
  minimize x
  subject to
    loose: x + y <= 5
    high: y >= 1 + x
}
lower {
  var y in [0, 2]
  minimize y * (1 + x)
}
`);
    expect(result.status).toBe("infeasible");
    expect(result.obstruction).toEqual({ kind: "upper constraints", proved: true, constraints: ["high"] });
    expectGolden("BLO0911", found(result), problem.source);
  });

  test("BLO0912: a lower level that falls for ever, with the ray", async () => {
    const { result, problem } = await run(`upper {
  var x in [0, 1]
  minimize (x - y[1])^2
}
lower {
  var y[2] >= 0
  minimize -x - y[1] + y[2]^2
  subject to
    tied: y[1] <= 3 + 2y[2] + z
  var z >= 0
}
`);
    expect(result.status).toBe("unbounded");
    expect(result.obstruction?.kind).toBe("lower unbounded");
    // y[2] is held by its square: z has to make room
    expect(result.obstruction?.ray).toEqual({ y: [expect.closeTo(1, 9), 0], z: expect.closeTo(1, 9) });
    expectGolden("BLO0912", found(result), problem.source);
  });

  test.each([
    ["linear", "maximize y"],
    ["quadratic", "minimize (x - y)^2 - y"],
  ])("BLO0913: an upper level that falls for ever: %s", async (kind, objective) => {
    const { result, problem } = await run(`upper {
  var x >= 0
  ${objective}
}
lower {
  var y >= 0
  maximize y
  subject to
    cap: y <= x
}
`);
    expect(result.status).toBe("unbounded");
    expect(result.obstruction?.ray).toEqual({ x: expect.closeTo(1, 9), y: expect.closeTo(1, 9) });
    if (kind === "linear") expectGolden("BLO0913", found(result), problem.source);
    const document = toDocument(result);
    expect(document.status).toBe("unbounded");
    expect(document.obstruction).toMatchObject({ kind: "upper unbounded", proved: true });
    // a point would only look like an answer
    expect(summary(result, 90, plain)).not.toContain("objective  ");
  });

  test("a quadratic objective whose Hessian keeps the ray from falling has a minimum", async () => {
    const { result } = await run(`upper {
  var x >= 0
  minimize 1e-6 * x^2 - y
}
lower {
  var y >= 0
  maximize y
  subject to
    cap: y <= x
}
`);
    expect(result.status).toBe("converged");
    expect(result.x[0]).toBeCloseTo(5e5, 0);
  });
});

describe("games", () => {
  test("BLO0915: followers who outbid each other", async () => {
    const { result, problem } = await run(`upper {
  var x in [0, 1]
  minimize (y - x)^2
}
lower first {
  var y
  minimize (y - z - x)^2
}
lower second {
  var z
  minimize (z - y - x - 1)^2
}
`);
    expect(result.status).toBe("infeasible");
    expectGolden("BLO0915", found(result), problem.source);
  });
});

describe("nothing is proved", () => {
  const circles = (there: string) => `upper {
  var x
  minimize x
  subject to
    idle: x <= 50
    here: x^2 + y^2 <= 1
    there: ${there}
}
lower {
  var y in [-1, 1]
  minimize (y - 0.1x)^2
}
`;

  const follower = (objective: string, domain = "") =>
    `upper { var x in [0, 1]; minimize x + y; subject to y <= 5 }\nlower { var y${domain}; minimize ${objective}; subject to y >= 0 }\n`;

  test("BLO0916: a lower level whose bounds stand in the upper level, without a proof", async () => {
    const objective = "x * y - 2y - sin(y)";
    const { result, problem } = await run(follower(objective), { seconds: 4 });
    expect(result.status).toBe("unbounded");
    expectGolden("BLO0916", found(result), problem.source);
    expect(result.obstruction).toMatchObject({ kind: "lower unbounded", proved: false, ray: { y: 1 } });
    expect(toDocument(result).status).toBe("unbounded");
    const bounded = await run(follower(objective, " in [0, 5]"), { seconds: 4 });
    expect(bounded.result.status).toBe("converged");
    expect(found(bounded.result)).toEqual([]);
  });

  test("not where other x have lower solutions", async () => {
    const { result } = await run(
      `upper { var x in [-1, 1]; minimize (x + 1)^2 + y^2 }\nlower { var y in [-5, 5]; var z; minimize (y - x)^2 + x*z^2 }\n`,
      { seconds: 2 },
    );
    expect(["unbounded", "infeasible"]).not.toContain(result.status);
  });

  test.each([
    ["a polynomial", "x * y - y^3", ""],
    ["an exponential", "x * y - exp(y)", ""],
    ["a slope that stays", "x * y - 3y - sin(y)", ""],
  ])("BLO0912 before any method runs: %s", async (_, objective, domain) => {
    const { result } = await run(follower(objective, domain));
    expect([result.status, result.iterations]).toEqual(["unbounded", 0]);
    expect(result.obstruction).toMatchObject({ kind: "lower unbounded", proved: true, ray: { y: 1 } });
    expect(found(result).map((d) => d.code)).toEqual(["BLO0912"]);
    const text = summary(result, 80, plain);
    expect(text).toMatch(/unbounded {2}The lower level is unbounded/);
  });

  test("BLO0914: nonlinear constraints that conflict", async () => {
    // intervals of x and y alone do not show it
    const { result, problem } = await run(circles("x * y >= 0.6"));
    expect(["infeasible", "converged"]).not.toContain(result.status);
    expectGolden("BLO0914", found(result), problem.source);
    const { kind, proved, constraints, violation } = result.obstruction!;
    expect({ kind, proved, constraints }).toEqual({
      kind: "violation",
      proved: false,
      constraints: ["here", "there"],
    });
    // x y is at most 1/2 on the circle
    expect(violation).toBeCloseTo(0.1, 5);
  });

  test("BLO0910: nonlinear constraints whose intervals do not meet", async () => {
    const { result } = await run(circles("(x - 3)^2 + y^2 <= 1"));
    expect([result.status, result.iterations]).toEqual(["infeasible", 0]);
    expect(result.obstruction).toEqual({ kind: "constraints", proved: true, constraints: ["here", "there"] });
    expect(found(result).map((d) => d.code)).toEqual(["BLO0910"]);
  });

  test("circles that meet are none", async () => {
    const { result } = await run(circles("(x - 1)^2 + y^2 <= 1"));
    expect(result.obstruction).toBeUndefined();
    expect(found(result)).toEqual([]);
  });

  test("a linear contradiction is proved in spite of nonlinear constraints elsewhere", async () => {
    const { result } = await run(circles("x >= 60"));
    expect(result.status).toBe("infeasible");
    expect(new Set(result.obstruction?.constraints)).toEqual(new Set(["idle", "there"]));
  });
});

describe("upper objectives without a least value", () => {
  test("BLO0918: one that falls for ever, seen along certified lower solutions", async () => {
    const { result, problem } = await run(
      "upper { var x; minimize -x^2 + y }\nlower { var y; minimize y^4 + (y - x)^2 }\n",
    );
    expect(result.status).toBe("unbounded");
    expect(result.obstruction).toMatchObject({ kind: "upper unbounded", proved: false });
    expect(Math.abs(result.obstruction?.ray?.x as number)).toBe(1);
    const notes = found(result);
    const places = notes.map((d) => ({
      ...d,
      message: d.message.replace(/from .* along .*, over.*:/, "from A to B along R:"),
    }));
    expectGolden("BLO0918", places, problem.source);
    const bounded = await run(
      "upper { var x in [-10, 10]; minimize -x^2 + y }\nlower { var y; minimize y^4 + (y - x)^2 }\n",
    );
    expect(bounded.result.status).toBe("converged");
  });

  test.each([
    ["1 / x", 1],
    ["exp(-x)", 0],
  ])("BLO0919 where it levels off: %s", async (objective, least) => {
    const { result } = await run(
      `upper { var x >= ${least}; minimize ${objective} + (y - x)^2 }\nlower { var y; minimize (y - x)^2 }\n`,
    );
    expect(result.status).toBe("not-attained");
    expect(result.obstruction).toMatchObject({
      kind: "not attained",
      proved: false,
      ray: { x: expect.closeTo(1, 9), y: expect.closeTo(1, 3) },
    });
    expect(found(result).map((d) => d.code)).toEqual(["BLO0919"]);
    expect(result.upper.objective).toBeLessThan(1e-3);
  });
});

describe("values that are approached", () => {
  const text = (bound: number, row = "x*y <= 0"): string => `upper {
  var x in [${bound}, 1]
  minimize x + y
}
lower {
  var y in [0, 1]
  minimize -y
  subject to
    product: ${row}
}
`;

  test("BLO0919: a constraint that is gone where the infimum would be", async () => {
    const { result, problem } = await run(text(0));
    expect(result.status).toBe("not-attained");
    expect(result.upper.objective).toBeLessThan(1e-3);
    expect(result.obstruction).toMatchObject({
      kind: "not attained",
      proved: false,
      constraints: ["product"],
      limit: { x: 0 },
    });
    const notes = found(result).map((d) => ({
      ...d,
      message: d.message.replace(/the \S+ that points/, "the V that points"),
    }));
    expectGolden("BLO0919", notes, problem.source);
    expect(summary(result, 80, plain)).toContain("upper objective");
  });

  test("not where the constraint stays", async () => {
    const { result } = await run(text(0.01));
    expect(result.status).toBe("converged");
    expect(result.warnings.filter((d) => d.severity !== "info")).toEqual([]);
  });

  test("BLO0917: a constraint in small units, whose value is attained", async () => {
    const { result, problem } = await run(text(0, "1e-7*(y - x) <= 0"));
    expect(result.status).toBe("converged");
    expect(result.upper.objective).toBeLessThan(1e-3);
    const notes = result.warnings.filter((d) => d.code === "BLO0917");
    expectGolden("BLO0917", notes, problem.source);
  });

  test("a square that is to be at most zero attains its value", async () => {
    const { result } = await run(text(0, "(x - y)^2 <= 0"));
    expect(result.status).toBe("converged");
    expect(result.upper.objective).toBeLessThan(1e-3);
  });
});
