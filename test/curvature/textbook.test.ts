/** Functions of the textbooks (Boyd and Vandenberghe, Convex Optimization, 2004, chapter 3, and its exercises; losses of statistics): each must be proved. */
import { describe, expect, test } from "vitest";
import { curvatureOf } from "../../src/curvature/index.js";
import { verifyCurvature } from "../../src/curvature/verify.js";
import { problemOf } from "../elaborate/compile.js";

async function shapeOf(expression: string): Promise<string> {
  const problem = await problemOf(`param P = [[2, -1, 0], [-1, 2, -1], [0, -1, 2]]
param A = [[1, 2, 0], [0, 1, -1], [3, 0, 1], [1, 1, 1]]
param w = [0.2, 0.3, 0.5]
upper {
  var x in [1, 2]
  minimize x + s
}
lower {
  var s
  var t
  var p >= 0 init 1
  var q in [0.5, inf] init 1
  var y[3]
  var z[3] in [0, 1]
  minimize ${expression}
}`);
  // independently of the rules: segments on which a proved shape would break
  expect(verifyCurvature(problem, 100).disagreements.map((d) => [expression, d.what, d.claim])).toEqual([]);
  return curvatureOf(problem).lower.objective.own.shape;
}

const convex: readonly string[] = [
  // powers and norms
  "abs(s)^3",
  "abs(s)^1.5",
  "sum(abs(y).^3)^(1/3)",
  "p^2.5",
  "q^(-2)",
  "norm(y)^2",
  "norm(y)^3",
  "normInf(y)^2",
  "norm1(y)^2 + norm(A * y)^4",
  "sumsq(y)^2",
  "(s^2 + t^2 + 1)^1.5",
  "(s - 2 * t)^4",
  "max(norm(y) - 1, 0)^2",
  "max(0, max(y))^2",
  "norm(y[1:2]) + 2 * norm(y[2:3])",
  // hidden squares
  "s^2 + 4 * s * t + 5 * t^2 - 2 * t + 1",
  "s^4 - 4 * s^3 + 6 * s^2 - 4 * s + 1",
  "s^4 + 2 * s^2 * t^2 + t^4",
  "s^6 + s^4 - s^3 + s^2",
  "s^4 + s^2 * t^2 + t^4",
  // quotients
  "quadform(P, y) / q",
  "norm(y)^2 / q",
  "p^3 / q^2",
  "1 / (q * (1 + p))",
  "exp(s) / q^2",
  "1 / log(1 + q)",
  "dot(y, solve(P, y))",
  // exponentials and logarithms
  "log(exp(s) + exp(-s))",
  "0.1 * log(sum(exp(10 * y)))",
  "sqrt(sum(exp(2 * y)))",
  "exp(norm(y))",
  "exp(s^2 + t^2) + exp(exp(t))",
  "softplus(s)^2",
  "-log(1 / (1 + exp(-s)))",
  "log(1 + exp(max(s, t)))",
  "-sum(log(z + 0.1))",
  "-log(4 - sumsq(z))",
  "-sqrt(4 - z[1]^2)",
  "-log(p * q)",
  // entropies
  "q * log(q) - q",
  "sum(i in 1..3: z[i] * log(z[i] / w[i]) - z[i] + w[i])",
  "z[1] * log(z[1] / q) - z[1] + q",
  // losses
  "max(0.9 * (s - t), -0.1 * (s - t))",
  "max(abs(s - t) - 1, 0)",
  "huber(norm(y))",
  "sqrt(1 + (s - t)^2) - 1",
  "log(1 + exp(-s)) + 0.5 * s^2",
];

const concave: readonly string[] = [
  "sqrt(p * q)",
  "(p * q)^0.5",
  "(z[1] * z[2] * z[3])^(1/3)",
  "prod(z)^(1/3)",
  "p^0.3 * q^0.7",
  "p^0.3 * q^0.5",
  "exp((log(q) + log(q + p)) / 2)",
  "1 / (1 / q + 1 / (1 + p))",

  "-sum(z .* log(z))",
  "1 - exp(-s)",
  "log(sqrt(q) + p)",
  "min(s, 2 * t, 3) - relu(s)",
  "log(p + q) - norm(y)",
  "(sqrt(p) + sqrt(q))^2",
];

const undecided: readonly string[] = [
  "p * q",
  "norm(y) / q",
  "log(1 + s^2)",
  "sqrt(abs(s))",
  "max(y)^2",
  "s^4 - s^2",
  "s / q",
];

describe("textbook functions", () => {
  test.each(convex)("convex: %s", async (expression) => {
    expect(await shapeOf(expression)).toBe("convex");
  });

  test.each(concave)("concave: %s", async (expression) => {
    expect(await shapeOf(expression)).toBe("concave");
  });

  test.each(undecided)("neither: %s", async (expression) => {
    expect(["unknown", "nonconvex"]).toContain(await shapeOf(expression));
  });
});
