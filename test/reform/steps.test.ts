/** Reformulations as invertible steps: what their solutions stand for is bilevel feasible, with the multipliers of the lower level. */
import { describe, expect, test } from "vitest";
import { compile } from "../../src/api.js";
import { generated } from "../../src/codegen/backend.js";
import type { Problem } from "../../src/model/problem.js";
import { solveNonlinear } from "../../src/nlp/solve.js";
import { createRandom } from "../../src/num/random.js";
import { evaluate } from "../../src/ops/evaluate.js";
import { compileOracle } from "../../src/oracle/compile.js";
import { compileProgram } from "../../src/reform/compile.js";
import { dualityGap } from "../../src/reform/dualityGap.js";
import { kktProgram } from "../../src/reform/kkt.js";
import { lowerProgram } from "../../src/reform/lowerLevel.js";
import type { BilevelPoint } from "../../src/reform/steps/bilevelPoint.js";
import { reformulations } from "../../src/reform/steps/index.js";
import { type KktStep, kkt } from "../../src/reform/steps/kkt.js";
import { penalty } from "../../src/reform/steps/penalty.js";
import { strongDuality } from "../../src/reform/steps/strongDuality.js";
import { valueFunction } from "../../src/reform/steps/valueFunction.js";

type Vector = Float64Array;

async function problemOf(text: string): Promise<Problem> {
  const { problem, diagnostics } = await compile(text);
  expect(diagnostics.filter((d) => d.severity === "error")).toEqual([]);
  return problem!;
}

/** A convex quadratic (or linear) lower level in two variables with a coupling row, a bound as a row, a box and an equality. */
function randomText(seed: number, kind: "linear" | "quadratic"): string {
  const random = createRandom(seed).split("problem");
  const r = (): string => (2 * random.uniform() - 1).toFixed(3);
  const curved = kind === "quadratic" ? `(y[1] + ${r()} * y[2])^2 + 0.5y[2]^2 + ` : "";
  return `upper { var x[2] in [-1, 1]
  minimize (x[1] - ${r()})^2 + (x[2] - ${r()})^2 + (y[1] - ${r()})^2 + (y[2] - ${r()})^2 + 0.1w
  subject to  tie: x[1] + x[2] <= 1.5 }
lower { var y[2] in [-2, 2] ; var w
  minimize ${curved}(${r()} + x[1]) * y[1] + (${r()} + 0.5x[2]) * y[2] + 0.3w
  subject to
    cut: y[1] + ${r()} * y[2] + 0.3x[1] <= 1
    floor: 0.5 - 2y[2] <= 2
    link: w - y[1] - x[2] == 0 }`;
}

/** -(∇y g + h_yᵀ z) in the normal cone of the domain, z of the right sign, z h = 0: the lower first-order conditions. */
function residuals(problem: Problem, { x, y, multipliers: z }: BilevelPoint) {
  const { lower, domainY, n, m } = compileOracle(problem);
  const slope = new Float64Array(m);
  const ofRows = new Float64Array(m);
  lower.gradY(x, y, slope);
  lower.constraints.vjp(x, y, z, new Float64Array(n), ofRows);
  const moved = y.map((v, j) => v - (slope[j] + ofRows[j]));
  domainY.project(moved);
  const rows = new Float64Array(z.length);
  lower.constraints.value(x, y, rows);
  const { equality } = lower.constraints;
  const most = (values: ArrayLike<number>): number => Array.from(values).reduce((a, v) => Math.max(a, v), 0);
  return {
    stationarity: most(moved.map((v, j) => Math.abs(v - y[j]))),
    violation: most(rows.map((v, i) => (equality[i] ? Math.abs(v) : v))),
    sign: most(z.map((v, i) => (equality[i] ? 0 : -v))),
    complementarity: most(rows.map((v, i) => (equality[i] ? 0 : Math.abs(v * z[i])))),
  };
}

/** The path t -> 0 of a relaxed program from a point (x, y). */
function followed(problem: Problem, step: KktStep, start: Vector) {
  const { target, invert } = step.apply(problem);
  const program = compileProgram(target, generated);
  let u: Vector = new Float64Array(program.n);
  u.set(start);
  let last = solveNonlinear(program, u, { tolerance: 1e-9 });
  for (let t = 0.1; t > 1e-9; t *= 0.1) {
    program.parameters[0] = t;
    last = solveNonlinear(program, u, { tolerance: 1e-10 });
    u = last.u;
  }
  return { point: invert(u), last, program };
}

function lowerValue(problem: Problem, x: Vector, y: Vector) {
  const lower = compileProgram(lowerProgram(problem), generated);
  lower.parameters.set(x);
  return solveNonlinear(lower, y, { tolerance: 1e-10 });
}

const cases = [1, 2].flatMap((seed) => (["linear", "quadratic"] as const).map((kind) => ({ seed, kind })));

describe.each([kkt, strongDuality, penalty])("$id", (step) => {
  test.each(cases)("$kind lower level, seed $seed", async ({ seed, kind }) => {
    const problem = await problemOf(randomText(seed, kind));
    expect(step.accepts(problem)).toEqual([]);
    const { point, last } = followed(problem, step, new Float64Array(problem.x.size + problem.y.size));
    expect(["solved", "acceptable"]).toContain(last.status);
    const found = residuals(problem, point);
    for (const value of Object.values(found)) expect(value).toBeLessThan(2e-4);
    const oracle = compileOracle(problem);
    const { x, y } = point;
    // the same objective, and y as low as an independent solve of the lower level finds
    expect(oracle.upper.value(x, y)).toBeCloseTo(last.f, 4);
    expect(oracle.lower.value(x, y) - lowerValue(problem, x, y).f).toBeLessThan(1e-5);
  });
});

test("the duality gap is the complementarity less what stationarity leaves: g - D = zᵀs - vᵀe + yᵀ ∇L at any point", async () => {
  for (const { seed, kind } of cases) {
    const problem = await problemOf(randomText(seed, kind));
    const { builder: b, lowers, y } = problem;
    const target = kktProgram(problem, "none");
    const random = createRandom(seed).split("point");
    const at = new Map(
      [target.x, target.y, target.z, target.v].map(({ input }) => [
        input,
        Float64Array.from({ length: input.size }, () => random.normal()),
      ]),
    );
    const residual = target.rows.find((r) => r.origin === "lower" && r.lower[0] === 0)!.body;
    const slope = target.rows.find((r) => r.origin === "stationarity")!.body;
    const [z, v] = [b.input(target.z.input), b.input(target.v.input)];
    const leftOver = b.sub(b.dot(z, target.slacks!), b.dot(v, residual));
    const lagrangian = b.sub(lowers[0].objective, leftOver);
    const [[gap], [product], [along]] = evaluate(
      [dualityGap(problem, lowers[0], lagrangian), leftOver, b.dot(b.input(y), slope)],
      at,
    );
    expect(gap).toBeCloseTo(product + along, 10);
  }
});

test("strong duality of a game: each follower by itself, the others' quantities fixed", async () => {
  // Cournot followers with capacities 1.5 and 5 at the price 12 - x - y - z: y = 1.5, z = (10.5 - x) / 2, x = 5.25
  const problem = await problemOf(`upper { var x >= 0; maximize x * (12 - x - y - z) }
lower first { var y in [0, 1.5]; maximize y * (12 - x - y - z) }
lower second { var z in [0, 5]; maximize z * (12 - x - y - z) }`);
  expect(strongDuality.accepts(problem)).toEqual([]);
  const { point } = followed(problem, strongDuality, Float64Array.of(1, 1, 1));
  expect([...point.x, ...point.y]).toEqual([5.25, 1.5, 2.625].map((v) => expect.closeTo(v, 4)));
});

describe("value-function", () => {
  test.each(cases)(
    "$kind lower level, seed $seed: lower solutions at an x, the better one for the upper level",
    async (c) => {
      const problem = await problemOf(randomText(c.seed, c.kind));
      expect(valueFunction.accepts(problem)).toEqual([]);
      const { target, invert } = valueFunction.apply(problem);
      const [below, optimistic] = [target.lower, target.optimistic].map((p) => compileProgram(p, generated));
      const random = createRandom(c.seed).split("x");
      for (let k = 0; k < 3; k++) {
        const x = Float64Array.from({ length: 2 }, () => random.uniform() - 0.5);
        below.parameters.set(x);
        const lower = solveNonlinear(below, new Float64Array(3), { tolerance: 1e-11 });
        optimistic.parameters.set([...x, lower.f + 1e-9]);
        const best = solveNonlinear(optimistic, lower.u, { tolerance: 1e-9 });
        const point = invert({ x, y: best.u, lower });
        for (const value of Object.values(residuals(problem, point))) expect(value).toBeLessThan(1e-4);
        const { upper } = compileOracle(problem);
        expect(upper.value(point.x, point.y)).toBeLessThan(upper.value(x, lower.u) + 1e-6);
      }
    },
  );

  test("a constraint that is a bound has its multiplier in its own units", async () => {
    // y at its bound 3 / 2 where the slope is 2 (3/2 - x): 2 (1.5 - x) - 2 z = 0
    const problem = await problemOf(`upper { var x; minimize (x - y)^2 }
lower { var y in [-9, 9]; minimize (y - x)^2; subject to  floor: 3 - 2y <= 0 }`);
    const { target, invert } = valueFunction.apply(problem);
    const below = compileProgram(target.lower, generated);
    below.parameters[0] = 0.5;
    const lower = solveNonlinear(below, Float64Array.of(2), { tolerance: 1e-11 });
    expect(invert({ x: Float64Array.of(0.5), y: lower.u, lower }).multipliers[0]).toBeCloseTo(1, 6);
  });
});

describe("obstacles name what is in the way", () => {
  const said = async (lower: string) => {
    const problem = await problemOf(`upper { var x in [0, 1]; minimize x^2 }\n${lower}`);
    return Object.fromEntries(reformulations.map((s) => [s.id, s.accepts(problem).map((o) => o.message)]));
  };

  test("a cubic objective, a curved constraint, a ball", async () => {
    const found = await said("lower { var y in [0, 1]; minimize y^3 - x*y; subject to  cap: y^2 + x <= 2 }");
    expect(found["strong-duality"]).toEqual([
      "the objective of `lower` has degree 3 in its variables: it is neither linear nor quadratic",
      "the constraint `cap` is not affine in the variables of `lower`",
    ]);
    expect(found.kkt).toEqual([]);
    expect(found["value-function"]).toEqual([]);
    const ball = await said("lower { var y[2] in ball(0, 1); minimize sum(y) - x*y[1] }");
    expect(ball["strong-duality"]).toEqual(["the domain of `y` is a ball, which is no polyhedron"]);
    expect(ball.kkt).toEqual([]);
  });

  test("a lower level that is not convex, or not smooth", async () => {
    const bent = await said("lower { var y in [-1, 1]; minimize -y^2 + x*y }");
    expect(bent.kkt).toEqual(["the objective of `lower` is not convex in its variables"]);
    expect(bent["strong-duality"]).toEqual(bent.kkt);
    expect(bent.penalty).toEqual(bent.kkt);
    expect(bent["value-function"]).toEqual([]);
    const kinked = await said("lower { var y in [-1, 1]; minimize abs(y - x) }");
    expect(kinked.kkt).toEqual(["`abs` in the level `lower` has a kink, where it has no gradient"]);
    expect(kinked["strong-duality"][0]).toBe(
      "the objective of `lower` is no polynomial in its variables: it is neither linear nor quadratic",
    );
  });

  test("games and prices", async () => {
    const game = await said("lower a { var y; minimize (y - z - x)^2 }\nlower b { var z; minimize (z + y)^2 }");
    expect(game["value-function"]).toEqual([
      "the followers depend on each other: their game has no value that all of them minimise",
    ]);
    expect(game.kkt).toEqual([]);
    const priced = await problemOf(`upper { var x in [0, 1]; minimize dual(cap) - x }
lower { var y; minimize (y - 2)^2; subject to  cap: y <= x }`);
    expect(valueFunction.accepts(priced).map((o) => o.message)).toEqual([
      "the upper level uses `dual(cap)`, which no value function knows",
    ]);
    expect(kkt.accepts(priced)).toEqual([]);
  });
});
