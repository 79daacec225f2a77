/** srba, vrbo, sustain, mrbo and fsla beyond the acceptance rows: full batches, estimates, biases, data, reproducibility. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { compile, type Problem, type SolveOptions, solve } from "../../src/api.js";
import { exactProducts } from "../../src/methods/kit/constants.js";
import type { MethodContext } from "../../src/methods/method.js";
import { CurvatureWatch } from "../../src/methods/pieces/sampling/curvatureWatch.js";
import { storm } from "../../src/methods/pieces/sampling/storm.js";
import { jointField } from "../../src/methods/stochastic/field.js";
import { neumannField } from "../../src/methods/stochastic/neumannField.js";
import { createRandom, type Random } from "../../src/num/random.js";
import { compileOracle } from "../../src/oracle/compile.js";

const source = readFileSync(new URL("../acceptance/problems/S1.blo", import.meta.url), "utf8");
const quadratic = async (sigma: number): Promise<Problem> => {
  const { problem, diagnostics } = await compile(source, { params: { sigma } });
  if (!problem) throw new Error(diagnostics.map((d) => d.message).join("; "));
  return problem;
};
const steps = { rho: 0.05, gamma: 0.02 };
const values = async (options: SolveOptions, sigma = 0.1) => {
  const { values: found } = await solve(await quadratic(sigma), options);
  return [found.x, found.y] as number[];
};

describe("with every term in the batch", () => {
  const all = { ...steps, batch: 16 };

  test("srba makes the steps of soba at constant steps", async () => {
    const a = await values({ method: "srba", options: all, iterations: 40 });
    const b = await values({ method: "soba", options: { ...all, power: 0 }, iterations: 40 });
    a.forEach((value, k) => {
      expect(value).toBeCloseTo(b[k], 12);
    });
    expect(Math.abs(a[0])).toBeGreaterThan(0.1);
  });

  test("sustain, mrbo, vrbo and fsla are the deterministic recursions", async () => {
    // P1: grad_y g = 8 y - 4 x, H = 8, J = -4, grad_y f = 8 y - 12 x + 4, grad_x f = 14 x - 12 y - 30
    const [rho, gamma, c, M, K] = [0.05, 0.02, 0.08, 6, 2];
    const terms = { hia: M - 1, shia: M };
    const h = (x: number, y: number, last: number): number => {
      let r = 0;
      for (let j = 0; j <= last; j++) r += c * (1 - 8 * c) ** j * (8 * y - 12 * x + 4);
      return 14 * x - 12 * y - 30 + 4 * r;
    };
    for (const [method, last] of [["sustain", terms.hia] as const, ["mrbo", terms.shia] as const]) {
      let [x, y] = [0, 0];
      for (let t = 0; t < 30; t++) [x, y] = [x - gamma * h(x, y, last), y - rho * (8 * y - 4 * x)];
      const options = { ...all, power: 0, M, adjointStep: c };
      const found = await values({ method, options, iterations: 30 });
      expect(found[0]).toBeCloseTo(x, 11);
      expect(found[1]).toBeCloseTo(y, 11);
    }
    let [x, y] = [0, 0];
    let dx = h(0, 0, M);
    for (let t = 0; t < 30; t++) {
      if (t % 4 === 0) dx = h(x, y, M);
      x -= gamma * dx;
      for (let k = 0; k < K; k++) {
        dx = h(x, y, M);
        y -= rho * (8 * y - 4 * x);
      }
    }
    const options = { ...all, M, K, adjointStep: c, period: 4 };
    const nested = await values({ method: "vrbo", options, iterations: 30 });
    expect(nested[0]).toBeCloseTo(x, 11);
    expect(nested[1]).toBeCloseTo(y, 11);
    let v = 0;
    [x, y] = [0, 0];
    for (let t = 0; t < 30; t++) {
      y -= rho * (8 * y - 4 * x);
      v -= rho * (8 * v + 8 * y - 12 * x + 4);
      x -= gamma * (14 * x - 12 * y - 30 - 4 * v);
    }
    const single = await values({ method: "fsla", options: { ...all, power: 0 }, iterations: 30 });
    expect(single[0]).toBeCloseTo(x, 11);
    expect(single[1]).toBeCloseTo(y, 11);
  });
});

/** Integers that are given in turn; the rest from a seed. */
function scripted(integers: readonly number[]): Random {
  const seeded = createRandom(5);
  let next = 0;
  const self: Random = {
    uniform: () => seeded.uniform(),
    normal: () => seeded.normal(),
    sign: () => seeded.sign(),
    integer: () => integers[next++ % integers.length],
    split: () => self,
  };
  return self;
}

test("storm: the mean over the samples is D(z) + (1 - η) (d - D(z⁻))", async () => {
  const problem = await quadratic(1);
  const at = [
    [0, 0, 0],
    [0.4, -1, 2],
  ].map((z) => z.map((value) => Float64Array.of(value)));
  const eta = 0.3;
  const run = (integers: readonly number[]) => {
    const oracle = compileOracle(problem);
    const sampled = oracle.sampled!({ batch: 1, sampler: "independent" });
    const field = jointField(sampled.batch);
    const context: MethodContext = {
      oracle,
      parameters: {},
      tolerance: 1e-6,
      random: createRandom(1),
      exhausted: () => false,
    };
    const estimator = storm.make(context, sampled, field, { eta: () => eta, random: scripted(integers) });
    const parts = () => field.parts.map((p) => new Float64Array(p.length));
    const [first, second] = [parts(), parts()];
    estimator.direction(at[0], first);
    estimator.direction(at[1], second);
    const exact = at.map((z) => {
      const out = parts();
      sampled.use("upper", sampled.upper.everything);
      sampled.use("lower", sampled.lower.everything);
      field.evaluate(z, out);
      return out;
    });
    return { first, second, exact };
  };
  const mean = new Float64Array(5);
  let known: ReturnType<typeof run> | undefined;
  // the levels draw apart, so that 16 pairs in which each has every term once are enough for parts linear in one level
  for (let i = 0; i < 16; i++) {
    known = run([3, 5, i, (5 * i) % 16]);
    known.second.forEach((part, k) => {
      mean[k] += part[0] / 16;
    });
  }
  const { first, exact } = known!;
  mean.forEach((value, k) => {
    expect(value).toBeCloseTo(exact[1][k][0] + (1 - eta) * (first[k][0] - exact[0][k][0]), 11);
  });
});

test("the series says what its factors leave out, and grows", async () => {
  const oracle = compileOracle(await quadratic(0.1));
  const sampled = oracle.sampled!();
  const field = neumannField(sampled, { kind: "shia", terms: 3, c: 0.08 });
  const out = [new Float64Array(1)];
  const at = [Float64Array.of(1), Float64Array.of(2)];
  field.evaluate(at, out);
  expect(field.left).toBeCloseTo(0.36 ** 3, 14);
  field.terms = 5;
  field.redraw(createRandom(1), true);
  field.evaluate(at, out);
  expect(field.left).toBeCloseTo(0.36 ** 5, 14);
});

test("the curvature is followed where x makes the lower level steeper", async () => {
  const { problem } = await compile(`upper { var x ; minimize x^2 + y }
lower { var y ; minimize mean(i in 1..4 batch 1: exp(x) * y^2) }`);
  const sampled = compileOracle(problem!).sampled!();
  const [x, y] = [new Float64Array(1), new Float64Array(1)];
  const watch = new CurvatureWatch(sampled, exactProducts, 2, x, 100, createRandom(1));
  watch.update(x, y);
  expect(watch.L).toBe(2);
  x[0] = 3;
  watch.update(x, y);
  expect(watch.L).toBeCloseTo(2 * Math.exp(3), 10);
  x[0] = 0;
  watch.update(x, y);
  expect(watch.L).toBeCloseTo(1.8 * Math.exp(3), 10);
});

describe("automatic runs", () => {
  test.each(["saba", "srba", "vrbo"])("%s converges and is certified, at noise of size 1", async (method) => {
    const result = await solve(await quadratic(1), { method, calls: 200000 });
    expect([result.status, result.certificate?.certified]).toEqual(["converged", true]);
    expect(result.values.x).toBeCloseTo(7, 5);
  });

  test.each(["fsla", "mrbo", "sustain"])("%s comes near and says that noise is left", async (method) => {
    const result = await solve(await quadratic(0.1), { method, calls: 200000 });
    expect(result.status).toBe("stalled");
    expect(result.reason).toContain("noise");
    expect(Math.abs((result.values.x as number) - 7)).toBeLessThan(0.5);
  });

  test.each(["srba", "fsla", "sustain", "mrbo", "vrbo"])("%s converges where nothing is sampled", async (method) => {
    const { problem } = await compile(readFileSync(new URL("../../examples/seed/curve.blo", import.meta.url), "utf8"));
    const result = await solve(problem!, { method, calls: 400000 });
    expect([result.status, result.certificate?.certified]).toEqual(["converged", true]);
  });

  test.each(["srba", "fsla", "sustain", "mrbo", "vrbo"])("%s: same seed, same bytes", async (method) => {
    const run = (seed: number) => values({ method, seed, iterations: 60 });
    expect(await run(1)).toEqual(await run(1));
    expect(await run(1)).not.toEqual(await run(2));
  });

  test("the bias of a short series is told, not claimed away", async () => {
    const options = { ...steps, M: 5, adjointStep: 0.08, period: 8 };
    const result = await solve(await quadratic(0.1), { method: "vrbo", options, calls: 100000 });
    expect(result.status).toBe("stalled");
    expect(result.reason).toContain("leaves out a share of");
  });
});
