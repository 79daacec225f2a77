/** Random expressions: nothing proved is contradicted by samples, and enough is proved. */
import { describe, expect, test } from "vitest";
import { curvatureOf } from "../../src/curvature/index.js";
import { verifyCurvature } from "../../src/curvature/verify.js";
import { createRandom } from "../../src/num/random.js";
import { compileText } from "../elaborate/compile.js";

const unary = [
  "exp(-#)",
  "exp(#)",
  "abs(#)",
  "(#)^2",
  "sqrt(1 + (#)^2)",
  "softplus(#)",
  "log(1 + exp(#))",
  "tanh(#)",
  "sin(#)",
  "relu(#)",
  "huber(#)",
  "1 / (1 + (#)^2)",
  "-(#)",
  "3 * (#)",
  "log(2 + (#)^2)",
  "sqrt(abs(#))",
  "1 / (0.5 + abs(#))",
  "(#)^3",
  "atan(#)",
  "cosh(0.3 * (#))",
];
const rareUnary = [
  // holes in the domain, powers, pieces, composite atoms
  "log(#)",
  "sqrt(#)",
  "1 / (#)",
  "(abs(#))^1.5",
  "abs(#)^3",
  "(if (#) > 1 then (#)^2 else 2 * (#) - 1)",
  "(if (#) > 0 then (#) else 0)",
  "max(#, 0)^2",
  "logsumexp([#, 2 * (#), 1])",
  "norm([#, 1])",
  "exp(#) - (#)",
  "(#)^4 - 2 * (#)^2",
  "(#)^4 + (#)^2 * t^2 + t^4",
  "exp(-(#)^2)",
  "step(#)",
];
const binary = [
  "(#) + (@)",
  "(#) - (@)",
  "(#) * (@)",
  "max(#, @)",
  "min(#, @)",
  "(#)^2 / (1 + exp(@))",
  "log(exp(#) + exp(@))",
  "(#) / (2 + p)",
  "(if (#) < (@) then @ else #)",
  "(if (#) < (@) then # else 1)",
  "x * (#) + (@)",
];
const rareBinary = [
  // quotients, means, entropies
  "(#) / (@)",
  "(#)^2 / (@)",
  "sqrt((#) * (@))",
  "sqrt((#)^2 + (@)^2)",
  "(#)^0.3 * (@)^0.6",
  "(p + 1)^3 / (1 + abs(@))^2 + (#)",
  "1 / (1 / (1 + exp(#)) + 1 / (2 + p))",
  "(sqrt(abs(#)) + sqrt(p))^2 + (@)",
  "exp(0.5 * log(1 + p) + 0.4 * log(4 - (#)^2)) + (@)",
  "(#) * log((#) / (@))",
  "((#)^2 + (#) * (@) + (@)^2) / (1 + p)",
  "max((#)^2, (@)) - min(#, p)",
];
const leaves = [
  "s",
  "t",
  "p",
  "y[1] - y[2]",
  "sum(y)",
  "s - x",
  "2 * p - t",
  "dot(a, y)",
  "1.5",
  "x",
  "n",
  "p * log(p + 1)",
  "sumsq(y)",
  "norm(y)",
];

function expression(random: ReturnType<typeof createRandom>, depth: number): string {
  const pick = (list: readonly string[]): string => list[random.integer(list.length)];
  if (depth === 0 || random.uniform() < 0.15) return pick(leaves);
  const rare = random.uniform() < 0.3;
  if (random.uniform() < 0.5) return pick(rare ? rareUnary : unary).replaceAll("#", expression(random, depth - 1));
  return pick(rare ? rareBinary : binary)
    .replaceAll("#", expression(random, depth - 1))
    .replaceAll("@", expression(random, depth - 1));
}

describe("random expressions", () => {
  test("nothing proved is contradicted by 200 samples", async () => {
    const random = createRandom(20).split("fuzz");
    const shapes = new Map<string, number>();
    for (let k = 0; k < 125; k++) {
      const text = expression(random, 1 + (k % 3));
      const { problem } = await compileText(`param a = [1, -2]
upper {
  var x in [0.5, 2]
  minimize x + s
}
lower {
  var s
  var t in [-2, 2]
  var p in [0, 3]
  var n in [-3, -1]
  var y[2]
  minimize s + (${text})
}`);
      // constants may lie outside the domain of a function
      if (problem === undefined) continue;
      const { own } = curvatureOf(problem).lower.objective;
      shapes.set(own.shape, (shapes.get(own.shape) ?? 0) + 1);
      const { disagreements } = verifyCurvature(problem, 200);
      expect(disagreements.map((d) => ({ text, what: d.what, claim: d.claim, witness: d.witness }))).toEqual([]);
    }
    expect(shapes.get("convex") ?? 0).toBeGreaterThan(20);
    expect(shapes.get("nonconvex") ?? 0).toBeGreaterThan(10);
  });
});
