/** Branch and bound on complementarity pairs against enumeration of all patterns; bilevel problems with known global answers. */
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { compile } from "../../src/api.js";
import { generated } from "../../src/codegen/backend.js";
import { BranchAndBound } from "../../src/lp/branchAndBound.js";
import { linearModel, loadLinearSolver } from "../../src/lp/linearModel.js";
import type { QuadraticProgram } from "../../src/lp/quadratic.js";
import { affineComplementarity } from "../../src/reform/affineComplementarity.js";

const inf = Number.POSITIVE_INFINITY;
beforeAll(loadLinearSolver);

function search(program: QuadraticProgram, pairs: ConstructorParameters<typeof BranchAndBound>[1]): BranchAndBound {
  const found = new BranchAndBound(program, pairs);
  while (found.status === "searching") found.step();
  found.dispose();
  return found;
}

/** The best of all patterns, each a linear program; undefined where none is feasible. */
function enumerated(program: QuadraticProgram, slackRow: Int32Array, multiplier: Int32Array): number | undefined {
  let best: number | undefined;
  for (let pattern = 0; pattern < 1 << slackRow.length; pattern++) {
    const rowLower = program.rowLower.slice();
    const upper = program.upper.slice();
    slackRow.forEach((row, j) => {
      if ((pattern >> j) & 1) rowLower[row] = program.rowUpper[row];
      else upper[multiplier[j]] = 0;
    });
    const model = linearModel({ ...program, rowLower, upper });
    if (model.solve() === "optimal") best = Math.min(best ?? inf, model.objective);
    model.dispose();
  }
  return best;
}

describe("branch and bound", () => {
  test("finds the best of all patterns of random linear programs with pairs", () => {
    let feasible = 0;
    fc.assert(
      fc.property(fc.infiniteStream(fc.integer({ min: -5, max: 5 })), (stream) => {
        const next = (): number => stream.next().value;
        const [free, p] = [3, 5];
        const n = free + p;
        const rows = p + 2;
        const entries = Array.from({ length: rows }, (_, i) => Array.from({ length: n }, (__, j) => [i, j, next()]));
        const flat = entries.flat();
        const program: QuadraticProgram = {
          n,
          rows,
          cost: Float64Array.from({ length: n }, (_, j) => (j < free ? next() : 0)),
          offset: 0,
          hessian: undefined,
          matrix: {
            rows: Int32Array.from(flat, (e) => e[0]),
            columns: Int32Array.from(flat, (e) => e[1]),
            values: Float64Array.from(flat, (e) => e[2]),
          },
          lower: Float64Array.from({ length: n }, (_, j) => (j < free ? -10 : 0)),
          upper: Float64Array.from({ length: n }, (_, j) => (j < free ? 10 : inf)),
          rowLower: new Float64Array(rows).fill(-inf),
          rowUpper: Float64Array.from({ length: rows }, (_, i) => 3 + next() + (i < p ? 5 : 0)),
        };
        // two of the rows are equalities, as stationarity would be
        for (const i of [p, p + 1]) program.rowLower[i] = program.rowUpper[i];
        const slackRow = Int32Array.from({ length: p }, (_, j) => j);
        const multiplier = Int32Array.from({ length: p }, (_, j) => free + j);
        const wanted = enumerated(program, slackRow, multiplier);
        const found = search(program, { slackRow, multiplier });
        if (wanted === undefined) expect(found.status).toBe("infeasible");
        else {
          feasible++;
          expect(found.status).toBe("optimal");
          expect(found.objective).toBeCloseTo(wanted, 6);
        }
      }),
      { numRuns: 60, seed: 1 },
    );
    expect(feasible).toBeGreaterThan(20);
  });

  const problem = async (text: string) => {
    const { problem: found } = await compile(text);
    const affine = affineComplementarity(found!, generated);
    if (typeof affine === "string") throw new Error(affine);
    return affine;
  };

  test("the optimistic choice among several lower solutions, at a point that no vertex of the relaxation gives", async () => {
    const a = await problem(`
      upper { var x in [0, 10]; minimize -x - 3y[1] + y[2] }
      lower { var y[2] in [0, 5]; minimize -y[1] - y[2]; subject to  cap: y[1] + y[2] + x <= 8 }`);
    const found = search(a.program, a);
    expect(found.status).toBe("optimal");
    expect(found.objective).toBeCloseTo(-18, 8);
    expect([...found.u!.subarray(0, 3)]).toEqual([3, 5, 0].map((v) => expect.closeTo(v, 8)));
  });

  test("a convex quadratic lower level and a convex quadratic upper one", async () => {
    // y* = max(x, 0): (1.5, 1.5), multiplier 1.5, F = 0.25
    const a = await problem(`
      upper { var x; minimize 0.5(x - 1)^2 + 0.5(y - 2)^2 }
      lower { var y; minimize 0.5y^2; subject to  above: x - y <= 0 }`);
    const found = search(a.program, a);
    expect(found.objective).toBeCloseTo(0.25, 9);
    expect([...found.u!]).toEqual([1.5, 1.5, 1.5].map((v) => expect.closeTo(v, 7)));
  });

  test("infeasible and unbounded problems are told apart", async () => {
    const none = await problem(`
      upper { var x in [0, 1]; minimize x; subject to  high: y >= 2 }
      lower { var y in [0, 1]; minimize x * y }`);
    expect(search(none.program, none).status).toBe("infeasible");
    const endless = await problem(`
      upper { var x >= 0; minimize -y }
      lower { var y >= 0; minimize -y; subject to  cap: y <= x }`);
    const found = search(endless.program, endless);
    expect(found.status).toBe("unbounded");
    expect(found.ray![1]).toBeGreaterThan(0);
  });

  test.each([
    ["upper { var x; minimize x^4 }\nlower { var y; minimize (y - x)^2 }", "the upper objective is not quadratic"],
    ["upper { var x in [0, 1]; minimize x }\nlower { var y in [0, 1]; minimize -y^2 }", "not convex"],
    ["upper { var x in [0, 1]; minimize -x * y }\nlower { var y in [0, 1]; minimize (y - x)^2 }", "not convex in the"],
    [
      "upper { var x; minimize x^2 }\nlower { var y; minimize y^2\n subject to\n round: y^2 <= x }",
      "round is not affine",
    ],
  ])("says why not: %s", async (text, reason) => {
    const { problem: found } = await compile(text);
    expect(affineComplementarity(found!, generated)).toContain(reason);
  });
});
