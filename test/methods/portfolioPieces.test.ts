/** Pieces of the portfolio: steps along axes past local minima, bounds that are attained, and upper constraints on y. */
import { expect, test } from "vitest";
import { compile, solve } from "../../src/api.js";
import { alongAxes } from "../../src/methods/singleLevel/portfolio/axes.js";

const waves = (y: Float64Array): number => y.reduce((sum, v) => sum + v * v + 1 - Math.cos(2 * Math.PI * v), 0);

test("steps along axes leave the local minima of a sum over variables", () => {
  const lower = Float64Array.of(-5, -5, -5, -5);
  const upper = Float64Array.of(10, 10, 10, 10);
  const from = Float64Array.of(3, -2, 1, 0.01);
  const to = alongAxes(waves, from, lower, upper);
  expect(to).toBeDefined();
  // within half a step of the grid, which is in the basin of 0
  for (const v of to ?? []) expect(Math.abs(v)).toBeLessThanOrEqual(15 / 96 + 1e-12);
  expect(waves(to ?? from)).toBeLessThan(waves(from));
  expect(alongAxes(waves, new Float64Array(4), lower, upper)).toBeUndefined();
});

test("points that are not allowed are never taken", () => {
  const value = (y: Float64Array): number => (y[0] < 1 ? Number.POSITIVE_INFINITY : y[0]);
  const to = alongAxes(value, Float64Array.of(5), Float64Array.of(-10), Float64Array.of(10));
  expect(to?.[0]).toBeGreaterThanOrEqual(1);
  expect(to?.[0]).toBeLessThan(1.5);
});

const plain = async (text: string) => {
  const { problem, diagnostics } = await compile(text);
  if (problem === undefined) throw new Error(diagnostics.map((d) => d.message).join("\n"));
  return solve(problem, { seconds: 20, method: "kkt-auto" });
};

test("where the upper objective attains its bound over the domains nothing more is looked for", async () => {
  const result = await plain(`
upper {
  var x in [-2, 2]
  minimize (x - 1)^2 + y^2
}
lower {
  var y in [-2, 2]
  minimize x * y^2 + 0.1 * sin(y)^2
}`);
  expect(result.status, result.reason).toBe("converged");
  expect(result.upper.objective).toBeCloseTo(0, 8);
  expect(result.reason).toMatch(/independently/);
  // five stages would take hundreds of pieces
  expect(result.iterations).toBeLessThan(60);
});

test("of many lower solutions the certificate follows one that keeps the upper constraints", async () => {
  // Mitsos and Barton 2006, example 3.26: y[3] is free below at x = (-1, -1), and the upper ring decides it
  const result = await plain(`
upper {
  var x[2] in [-1, 1] init [1, 1]
  minimize x[1] * y[1] + x[2] * y[2]^2 + x[1] * x[2] * y[3]^3
  subject to
    x[1]^2 >= 0.1
    y[1]^2 + y[2]^2 + y[3]^2 >= 1.5
    y[1]^2 + y[2]^2 + y[3]^2 <= 2.5
}
lower {
  var y[3] in [-1, 1] init [1, 1, 1]
  minimize x[1] * y[1]^2 + x[2] * y[2]^2 + (x[1] - x[2]) * y[3]^2
}`);
  expect(result.status, result.reason).toBe("converged");
  expect(result.upper.objective).toBeCloseTo(-2 - Math.SQRT2 / 4, 5);
});
