/** Presolve: what each step does, that answers map back, and that nothing happens where nothing applies. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { certify, compile, solve } from "../../src/api.js";
import type { Problem } from "../../src/model/problem.js";
import { boundRows } from "../../src/presolve/boundRows.js";
import { constantParts } from "../../src/presolve/constantParts.js";
import { fixedVariables } from "../../src/presolve/fixedVariables.js";
import { presolve, presolveSteps } from "../../src/presolve/presolve.js";
import { redundantRows } from "../../src/presolve/redundantRows.js";
import { objectivesOf } from "../../src/report/values.js";

async function problemOf(text: string): Promise<Problem> {
  const { problem, diagnostics } = await compile(text);
  expect(diagnostics.filter((d) => d.severity === "error")).toEqual([]);
  return problem!;
}

const everything = `upper {
  var x[2]
  var p in [2, 2]
  minimize (x[1] - 3)^2 + x[2]^2 + y^2 + w + p*x[1] + s
  subject to
    x[1] >= 0
    keep: x[1] + x[2] <= 5
    again: 2x[1] + 2x[2] <= 12
}
lower {
  var y
  var z[2]
  var w in [0, 4]
  var s
  minimize (y - x[1])^2 + (z[1] - x[2])^2 + z[2]^2 - z[1]*z[2] + (w - 1)^4 + (w - 1)^2 + (s - p)^2
  subject to
    fix: z[1] + z[2] == 3
    small: w <= 9
    given: 2s == 6
}`;

describe("all steps together", () => {
  test("are listed, reach a fixed point, and keep names", async () => {
    const problem = await problemOf(everything);
    const { changes, problem: smaller } = presolve(problem);
    expect(changes.map((c) => c.text)).toEqual([
      "p = 2, by its bounds.",
      "s = 3, by the constraint given.",
      "small holds for all values of the variables: removed.",
      "again repeats keep: removed.",
      "x[1] >= 0: the constraint upper1 as a bound.",
      "w = 1: its part of the lower level does not depend on the upper one.",
      "y = x[1], by the lower level.",
      "z[1] = x[2]/3 + 1.5, by the lower level.",
      "z[2] = -x[2]/3 + 1.5, by the lower level.",
    ]);
    expect(presolveSteps.every((s) => s.accepts(smaller).length > 0)).toBe(true);
    expect(smaller.upper.constraints.map((c) => c.name)).toEqual(["keep"]);
    expect(smaller.upper.variables.map((v) => [v.name, v.offset, v.size, v.domain.kind])).toEqual([["x", 0, 2, "box"]]);
    expect(smaller.y.size).toBe(0);
  });

  test("a plain run lists them, maps back and is certified on the original", async () => {
    const problem = await problemOf(everything);
    const result = await solve(problem, { quick: true });
    expect(result.status).toBe("converged");
    expect(result.method).toBe("single-level");
    expect(result.presolve).toHaveLength(9);
    for (const [k, value] of [1, 0, 2].entries()) expect(result.x[k]).toBeCloseTo(value, 6);
    for (const [k, value] of [1, 1.5, 1.5, 1, 3].entries()) expect(result.y[k]).toBeCloseTo(value, 6);
    // of g + z c: fix by stationarity of z[1]: 2(1.5 - 0) - 1.5 + z = 0, given: 2(3 - 2) + 2 z = 0
    const { fix, small, given } = result.multipliers as Record<string, number>;
    expect([fix, small, given].map((z) => Number(z.toFixed(6)))).toEqual([-1.5, 0, -1]);
    const plain = await solve(problem, { presolve: false, quick: true });
    expect(plain.presolve).toBeUndefined();
    expect(result.upper.objective).toBeCloseTo(plain.upper.objective, 6);
  });

  test("a method that is named runs on the problem as written unless presolve is asked for", async () => {
    const problem = await problemOf(
      "upper { var x ; var k in [1, 1] ; minimize (y - 2)^2 + k*x^2 }\nlower { var y ; minimize (y - x)^2 }",
    );
    const [written, smaller] = [
      await solve(problem, { method: "aid-auto" }),
      await solve(problem, { method: "aid-auto", presolve: true }),
    ];
    expect(written.presolve).toBeUndefined();
    expect(smaller.presolve?.map((c) => c.step)).toEqual(["fixed-variables"]);
    for (const r of [written, smaller]) {
      expect([r.status, r.method]).toEqual(["converged", "aid-auto"]);
      expect(r.values.x).toBeCloseTo(1, 5);
      expect(r.values.k).toBe(1);
    }
  });

  test("checkpoints and traces are the original problem's", async () => {
    const problem = await problemOf(
      "upper { var x ; var k in [2, 2] ; minimize exp(x) - x + k + u^2 + y^2 }\nlower { var y ; var u ; minimize exp(y) - x*y + (u - x)^2 + y^2 }",
    );
    const kept: { x: readonly number[]; y: readonly number[] }[] = [];
    const points: number[][] = [];
    const result = await solve(problem, {
      iterations: 1,
      checkpoint: { everySeconds: 0, write: (c) => kept.push(c) },
      onIteration: (row, x, y) => {
        points.push([row.value - objectivesOf(problem, x, y).upper, x[1], y[1] - x[0]]);
      },
    });
    expect(result.presolve?.map((c) => c.step)).toEqual(["fixed-variables", "lower-formula"]);
    expect(kept.every((c) => c.x.length === 2 && c.y.length === 2)).toBe(true);
    expect(points.length).toBeGreaterThan(0);
    for (const [gap, k, difference] of points) {
      expect(Math.abs(gap)).toBeLessThan(1e-9);
      expect(k).toBe(2);
      expect(Math.abs(difference)).toBeLessThan(1e-12);
    }
  });

  test.each([
    "upper { var x ; minimize x^2 + y }\nlower { var y in [0, 1] ; minimize (y - x)^4 + x*y }",
    "upper { var x in [0, 1] ; minimize x^2 + y[1] - y[2]\nsubject to\n x + y[1] <= 1 }\nlower { var y[2] in [0, 1] ; minimize y[1]*y[2] - x*y[1]\nsubject to\n y[1] + y[2] <= x }",
  ])("the same problem where nothing applies", async (text) => {
    const problem = await problemOf(text);
    const found = presolve(problem);
    expect(found.problem).toBe(problem);
    expect(found.changes).toEqual([]);
  });
});

describe("single steps", () => {
  test("a fixed entry of a vector leaves the others in their places", async () => {
    const problem = await problemOf(
      "upper { var x[3] in box([0, 1, 0], [5, 1, 5]) ; minimize x[1] + 2x[2] + 3x[3] + y }\nlower { var y ; minimize y^4 + y^2 - x[3]*y }",
    );
    const { target, invert, restrict } = fixedVariables.apply(problem);
    expect(target.upper.variables[0]).toMatchObject({ name: "x", size: 2, shape: [2], offset: 0 });
    const back = invert({ x: Float64Array.of(4, 3), y: Float64Array.of(0) });
    expect([...back.x]).toEqual([4, 1, 3]);
    expect([...restrict(back).x]).toEqual([4, 3]);
  });

  test("redundant rows: bounds, scaled copies, looser copies, what lower solutions keep", async () => {
    const problem = await problemOf(`upper { var x in [0, 1] ; minimize x + y
  subject to
    always: x*x <= 2
    copied: 3y + 3x <= 6
    own: x - 2y <= 4
    looser: 2x - 4y <= 9 }
lower { var y in [-4, 4] ; minimize y^4 - x*y
  subject to
    first: y + x <= 2
    second: 2y + 2x <= 5
    tighter: y + x <= 1.5 }`);
    const { target } = redundantRows.apply(problem);
    expect(target.upper.constraints.map((c) => c.name)).toEqual(["own"]);
    expect(target.lowers[0].constraints.map((c) => c.name)).toEqual(["tighter"]);
  });

  test("lower rows become bounds only where the lower level is strongly convex, with multipliers from stationarity", async () => {
    const text = (g: string): string =>
      `upper { var x in [0, 1] ; minimize (y[1] - 2)^2 + x }\nlower { var y[2] ; minimize ${g}\n subject to\n  cap: 2y[1] <= 1\n  low: -y[2] <= 3 }`;
    expect(boundRows.accepts(await problemOf(text("(y[1]*y[2] - x)^2")))).toHaveLength(1);
    const problem = await problemOf(text("(y[1] - 3 - x)^2 + y[2]^2"));
    const { target, invert } = boundRows.apply(problem);
    expect(target.lowers[0].constraints).toEqual([]);
    const { multipliers } = invert({ x: Float64Array.of(0), y: Float64Array.of(0.5, 0) });
    // 2 (0.5 - 3) + 2 z = 0 at the cap; low is not active
    expect([...multipliers!]).toEqual([2.5, 0]);
  });

  test("constant parts: unseen ones without convexity, seen ones only where unique", async () => {
    const text = (seen: string): string =>
      `upper { var x ; minimize x^2 + y + ${seen} }\nlower { var y ; var w in [-2, 2] ; minimize exp(y) - x*y + y^2 + w^4 - 2w^2 + 0.1w }`;
    expect(constantParts.accepts(await problemOf(text("w")))).toHaveLength(1);
    const problem = await problemOf(text("0"));
    const { target, invert } = constantParts.apply(problem);
    expect(target.lowers[0].variables.map((v) => v.name)).toEqual(["y"]);
    const w = invert({ x: Float64Array.of(0), y: Float64Array.of(0) }).y[1];
    // the lower of two minima
    expect(w).toBeLessThan(-1);
    expect(Math.abs(4 * w ** 3 - 4 * w + 0.1)).toBeLessThan(1e-8);
  });
});

describe("random problems", () => {
  test("the presolved answer is a solution of the original, as good as that of the written problem", async () => {
    const number = fc.integer({ min: -20, max: 20 }).map((v) => v / 10);
    await fc.assert(
      fc.asyncProperty(
        fc.array(number, { minLength: 10, maxLength: 10 }),
        fc.record({ fixed: fc.boolean(), row: fc.boolean(), unseen: fc.boolean(), twice: fc.boolean() }),
        async ([a, b, c, d, e, f, g, h, i, j], { fixed, row, unseen, twice }) => {
          const text = `upper {
  var x[2] in [-3, 3]
  var k in [${c}, ${fixed ? c : c + 1}]
  minimize (y[1] - ${a})^2 + (y[2] - ${b})^2 + 0.1*x[1]^2 + 0.2*x[2]^2 + (k - ${d})^2
  ${twice ? `subject to\n    one: x[1] + x[2] <= 4\n    two: 2x[1] + 2x[2] <= 8\n    all: x[1] - x[2] <= 7` : ""}
}
lower {
  var y[2]
  ${unseen ? "var u[2]" : ""}
  minimize y[1]^2 + y[1]*y[2] + y[2]^2 - (x[1] + ${e}*x[2] + k)*y[1] - (${f}*x[1] + x[2])*y[2]${unseen ? ` + (u[1] - ${g})^2 + (u[1] - u[2])^2 + u[2]^4` : ""}
  ${row ? `subject to\n    line: y[1] + ${h}*y[2] == ${i}*x[1] + ${j}` : ""}
}`;
          const problem = await problemOf(text);
          const [smaller, written] = [
            await solve(problem, { quick: true }),
            await solve(problem, { presolve: false, quick: true }),
          ];
          expect(smaller.presolve, text).toBeDefined();
          expect([text, smaller.status]).toEqual([text, "converged"]);
          const again = await certify(problem, smaller.values);
          expect(again.certified, again.sentence).toBe(true);
          if (written.status === "converged")
            expect(smaller.upper.objective).toBeLessThanOrEqual(
              written.upper.objective + 1e-6 * (1 + Math.abs(written.upper.objective)),
            );
        },
      ),
      { seed: 20240613, numRuns: 8 },
    );
  }, 60_000);
});
