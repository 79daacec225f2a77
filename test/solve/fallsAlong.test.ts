/** Rays along which a lower level falls for ever: what is proved is so at points, and what is not so is never proved. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compile, type Problem } from "../../src/api.js";
import { compileOracle } from "../../src/oracle/compile.js";
import { fallsAlong } from "../../src/solve/obstruction/fallsAlong.js";

async function problemOf(text: string): Promise<Problem> {
  const { problem, diagnostics } = await compile(text, { name: "problem.blo" });
  if (!problem) throw new Error(diagnostics.map((d) => d.message).join("; "));
  return problem;
}

const two = (objective: string, rows = "", x = "in [0, 2]") =>
  `upper { var x ${x}; minimize x + y[1] + y[2] }\nlower { var y[2]; minimize ${objective}${rows && `; subject to ${rows}`} }`;

describe("proved", () => {
  test.each([
    ["affine", two("-y[1] - y[2]", "y[1] - y[2] <= x"), [1, 1]],
    ["a parabola that all x bend down", two("-(1 + x) * y[1]^2 + x * y[1]"), [1, 0]],
    ["a valley that widens", two("-y[2]", "y[2] <= (1 + x) * (y[1] - 2)^2"), [-1, 1]],
    ["the highest power vanishes for some x", two("-x * y[1]^3 - y[1]"), [1, 0]],
    ["a row without the ray", two("-y[1]", "y[2]^2 <= x"), [1, 0]],
    ["an equality along which both move", two("-y[1]", "y[1] - y[2] == x"), [1, 1]],
    ["not polynomial", two("x * y[1] - exp(y[1])", "log(1 + y[1]^2) >= 0"), [1, 0]],
    ["any x", two("-y[1]", "y[1] * x^2 >= -1", ""), [1, 0]],
  ] as const)("%s", async (_, text, ray) => {
    const problem = await problemOf(text);
    expect(fallsAlong(problem, Float64Array.from(ray), new Float64Array(2))).toBe(true);
  });
});

describe("not proved, since it is not so", () => {
  test.each([
    ["a row cuts the ray", two("-y[1]", "y[1] <= 1e6"), [1, 0]],
    ["for some x only", two("(1 - x) * y[1]"), [1, 0]],
    ["it rises in the end", two("-1e6 * y[1]^2 + y[1]^3"), [1, 0]],
    ["bounds", two("-y[1]").replace("var y[2]", "var y[2] in [0, 9]"), [1, 0]],
    ["an equality is left", two("-y[1]", "y[1] - 2 * y[2] == x"), [1, 1]],
    ["it levels off", two("exp(-y[1])"), [1, 0]],
    ["it stays", two("y[2]^2"), [1, 0]],
    ["the row bends up for some x", two("-y[1]", "(x - 1) * y[1]^2 <= 4"), [1, 0]],
  ] as const)("%s", async (_, text, ray) => {
    const problem = await problemOf(text);
    expect(fallsAlong(problem, Float64Array.from(ray), new Float64Array(2))).toBe(false);
  });
});

test("random cubics: a proof agrees with values far out, at all x", async () => {
  const coefficient = fc.integer({ min: -3, max: 3 });
  let proofs = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(coefficient, { minLength: 8, maxLength: 8 }),
      fc.constantFrom([1, 0], [0, 1], [1, 1], [-1, 1], [1, -1], [-1, -1]),
      async ([a, b, c, d, e, f, g, h], ray) => {
        const text = two(
          `${a} * y[1]^3 + ${b} * x * y[1] * y[2] + ${c} * y[2]^2 + ${d} * x * y[1]`,
          `${e} * y[1]^2 + (${f} * x + ${g}) * y[2] + 1e-9 * x^2 - ${h} <= 1`,
        );
        const problem = await problemOf(text);
        if (!fallsAlong(problem, Float64Array.from(ray), new Float64Array(2))) return;
        proofs++;
        const oracle = compileOracle(problem, {});
        const row = new Float64Array(1);
        for (const x of [0, 0.3, 1, 1.7, 2]) {
          const at = Float64Array.of(x);
          const far = (t: number) => Float64Array.from(ray.map((v) => t * v));
          oracle.lower.constraints.value(at, far(1e6), row);
          // rows that vanish along the ray keep what they are at y, which may be violated: there is nothing to say then
          if (row[0] > 0) expect(row[0]).toBeLessThanOrEqual(-h - 1 + 1e-6);
          expect(oracle.lower.value(at, far(1e6))).toBeLessThan(oracle.lower.value(at, far(1e5)) - 1e4);
        }
      },
    ),
    { seed: 7, numRuns: 80 },
  );
  expect(proofs).toBeGreaterThan(5);
});
