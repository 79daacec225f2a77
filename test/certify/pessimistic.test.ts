/** Pessimistic values against closed forms: lower levels with many solutions, with two, with one, and linear ones. */
import { describe, expect, test } from "vitest";
import { solve } from "../../src/api.js";
import { pessimistic } from "../../src/certify/pessimistic.js";
import { createRandom } from "../../src/num/random.js";
import { compiledOracle, problemFrom } from "../support/compiledOracle.js";

async function found(source: string, x: readonly number[], y: readonly number[]) {
  const oracle = await compiledOracle(source);
  return pessimistic(oracle, Float64Array.from(x), Float64Array.from(y), createRandom(1));
}

const cases: readonly (readonly [string, string, readonly number[], readonly number[], number | undefined])[] = [
  [
    "indifferent on an interval: the far end",
    "upper { var x in [0, 1]; minimize x^2 + (y - 2)^2 }\nlower { var y in [0, 5]; minimize 0*y + x }",
    [0],
    [2],
    9,
  ],
  [
    "a line of solutions y1 + y2 = x cut by a box: max of (y1 - 1)^2 at y1 = -3",
    "upper { var x in [0, 4]; minimize (y[1] - 1)^2 + x }\nlower { var y[2] in [-3, 3]; minimize (y[1] + y[2] - x)^2 }",
    [0],
    [1, -1],
    16,
  ],
  [
    "two separate minima of a double well",
    "upper { var x in [0, 1]; minimize x + (y - 1)^2 }\nlower { var y in [-2, 2]; minimize (y^2 - 1)^2 }",
    [0],
    [1],
    4,
  ],
  [
    "an edge of a linear lower level",
    "upper { var x in [0, 1]; minimize x - y[1] }\nlower { var y[2] in [0, 1]; minimize -y[1] - y[2]; subject to cap: y[1] + y[2] <= 1 }",
    [0],
    [1, 0],
    0,
  ],
  [
    "without a worst one",
    "upper { var x in [0, 1]; minimize x - y[1] }\nlower { var y[2]; minimize (y[2] - x)^2; subject to y[1] <= 1 }",
    [0],
    [1, 0],
    Number.POSITIVE_INFINITY,
  ],
  [
    "strongly convex: one solution",
    "upper { var x in [0, 1]; minimize x + (y - 1)^2 }\nlower { var y in [-2, 2]; minimize (y - x)^2 }",
    [0.5],
    [0.5],
    undefined,
  ],
  [
    "strictly convex but flat: y^4 has one solution, and neighbours that almost solve it",
    "upper { var x in [0, 1]; minimize x - y }\nlower { var y in [-2, 2]; minimize (y - x)^4 }",
    [0.5],
    [0.5],
    undefined,
  ],
  [
    "a linear lower level with one solution",
    "upper { var x in [0, 1]; minimize x - y[1] }\nlower { var y[2] in [0, 1]; minimize -2*y[1] - y[2]; subject to cap: y[1] + y[2] <= 1 }",
    [0],
    [1, 0],
    undefined,
  ],
  [
    "many solutions that are one to the upper level",
    "upper { var x in [0, 1]; minimize x + (y[1] - 1)^2 }\nlower { var y[2] in [-2, 2]; minimize (y[1] - x)^2 }",
    [0.5],
    [0.5, 0],
    undefined,
  ],
];

test.each(cases)("%s", async (_, source, x, y, expected) => {
  const worst = await found(source, x, y);
  if (expected === undefined) expect(worst).toBeUndefined();
  else if (Number.isFinite(expected)) expect(worst?.objective).toBeCloseTo(expected, 1);
  else expect(worst?.objective).toBe(expected);
});

describe("beside a converged answer", () => {
  test("in the sense the source wrote, with the lower values", async () => {
    const problem = await problemFrom(
      "upper { var x in [0, 1]; maximize 3 - x - (y - 2)^2 }\nlower { var y in [0, 5]; minimize 0*y + x }",
    );
    const result = await solve(problem);
    expect(result.status).toBe("converged");
    expect(result.upper.objective).toBeCloseTo(3, 5);
    expect(result.pessimistic?.objective).toBeCloseTo(-6, 1);
    expect(result.pessimistic?.values.y).toBeCloseTo(5, 1);
  });

  test("nothing where the lower solution is unique", async () => {
    const problem = await problemFrom("upper { var x; minimize x^2 + y }\nlower { var y; minimize (y - x)^2 }");
    expect((await solve(problem)).pessimistic).toBeUndefined();
  });
});
