import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Certificate, Status } from "../../src/methods/result.js";
import { outcomes } from "../../src/methods/stop.js";
import { compileOracle } from "../../src/oracle/compile.js";
import { nested, objectivesOf, pointOf, valuesOf, violationOf } from "../../src/report/values.js";
import { verdict } from "../../src/solve/result.js";
import { entry, handProblem, smallProblem } from "../oracle/problems.js";

const vec = (...v: number[]): Float64Array => Float64Array.from(v);

describe("values by name", () => {
  test("nested rows", () => {
    expect(nested(vec(1, 2, 3, 4, 5, 6, 7), [2, 3], 1)).toEqual([
      [2, 3, 4],
      [5, 6, 7],
    ]);
    expect(nested(vec(1, 2), [], 1)).toBe(2);
  });

  test("there and back", () => {
    const problem = smallProblem();
    const number = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(fc.tuple(number, number), fc.tuple(number, number), (x, y) => {
        const base = { x: vec(0, 0), y: vec(0, 0) };
        const back = pointOf(problem, valuesOf(problem, vec(...x), vec(...y)), base);
        expect(back).toEqual({ x: vec(...x), y: vec(...y), diagnostics: [] });
      }),
      { seed: 7, numRuns: 50 },
    );
  });

  test("what is not named keeps its value; typed arrays are lists", () => {
    const base = { x: vec(1, 2), y: vec(3, 4) };
    const { x, y } = pointOf(smallProblem(), { y: vec(9, 8) as unknown as number[] }, base);
    expect([[...x], [...y], [...base.y]]).toEqual([
      [1, 2],
      [9, 8],
      [3, 4],
    ]);
  });

  test.each([
    [{ z: 1 }, "BLO0906", '"z" is not a variable of the problem'],
    [{ x: 1 }, "BLO0907", 'the value of "x" must be 2 finite numbers'],
    [{ x: [1, 2, 3] }, "BLO0907", "2 finite numbers"],
    [{ x: [1, Number.NaN] }, "BLO0907", "2 finite numbers"],
    [{ x: [1, [2]] }, "BLO0907", "2 finite numbers"],
  ])("%j is refused", (values, code, message) => {
    const { diagnostics } = pointOf(smallProblem(), values, { x: vec(0, 0), y: vec(0, 0) });
    expect(diagnostics.map((d) => d.code)).toEqual([code]);
    expect(diagnostics[0].message).toContain(message);
  });
});

test("objectives are in the sense the source wrote, and a zero keeps its sign", () => {
  const parts = {
    n: 1,
    m: 1,
    upper: (b: Parameters<typeof entry>[0], x: Parameters<typeof entry>[1]) => entry(b, x, 0),
    lower: (b: Parameters<typeof entry>[0], _: unknown, y: Parameters<typeof entry>[1]) => entry(b, y, 0),
  };
  const at = (x: number, y: number, maximised: boolean) =>
    objectivesOf(
      handProblem({ ...parts, ...(maximised ? { sense: { upper: "maximize", lower: "maximize" } } : {}) }),
      vec(x),
      vec(y),
    );
  expect(at(2, 3, false)).toEqual({ upper: 2, lowers: [3] });
  expect(at(2, 0, true)).toEqual({ upper: -2, lowers: [0] });
});

test("violations: the worst of domain and rows", () => {
  const oracle = compileOracle(smallProblem());
  // Upper row x1 x2 - y1 <= 0; lower rows y1² + x2 y2 - 1 <= 0 and y = x; x in [-1, 1]².
  expect(violationOf(oracle, "upper", vec(1, 1), vec(1, 1))).toBe(0);
  expect(violationOf(oracle, "upper", vec(3, 1), vec(1, 1))).toBe(2);
  expect(violationOf(oracle, "upper", vec(1, 1), vec(-4, 1))).toBe(5);
  expect(violationOf(oracle, "lower", vec(1, 0.5), vec(1, 1))).toBe(0.5);
  expect(violationOf(oracle, "lower", vec(1, -2), vec(1, -2))).toBe(4);
});

describe("verdict", () => {
  const certificate = (certified: boolean): Certificate =>
    ({ certified, sentence: certified ? "All checks hold." : "Not certified. The gap is 3." }) as Certificate;
  const say = (status: Status, c: Certificate | undefined) => verdict({ status, reason: outcomes[status].sentence }, c);

  test("`converged` comes with a certificate that holds, and only then", () => {
    for (const status of Object.keys(outcomes) as Status[]) {
      for (const c of [undefined, certificate(false)]) expect(say(status, c).status).not.toBe("converged");
    }
    expect(say("converged", certificate(true))).toEqual({ status: "converged", reason: "All checks hold." });
  });

  test("a claim without a certificate says what is missing", () => {
    expect(say("converged", certificate(false)).status).toBe("uncertified");
    expect(say("converged", certificate(false)).reason).toContain("The gap is 3.");
    expect(say("converged", undefined).reason).toContain("No certificate was made.");
    expect(say("stalled", certificate(false)).status).toBe("stalled");
    expect(say("stalled", certificate(false)).reason).toContain("The gap is 3.");
  });

  test("a certified point is converged, whatever ended the run; failures stay failures", () => {
    expect(say("time-limit", certificate(true)).status).toBe("converged");
    expect(say("stalled", certificate(true)).reason).toContain("All checks hold.");
    for (const status of [
      "diverged",
      "not-finite",
      "interrupted",
      "not-applicable",
      "infeasible",
      "unbounded",
    ] as const) {
      expect(say(status, certificate(true))).toEqual({ status, reason: outcomes[status].sentence });
    }
  });
});
