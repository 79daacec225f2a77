/** Measures of stationarity against closed forms and differences, and how runs carry them. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compile, type Problem, solve, toDocument } from "../../src/api.js";
import { measuring } from "../../src/measures/measuring.js";
import { askedMeasures, measures } from "../../src/measures/table.js";
import { compileOracle } from "../../src/oracle/compile.js";
import { calls, type Oracle } from "../../src/oracle/oracle.js";

async function problemOf(text: string): Promise<Problem> {
  const source = text.includes("{")
    ? text
    : readFileSync(new URL(`../acceptance/problems/${text}.blo`, import.meta.url), "utf8");
  const { problem, diagnostics } = await compile(source);
  if (problem === undefined) throw new Error(diagnostics.map((d) => d.message).join("; "));
  return problem;
}

async function at(text: string | Oracle, words: string[], x: number[], y: number[]): Promise<Record<string, number>> {
  const oracle = typeof text === "string" ? compileOracle(await problemOf(text)) : text;
  const observer = measuring(oracle, askedMeasures(words, oracle.problem), 1, () => false);
  const out: Record<string, number> = {};
  observer.at(Float64Array.from(x), Float64Array.from(y), out);
  expect(Object.keys(out).sort()).toEqual([...observer.columns].sort());
  return out;
}

const all = measures.map((m) => m.id);

describe("closed forms", () => {
  // P1: y* = x/2, H = 8, J = -4, f_x = 14x - 12y - 30, f_y = -12x + 8y + 4, g* = 17
  it("P1, away from the lower solution", async () => {
    const [x, y] = [3, 2];
    const out = await at("P1", all, [x], [y]);
    const fx = 14 * x - 12 * y - 30;
    const fy = -12 * x + 8 * y + 4;
    const gap = (2 * y - x) ** 2;
    expect(out.hypergradient).toBeCloseTo(Math.abs(4 * x - 28), 9);
    // w = -f_y / 8
    expect(out.R_x).toBeCloseTo((fx + fy / 2) ** 2, 9);
    expect(out.R_w).toBeCloseTo(0, 12);
    expect(out.R_y).toBeCloseTo(gap, 10);
    expect(out.valueGap).toBeCloseTo(gap, 10);
    expect(out.S_vf).toBeCloseTo(fx ** 2 + fy ** 2 + gap, 8);
    // phi is quadratic: the symmetric difference is the derivative
    expect(out.goldstein).toBeCloseTo(16, 6);
    expect(out.R_ker).toBe(0);
  });

  it("P1: the best multiplier of S_kkt is no worse than any on a grid, and is not negative", async () => {
    const [x, y] = [7.3, 3.75];
    const { S_kkt, sigma } = await at("P1", ["vf-kkt"], [x], [y]);
    const [fx, fy] = [14 * x - 12 * y - 30, -12 * x + 8 * y + 4];
    const [qx, qy] = [-2 * (2 * y - x), 4 * (2 * y - x)];
    const residual = (s: number) => (fx + s * qx) ** 2 + (fy + s * qy) ** 2;
    expect(S_kkt).toBeCloseTo(residual(sigma), 8);
    expect(sigma).toBeGreaterThan(1);
    for (let s = 0; s < 3 * sigma; s += sigma / 50) expect(S_kkt).toBeLessThanOrEqual(residual(s) + 1e-9);
    expect((await at("P1", ["vf-kkt"], [x], [3.5])).sigma).toBe(0);
  });

  it("GALET's first example: at solutions every residual vanishes but S_vf = 2 + cos² y2", async () => {
    for (const y2 of [-2, 0.4, 1.9]) {
      const out = await at("E1", all, [0.5], [Math.sin(y2) - 0.5, y2]);
      expect(out.S_vf).toBeCloseTo(2 + Math.cos(y2) ** 2, 10);
      for (const name of ["R_x", "R_w", "R_y", "hypergradient", "R_ker"]) expect(out[name]).toBeLessThan(1e-9);
    }
  });

  it("example 5.3 at its false solution: only the kernel residual and Goldstein's estimate see it", async () => {
    const out = await at("E53", all, [0.5], [0.5, 0]);
    expect(out.hypergradient).toBeLessThan(1e-9);
    expect(out.R_x + out.R_w + out.R_y).toBeLessThan(1e-12);
    // grad_y f = (2 (y1 - 1), 2 (y2 - x)) = (-1, -1), the kernel is the second axis
    expect(out.R_ker).toBeCloseTo(Math.SQRT1_2, 9);
    // phi = (x - 1)²
    expect(out.goldstein).toBeCloseTo(1, 6);
    const end = await at("E53", all, [1], [1, 1]);
    expect(end.R_ker).toBeLessThan(1e-9);
    expect(end.goldstein).toBeLessThan(1e-6);
  });

  it("a jump of 2: Goldstein's estimate grows like 1/delta", async () => {
    for (const delta of [1e-2, 1e-4]) {
      expect((await at("EX41", [`goldstein:delta=${delta}`], [0], [0])).goldstein * delta).toBeCloseTo(1, 8);
    }
  });

  it("a bound that holds x takes the gradient away", async () => {
    const out = await at("PROP41", ["hypergradient", "goldstein"], [1], [1]);
    expect(out.hypergradient).toBe(0);
    // phi = -x², one-sided at the bound
    expect(out.goldstein).toBeCloseTo(2, 2);
  });
});

describe("differences", () => {
  const text = `upper { var x[2] init 0.4
  minimize sumsq(y) + exp(x[1]) * y[2] + x[2]^2 }
lower { var y[2]
  minimize (y[1] - sin(x[1]))^2 + (y[1] * y[2] - x[2])^2 + y[2]^4 + y[2]^2 }`;

  it("the hypergradient's norm is that of differences of re-solved lower problems", async () => {
    const oracle = compileOracle(await problemOf(text));
    const phi = (x: number[]): number => {
      // Newton's method by hand on the lower level, from a common start
      const X = Float64Array.from(x);
      const y = Float64Array.of(0.3, 0.1);
      const g = new Float64Array(2);
      const H = new Float64Array(4);
      for (let k = 0; k < 60; k++) {
        oracle.lower.gradY(X, y, g);
        oracle.lower.hessianYY(X, y, H);
        const det = H[0] * H[3] - H[1] * H[2];
        y[0] -= (H[3] * g[0] - H[1] * g[1]) / det;
        y[1] -= (H[0] * g[1] - H[2] * g[0]) / det;
      }
      return oracle.upper.value(X, y);
    };
    const h = 1e-5;
    const G = [0, 1].map((i) => {
      const e = [0, 0];
      e[i] = h;
      return (phi([0.4 + e[0], 0.4 + e[1]]) - phi([0.4 - e[0], 0.4 - e[1]])) / (2 * h);
    });
    const out = await at(text, ["hypergradient", "goldstein:directions=4000", "kernel"], [0.4, 0.4], [0, 0]);
    expect(out.hypergradient).toBeCloseTo(Math.hypot(...G), 8);
    // directions at random: three standard deviations of |G| sqrt(n - 1) / sqrt(B)
    expect(Math.abs(out.goldstein - Math.hypot(...G))).toBeLessThan((3 * Math.hypot(...G)) / Math.sqrt(4000));
    expect(out.R_ker).toBe(0);
  });

  it("asking twice, and in another order of points, gives the same bytes", async () => {
    const oracle = compileOracle(await problemOf(text));
    const first = await at(oracle, ["goldstein"], [0.1, 0.2], [0, 0]);
    await at(oracle, ["goldstein"], [3, 2], [1, 1]);
    expect(await at(oracle, ["goldstein"], [0.1, 0.2], [0, 0])).toEqual(first);
    expect(calls(oracle.counts)).toBe(0);
  });
});

describe("runs", () => {
  const published = { lambda: 1000, alpha: 1 / 8, tau: 1 / 16_000, eta: 0.1, K: 60 };
  const run = async (name: string, options: Parameters<typeof solve>[1]) =>
    solve(await problemOf(name), { iterations: 60, ...options });

  // the sweep of GALET's first figure, with warm shadow variables
  it.each([
    [0.1, 5.7e-6, 2.64],
    [0.3, 9.7e-9, 2.58],
  ])("GALET with upper step %d: the gap goes to 0, S_vf does not", async (eta, gap, score) => {
    const options = { alpha: 1, K: 1, M: 1, adjointStep: 0.1, eta };
    const {
      trace,
      measures: end,
      x,
      y,
    } = await run("E1", {
      method: "galet",
      options,
      iterations: 30,
      measures: ["vf-kkt", "galet"],
    });
    const reached = (x[0] - 0.5) ** 2 + (0.5 + y[0] - Math.sin(y[1])) ** 2;
    expect(reached / gap).toBeGreaterThan(0.5);
    expect(reached / gap).toBeLessThan(2);
    expect(end?.S_vf).toBeCloseTo(score, 2);
    expect((end?.R_x ?? 1) + (end?.R_w ?? 1) + (end?.R_y ?? 1)).toBeLessThan(1e-4);
    expect(trace.length).toBe(31);
    for (const { extra } of trace.slice(-5)) {
      expect(extra.S_vf).toBeGreaterThan(1.9);
      expect(extra.S_vf).toBeLessThan(2.8);
    }
  });

  it("neither the counts nor the path of the method change", async () => {
    const plain = await run("E1", { method: "aid-auto" });
    const followed = await run("E1", { method: "aid-auto", measures: all });
    expect({ ...followed.counts }).toEqual({ ...plain.counts });
    expect(followed.x).toEqual(plain.x);
    expect(followed.trace.map((r) => r.value)).toEqual(plain.trace.map((r) => r.value));
    expect(followed.measures?.lowerHvp).toBe(plain.counts.lowerHvp);
    expect(plain.measures).toBeUndefined();
    expect(toDocument(followed).measures?.R_y).toBe(followed.measures?.R_y);
  });

  it("every row the trace keeps is measured; with a stride every k-th and the last", async () => {
    const options = { method: "f2ba", options: published, measures: ["gap"], iterations: 10 };
    const each = await run("P1", options);
    expect(each.trace.length).toBe(11);
    for (const { extra } of each.trace) expect(extra.valueGap).toBeGreaterThanOrEqual(0);
    const third = await run("P1", { ...options, measureEvery: 3 });
    const measured = third.trace.filter((r) => r.extra.valueGap !== undefined).map((r) => r.iteration);
    expect(measured).toEqual([0, 3, 6, 9, 10]);
    expect(third.measures?.valueGap).toBe(third.trace.at(-1)?.extra.valueGap);
  });

  it("the counts column is what the method had asked at that row", async () => {
    const { trace } = await run("P1", { method: "f2ba", options: published, measures: ["counts"], iterations: 5 });
    for (const { extra, calls: total } of trace) expect(extra.upperGradient + extra.lowerGradient).toBe(total);
  });
});
