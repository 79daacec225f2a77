/**
 * Double-loop and fully first-order stochastic methods: their estimates by enumeration of all samples, their runs with and
 * without noise, reproducibility.
 */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { compile, type Problem, type SolveOptions, solve } from "../../src/api.js";
import { averaged } from "../../src/methods/pieces/sampling/averaged.js";
import type { SamplingPiece } from "../../src/methods/pieces/sampling/field.js";
import { minibatch } from "../../src/methods/pieces/sampling/minibatch.js";
import { neumannField } from "../../src/methods/stochastic/neumannField.js";
import { apart, innerField, outerField } from "../../src/methods/stochastic/penalisedFields.js";
import { secondOrderField } from "../../src/methods/stochastic/spectral.js";
import { createRandom, type Random } from "../../src/num/random.js";
import { axpyInto } from "../../src/num/vector.js";
import { compileOracle } from "../../src/oracle/compile.js";
import type { LevelOracle } from "../../src/oracle/oracle.js";
import type { LevelSampling, SampleToken } from "../../src/oracle/sampled.js";

type Vector = Float64Array;

const tiny = `param A = [[1, 0.5], [0.3, -1], [-0.6, 0.8]]
param t = [1, -1, 0.5]
upper { var x[2] ; minimize mean(i in 1..3 batch 1: (A[i, :] * w - t[i])^2 + x[1] * t[i] * w[2]) + sumsq(x) }
lower { var w[2] ; minimize mean(i in 1..3 batch 1: exp(x[1]) * (A[i, :] * w - t[i])^2 + 0.1 * (A[i, 1] * w[1])^4) + 0.4 * (1 + x[2]^2) * sumsq(w) }`;

async function problemOf(source: string): Promise<Problem> {
  const { problem, diagnostics } = await compile(source);
  if (problem === undefined) throw new Error(diagnostics.map((d) => d.message).join("; "));
  return problem;
}

const S1 = readFileSync(new URL("../acceptance/problems/S1.blo", import.meta.url), "utf8");
const smooth = problemOf(S1);
const rough = problemOf(S1.replace("param sigma = 0.1", "param sigma = 1"));

const point = (): readonly Vector[] => [
  Float64Array.of(0.2, -0.5),
  Float64Array.of(0.7, 0.4),
  Float64Array.of(0.9, 0.1),
];

/** Answers `integer` with the digits given, in turn. */
function scripted(digits: readonly number[]): Random {
  let next = 0;
  const never = (): never => {
    throw new Error("only integers are drawn");
  };
  const integer = (n: number): number => {
    const digit = digits[next++];
    if (!(digit < n)) throw new Error("digit out of range");
    return digit;
  };
  return { integer, uniform: never, normal: never, sign: never, split: never };
}

function* tuples(length: number, base: number): Generator<readonly number[]> {
  for (let k = 0; k < base ** length; k++) {
    yield Array.from({ length }, (_, i) => Math.floor(k / base ** i) % base);
  }
}

/** grad_x f - J c Σ_{j < terms} (I - c H)^j grad_y f, with dense H. */
function truncated(upper: LevelOracle, lower: LevelOracle, x: Vector, y: Vector, c: number, terms: number): Vector {
  const [h, w, r, J] = [0, 1, 2, 3].map(() => new Float64Array(2));
  const H = new Float64Array(4);
  upper.valueGrad(x, y, h, w);
  lower.hessianYY(x, y, H);
  for (let j = 0; j < terms; j++) {
    axpyInto(c, w, r);
    const Hw = Float64Array.of(H[0] * w[0] + H[1] * w[1], H[2] * w[0] + H[3] * w[1]);
    axpyInto(-c, Hw, w);
  }
  lower.jvpXY(x, y, r, J);
  axpyInto(-1, J, h);
  return h;
}

describe("expectations over all samples", () => {
  test.each([
    ["hia", 1, 3],
    ["hia", 2, 3],
    ["shia", 1, 4],
    ["shia", 2, 4],
  ] as const)("%s with batches of %i: the truncated Neumann series", async (kind, batch, sum) => {
    const oracle = compileOracle(await problemOf(tiny));
    const sampled = oracle.sampled!({ batch });
    const terms = 3;
    const c = 0.3;
    const field = neumannField(sampled, { kind, terms, c });
    const [x, y] = point();
    const mean = new Float64Array(2);
    const h = new Float64Array(2);
    let spread = 0;
    const add = (digits: readonly number[], probability: number): void => {
      field.redraw(scripted(digits), false);
      field.evaluate([x, y], [h]);
      axpyInto(probability, h, mean);
      spread = Math.max(spread, Math.abs(h[0] - mean[0]));
    };
    if (kind === "shia") for (const drawn of tuples(terms, 3)) add(drawn, 3 ** -terms);
    else
      for (let length = 0; length < terms; length++)
        for (const drawn of tuples(length, 3)) add([length, ...drawn], 3 ** -length / terms);
    const wanted = truncated(oracle.upper, oracle.lower, x, y, c, sum);
    for (const i of [0, 1]) expect(mean[i]).toBeCloseTo(wanted[i], 12);
    expect(spread).toBeGreaterThan(0.01);
    // All terms, no randomness: the expectation itself.
    field.redraw(createRandom(1), true);
    field.evaluate([x, y], [h]);
    for (const i of [0, 1]) expect(h[i]).toBeCloseTo(wanted[i], 12);
  });

  test("the same sample of a series at two points: the answers of one function", async () => {
    const sampled = compileOracle(await problemOf(tiny)).sampled!({ batch: 1 });
    const field = neumannField(sampled, { kind: "hia", terms: 6, c: 0.3 });
    const [x, y, other] = point();
    field.redraw(scripted([4, 2, 0, 1, 1]), false);
    const [a, b, again] = [y, other, y].map((at) => {
      const h = new Float64Array(2);
      field.evaluate([x, at], [h]);
      return h;
    });
    expect(again).toEqual(a);
    expect(b).not.toEqual(a);
  });

  test("first-order fields: the gradients of the penalty", async () => {
    const oracle = compileOracle(await problemOf(tiny));
    const sampled = oracle.sampled!({ batch: 1 });
    const [x, z, y] = point();
    const [ofZ, ofY] = apart(sampled.batch);
    const fields = [
      { field: innerField(sampled.batch), at: [x, z, y] },
      { field: ofZ, at: [x, z] },
      { field: ofY, at: [x, y] },
      { field: outerField(sampled.batch), at: [x, z, y] },
    ];
    const everything = (level: LevelSampling): readonly SampleToken[] => [level.everything];
    const each = (level: LevelSampling): readonly SampleToken[] => [0, 1, 2].map((j) => level.block(j));
    const meanOf = (tokens: typeof each): readonly number[][] =>
      fields.map(({ field, at }) => {
        const mean = field.parts.map((p) => new Array<number>(p.length).fill(0));
        const out = field.parts.map((p) => new Float64Array(p.length));
        const [uppers, lowers] = [tokens(sampled.upper), tokens(sampled.lower)];
        for (const upper of uppers) {
          for (const lower of lowers) {
            sampled.use("upper", upper);
            sampled.use("lower", lower);
            field.evaluate(at, out);
            for (const [k, part] of out.entries())
              for (const [i, value] of part.entries()) mean[k][i] += value / (uppers.length * lowers.length);
          }
        }
        return mean.flat();
      });
    const [exact, found] = [meanOf(everything), meanOf(each)];
    exact.forEach((values, k) => {
      for (const [i, value] of values.entries()) expect(found[k][i]).toBeCloseTo(value, 12);
    });
    // The direction of x is d/dx [f(x, y) + λ (g(x, y) - g(x, z))] by differences of values.
    const lambda = 7;
    const surrogate = (at: Vector): number =>
      oracle.upper.value(at, y) + lambda * (oracle.lower.value(at, y) - oracle.lower.value(at, z));
    for (const i of [0, 1]) {
      const [plus, minus] = [1e-5, -1e-5].map((e) => surrogate(x.map((v, k) => (k === i ? v + e : v))));
      expect(exact[3][2 + i] + lambda * exact[3][i]).toBeCloseTo((plus - minus) / 2e-5, 7);
    }
  });
});

describe("mgbio's stochastic variants", () => {
  test.each([
    ["more columns than rows", 2, 3],
    ["more rows than columns", 3, 2],
  ])("dense J and H are the products': %s", async (_, n, m) => {
    const source = `upper { var x[${n}] ; minimize sumsq(x - 1) + sumsq(y) }
lower { var y[${m}] ; minimize mean(i in 1..4 batch 1: exp(0.1 * i * y[1] * x[1]) + i * (y[2] * x[2] - x[${n}])^2) + sumsq(y) }`;
    const oracle = compileOracle(await problemOf(source));
    const field = secondOrderField(oracle);
    const random = createRandom(3);
    const [x, y, v] = [n, m, m].map((size) => Float64Array.from({ length: size }, () => random.normal()));
    const out = field.parts.map((p) => new Float64Array(p.length));
    field.evaluate([x, y], out);
    const [, H, J] = out;
    const [Hv, Jv] = [new Float64Array(m), new Float64Array(n)];
    oracle.lower.linearize(x, y).both(v, Hv, Jv);
    for (let j = 0; j < m; j++) {
      axpyInto(-v[j], H.subarray(j * m, (j + 1) * m), Hv);
      axpyInto(-v[j], J.subarray(j * n, (j + 1) * n), Jv);
    }
    for (const left of [...Hv, ...Jv]) expect(left).toBeCloseTo(0, 12);
  });

  test.each(["momentum", "storm"])(
    "%s: near the solution without step options, certified without noise",
    async (variant) => {
      const noisy = await solve(await rough, { method: "mgbio", options: { variant, passes: 100 } });
      expect(noisy.status).toBe("stalled");
      expect(Math.abs((noisy.values.x as number) - 7)).toBeLessThan(0.15);
      const problem = await problemOf(readFileSync("examples/seed/quadratic.blo", "utf8"));
      const exact = await solve(problem, { method: "mgbio", options: { variant }, calls: 2e6 });
      expect([exact.status, exact.certificate?.certified]).toEqual(["converged", true]);
    },
  );

  test("bounds of the lower level are named", async () => {
    const problem = await problemOf(
      "upper { var x ; minimize (x - 1)^2 + y^2 } lower { var y in [0, 1] ; minimize (y - x)^2 }",
    );
    const run = solve(problem, { method: "mgbio", options: { variant: "storm" } });
    await expect(run).rejects.toThrow(
      'method "mgbio --variant storm" needs lower variables without bounds, but y lies in a box',
    );
  });

  test("momentum is an exponential average of the minibatch estimates", async () => {
    const problem = await smooth;
    const run = (rule: SamplingPiece): number[] => {
      const oracle = compileOracle(problem);
      const sampled = oracle.sampled!();
      const field = innerField(sampled.batch);
      const context = { oracle, parameters: {}, tolerance: 1e-6, random: createRandom(1), exhausted: () => false };
      const estimator = rule.make(context, sampled, field, { eta: () => 0.25 });
      const out = field.parts.map((p) => new Float64Array(p.length));
      return [0, 1, 2, 3].map((k) => {
        estimator.direction([Float64Array.of(k), Float64Array.of(2), Float64Array.of(3)], out);
        return out[0][0];
      });
    };
    const fresh = run(minibatch);
    let mean = fresh[0];
    run(averaged).forEach((value, k) => {
      mean += k === 0 ? 0 : 0.25 * (fresh[k] - mean);
      expect(value).toBeCloseTo(mean, 12);
    });
  });
});

const ids = ["bsa", "ttsa", "alset", "stocbio", "amigo", "f2sa", "f3sa", "f2sa-inner"];
const xOf = async (problem: Promise<Problem>, options: SolveOptions): Promise<number> =>
  (await solve(await problem, options)).values.x as number;

describe.each(ids)("%s", (method) => {
  test("with nothing sampled a run without options is certified", async () => {
    const problem = await problemOf(readFileSync("examples/seed/quadratic.blo", "utf8"));
    const found = await solve(problem, { method, calls: 2e6 });
    expect([found.status, found.certificate?.certified]).toEqual(["converged", true]);
    expect(found.values.x).toBeCloseTo(7, 4);
  });

  test("noise: near the solution without step options, and said to be noisy", async () => {
    const options = { passes: 100 };
    const found = await solve(await smooth, { method, options });
    expect(found.status).toBe("stalled");
    expect(found.reason).toMatch(/noise/);
    // Series of random length are noisier than the rest.
    const hia = ["bsa", "ttsa", "alset"].includes(method);
    expect(Math.abs((found.values.x as number) - 7)).toBeLessThan(hia ? 0.3 : 0.1);
    expect(Math.abs((await xOf(rough, { method, options })) - 7)).toBeLessThan(1.5);
  });

  test("the same seed gives the same run, another seed another one", async () => {
    const options = { method, iterations: 40 };
    const [a, b, c] = [
      await xOf(smooth, options),
      await xOf(smooth, options),
      await xOf(smooth, { ...options, seed: 2 }),
    ];
    expect(a).toBe(b);
    expect(a).not.toBe(c);
  });
});
