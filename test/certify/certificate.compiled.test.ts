/** Certificates on compiled problems: what counts as proved, large problems, parts left out with words. */
import { describe, expect, it } from "vitest";
import { compile } from "../../src/api.js";
import { certify, examine } from "../../src/certify/certificate.js";
import { degreeIn } from "../../src/expr/degree.js";
import { createRandom } from "../../src/num/random.js";
import { compileOracle } from "../../src/oracle/compile.js";
import type { Oracle } from "../../src/oracle/oracle.js";

async function oracleOf(source: string): Promise<Oracle> {
  const { problem, diagnostics } = await compile(source);
  if (problem === undefined) throw new Error(diagnostics.map((d) => d.message).join("; "));
  return compileOracle(problem);
}
const options = { tolerance: 1e-6, random: createRandom(3) };
const at = (o: Oracle, x: number[], y: number[]) => certify(o, Float64Array.from(x), Float64Array.from(y), options);

describe("degrees and proofs", () => {
  const lower = async (objective: string) => {
    const { problem } = await oracleOf(`upper { var x in [0, 2]
      minimize x^2 + sum(y) }
    lower { var y[2] in [-1, 2]
      minimize ${objective} }`);
    return degreeIn(problem.lowerObjective, problem.y);
  };
  it.each([
    ["sum(y) * x^3", 1],
    ["sumsq(y) + exp(x) * dot(y, [1, 2])", 2],
    ["quadform([[2, 1], [1, 3]], y) / (1 + x^2)", 2],
    ["y[1] * y[2] * x", 2],
    ["y[1]^3 + y[2]", 3],
    ["y[1] * y[2]^2", 3],
    ["x", 0],
  ])("degree of %s in y", async (objective, degree) => {
    expect(await lower(objective)).toBe(degree);
  });
  it("no bound for what is no polynomial", async () => {
    expect(await lower("exp(y[1]) + y[2]^2")).toBe(Number.POSITIVE_INFINITY);
    expect(await lower("abs(y[1]) + y[2]^2")).toBe(Number.POSITIVE_INFINITY);
    expect(await lower("x / (3 + y[1])")).toBe(Number.POSITIVE_INFINITY);
  });
  it("a convex quadratic lower level is proved", async () => {
    const o = await oracleOf(`upper { var x
      minimize 7x^2 - 12x*y + 4y^2 - 30x + 4y - 2 }
    lower { var y
      minimize 4y^2 - 4x*y + x^2 + 17 }`);
    const c = at(o, [7], [3.5]);
    expect(c.certified).toBe(true);
    expect(c.lowerEvidence).toBe("global (proved)");
    expect(c.curvature[0]).toBeCloseTo(8, 10);
  });
  it("a concave one on a box is proved by bounds over boxes, and its worse end is refused", async () => {
    const o = await oracleOf(`upper { var x in [0, 1]
      minimize (x - 0.5)^2 + y }
    lower { var y in [-1, 2]
      minimize -y^2 + 0 * x }`);
    const worse = at(o, [0.5], [-1]);
    expect(worse.certified).toBe(false);
    expect(worse.sentence).toMatch(/Another y has a lower objective smaller by 3/);
    const better = at(o, [0.5], [2]);
    expect(better.certified).toBe(true);
    expect(better.lowerEvidence).toBe("global (proved)");
  });
  it("a better lower solution is handed back", async () => {
    const o = await oracleOf(`upper { var x in [0, 1]
      minimize (x - 0.5)^2 + y }
    lower { var y in [-1, 2]
      minimize -y^2 + 0 * x }`);
    const { lowerSolution } = examine(o, Float64Array.of(0.5), Float64Array.of(-1), options);
    expect(lowerSolution[0]).toBe(2);
  });
});

describe("lower levels that are convex by rules", () => {
  it("one local solution is the global one, with proof and without other starts", async () => {
    const o = await oracleOf(`upper { var x
      minimize (x - 1)^2 }
    lower { var y[6]
      minimize sumsq(y) + sum(softplus(y - x)) }`);
    // 2 y + 1 / (1 + exp(x - y)) = 0 at x = 1, by bisection
    let [low, high] = [-1, 0];
    for (let k = 0; k < 80; k++) {
      const middle = (low + high) / 2;
      if (2 * middle + 1 / (1 + Math.exp(1 - middle)) > 0) high = middle;
      else low = middle;
    }
    const c = at(o, [1], Array(6).fill(low));
    expect([c.certified, c.lowerEvidence]).toEqual([true, "global (proved)"]);
    expect(at(o, [1], Array(6).fill(low + 1e-3)).certified).toBe(false);
  });
  it("a convex one that only levels off has no solution all the same", async () => {
    const o = await oracleOf(`upper { var x
      minimize (x - 1)^2 }
    lower { var y[2]
      minimize exp(-y[1]) + y[2]^2 }`);
    const c = at(o, [1], [40, 0]);
    expect(c.certified).toBe(false);
    expect(c.sentence).toMatch(/only levels off/);
  });
});

describe("many lower solutions", () => {
  // y = (s, t): s is determined with the curvature 1e-4 against 1e2, t is free; f pulls on all of it
  const source = `upper { var x
      minimize (x - 1)^2 + y[1] + (y[3] - 2)^2 }
    lower { var y[3]
      minimize 1e-4 * (y[1] - x)^2 + 1e2 * (y[2] + x)^2 }`;
  it("small curvatures beside the free direction do not look like a better choice", async () => {
    const c = at(await oracleOf(source), [0.5], [0.5, -0.5, 2]);
    expect(c.checks.filter((k) => !k.holds)).toEqual([]);
  });
  it("a better choice is told", async () => {
    const c = at(await oracleOf(source), [0.5], [0.5, -0.5, 1.9]);
    const optimistic = c.checks.find((k) => k.name === "optimistic");
    expect(optimistic?.holds).toBe(false);
    expect(optimistic?.value).toBeCloseTo(0.01, 6);
  });
});

describe("large problems", () => {
  it("many lower variables: Newton steps and adjoint by conjugate gradients", async () => {
    const o = await oracleOf(`upper { var x[2]
      minimize sumsq(y) / 100 - x[1] - 2 * x[2] }
    lower { var y[400]
      minimize sum(i in 1..400: (1 + i / 100) * (y[i] - x[1] - x[2] * i / 400)^2) }`);
    // y_i = x1 + x2 t_i, t = i/400: phi = (x1² S0 + 2 x1 x2 S1 + x2² S2)/100 - x1 - 2 x2.
    let [s0, s1, s2] = [0, 0, 0];
    for (let i = 1; i <= 400; i++) {
      s0 += 1;
      s1 += i / 400;
      s2 += (i / 400) ** 2;
    }
    const det = s0 * s2 - s1 * s1;
    const a = (50 * s2 - 100 * s1) / det;
    const b = (100 * s0 - 50 * s1) / det;
    const y = Float64Array.from({ length: 400 }, (_, i) => a + (b * (i + 1)) / 400);
    const c = certify(o, Float64Array.of(a, b), y, options);
    expect(c.checks.filter((k) => !k.holds)).toEqual([]);
    expect(
      certify(
        o,
        Float64Array.of(a + 1e-3, b),
        y.map((v) => v + 1e-3),
        options,
      ).certified,
    ).toBe(false);
    y[7] += 1e-3;
    expect(certify(o, Float64Array.of(a, b), y, options).certified).toBe(false);
  });
  it("many upper variables: differences are left out, in words", async () => {
    const o = await oracleOf(`upper { var x[30]
      minimize sumsq(y) + sumsq(x) - 4 * sum(x) }
    lower { var y[30]
      minimize sumsq(y - x) }`);
    const c = certify(o, new Float64Array(30).fill(1), new Float64Array(30).fill(1), options);
    expect(c.certified).toBe(true);
    expect(c.checks.find((k) => k.name === "differences")?.words).toMatch(/30 upper variables are more than 20/);
  });
  it("no time: what was skipped is named", async () => {
    const o = await oracleOf(`upper { var x
      minimize x^2 + y^2 }
    lower { var y
      minimize (y - x)^2 + exp(y) }`);
    const c = certify(o, Float64Array.of(0), Float64Array.of(0), { ...options, exhausted: () => true });
    expect(c.certified).toBe(false);
    expect(c.sentence).toMatch(/Not certified/);
  });
});
