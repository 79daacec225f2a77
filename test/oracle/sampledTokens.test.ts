/** Tokens, samplers, counting, noise and the fallback for oracles without sampled sums. */
import { describe, expect, test } from "vitest";
import { createRandom } from "../../src/num/random.js";
import { norm } from "../../src/num/vector.js";
import { compileOracle } from "../../src/oracle/compile.js";
import { calls, type Oracle } from "../../src/oracle/oracle.js";
import { sampledOf, sampledView, withNoise } from "../../src/oracle/sampledOracle.js";
import { Draws } from "../../src/oracle/sampledTokens.js";
import { problemOf } from "../elaborate/compile.js";

const text = `param a = [1, 2, 3, 4, 5]
upper { var x[2] ; minimize mean(i in 1..5 batch 2: (x[1] - a[i] * y[1])^2) + sumsq(x) }
lower { var y[3] ; minimize sumsq(y) + mean(i in 1..3 batch 1: (y[i] - x[1])^2) }`;
const plain = `upper { var x[2] ; minimize sumsq(x) + y[1] }
lower { var y[3] ; minimize sumsq(y) + x[1] * y[2] }`;

const oracleOf = async (source = text): Promise<Oracle> => compileOracle(await problemOf(source));
const listed = (terms: readonly Int32Array[]): number[][] => terms.map((t) => Array.from(t));

describe("tokens", () => {
  test("a level without sampled sums is one block and not random", async () => {
    const oracle = await oracleOf(plain);
    const { upper, batch } = sampledOf(oracle);
    expect([upper.random, upper.blocks, upper.terms, upper.weight(0)]).toEqual([false, 1, 1, 1]);
    expect(upper.draw(createRandom(1))).toBe(upper.everything);
    const out = new Float64Array(2);
    batch.upper.gradX(Float64Array.of(1, 2), new Float64Array(3), out);
    expect(Array.from(out)).toEqual([2, 4]);
  });

  test("blocks are a partition, interleaved, weighted by their sizes", () => {
    const draws = new Draws([{ terms: 7, batch: 3 }], "shuffle", false);
    expect(draws.blocks).toBe(3);
    expect(Array.from({ length: 3 }, (_, j) => listed(draws.block(j).terms)[0])).toEqual([
      [0, 3, 6],
      [1, 4],
      [2, 5],
    ]);
    expect([0, 1, 2].map((j) => draws.weight(j))).toEqual([3 / 7, 2 / 7, 2 / 7]);
    expect(draws.block(1)).toBe(draws.block(1));
  });

  test("shuffled draws read every term once before any comes again", () => {
    const draws = new Draws([{ terms: 7, batch: 3 }], "shuffle", false);
    const random = createRandom(2).split("draws");
    const stream = Array.from({ length: 7 }, () => listed(draws.draw(random).terms)[0]).flat();
    for (let epoch = 0; epoch < 3; epoch++)
      expect(stream.slice(7 * epoch, 7 * epoch + 7).sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  test("same seed, same draws, in any process", () => {
    const of = (sampler: "shuffle" | "independent") => {
      const draws = new Draws([{ terms: 10, batch: 4 }], sampler, true);
      const random = createRandom(5).split("draws");
      return [1, 2].map((samples) => {
        const token = draws.draw(random, samples);
        return [listed(token.terms)[0], token.noise];
      });
    };
    expect(of("shuffle")).toMatchInlineSnapshot(`
      [
        [
          [
            7,
            1,
            2,
            6,
          ],
          2212781400801563,
        ],
        [
          [
            9,
            5,
            0,
            8,
            3,
            4,
            4,
            9,
          ],
          365463096516049,
        ],
      ]
    `);
    expect(of("independent")).toMatchInlineSnapshot(`
      [
        [
          [
            4,
            3,
            4,
            0,
          ],
          4419966079038991,
        ],
        [
          [
            8,
            0,
            8,
            7,
            4,
            2,
            6,
            7,
          ],
          904245084446360,
        ],
      ]
    `);
  });

  test("independent draws are uniform", () => {
    const draws = new Draws([{ terms: 4, batch: 1 }], "independent", false);
    const random = createRandom(9);
    const hits = [0, 0, 0, 0];
    for (let k = 0; k < 4000; k++) hits[draws.draw(random).terms[0][0]]++;
    for (const h of hits) expect(Math.abs(h - 1000)).toBeLessThan(5 * Math.sqrt(750));
  });
});

describe("counting", () => {
  test("b of N terms count b/N; whole passes add up to whole numbers", async () => {
    const oracle = await oracleOf();
    const sampled = oracle.sampled!();
    const [x, y, out] = [new Float64Array(2), new Float64Array(3), new Float64Array(3)];
    for (let j = 0; j < sampled.lower.blocks; j++) {
      sampled.use("lower", sampled.lower.block(j));
      sampled.batch.lower.gradY(x, y, out);
      expect(calls(oracle.counts)).toBeCloseTo((j + 1) / 3, 14);
    }
    expect(oracle.counts.lowerGradient).toBe(1);
    sampled.use("upper", sampled.upper.draw(createRandom(1)));
    sampled.batch.upper.linearize(x, y).hvp(y, out);
    expect(oracle.counts.upperProduct).toBe(0.4);
    sampled.full.lower.hvpYY(x, y, y, out);
    expect(calls(oracle.counts)).toBeCloseTo(1 + 0.8 + 2, 14);
  });

  test("a fork has counters of its own", async () => {
    const oracle = await oracleOf();
    const fork = oracle.fork().sampled!();
    fork.use("upper", fork.upper.block(0));
    fork.batch.upper.value(new Float64Array(2), new Float64Array(3));
    expect(oracle.counts.upperValue).toBe(0);
  });
});

describe("samples in use", () => {
  test("two oracles of one problem do not see each other's samples", async () => {
    const problem = await problemOf(text);
    const [p, q] = [compileOracle(problem).sampled!(), compileOracle(problem).sampled!()];
    const y = Float64Array.of(1, 2, 3);
    const of = (s: typeof p): number => s.batch.lower.value(new Float64Array(2), y);
    p.use("lower", p.lower.block(0));
    q.use("lower", q.lower.block(2));
    expect([of(p), of(q), of(p)]).toEqual([14 + 1, 14 + 9, 14 + 1]);
  });

  test("products at a fixed point keep the sample under which they were made", async () => {
    const oracle = await oracleOf();
    const sampled = oracle.sampled!();
    const [x, y, v] = [new Float64Array(2), new Float64Array(3), Float64Array.of(1, 1, 1)];
    const [before, after] = [new Float64Array(3), new Float64Array(3)];
    sampled.use("lower", sampled.lower.block(1));
    const map = sampled.batch.lower.linearize(x, y);
    map.hvp(v, before);
    sampled.use("lower", sampled.lower.block(2));
    map.hvp(v, after);
    expect(after).toEqual(before);
    expect(Array.from(before)).toEqual([2, 4, 2]);
  });
});

describe("additive noise", () => {
  const x = Float64Array.of(1, 2);
  const y = Float64Array.of(1, -1, 0.5);

  test("the same token at two points has the same noise; gradients share theirs over all queries", async () => {
    const oracle = await oracleOf(plain);
    const sampled = oracle.sampled!({ noise: { lower: 0.3 } });
    expect([sampled.upper.random, sampled.lower.random, sampled.lower.blocks]).toEqual([false, true, 1]);
    sampled.use("lower", sampled.lower.draw(createRandom(4)));
    const noiseAt = (at: Float64Array, ask: (out: Float64Array) => void): Float64Array => {
      const exact = new Float64Array(3);
      const out = new Float64Array(3);
      oracle.lower.gradY(x, at, exact);
      ask(out);
      return out.map((o, k) => o - exact[k]);
    };
    const first = noiseAt(y, (out) => sampled.batch.lower.gradY(x, y, out));
    const other = Float64Array.of(3, 3, 3);
    const second = noiseAt(other, (out) => sampled.batch.lower.gradY(x, other, out));
    const third = noiseAt(y, (out) => void sampled.batch.lower.valueGrad(x, y, new Float64Array(2), out));
    expect(norm(first)).toBeGreaterThan(0.01);
    for (let k = 0; k < 3; k++) {
      expect(second[k]).toBeCloseTo(first[k], 12);
      expect(third[k]).toBeCloseTo(first[k], 12);
    }
  });

  test("E |noise|² = sigma², divided by the number of samples; along v times |v|²", async () => {
    const oracle = await oracleOf(plain);
    const sampled = oracle.sampled!({ noise: { lower: 0.5, products: 0.2 } });
    const random = createRandom(11);
    const exact = new Float64Array(3);
    oracle.lower.gradY(x, y, exact);
    const v = Float64Array.of(3, 0, 4);
    const exactProduct = new Float64Array(3);
    oracle.lower.hvpYY(x, y, v, exactProduct);
    const out = new Float64Array(3);
    const draws = 4000;
    const mean = (samples: number, ask: () => void, wanted: Float64Array): number => {
      let sum = 0;
      for (let t = 0; t < draws; t++) {
        sampled.use("lower", sampled.lower.draw(random, samples));
        ask();
        sum += norm(out.map((o, k) => o - wanted[k])) ** 2 / draws;
      }
      return sum;
    };
    // a chi-squared mean: relative standard deviation sqrt(2 / (3 draws)) = 1.3 %
    const gradient = () => sampled.batch.lower.gradY(x, y, out);
    expect(mean(1, gradient, exact) / 0.25).toBeCloseTo(1, 1);
    expect((mean(16, gradient, exact) / 0.25) * 16).toBeCloseTo(1, 1);
    expect(mean(1, () => sampled.batch.lower.hvpYY(x, y, v, out), exactProduct) / (0.04 * 25)).toBeCloseTo(1, 1);
    expect(mean(1, () => sampled.batch.lower.linearize(x, y).hvp(v, out), exactProduct)).toBeCloseTo(1, 1);
  });

  test("methods that are not stochastic see fresh noise at each query, forks none", async () => {
    const oracle = await oracleOf(plain);
    const noisy = withNoise(oracle, { upper: 0.1, lower: 0.1 }, createRandom(1));
    const [p, q] = [new Float64Array(3), new Float64Array(3)];
    noisy.lower.gradY(x, y, p);
    noisy.lower.gradY(x, y, q);
    expect(p).not.toEqual(q);
    oracle.fork().lower.gradY(x, y, p);
    noisy.fork().lower.gradY(x, y, q);
    expect(q).toEqual(p);
    expect(oracle.counts.lowerGradient).toBe(2);
    const again = withNoise(await oracleOf(plain), { upper: 0.1, lower: 0.1 }, createRandom(1));
    again.lower.gradY(x, y, p);
    expect(again.counts.lowerGradient).toBe(1);
    noisy.sampled!().use("lower", noisy.sampled!().lower.draw(createRandom(2)));
    expect(noisy.sampled!().lower.random).toBe(true);
  });

  test("the dense Hessian stays symmetric", async () => {
    const sampled = sampledView(await oracleOf(plain), undefined, { noise: { lower: 1 } });
    sampled.use("lower", sampled.lower.draw(createRandom(3)));
    const H = new Float64Array(9);
    sampled.batch.lower.hessianYY(x, y, H);
    expect([H[1], H[2], H[5]]).toEqual([H[3], H[6], H[7]]);
    expect(H[1]).not.toBe(0);
  });
});
