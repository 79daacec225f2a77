/** Certificates where the lower level has no multipliers, and where several lower solutions are (almost) equally low. */
import { describe, expect, test } from "vitest";
import { certify, compile, solve } from "../../src/api.js";
import { softened } from "../../src/certify/lowerSoftened.js";
import { compileOracle } from "../../src/oracle/compile.js";

async function problemOf(source: string) {
  const { problem, diagnostics } = await compile(source);
  expect(diagnostics.filter((d) => d.severity === "error")).toEqual([]);
  return problem!;
}

/** y² <= 0 leaves y = 0; the lower gradient x² has nothing to balance it. */
const square =
  "upper { var x init 1\n minimize (x - 1)^2 + y^2 }\nlower { var y init 1\n minimize x^2 * y\n subject to\n y^2 <= 0 }";

/** Two discs of radius 1 with centers (x, x + 1) and (-x, x + 1) touch at x = 1 in (0, 2). */
const discs =
  "upper { var x in [0, 1] init 0.5\n minimize -v }\nlower { var u\n var v\n minimize u^2 + (v + 1)^2\n subject to\n (u - x)^2 + (v - x - 1)^2 <= 1\n (u + x)^2 + (v - x - 1)^2 <= 1 }";

describe("lower levels without multipliers", () => {
  test.each([
    ["a square", square, [0.7], [0], 0],
    ["discs that touch", discs, [1], [0, 2], 9],
  ])("%s: the lower value is the limit of softened ones", async (_name, source, x, y, value) => {
    const oracle = compileOracle(await problemOf(source));
    const found = softened(oracle, Float64Array.from(x), Float64Array.from(y), [], () => false);
    expect(found?.value).toBeCloseTo(value, 5);
    expect(found?.fritzJohn).toBeLessThan(1e-8);
  });

  test("where multipliers exist there is no limit to take", async () => {
    const oracle = compileOracle(await problemOf(discs));
    // at x = 1/2 the discs overlap: v is least in (0, 3/2 - sqrt(3)/2)
    const y = Float64Array.of(0, 1.5 - Math.sqrt(0.75));
    expect(softened(oracle, Float64Array.of(0.5), y, [], () => false)).toBeUndefined();
  });

  test("points are certified where they solve both levels, and refused where they do not", async () => {
    const problem = await problemOf(square);
    expect((await certify(problem, { x: 1, y: 0 })).certified).toBe(true);
    const away = await certify(problem, { x: 0.9, y: 0 });
    expect(away.certified).toBe(false);
    expect(away.checks.filter((c) => !c.holds).map((c) => c.name)).toContain("neighbours");
    expect((await certify(problem, { x: 1, y: 0.01 })).certified).toBe(false);
  });

  test("a plain run finds and certifies them", async () => {
    const result = await solve(await problemOf(square));
    expect(result.status).toBe("converged");
    expect(result.values.x).toBeCloseTo(1, 4);
    expect(result.upper.objective).toBeLessThan(1e-6);
  });

  test("a lower point elsewhere is seen", async () => {
    // y in {0} or y >= 1, by a cusp at 0: at 0 no multiplier exists, and y = 2 is lower
    const problem = await problemOf(
      "upper { var x in [0, 1] init 0.5\n minimize (x - 0.5)^2 + y^2 }\nlower { var y in [-1, 2] init 0\n minimize y - 3*y^2\n subject to\n y^2 * (1 - y) <= 0 }",
    );
    expect((await certify(problem, { x: 0.5, y: 0 })).certified).toBe(false);
  });
});

describe("lower solutions that are equally low", () => {
  /** Wells at ±1, the right one lower for x > 0; f prefers the right one. phi falls from 1 + x² to x² at x = 0. */
  const wells = (upper: string): string =>
    `upper { var x in [-1, 1] init 0.5\n minimize ${upper} }\nlower { var y in [-2, 2] init 1\n minimize (y^2 - 1)^2 - x*y/4 }`;

  test("a solution at the jump is certified", async () => {
    const certificate = await certify(await problemOf(wells("x + (y - 1)^2")), { x: 0, y: 1 });
    expect(certificate.certified).toBe(true);
  });

  test("the point is refused where the other well gives the upper level more just beside it", async () => {
    // f = x - 2 y is least to the right; to the left of 0 the well at -1 is the lower solution, where f = x + 2
    const problem = await problemOf(wells("x - 2*y"));
    expect((await certify(problem, { x: 0, y: 1 })).certified).toBe(true);
    const left = await problemOf(wells("x + 2*y"));
    // at x = 0 both are lower solutions; y = 1 with f = 2 is not the optimistic one
    expect((await certify(left, { x: 1e-5, y: 1 })).certified).toBe(false);
  });
});
