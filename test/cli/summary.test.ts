/** The readable result, from a hand-made one: alignment, cut vectors, narrow terminals. */
import { describe, expect, it } from "vitest";
import { compile } from "../../src/api.js";
import { plain } from "../../src/base/paint.js";
import { textWidth } from "../../src/base/width.js";
import { judge, whySkipped } from "../../src/cli/expectations.js";
import { duration } from "../../src/cli/flags.js";
import { summary } from "../../src/cli/summary.js";
import { number, table, wrap } from "../../src/cli/words.js";
import type { Result } from "../../src/methods/result.js";
import { emptyCounts } from "../../src/oracle/oracle.js";
import { pointsOf } from "../../src/report/plot.js";

const nan = Number.NaN;
const result: Result = {
  problem: "Quadratic \u001b[31m",
  method: "aid-auto",
  options: {},
  seed: 3,
  status: "uncertified",
  reason: "The method claims convergence, but the independent check does not confirm it.",
  x: Float64Array.of(1),
  y: Float64Array.of(1),
  values: {
    x: 1 / 3,
    longer: [1, -2.5],
    w: Array.from({ length: 500 }, (_, i) => i / 7),
    M: [
      [1, 2],
      [3, 4],
    ],
  },
  upper: { objective: -100, violation: 0 },
  lower: { objective: 17, violation: 1e-9, gap: 2e-12 },
  certificate: {
    certified: false,
    checks: [
      { name: "lower stationarity", value: 1e-12, tolerance: 1e-6, holds: true, words: "It vanishes." },
      { name: "value gap", value: 0.5, tolerance: 1e-6, holds: false, words: "A lower value was found." },
      { name: "differences", value: nan, tolerance: nan, holds: true, words: "Not compared." },
    ],
    lowerEvidence: "local",
    hypergradient: 0,
    lowerStationarity: 0,
    valueGap: 0.5,
    violation: 0,
    rx: nan,
    rw: nan,
    ry: nan,
    rker: nan,
    curvature: [nan, nan],
    sentence: "Not certified.",
  },
  counts: { ...emptyCounts(), upperGradient: 3, lowerGradient: 1200, lowerHvp: 1 },
  iterations: 1,
  seconds: 0.0123,
  trace: [],
  warnings: [],
};

describe("summary", () => {
  it("shows values by name, objectives, certificate and cost", () => {
    expect(`\n${summary(result, 80, plain)}`).toMatchInlineSnapshot(`
      "
      Quadratic ␛[31m

      uncertified  The method claims convergence, but the independent check does not
                   confirm it.

        x      = 0.3333333333
        longer = [1, -2.5]
        w      = [        0, 0.1428571, 0.2857143, 0.4285714, 0.5714286, 0.7142857,
                  0.8571429,         1,  1.142857,  1.285714,  1.428571,  1.571429,
                   1.714286,  1.857143,         2,  2.142857,  2.285714,  2.428571,
                   2.571429,  2.714286,  2.857143,         3,  3.142857,  3.285714,
                   3.428571,  3.571429,  3.714286,  3.857143,         4,  4.142857,
                   4.285714,  4.428571,  4.571429,  4.714286,  4.857143,         5,
                   5.142857,  5.285714,  5.428571,  5.571429,  5.714286,  5.857143,
                          6,  6.142857,  6.285714,  6.428571,  6.571429,  6.714286,
                  … 500 entries in all; --json gives them]
        M      = [[1, 2]
                  [3, 4]]

        upper objective  -100
        lower objective  17    gap 2e-12, violation 1e-9

      certificate: not certified; lower level solved: local
        ✓  lower stationarity  1e-12  <= 1e-6
        ✗  value gap           0.5    >  1e-6  A lower value was found.
        ·  differences                         Not compared.

      method aid-auto, seed 3, 1 iteration, 1,205 oracle calls (1,203 gradients,
      1 second-order product), 0.0123 s
      "
    `);
  });
  it("lets checks that hold speak only where they are asked to, and ticks nothing that is violated", () => {
    const certificate = result.certificate as NonNullable<Result["certificate"]>;
    const kink = { name: "differences", value: 5, tolerance: 1, holds: true, words: "There is a kink." };
    const text = (verbose: boolean) =>
      summary({ ...result, certificate: { ...certificate, checks: [...certificate.checks, kink] } }, 90, plain, {
        verbose,
      });
    expect(text(false)).not.toContain("It vanishes.");
    expect(text(true)).toContain("It vanishes.");
    expect(text(false)).toMatch(/· {2}differences +5 +> +1 +There is a kink\./);
  });
  it("shows no point where no method fits", () => {
    const text = summary({ ...result, status: "not-applicable" }, 90, plain);
    expect(text).toContain("Method aid-auto does not fit this problem");
    expect(text).not.toContain("objective");
  });
  it("keeps to narrow terminals", () => {
    for (const width of [44, 60]) {
      const wide = summary(result, width, plain)
        .split("\n")
        .filter((line) => textWidth(line) > width);
      // The numbers of an objective stay on one line.
      expect(wide.filter((line) => !/objective|certificate:/.test(line))).toEqual([]);
    }
  });
});

describe("words", () => {
  it.each([
    [0, "0"],
    [1 / 3, "0.33333333"],
    [100, "100"],
    [1e-7, "1e-7"],
    [-1.5e12, "-1.5e12"],
    [123456789.123, "123456790"],
    [nan, "unknown"],
    [Number.NEGATIVE_INFINITY, "-inf"],
    [2e100, "2e100"],
  ])("%d is %s", (value, text) => {
    expect(number(value)).toBe(text);
  });
  it("wraps and aligns", () => {
    expect(wrap("aa bb cc dddddddd e", 5, "> ")).toBe("aa bb\n> cc\n> dddddddd\n> e");
    expect(
      table(
        [
          ["a", "変数", "x"],
          ["bbb", "c", ""],
        ],
        " ",
      ),
    ).toBe(" a    変数  x\n bbb  c");
  });
  it.each([
    ["30s", 30],
    ["500ms", 0.5],
    ["2min", 120],
    ["2m", 120],
    ["1.5h", 5400],
    ["7", 7],
    ["1e2 s", 100],
  ])("%s are %d seconds", (text, seconds) => {
    expect(duration(text)).toBeCloseTo(seconds, 12);
  });
});

describe("expectations", () => {
  const compiled = async (expectations: string) => {
    const source = `upper { var x[2]\n minimize sumsq(x) + y }\nlower { var y\n minimize (y - x[1])^2 }\nexpect {\n${expectations}\n}`;
    const { problem, diagnostics } = await compile(source);
    if (!problem) throw new Error(diagnostics.map((d) => d.message).join("\n"));
    return problem;
  };
  const at = (x: number[], y: number): Result => ({ ...result, x: Float64Array.from(x), y: Float64Array.of(y) });
  it("compares entries with what is allowed for them", async () => {
    const problem = await compiled(
      "x = [1, 2] within 0.1\ny = 1000\nupper = 6 within 2\nlower = 0\nstatus stalled\nx[2] = 3 within 0.5",
    );
    const judged = judge(problem, at([1.05, 2.2], 1000.0005));
    expect(judged.map((j) => [j.text, j.holds])).toEqual([
      ["x", false],
      ["y", true],
      ["upper", false],
      ["lower", false],
      ["status", false],
      ["x[2]", false],
    ]);
    expect(judged[0].difference).toBeCloseTo(0.2, 9);
    expect(judge(problem, at([1.05, 1.95], 1.05)).map((j) => j.holds)).toEqual([true, false, true, true, false, false]);
    expect(judge(problem, at([nan, 2], nan)).filter((j) => j.holds)).toEqual([]);
  });
  it("skips with a reason", async () => {
    expect(whySkipped(await compiled("needs method later"), ["aid"])).toBe("needs method later, which is not there");
    expect(whySkipped(await compiled("needs method aid"), ["aid"])).toBe("has no expectations");
    expect(whySkipped(await compiled("y = 1\nneeds method aid"), ["aid"])).toBeUndefined();
  });
});

describe("points of a plot", () => {
  it("leave out what no axis can show and keep the last row", () => {
    const row = (i: number, value: number, stationarity: number) => ({
      iteration: i,
      value,
      stationarity,
      calls: i,
      seconds: 0,
      extra: {},
    });
    expect(pointsOf([row(0, nan, 0), row(1, 2, 3)])).toEqual([
      { calls: 0, value: null, stationarity: null },
      { calls: 1, value: 2, stationarity: 3 },
    ]);
    const long = pointsOf(Array.from({ length: 9001 }, (_, i) => row(i, i, 1)));
    expect(long.length).toBeLessThan(2100);
    expect(long.at(-1)?.calls).toBe(9000);
  });
});
