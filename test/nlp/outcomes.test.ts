/** How solves end: infeasible, unbounded, not finite, out of iterations; and what must not stop one. */
import { describe, expect, it } from "vitest";
import { solveNonlinear } from "../../src/nlp/solve.js";
import { type TextProblem, textProgram } from "./textProgram.js";

const free = Number.POSITIVE_INFINITY;
const solve = (problem: TextProblem, options = {}) =>
  solveNonlinear(textProgram(problem), Float64Array.from(problem.start), options);

describe("infeasible", () => {
  it.each([
    ["a square below zero", { f: "x1", ge: ["-x1^2 - 1"], start: [3] }, 1],
    ["parallel rows", { f: "x1 + x2", eq: ["x1 + x2 - 1", "x1 + x2 - 2"], start: [3, 1] }, 0.5],
    ["a disc and a half plane", { f: "x1^2 + x2^2", ge: ["1 - x1^2 - x2^2", "x1 - 2"], start: [0, 0] }, 0.5],
    ["an empty sphere", { f: "x1", eq: ["x1^2 + x2^2 + 1"], start: [1, 1] }, 1],
    ["a fixed variable", { f: "x1^2 + x2", eq: ["x1 - 2"], lower: [3, 1], upper: [3, 1], start: [0, 0] }, 1],
  ] satisfies [string, TextProblem, number][])("%s", (_, problem, least) => {
    const result = solve(problem);
    expect(result.status).toBe("infeasible");
    expect(result.residuals.violation).toBeGreaterThan(least - 1e-6);
  });

  it("the point is one where the violation is stationary", () => {
    const result = solve({ f: "x1", ge: ["-x1^2 - 1", "x2 - 3"], upper: [free, 2], start: [3, 0] });
    expect(result.status).toBe("infeasible");
    expect(result.u[0]).toBeCloseTo(0, 6);
    expect(result.u[1]).toBeCloseTo(2, 6);
  });

  it("bounds and limits that exclude each other", () => {
    expect(solve({ f: "x1", lower: 2, upper: 1, start: [3] }).reason).toBe(
      "The bounds of variable 0 exclude each other.",
    );
  });
});

describe("unbounded", () => {
  it.each([
    ["along a ray", { f: "-x1", lower: 0, start: [1] }],
    ["within a cone", { f: "x1 + x2", ge: ["x1 - x2"], start: [1, 1] }],
    ["along a curve", { f: "-x1^2 + x2^2", start: [1, 1] }],
    ["cubic", { f: "x1^3 - x1", start: [-1] }],
  ] satisfies [string, TextProblem][])("%s", (_, problem) => {
    expect(solve(problem).status).toBe("unbounded");
  });

  it.each([
    ["exp(-x) to 0", { f: "exp(-x1)", start: [0] }],
    ["the axis of a hyperbola", { f: "x2", ge: ["x1 * x2 - 1"], lower: 0, start: [1, 1] }],
  ] satisfies [string, TextProblem][])("an infimum that is not attained is approached: %s", (_, problem) => {
    const result = solve(problem);
    expect(result.status).toBe("solved");
    expect(Math.abs(result.f)).toBeLessThan(1e-6);
  });
});

describe("no obstacle", () => {
  const rosen = "(x1 - 1)^2 + (x2 - 2)^2";
  it.each([
    ["dependent rows", { f: rosen, eq: ["x1 + x2 - 1", "2 * x1 + 2 * x2 - 2", "x1 + x2 - 1"], start: [5, 5] }, 2],
    ["dependent curved rows", { f: "x1 + x2", eq: ["x1^2 + x2^2 - 2", "2 * (x1^2 + x2^2) - 4"], start: [-2, 1] }, -2],
    [
      "an equality beside a fixed variable",
      { f: rosen, eq: ["x1 - 3", "x1 + x2 - 4"], lower: [3, -10], upper: [3, 10], start: [0, 0] },
      5,
    ],
    ["an equality on a bound", { f: rosen, eq: ["x1 - 3"], upper: [3, 10], start: [0, 0] }, 4],
    ["everything fixed", { f: "x1^2 + x2", lower: [3, 1], upper: [3, 1], start: [0, 0] }, 10],
    ["more equalities than variables", { f: "x1^2", eq: ["x1 - 1", "x1^2 - 1", "x1^3 - 1"], start: [4] }, 1],
    ["no interior: x2^2 <= 0", { f: "(x1 - 1)^2 + x2^2", ge: ["-x2^2", "x1 - 2"], start: [0, 3] }, 1],
    [
      "no interior: equalities as pairs",
      { f: "x1 + x2", ge: ["x1 - 1", "1 - x1", "x2 - x1", "x1 - x2"], start: [0, 3] },
      2,
    ],
    ["discs that touch", { f: "x2", ge: ["1 - x1^2 - x2^2", "1 - (x1 - 2)^2 - x2^2"], start: [0, 3] }, 0],
    [
      "a degenerate vertex",
      { f: "-x1 - x2", ge: ["1 - x1", "1 - x2", "2 - x1 - x2", "3 - 2 * x1 - x2"], start: [0, 0] },
      -2,
    ],
    ["a domain", { f: "-log(x1) - log(1 - x1 - x2) - log(x2)", start: [0.9, 0.05] }, 3 * Math.log(3)],
    [
      "a root at its boundary",
      { f: "sqrt(x1) + (x2 - 1)^2", ge: ["x1 - x2^2"], lower: [0, -free], start: [4, 1] },
      0.75,
    ],
    ["a far start", { f: "(x1 - 1)^2 + x2^2", ge: ["x1^3 - x2"], start: [1e6, -1e6] }, 0],
    [
      "badly scaled",
      { f: "1e6 * (x1 - 1e-3)^2 + 1e-6 * (x2 - 1e3)^2", eq: ["1e4 * x1 + 1e-3 * x2 - 11"], start: [0, 0] },
      0,
    ],
    ["a start on a saddle point", { f: "x1^2 - x2^2", lower: -1, upper: 2, start: [0, 0] }, -4],
    ["a constant objective", { f: "3", ge: ["x1 - 1"], start: [0] }, 3],
    ["a flat minimum", { f: "(x1 - 1)^4 + (x2 - 1)^8", start: [3, 3] }, 0],
    // Wächter and Biegler (Math. Program. 88, 2000): line searches without restoration fail from here.
    [
      "Wächter and Biegler's example",
      { f: "x1", eq: ["x1^2 - x2 - 1", "x1 - x3 - 0.5"], lower: [-free, 0, 0], start: [-2, 3, 1] },
      1,
    ],
    ["a row with no gradient at the solution", { f: "x1", eq: ["x1^2"], start: [2] }, 0],
  ] satisfies [string, TextProblem, number][])("%s", (name, problem, best) => {
    const result = solve(problem);
    expect(result.status).toBe("solved");
    const tolerance = name.includes("no gradient") ? 1e-4 : 1e-6;
    expect(Math.abs(result.f - best) / Math.max(1, Math.abs(best))).toBeLessThan(tolerance);
  });
});

it("curvature of both signs on the path: a local minimum of a grid is met", () => {
  const { u, f, status } = solve({ f: "cos(x1) + 0.1 * x1 + cos(x1 + x2)", lower: -3, upper: 3, start: [0.3, 0.2] });
  expect(status).toBe("solved");
  const at = (x: number, y: number): number => Math.cos(x) + 0.1 * x + Math.cos(x + y);
  expect(f).toBeCloseTo(at(u[0], u[1]), 12);
  const inside = (v: number): number => Math.min(3, Math.max(-3, v));
  for (let i = -20; i <= 20; i++)
    for (let j = -20; j <= 20; j++)
      expect(at(inside(u[0] + 0.02 * i), inside(u[1] + 0.02 * j))).toBeGreaterThanOrEqual(f - 1e-8);
});

describe("contracts", () => {
  const box: TextProblem = {
    f: "(x1 - 2)^2 + (x2 + 1)^2 + x3^2",
    eq: ["x2 + x3 - 1"],
    ge: ["1 - x1"],
    lower: [-free, 0, -free],
    upper: [free, free, 0.25],
    start: [0, 0, 0],
  };

  it("multipliers have the documented signs and values", () => {
    // x = (1, 0.75, 0.25): row 0 by x2: 2 (0.75 + 1) + z0 = 0; bound of x3: 2 * 0.25 + z0 + w3 = 0; row 1 by x1: -2 - z1 = 0.
    const { u, rowMultipliers, boundMultipliers } = solve(box);
    expect(Array.from(u, (v) => Math.round(v * 1e6) / 1e6)).toEqual([1, 0.75, 0.25]);
    expect(rowMultipliers[0]).toBeCloseTo(-3.5, 6);
    expect(rowMultipliers[1]).toBeCloseTo(-2, 6);
    expect(boundMultipliers[0]).toBe(0);
    expect(boundMultipliers[1]).toBeCloseTo(0, 6);
    expect(boundMultipliers[2]).toBeCloseTo(3, 6);
  });

  it("fixed variables have the multipliers of an equality", () => {
    const result = solve({ f: "(x1 - 2)^2 + x1 * x2", lower: [1, 0], upper: [1, 3], start: [0, 0] });
    expect(result.boundMultipliers[0]).toBeCloseTo(2, 6);
    expect(result.boundMultipliers[1]).toBeCloseTo(-1, 6);
  });

  it("same program, same numbers", () => {
    expect(solve(box)).toEqual(solve(box));
  });

  it("a warm start at the solution takes a few iterations", () => {
    const first = solve(box);
    const again = solveNonlinear(textProgram(box), first.u, { warm: first });
    expect(again.status).toBe("solved");
    expect(again.iterations).toBeLessThanOrEqual(5);
    const cold = solveNonlinear(textProgram(box), first.u);
    expect(again.iterations).toBeLessThan(cold.iterations);
  });

  it("counts its calls, and ends at the limit or when told to", () => {
    let values = 0;
    const program = textProgram(box);
    const value = (u: Float64Array): number => {
      values++;
      return program.value(u);
    };
    const counting = { ...program, value };
    const result = solveNonlinear(counting, Float64Array.from(box.start));
    // The report asks once more than the count it carries.
    expect(values - result.counts.value).toBeLessThanOrEqual(1);
    expect(result.counts.hessian).toBe(result.iterations);
    const limited = solve(box, { maxIterations: 2, elastic: false });
    expect(limited.status).toBe("limit");
    expect(limited.iterations).toBe(2);
    let asked = 0;
    const cancelled = solve(box, { cancelled: () => ++asked === 3 });
    expect(cancelled.status).toBe("cancelled");
    expect(cancelled.iterations).toBe(2);
  });

  it("says so where a function is not finite at the start", () => {
    expect(solve({ f: "log(x1)", start: [-1] }).status).toBe("not-finite");
    expect(solve({ f: "x1", start: [Number.NaN] }).status).toBe("not-finite");
  });
});
