/** Presolve by implied bounds, signs of slopes, and parts that nobody sees: worked out by hand, and random problems by brute force. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { certify, compile, solve } from "../../src/api.js";
import type { Problem } from "../../src/model/problem.js";
import { fixedVariables } from "../../src/presolve/fixedVariables.js";
import { impliedRows } from "../../src/presolve/impliedRows.js";
import { lowerByFormula } from "../../src/presolve/lowerByFormula.js";
import { monotoneVariables } from "../../src/presolve/monotoneVariables.js";
import { presolve, reduced } from "../../src/presolve/presolve.js";
import { unseenParts } from "../../src/presolve/unseenParts.js";

async function problemOf(text: string): Promise<Problem> {
  const { problem, diagnostics } = await compile(text);
  expect(diagnostics.filter((d) => d.severity === "error")).toEqual([]);
  return problem!;
}

const texts = (problem: Problem, step: { apply: (p: Problem) => { changes: readonly string[] } }): readonly string[] =>
  step.apply(problem).changes;

describe("implied rows", () => {
  test("a lower row goes by lower rows and domains, never by upper constraints; an upper row by all", async () => {
    const problem = await problemOf(`upper {
  var x in [0, 2]
  minimize y[1] + y[2] - x
  subject to
    cap: y[1] + x <= 3.5
    sum: y[1] + y[2] + x <= 10
    keep: y[1] + y[2] >= x
}
lower {
  var y[2] in [0, 5]
  minimize (y[1] - 4)^2 + (y[2] - 4)^2 + y[1]*y[2]
  subject to
    one: y[1] + x <= 4
    two: 2y[2] + x <= 6
    both: y[1] + y[2] <= 7
    half: y[1] <= 3.7
}`);
    const { target, changes } = impliedRows.apply(problem);
    expect(changes).toEqual(["sum follows from the others: removed.", "both follows from the others: removed."]);
    expect(target.upper.constraints.map((c) => c.name)).toEqual(["cap", "keep"]);
    // cap would imply one (y[1] <= 3.5 - x), but the follower does not keep cap
    expect(target.lowers[0].constraints.map((c) => c.name)).toEqual(["one", "two", "half"]);
  });

  test("two rows that imply each other do not both go", async () => {
    const problem = await problemOf(`upper { var x[2] in [0, 1] ; minimize x[1] + y
  subject to
    first: x[1] + x[2]^2 <= 1.5
    second: x[1]^2 + x[2] <= 1.5
    third: x[1] + x[2] <= 2 }
lower { var y ; minimize (y - x[1])^2 }`);
    expect(impliedRows.apply(problem).target.upper.constraints.map((c) => c.name)).toEqual(["first", "second"]);
  });
});

describe("formulas that keep their bounds", () => {
  test("bounds and inequalities that the formula keeps for all x go with it", async () => {
    const problem = await problemOf(`upper { var x in [0, 10] ; minimize (x - 7)^2 + y }
lower { var y in [-1, 6]
  minimize (y - x/2)^2
  subject to
    room: y <= x + 1 }`);
    const { problem: smaller, changes, invert } = presolve(problem);
    expect(changes.map((c) => c.text)).toEqual(["y = x/2, by the lower level."]);
    expect(smaller.y.size).toBe(0);
    const back = invert({ x: Float64Array.of(4), y: new Float64Array(0) });
    expect([...back.y, ...back.multipliers!]).toEqual([2, 0]);
  });

  test("not where some x leads to a bound", async () => {
    const problem = await problemOf(`upper { var x in [0, 10] ; minimize (x - 7)^2 + y }
lower { var y in [0, 4.9] ; minimize (y - x/2)^2 }`);
    expect(lowerByFormula.accepts(problem).length).toBeGreaterThan(0);
  });

  test("constraints that bound x do so as its domain, also where the formula takes them away", async () => {
    // y <= 5 and x <= 2y bound x by 10; with y = x/2 both would be gone
    const problem = await problemOf(`upper { var x >= 0 ; minimize (x - 20)^2 + y
  subject to
    couple: x <= 2y }
lower { var y in [0, 5] ; minimize (y - x/2)^2 }`);
    const { target } = lowerByFormula.apply(problem);
    const { domain } = target.upper.variables[0];
    expect(domain.kind === "box" && domain.upper[0]).toBe(10);
    const result = await solve(problem);
    expect(result.status).toBe("converged");
    expect(result.values.x).toBeCloseTo(10, 6);
  });

  test("an answer at a bound that is met with multiplier 0 is certified", async () => {
    const problem = await problemOf(`upper { var x in [0, 10] ; minimize (x + 1)^2 + y }
lower { var y in [0, 6] ; minimize (y - x/2)^2 }`);
    const result = await solve(problem);
    expect([result.status, result.method, result.presolve?.length]).toEqual(["converged", "single-level", 1]);
    expect(result.values.x).toBeCloseTo(0, 7);
  });
});

describe("monotone variables", () => {
  test("go to the bound that the lower level wants for every x", async () => {
    const problem = await problemOf(`upper { var x in [0, 1] ; minimize x + sum(y) - w }
lower { var y[3] in [1, 2]
  var w in [0, 3]
  minimize (2 + x)*y[1] - exp(y[2]) + (x - 0.5)*y[3] + w^2 + w
  subject to
    cap: y[1] + w <= 4
    up: w >= y[2] - 3 }`);
    // w rises, but so does what keeps row `up`; y[3] depends on x; y[2] falls, and row `up` would be helped by less of it
    expect(texts(problem, monotoneVariables)).toEqual(["y[1] = 1: the lower objective rises with it throughout."]);
    const all = presolve(problem);
    expect(all.changes.map((c) => c.text)).toContain("y[1] = 1: the lower objective rises with it throughout.");
  });

  test("where the objective is flat, only if the upper level does not look", async () => {
    const text = (f: string): string =>
      `upper { var x in [0, 1] ; minimize x^2 + y[1] + ${f} }\nlower { var y[2] in [0, 2] ; minimize (y[1] - x)^2 + x*y[2] }`;
    expect(monotoneVariables.accepts(await problemOf(text("0"))).length).toBe(0);
    expect(monotoneVariables.accepts(await problemOf(text("y[2]"))).length).toBe(1);
  });

  test("rows that are left of a follower without variables become upper constraints", async () => {
    const problem = await problemOf(`upper { var x ; minimize (x - 5)^2 + y^2 + w }
lower a { var y in [2, 2] ; minimize (y - x)^2
  subject to
    only: y >= x }
lower b { var w ; minimize (w - x)^4 + w^2 }`);
    const { target } = fixedVariables.apply(problem);
    expect(target.lowers.map((l) => l.name)).toEqual(["b"]);
    expect(target.upper.constraints.map((c) => c.name)).toEqual(["only"]);
    const result = await solve(problem, { quick: true });
    expect(result.values.x as number).toBeCloseTo(2, 5);
  });
});

describe("unseen parts", () => {
  test("are solved when a point is mapped back, with their multipliers", async () => {
    const problem = await problemOf(`upper { var x in [-2, 2] ; minimize (y - 1)^2 + x^2 }
lower { var y
  var v[2] in [0, 3]
  minimize exp(y) - x*y + y^2 + v[1]^4 + (v[1] - x)^2 + (v[2] - 2x)^2 + v[1]*v[2]/4
  subject to
    cap: v[1] + v[2] <= 2 }`);
    const { target, changes, invert } = unseenParts.apply(problem);
    expect(changes).toEqual(["v: the upper level does not see it, solved at the end."]);
    expect(target.lowers[0].variables.map((v) => v.name)).toEqual(["y"]);
    for (const x of [-1.5, 0.25, 1.6]) {
      const { y, multipliers } = invert({
        x: Float64Array.of(x),
        y: Float64Array.of(0),
        multipliers: new Float64Array(0),
      });
      const [, a, b] = y;
      const z = multipliers![0];
      // stationarity of g + z (a + b - 2), with bounds
      const slopes = [4 * a ** 3 + 2 * (a - x) + b / 4 + z, 2 * (b - 2 * x) + a / 4 + z];
      [a, b].forEach((v, i) => {
        // the interior point method ends within about 1e-8 of a bound
        if (v > 1e-6 && v < 3 - 1e-6) expect(Math.abs(slopes[i])).toBeLessThan(1e-7);
        else expect(v < 1 ? slopes[i] : -slopes[i]).toBeGreaterThan(-1e-7);
      });
      expect(a + b).toBeLessThanOrEqual(2 + 1e-9);
      expect(z).toBeGreaterThanOrEqual(0);
      expect(Math.abs(z * (a + b - 2))).toBeLessThan(1e-7);
    }
    const result = await solve(problem, { quick: true });
    expect(result.status).toBe("converged");
    expect((await certify(problem, result.values)).certified).toBe(true);
  });

  test("stay where they may have no solution for some x", async () => {
    const problem = await problemOf(`upper { var x in [-2, 2] ; minimize (y - 1)^2 + x^2 }
lower { var y ; var v
  minimize exp(y) - x*y + y^2 + v^4 + v^2
  subject to
    tie: v + x <= -3 }`);
    expect(unseenParts.accepts(problem).length).toBe(1);
  });
});

/** Lower solutions at x of a random problem by brute force over a grid of y; values of f over all x of a grid. */
describe("random problems by brute force", () => {
  const half = fc.integer({ min: -4, max: 4 }).map((v) => v / 2);
  test("optimistic values on a grid are the same before and after, step by step", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(half, { minLength: 16, maxLength: 16 }), async (c) => {
        const text = `upper {
  var x in [-1, 1]
  minimize ${c[0]}*x + ${c[1]}*y[1] + ${c[2]}*y[2]
  subject to
    above: ${c[3]}*x + ${c[4]}*y[1] + ${c[5]}*y[2] <= 2
    over: ${c[6]}*x + y[1] <= 2
}
lower {
  var y[2] in [-1, 1]
  minimize ${c[7]}*y[1] + ${c[8]}*y[2] + ${c[9]}*x*y[1] + ${Math.abs(c[10])}*y[1]^2 + ${c[11]}*y[1]*y[2]
  subject to
    below: ${c[12]}*x + ${c[13]}*y[1] + ${c[14]}*y[2] <= 1.5
    under: y[1] + ${c[15]}*y[2] <= 2
}`;
        const { problem } = await compile(text);
        // without variables a row is no constraint
        if (problem === undefined) return;
        const found = reduced(problem, [impliedRows, monotoneVariables, fixedVariables]);
        const grid = [-1, -0.5, 0, 0.5, 1];
        const at = (x: number, y1: number, y2: number): { f: number; g: number; above: boolean; below: boolean } => {
          const g = c[7] * y1 + c[8] * y2 + c[9] * x * y1 + Math.abs(c[10]) * y1 * y1 + c[11] * y1 * y2;
          return {
            f: c[0] * x + c[1] * y1 + c[2] * y2,
            g,
            above: c[3] * x + c[4] * y1 + c[5] * y2 <= 2 && c[6] * x + y1 <= 2,
            below: c[12] * x + c[13] * y1 + c[14] * y2 <= 1.5 && y1 + c[15] * y2 <= 2,
          };
        };
        const names = [...found.problem.upper.constraints, ...found.problem.lowers.flatMap((l) => l.constraints)].map(
          (k) => k.name,
        );
        for (const x of grid) {
          const points = grid.flatMap((y1) => grid.map((y2) => ({ y1, y2, ...at(x, y1, y2) })));
          const feasible = points.filter((p) => p.below);
          const least = Math.min(...feasible.map((p) => p.g));
          const solutions = feasible.filter((p) => p.g <= least + 1e-12);
          const values = solutions.filter((p) => p.above).map((p) => p.f);
          // the same with the rows and variables that are left
          const kept = points.filter((p) => {
            const back = found.invert(found.restrict({ x: Float64Array.of(x), y: Float64Array.of(p.y1, p.y2) }));
            return back.x[0] === x && back.y[0] === p.y1 && back.y[1] === p.y2;
          });
          const row =
            (name: string, holds: (p: (typeof points)[number]) => boolean) =>
            (p: (typeof points)[number]): boolean =>
              !names.includes(name) || holds(p);
          const lower = [
            row("below", (p) => c[12] * x + c[13] * p.y1 + c[14] * p.y2 <= 1.5),
            row("under", (p) => p.y1 + c[15] * p.y2 <= 2),
          ];
          const upper = [
            row("above", (p) => c[3] * x + c[4] * p.y1 + c[5] * p.y2 <= 2),
            row("over", (p) => c[6] * x + p.y1 <= 2),
          ];
          // rows that moved to the upper level restrict x there, which the lower filter does as well
          const smaller = kept.filter((p) => lower.every((h) => h(p)));
          const lowest = Math.min(...smaller.map((p) => p.g));
          const again = smaller.filter((p) => p.g <= lowest + 1e-12 && upper.every((h) => h(p))).map((p) => p.f);
          expect([text, found.changes.map((k) => k.text), x, Math.min(...again)]).toEqual([
            text,
            found.changes.map((k) => k.text),
            x,
            Math.min(...values),
          ]);
        }
      }),
      { seed: 5, numRuns: 80 },
    );
  });

  test("answers with and without presolve agree", async () => {
    let changed = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(half, { minLength: 12, maxLength: 12 }), async (c) => {
        const text = `upper {
  var x[2] in [-1, 2]
  minimize (x[1] - ${c[0]})^2 + (x[2] - ${c[1]})^2 + ${c[2]}*y + ${c[3]}*z
  subject to
    line: x[1] + x[2] <= 2.5
    slack: x[1] - x[2] + y <= 14
}
lower {
  var y in [-9, 9]
  var z in [0, 1]
  var hidden in [-1, 1]
  minimize y^2 - (${c[4]}*x[1] + ${c[5]}*x[2] + ${c[6]})*y + (${Math.abs(c[7]) + 5} + x[1])*z + (hidden - ${c[8]}*x[1])^2 + hidden^4
  subject to
    wide: y + z <= 11
}`;
        const problem = await problemOf(text);
        const [smaller, written] = [
          await solve(problem, { seconds: 3 }),
          await solve(problem, { presolve: false, seconds: 3 }),
        ];
        changed += smaller.presolve?.length ?? 0;
        expect([text, smaller.status]).toEqual([text, "converged"]);
        expect((await certify(problem, smaller.values)).certified).toBe(true);
        if (written.status === "converged") expect(smaller.upper.objective).toBeCloseTo(written.upper.objective, 4);
      }),
      { seed: 3, numRuns: 5 },
    );
    expect(changed).toBeGreaterThan(10);
  }, 60_000);
});
