/** Inner solvers by closed forms of the hyper-objective, jumps, the automatic runs of the family. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compile, solve } from "../../src/api.js";
import type { RunOutcome } from "../../src/methods/outcome.js";
import { methodOf } from "../../src/methods/registry.js";
import { runMethod } from "../../src/methods/run.js";
import { OptimisticValue } from "../../src/methods/zerothOrder/hyperValue.js";
import { findJump } from "../../src/methods/zerothOrder/jump.js";
import { mayHaveKinks } from "../../src/methods/zerothOrder/kinks.js";
import { SwitchingSubgradient } from "../../src/methods/zerothOrder/simpleBilevel.js";
import { sphereInto } from "../../src/methods/zerothOrder/sphere.js";
import { createRandom } from "../../src/num/random.js";
import { compileOracle } from "../../src/oracle/compile.js";

async function problemOf(text: string) {
  const source = text.includes("{")
    ? text
    : readFileSync(new URL(`../acceptance/problems/${text}.blo`, import.meta.url), "utf8");
  const { problem, diagnostics } = await compile(source);
  if (problem === undefined) throw new Error(diagnostics.map((d) => d.message).join("; "));
  return problem;
}
const oracleOf = async (text: string) => compileOracle(await problemOf(text));

// y1 = x2 is a weak sharp minimum, y2 is free: phi = (x1 - 0.5)² + (x2 + 0.3)² + x2
const sharp = `upper { var x[2] in [-2, 2] init 1
  minimize sumsq(x - [0.5, -0.3]) + (y[2] - 2x[1])^2 + y[1] }
lower { var y[2]
  minimize abs(y[1] - x[2]) }`;
// y1 + y2 = x and y3 = -y1, of these the upper level takes y1 = x/4: phi = (x - 1)² + 0.75 x²
const shared = `upper { var x in [-2, 2] init -1
  minimize (x - 1)^2 + y[2]^2 + 3y[1]^2 }
lower { var y[3]
  minimize abs(y[1] + y[2] - x) + abs(y[3] + y[1]) }`;

type Form = (x: number[]) => number;
const P1: Form = ([x]) => 2 * x * x - 28 * x - 2;
const EX41: Form = ([x]) => x * x + (x > 0 ? 1 : -1);

describe("the lower solution that the upper level prefers", () => {
  const forms: readonly (readonly [string, "accurate" | "sgm" | "auto", number[][], Form, number])[] = [
    ["P1", "accurate", [[0], [7], [-3]], P1, 1e-10],
    ["E53", "accurate", [[0], [1], [3]], ([x]) => (x - 1) ** 2, 1e-10],
    ["EX41", "accurate", [[1], [1e-6], [-1e-6], [0]], EX41, 1e-10],
    ["EX51", "accurate", [[0.1], [-0.3], [2], [0]], ([x]) => -Math.abs(x), 1e-10],
    ["PROP41", "accurate", [[0.5], [-1]], ([x]) => -x * x, 1e-10],
    ["P1", "sgm", [[0], [7]], P1, 1e-5],
    ["E53", "sgm", [[0], [1], [3]], ([x]) => (x - 1) ** 2, 1e-6],
    ["EX41", "sgm", [[1], [1e-6], [-1e-6], [0]], EX41, 1e-10],
    ["EX51", "sgm", [[0.1], [-0.3], [2], [0]], ([x]) => -Math.abs(x), 1e-10],
    [
      sharp,
      "auto",
      [
        [0.3, 1],
        [-1, 0.5],
      ],
      ([a, b]) => (a - 0.5) ** 2 + (b + 0.3) ** 2 + b,
      1e-8,
    ],
    [shared, "auto", [[0.3], [-1]], ([x]) => (x - 1) ** 2 + 0.75 * x * x, 1e-8],
  ];
  it.each(forms)("%s by %s", async (name, inner, points, phi, within) => {
    const oracle = await oracleOf(name);
    for (const x of points) {
      const value = new OptimisticValue({ oracle, random: createRandom(1), exhausted: () => false }, inner);
      const found = value.at(Float64Array.from(x), oracle.startY.slice());
      expect(Math.abs(found - phi(x)), `at ${x}`).toBeLessThan(within);
    }
  });

  it("example 5.4: the closed form at random points", async () => {
    const oracle = await oracleOf("EX54");
    const value = new OptimisticValue({ oracle, random: createRandom(1), exhausted: () => false }, "auto");
    const random = createRandom(5);
    for (let k = 0; k < 10; k++) {
      const [a, b] = [3 * random.normal(), 3 * random.normal()];
      // lambda² / (2 n (1 + lambda)²) |P(Ax - b)|², P drops the fourth row
      const phi = ((a - 1) ** 2 + (b - 2) ** 2 + (a + b - 4) ** 2) / 32;
      expect(value.at(Float64Array.of(a, b), oracle.startY.slice())).toBeCloseTo(phi, 8);
    }
  });

  it("kinks are told from smooth functions, a squared kink counts as smooth", async () => {
    const lower = async (text: string) => {
      const { lowerObjective, y } = await problemOf(
        `upper { var x; minimize x^2 }\nlower { var y[2]; minimize ${text} }`,
      );
      return mayHaveKinks(lowerObjective, y);
    };
    expect(await lower("sumsq(y) + exp(y[1]) + abs(x)")).toBe(false);
    expect(await lower("relu(y[1] - x)^2 + y[2]^2")).toBe(false);
    expect(await lower("relu(y[1] - x) + y[2]^2")).toBe(true);
    expect(await lower("max(y[1], x) + y[2]^2")).toBe(true);
    expect(await lower("norm(y)")).toBe(true);
  });
});

describe("the published switching loop", () => {
  it("keeps lower bounds and falls back to the last y where nothing was recorded", async () => {
    const oracle = await oracleOf("EX51");
    const inner = new SwitchingSubgradient(oracle);
    const y = Float64Array.of(0);
    const options = { K0: 5, K: 500, tau: 0.1, theta: 1e-3, suffix: 0.5 };
    expect(inner.solve(Float64Array.of(1.5), y, options)).toBeCloseTo(-1.5, 12);
    const P = await oracleOf("P1");
    const other = new SwitchingSubgradient(P);
    const start = Float64Array.of(0);
    other.solve(Float64Array.of(7), start, { ...options, K0: 200, K: 20, theta: 0, tau: 0.01 });
    expect(other.recorded).toBe(0);
    // 20 gradient steps from 0 towards 3.5 with factor 1 - 8 tau
    expect(start[0]).toBeCloseTo(3.5 * (1 - 0.92 ** 20), 10);
  });

  it("a share of the mean: suffix 0.5 is nearer to the solution than the mean of all", async () => {
    const oracle = await oracleOf("E53");
    const value = (suffix: number) => {
      const y = new Float64Array(2);
      const options = { K0: 2000, K: 10_000, tau: 0.01, theta: 1e-3, suffix };
      return new SwitchingSubgradient(oracle).solve(Float64Array.of(3), y, options);
    };
    expect(value(1)).toBeCloseTo(4.0688, 4);
    expect(value(0.5)).toBeLessThan(3.9);
  });
});

describe("jumps", () => {
  it("finds place and sides of a jump, and none in steep, kinked or smooth functions", () => {
    const jump = findJump((t) => (t > 0.0123 ? 1 : -1) + t, 0.1, 1e-6);
    expect(jump?.at).toBeCloseTo(0.0123, 9);
    expect(jump?.left).toBeCloseTo(-1 + 0.0123, 6);
    expect(jump?.right).toBeCloseTo(1 + 0.0123, 6);
    expect(findJump((t) => Math.abs(t - 0.01), 0.1, 1e-6)).toBeUndefined();
    expect(findJump((t) => Math.tanh(1e4 * t), 0.1, 1e-6)).toBeUndefined();
    expect(findJump((t) => t * t, 0.1, 1e-6)).toBeUndefined();
    expect(findJump(() => 3, 0.1, 1e-6)).toBeUndefined();
  });
});

describe("directions", () => {
  it("are uniform on the sphere: mean 0, second moments 1/n", () => {
    const random = createRandom(2);
    const u = new Float64Array(3);
    const moments = new Float64Array(4);
    const N = 20_000;
    for (let k = 0; k < N; k++) {
      sphereInto(random, u);
      expect(Math.hypot(...u)).toBeCloseTo(1, 12);
      moments[0] += u[0] / N;
      moments[1] += u[0] ** 2 / N;
      moments[2] += (u[0] * u[1]) / N;
      moments[3] += u[2] ** 2 / N;
    }
    // three standard deviations are below 0.013
    expect(Math.abs(moments[0])).toBeLessThan(0.013);
    expect(Math.abs(moments[1] - 1 / 3)).toBeLessThan(0.013);
    expect(Math.abs(moments[2])).toBeLessThan(0.013);
    expect(Math.abs(moments[3] - 1 / 3)).toBeLessThan(0.013);
  });
});

describe("igfm without options", () => {
  it.each([
    ["P1", [7], 1e-8],
    ["E53", [1], 1e-6],
    ["EX51", [2], 1e-9],
    ["EX54", [4 / 3, 7 / 3], 1e-5],
    ["C2", [2], 1e-6],
    ["M1", [0.5], 1e-8],
  ] as const)("%s", async (name, x, within) => {
    const result = await solve(await problemOf(name), { method: "igfm", seconds: 20 });
    expect(result.status).toBe("converged");
    x.forEach((v, i) => {
      expect(Math.abs(result.x[i] - v)).toBeLessThan(within);
    });
  });

  it.each([1, -1, 0.3])(
    "the jump of example 4.1 from x = %d: the solution, and a reason that names the jump",
    async (x) => {
      const result = await solve(await problemOf("EX41"), { method: "igfm", start: { x }, seconds: 20 });
      expect(Math.abs(result.x[0])).toBeLessThan(1e-4);
      expect(result.upper.objective).toBeCloseTo(-1, 4);
      expect(result.reason).toMatch(/jumps at x = \S+, from -1 to 1: difference quotients grow like 1\/delta/);
    },
  );

  it.each([
    [sharp, [0.5, -0.8], 1e-4],
    [shared, [1 / 1.75], 1e-4],
  ] as const)("weak sharp lower levels", async (text, x, within) => {
    const result = await solve(await problemOf(text), { method: "igfm", seconds: 20 });
    x.forEach((v, i) => {
      expect(Math.abs(result.x[i] - v)).toBeLessThan(within);
    });
    expect(result.status).toBe("stalled");
    expect(result.reason).toMatch(/kinks/);
  });

  it("from the top of -|x| it finds the way down that the symmetric difference misses", async () => {
    const result = await solve(await problemOf("EX51"), { method: "igfm", start: { x: 0 }, seconds: 20 });
    expect(Math.abs(result.x[0])).toBeCloseTo(2, 9);
  });

  it("more variables than coordinates are looked at: random directions go down", async () => {
    const text = `upper { var x[14] init 1
  minimize sumsq(x - 0.5) + sumsq(y - x) }
lower { var y[14]
  minimize sumsq(y - 0.5x) }`;
    const oracle = await oracleOf(text);
    const outcome = runMethod(methodOf("igfm"), oracle, { limits: { iterations: 60 }, now: () => 0, traceRows: 0 });
    // phi = sum (x - 0.5)² + x²/4: 14 (0.25 + 0.25) = 7 at the start, 14 * 0.05 = 0.7 at x = 0.4
    expect(outcome.value).toBeLessThan(0.71);
  });
});

describe("sgm and pzobo", () => {
  it("sgm without options finds the optimistic y at the start and says that x stays", async () => {
    const result = await solve(await problemOf("E53"), { method: "sgm", start: { x: 3 }, seconds: 20 });
    expect(result.x[0]).toBe(3);
    expect(result.upper.objective).toBeCloseTo(4, 5);
    expect(result.reason).toMatch(/holds x at its start/);
  });

  it.each([
    ["P1", [7]],
    ["E1", [0.5]],
    ["C2", [2]],
  ] as const)("pzobo without options on %s", async (name, x) => {
    const result = await solve(await problemOf(name), { method: "pzobo", seconds: 20 });
    expect(result.status).toBe("converged");
    expect(result.x[0]).toBeCloseTo(x[0], 5);
  });

  it("igfm returns the best or the mean iterate where asked to", async () => {
    const oracle = await oracleOf("E53");
    const parameters = { delta: 1e-2, eta: 0.1, K0: 50, K: 200, tau: 0.05, theta: 1e-3 };
    const run = (output: string): RunOutcome =>
      runMethod(methodOf("igfm"), oracle.fork(), {
        parameters: { ...parameters, output },
        limits: { iterations: 60 },
        now: () => 0,
        traceRows: 0,
      });
    const [last, best, average] = ["last", "best", "average"].map(run);
    expect(best.value).toBeLessThanOrEqual(last.value + 1e-15);
    // the mean of iterates on the way from 0 to 0.97 lags behind
    expect(average.x[0]).toBeLessThan(last.x[0]);
    expect(average.x[0]).toBeGreaterThan(0.3);
  });
});
