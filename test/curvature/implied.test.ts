/** Implied bounds: what they say for problems worked out by hand, and that no point which keeps the constraints is cut off. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { impliedBoxes } from "../../src/curvature/implied.js";
import type { Problem } from "../../src/model/problem.js";
import { createRandom } from "../../src/num/random.js";
import { evaluate } from "../../src/ops/evaluate.js";
import { compileText, problemOf } from "../elaborate/compile.js";

const pairs = ({ lo, hi }: { lo: Float64Array; hi: Float64Array }): number[][] => [...lo].map((l, k) => [l, hi[k]]);

describe("by hand", () => {
  test("activities of affine rows: upper ones narrow x and the joint box of y, never the lower level's", async () => {
    const problem = await problemOf(`upper {
  var x[2] in [0, inf]
  minimize x[1] + y
  subject to
    cap: x[1] + 2x[2] <= 6
    couple: y <= 2
}
lower {
  var y
  minimize (y - x[1])^2
  subject to
    up: y <= x[1] + x[2] + 1
    down: y >= x[1] - 4
}`);
    const { x, y, jointY, empty } = impliedBoxes(problem);
    expect(empty).toBeUndefined();
    expect(pairs(x)).toEqual([
      [0, 6],
      [0, 3],
    ]);
    // up with x in its box: y <= 10, but with couple y <= 2 where both levels' constraints hold
    expect(pairs(y)).toEqual([[-4, 10]]);
    expect(pairs(jointY)).toEqual([[-4, 2]]);
  });

  test("equalities, and rows whose terms cancel", async () => {
    const problem = await problemOf(`upper {
  var x in [-1, 1]
  minimize x
  subject to
    same: 3x + y[1] - 2x - y[2] <= 2
}
lower {
  var y[2] >= 0
  minimize sumsq(y) - x*y[1]
  subject to
    total: y[1] + y[2] == 4
}`);
    const { y, jointY } = impliedBoxes(problem);
    expect(pairs(y)).toEqual([
      [0, 4],
      [0, 4],
    ]);
    expect(pairs(jointY)[0]).toEqual([0, 4]);
  });

  test("nonlinear rows, backwards: discs, exponentials, products, logarithms, maxima", async () => {
    const problem = await problemOf(`upper {
  var x[2]
  var u in [1, 4]
  minimize x[1] + y[1]
  subject to
    disc: x[1]^2 + x[2]^2 <= 4
    area: u*w <= 8
}
lower {
  var y[3]
  var w >= 0
  minimize sumsq(y) + w
  subject to
    grow: exp(y[1]) + y[2]^2 <= 5
    small: log(1 + y[3]^2) <= 1
    top: max(y[2], -y[1]) <= 1.5
    floor: norm(y) >= 0
}`);
    const { x, y, jointY } = impliedBoxes(problem);
    const near = (box: { lo: Float64Array; hi: Float64Array }, k: number, lo: number, hi: number): void => {
      expect(box.lo[k]).toBeLessThanOrEqual(lo);
      expect(box.lo[k]).toBeGreaterThan(lo - 1e-6);
      expect(box.hi[k]).toBeGreaterThanOrEqual(hi);
      expect(box.hi[k]).toBeLessThan(hi + 1e-6);
    };
    near(x, 0, -2, 2);
    near(x, 1, -2, 2);
    near(y, 0, -1.5, Math.log(5));
    near(y, 1, -Math.sqrt(5 - Math.exp(-1.5)), 1.5);
    near(y, 2, -Math.sqrt(Math.E - 1), Math.sqrt(Math.E - 1));
    expect(y.hi[3]).toBe(Number.POSITIVE_INFINITY);
    near(jointY, 3, 0, 8);
  });

  test("constraints that contradict each other are named, rounding contradicts nothing", async () => {
    const text = (row: string): string =>
      `upper { var x in [0, 1] ; minimize x\nsubject to\n  one: x + y >= 4\n}\nlower { var y ; minimize y^2\nsubject to\n  two: ${row}\n}`;
    expect(impliedBoxes(await problemOf(text("y + x <= 2"))).empty?.name).toBe("two");
    expect(impliedBoxes(await problemOf(text("y <= 3"))).empty).toBeUndefined();
    expect(impliedBoxes(await problemOf(text("y <= 0.1 + 0.2 + 2.7"))).empty).toBeUndefined();
  });

  test("a choice between branches cuts nothing off for the branch that is not taken", async () => {
    const problem = await problemOf(`upper {
  var x in [-4, 4]
  minimize x
  subject to
    root: (if x < 0 then -x else sqrt(x)) <= 1.5
}
lower { var y ; minimize (y - x)^2 }`);
    const { x } = impliedBoxes(problem);
    expect(x.lo[0]).toBeLessThanOrEqual(-1.5);
    expect(x.hi[0]).toBeGreaterThanOrEqual(2.25);
  });
});

const unary = [
  "exp(#)",
  "abs(#)",
  "(#)^2",
  "(#)^3",
  "sqrt(1 + (#)^2)",
  "softplus(#)",
  "tanh(#)",
  "sin(#)",
  "relu(#)",
  "-(#)",
];
const more = ["log(2 + (#)^2)", "1 / (1 + (#)^2)", "atan(#)", "log(#)", "sqrt(#)", "sigmoid(#)", "huber(#)", "(#)^1.5"];
const binary = [
  "(#) + (@)",
  "(#) - (@)",
  "(#) * (@)",
  "max(#, @)",
  "min(#, @)",
  "(#) / (@)",
  "(if (#) < (@) then @ else #)",
];
const leaves = [
  "x[1]",
  "x[2]",
  "y[1]",
  "y[2]",
  "y[1] - x[2]",
  "dot(a, y)",
  "sumsq(y)",
  "norm(x)",
  "1.5",
  "max(y)",
  "logsumexp(x)",
];

function expression(random: ReturnType<typeof createRandom>, depth: number): string {
  const pick = (list: readonly string[]): string => list[random.integer(list.length)];
  if (depth === 0) return pick(leaves);
  if (random.uniform() < 0.5) return pick([...unary, ...more]).replaceAll("#", expression(random, depth - 1));
  return pick(binary)
    .replaceAll("#", expression(random, depth - 1))
    .replaceAll("@", expression(random, depth - 1));
}

/** Entries of the bodies that a point does not keep. */
function kept(problem: Problem, level: "upper" | "lower", x: Float64Array, y: Float64Array): boolean {
  const constraints = level === "upper" ? problem.upper.constraints : problem.lowers.flatMap((l) => l.constraints);
  const at = new Map([
    [problem.x, x],
    [problem.y, y],
  ]);
  return constraints.every((c) => {
    const [values] = evaluate([c.body], at);
    return values.every((v) => (c.kind === "eq" ? Math.abs(v) <= 1e-12 : v <= 0));
  });
}

const inside = (v: Float64Array, { lo, hi }: { lo: Float64Array; hi: Float64Array }): boolean =>
  v.every((t, k) => t >= lo[k] && t <= hi[k]);

describe("random constraints", () => {
  test("points that keep them are within the bounds, and bounds are found", async () => {
    const random = createRandom(7).split("implied");
    let narrowed = 0;
    let hits = 0;
    for (let k = 0; k < 90; k++) {
      const rows = [0, 1].map(() => `${expression(random, 1 + (k % 3))} <= ${(random.uniform() * 4 - 1).toFixed(2)}`);
      const { problem } = await compileText(`param a = [1, -2]
upper {
  var x[2] in [-2, 3]
  minimize x[1]
  subject to
    ${rows[0]}
}
lower {
  var y[2] in [-3, 2]
  minimize sumsq(y)
  subject to
    ${rows[1]}
}`);
      // constants alone make no constraint
      if (problem === undefined) continue;
      const { x: boxX, y: boxY, jointY, empty } = impliedBoxes(problem);
      if ([...boxX.lo, ...boxX.hi, ...boxY.lo, ...boxY.hi].some((v) => ![-2, 3, -3, 2].includes(v))) narrowed++;
      for (let sample = 0; sample < 300; sample++) {
        const x = Float64Array.from({ length: 2 }, () => Math.round(random.uniform() * 40 - 16) / 8);
        const y = Float64Array.from({ length: 2 }, () => Math.round(random.uniform() * 40 - 24) / 8);
        if (x.some((v) => v > 3 || v < -2) || y.some((v) => v > 2 || v < -3)) continue;
        const below = kept(problem, "lower", x, y);
        if (below && inside(x, boxX))
          expect([rows, [...x], [...y], inside(y, boxY)]).toEqual([rows, [...x], [...y], true]);
        if (!below || !kept(problem, "upper", x, y)) continue;
        hits++;
        expect([rows, [...x], [...y], empty, inside(x, boxX), inside(y, jointY)]).toEqual([
          rows,
          [...x],
          [...y],
          undefined,
          true,
          true,
        ]);
      }
    }
    expect(narrowed).toBeGreaterThan(15);
    expect(hits).toBeGreaterThan(1000);
  });

  test("affine ones: bounds hold, and those of one row over a box are sharp", async () => {
    const integer = fc.integer({ min: -3, max: 3 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(integer, { minLength: 12, maxLength: 12 }),
        fc.array(integer, { minLength: 3, maxLength: 3 }),
        async (A, c) => {
          const row = (i: number): string =>
            `${A[4 * i]}*x[1] + ${A[4 * i + 1]}*x[2] + ${A[4 * i + 2]}*y[1] + ${A[4 * i + 3]}*y[2] <= ${c[i]}`;
          const problem = await problemOf(`upper {
  var x[2] in [-2, 2]
  minimize x[1]
  subject to
    ${row(0)}
    ${row(1)}
}
lower {
  var y[2] in [-2, 2]
  minimize sumsq(y)
  subject to
    ${row(2)}
}`);
          const { x: boxX, y: boxY, jointY } = impliedBoxes(problem);
          const grid = [-2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2];
          const own: number[] = [];
          for (const a of grid)
            for (const b of grid)
              for (const d of grid)
                for (const e of grid) {
                  const [x, y] = [Float64Array.of(a, b), Float64Array.of(d, e)];
                  const value = (i: number): number =>
                    A[4 * i] * a + A[4 * i + 1] * b + A[4 * i + 2] * d + A[4 * i + 3] * e - c[i];
                  if (value(2) > 0) continue;
                  if (inside(x, boxX)) {
                    expect(inside(y, boxY)).toBe(true);
                    own.push(d);
                  }
                  if (value(0) <= 0 && value(1) <= 0) expect(inside(x, boxX) && inside(y, jointY)).toBe(true);
                }
          // the grid holds the corners of the written box: where x keeps it whole, the one lower row's bounds are attained within a step
          const whole = [...boxX.lo].every((v) => v === -2) && [...boxX.hi].every((v) => v === 2);
          if (whole && own.length > 0) {
            expect(Math.max(...own)).toBeGreaterThanOrEqual(boxY.hi[0] - 0.5);
            expect(Math.min(...own)).toBeLessThanOrEqual(boxY.lo[0] + 0.5);
          }
        },
      ),
      { seed: 11, numRuns: 15 },
    );
  });
});
