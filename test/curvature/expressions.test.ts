/** Expressions of the language with known curvature in y (for fixed x) and jointly. "?" stands for: no rule decides, rightly. */
import { describe, expect, test } from "vitest";
import { curvatureOf } from "../../src/curvature/index.js";
import { sharedOf } from "../../src/curvature/problem.js";
import { sampledCheck } from "../../src/curvature/sampled.js";
import { problemOf } from "../elaborate/compile.js";

const declared = `param a = [1, -2, 3]
param w = [1, 2, 0.5]
param A = [[1, 2, 0], [0, 1, -1], [3, 0, 1], [1, 1, 1]]
param c = [1, 2, 3, 4]
param P = [[2, -1, 0], [-1, 2, -1], [0, -1, 2]]
param N = [[1, 2, 0], [2, 1, 0], [0, 0, 1]]
`;

async function shapes(expression: string): Promise<{ own: string; joint: string }> {
  const problem = await problemOf(`${declared}
upper {
  var x in [1, 2]
  var r
  minimize x + r + s
}
lower {
  var s
  var t
  var p >= 0 init 1
  var q in [0.5, 10] init 1
  var y[3]
  var z[3] in [0, 1]
  var n in [-3, -1]
  minimize ${expression}
}`);
  const { lower } = curvatureOf(problem);
  const word = (shape: string): string => (shape === "unknown" || shape === "nonconvex" ? "?" : shape);
  // independently of the rules: segments on which a proved shape would break
  const { objective } = problem.lowers[0];
  const own = new Map([[problem.y, true as const]]);
  const shape = lower.objective.own.shape;
  if (shape === "convex" || shape === "affine")
    expect(sampledCheck(problem, sharedOf(problem).boxes, objective, own, 1).witness, expression).toBeUndefined();
  if (shape === "concave" || shape === "affine")
    expect(sampledCheck(problem, sharedOf(problem).boxes, objective, own, -1).witness, expression).toBeUndefined();
  return { own: word(shape), joint: word(lower.objective.joint.shape) };
}

/** Expression, in y, jointly with x and r. */
const known: readonly (readonly [string, string, string])[] = [
  // affine and polynomial
  ["s + 2 * t - x", "affine", "affine"],
  ["x * s", "affine", "?"],
  ["s^2", "convex", "convex"],
  ["-s^2", "concave", "concave"],
  ["s * t", "?", "?"],
  ["s^3", "?", "?"],
  ["p^3", "convex", "convex"],
  ["n^3", "concave", "concave"],
  ["s^4", "convex", "convex"],
  ["p^1.5", "convex", "convex"],
  ["p^0.5", "concave", "concave"],
  ["q^(-1)", "convex", "convex"],
  ["s^2 - 2 * s * t + 2 * t^2", "convex", "convex"],
  ["s^2 - 2 * s * t + t^2", "convex", "convex"],
  ["s^2 + 3 * s * t + t^2", "?", "?"],
  ["(s - x)^2 + (t + r)^2", "convex", "convex"],
  ["s^2 - 2 * s * t + 2 * t^2 + exp(s)", "convex", "convex"],
  ["(s + t)^2 - 4 * s * t", "convex", "convex"],
  ["x * s^2", "convex", "?"],
  ["r * s^2", "?", "?"],
  ["quadform(P, y)", "convex", "convex"],
  ["quadform(N, y)", "?", "?"],
  ["quadform(P, y) - dot(a, y) + x * sum(y)", "convex", "?"],
  ["sumsq(A * y - c)", "convex", "convex"],
  ["sumsq(A * y - c) / 4 + x * sumsq(y)", "convex", "?"],
  ["sum(i in 1..3: y[i]^2 - 2 * y[i] * z[i] + z[i]^2)", "convex", "convex"],
  // kinks
  ["abs(s - t)", "convex", "convex"],
  ["max(s, t, 0)", "convex", "convex"],
  ["min(s, t)", "concave", "concave"],
  ["max(0, 1 - s)", "convex", "convex"],
  ["max(0, 1 - s)^2", "convex", "convex"],
  ["sum(i in 1..4: max(0, 1 - c[i] * dot(A[i, :], y)))", "convex", "convex"],
  ["relu(-s) + relu(t - r)", "convex", "convex"],
  ["huber(s - x)", "convex", "convex"],
  ["sum(i in 1..4: huber(dot(A[i, :], y) - c[i], 2))", "convex", "convex"],
  ["norm1(y - a)", "convex", "convex"],
  ["normInf(y)", "convex", "convex"],
  ["norm(A * y - c)", "convex", "convex"],
  ["norm(y) * x", "convex", "?"],
  ["-norm(y)", "concave", "concave"],
  ["max(y)", "convex", "convex"],
  ["min(y)", "concave", "concave"],
  ["if s > 0 then s else 0", "convex", "convex"],
  ["if s > 0 then s^2 else -s", "?", "?"],
  ["abs(q) + abs(n)", "affine", "affine"],
  // exponentials, logarithms, entropies
  ["exp(-s)", "convex", "convex"],
  ["exp(s^2)", "convex", "convex"],
  ["exp(-s^2)", "?", "?"],
  ["exp(abs(s - r))", "convex", "convex"],
  ["log(p)", "concave", "concave"],
  ["-log(q - 0.1)", "convex", "convex"],
  ["log(1 + exp(s))", "convex", "convex"],
  ["softplus(-s)", "convex", "convex"],
  ["sum(i in 1..4: log(1 + exp(-c[i] * dot(A[i, :], y)))) + exp(x) * sumsq(y)", "convex", "?"],
  ["log(exp(s) + exp(2 * t) + 3)", "convex", "convex"],
  ["logsumexp(A * y) - dot(c, A * y)", "convex", "convex"],
  ["log(sum(exp(y)))", "convex", "convex"],
  ["log(sigmoid(s))", "concave", "concave"],
  ["sum(z .* log(z))", "convex", "convex"],
  ["sum(i in 1..3: z[i] * log(z[i] / w[i]))", "convex", "convex"],
  ["dot(z, log(z))", "convex", "convex"],
  ["p * log(p / q)", "convex", "convex"],
  ["p * log(q)", "?", "?"],
  ["exp(s) / q", "convex", "convex"],
  ["exp(s) * exp(t)", "convex", "convex"],
  // quotients and roots
  ["1 / q", "convex", "convex"],
  ["1 / s", "?", "?"],
  ["x / q", "convex", "?"],
  ["s^2 / q", "convex", "convex"],
  ["sumsq(y) / (q + x)", "convex", "convex"],
  ["s / q", "?", "?"],
  ["sqrt(1 + s^2)", "convex", "convex"],
  ["sqrt(s^2 + t^2 + sumsq(y))", "convex", "convex"],
  ["sqrt(p * q)", "concave", "concave"],
  ["sqrt(p)", "concave", "concave"],
  ["1 / sqrt(q)", "convex", "convex"],
  // bounded domains
  ["sin(s)", "?", "?"],
  ["-sin(sum(z))", "convex", "convex"],
  ["cosh(s) + sinh(p)", "convex", "convex"],
  ["tanh(p)", "concave", "concave"],
  ["sigmoid(s)", "?", "?"],
  ["sum(z.^3)", "convex", "convex"],
  ["-atan(p) + erf(n)", "convex", "convex"],
  ["sum(z.^4 - 0.1 * z.^3) + 10 * sumsq(z)", "convex", "convex"],
  // nets and the like
  ["(tanh(s * tanh(t)) - 1)^2", "?", "?"],
  ["sum(i in 1..4: (c[i] - s * sigmoid(t * A[i, 1]))^2)", "?", "?"],
  ["sin(s) * cos(t)", "?", "?"],
  ["s * exp(s)", "?", "?"],
];

describe("known shapes", () => {
  test.each(known)("%s", async (expression, own, joint) => {
    expect(await shapes(expression)).toEqual({ own, joint });
  });
});
