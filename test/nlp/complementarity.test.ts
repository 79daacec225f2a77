/**
 * Complementarity constraints in Scholtes' relaxation a >= 0, b >= 0, a b <= t (SIAM J. Optim. 11, 2001), t down to 1e-8 by
 * warm starts, at once, and with t = 0, where no constraint qualification holds. Most problems are of MacMPEC (Leyffer);
 * `relaxed` is the optimum of the relaxed problem where it is known in closed form, else the limit is met to about t.
 */
import { describe, expect, it } from "vitest";
import type { NlpResult } from "../../src/nlp/program.js";
import { solveNonlinear } from "../../src/nlp/solve.js";
import { type TextProblem, textProgram } from "./textProgram.js";

interface Complementarity extends TextProblem {
  readonly pairs: readonly (readonly [string, string])[];
  readonly limit: number;
  readonly relaxed?: (t: number) => number;
  /** The relaxed optimum falls short of the limit by the square root of t. */
  readonly slow?: true;
}

const problems: Readonly<Record<string, Complementarity>> = {
  kth1: { f: "x1 + x2", pairs: [["x1", "x2"]], start: [1, 1], limit: 0, relaxed: () => 0 },
  kth2: { f: "x1 + (x2 - 1)^2", pairs: [["x1", "x2"]], start: [1, 1], limit: 0, relaxed: () => 0 },
  kth3: { f: "0.5 * (x1 - 1)^2 + (x2 - 1)^2", pairs: [["x1", "x2"]], start: [1, 1], limit: 0.5 },
  scholtes3: { f: "0.5 * ((x1 - 1)^2 + (x2 - 1)^2)", pairs: [["x1", "x2"]], start: [1.1, 1], limit: 0.5 },
  scholtes4: {
    f: "x1 + x2 - x3",
    ge: ["4 * x1 - x3", "4 * x2 - x3"],
    pairs: [["x1", "x2"]],
    start: [1, 1, 1],
    limit: 0,
    // x1 = x2 = sqrt(t), x3 = 4 sqrt(t)
    relaxed: (t) => -2 * Math.sqrt(t),
    slow: true,
  },
  scale1: { f: "(100 * x1 - 1)^2 + (x2 - 1)^2", pairs: [["x1", "x2"]], start: [1, 1], limit: 1 },
  jr1: { f: "(x1 - 1)^2 + x2^2", pairs: [["x2", "x2 - x1"]], start: [1, 1], limit: 0.5 },
  jr2: { f: "(x2 - 1)^2 + x1^2", pairs: [["x2", "x2 - x1"]], start: [1, 1], limit: 0.5 },
  ralph1: {
    f: "2 * x1 - x2",
    ge: ["x1"],
    pairs: [["x2", "x2 - x1"]],
    start: [1, 1],
    limit: 0,
    relaxed: (t) => -Math.sqrt(t),
    slow: true,
  },
  bard1: {
    f: "(x1 - 5)^2 + (2 * x2 + 1)^2",
    eq: ["2 * (x2 - 1) - 1.5 * x1 + x3 - 0.5 * x4 + x5"],
    ge: ["x1", "x2"],
    pairs: [
      ["3 * x1 - x2 - 3", "x3"],
      ["-x1 + 0.5 * x2 + 4", "x4"],
      ["-x1 - x2 + 7", "x5"],
    ],
    start: [1, 1, 1, 1, 1],
    limit: 17,
  },
  gauvin: {
    f: "x1^2 + (x2 - 10)^2",
    eq: ["4 * (x1 + 2 * x2 - 30) + x3 - x4 + x5"],
    ge: ["x1", "15 - x1"],
    pairs: [
      ["20 - x1 - x2", "x3"],
      ["x2", "x4"],
      ["20 - x2", "x5"],
    ],
    start: [7, 7, 1, 1, 1],
    limit: 20,
  },
  // Lower level min (y - x)^2 over y >= 1 - x / 2 and the box [0, 1.5]; the kink is not optimal.
  follower: {
    f: "(x1 - 2)^2 + (x2 - 1)^2",
    eq: ["2 * (x2 - x1) - x3 + x4"],
    pairs: [
      ["x2 - 1 + 0.5 * x1", "x3"],
      ["1.5 - x2", "x4"],
    ],
    start: [0, 0, 1, 1],
    // y = min(x, 1.5): x = 2
    limit: 0.25,
  },
};

const relaxation = ({ pairs, ge, ...rest }: Complementarity, t: number) =>
  textProgram({ ...rest, ge: [...(ge ?? []), ...pairs.flatMap(([a, b]) => [a, b, `${t} - (${a}) * (${b})`])] });

describe.each(Object.entries(problems))("%s", (_, problem) => {
  const start = Float64Array.from(problem.start);
  const near = (f: number, t: number): void => {
    expect(Math.abs(f - (problem.relaxed?.(t) ?? problem.limit))).toBeLessThan(problem.relaxed ? 1e-7 : 1e-5);
  };

  it("by a homotopy with warm starts", () => {
    let last: NlpResult | undefined;
    for (const t of [1e-2, 1e-5, 1e-8]) {
      last = solveNonlinear(relaxation(problem, t), last?.u ?? start, last ? { warm: last } : {});
      expect(last.status).toBe("solved");
      if (problem.relaxed) near(last.f, t);
    }
    near(last!.f, 1e-8);
    expect(last!.iterations).toBeLessThan(40);
  });

  it("at once", () => {
    const result = solveNonlinear(relaxation(problem, 1e-8), start);
    expect(result.status).toBe("solved");
    near(result.f, 1e-8);
  });

  it("without relaxation", () => {
    const result = solveNonlinear(relaxation(problem, 0), start);
    expect(["solved", "acceptable"]).toContain(result.status);
    expect(result.residuals.violation).toBeLessThan(1e-7);
    expect(Math.abs(result.f - problem.limit)).toBeLessThan(problem.slow ? 1e-4 : 1e-6);
  });
});

it("a lower level without interior, y^2 <= 0: multipliers grow without limit, the point is met", () => {
  const result = solveNonlinear(
    relaxation(
      {
        f: "(x1 - 1)^2 + (x2 - 1)^2",
        eq: ["2 * (x2 - x1) + 2 * x3 * x2"],
        pairs: [["-x2^2", "x3"]],
        start: [1, 1, 1],
        limit: 1,
      },
      1e-8,
    ),
    Float64Array.of(1, 1, 1),
  );
  expect(["solved", "acceptable"]).toContain(result.status);
  expect(result.f).toBeCloseTo(1, 4);
});
