/** Sampling rules on a bilevel field: exact with full batches, unbiased, STORM with eta = 1, tables, averages, L_max. */
import { describe, expect, test } from "vitest";
import { BloError } from "../../src/base/diagnostic.js";
import type { MethodContext } from "../../src/methods/method.js";
import { MovingAverage, TailAverage } from "../../src/methods/pieces/sampling/average.js";
import { averaged } from "../../src/methods/pieces/sampling/averaged.js";
import type { FieldEstimator, SampledField, SamplingSettings } from "../../src/methods/pieces/sampling/field.js";
import { samplingRules } from "../../src/methods/pieces/sampling/index.js";
import { largestCurvature } from "../../src/methods/pieces/sampling/largest.js";
import { minibatch } from "../../src/methods/pieces/sampling/minibatch.js";
import { saga } from "../../src/methods/pieces/sampling/saga.js";
import { decaying } from "../../src/methods/pieces/sampling/schedule.js";
import { spider } from "../../src/methods/pieces/sampling/spider.js";
import { storm } from "../../src/methods/pieces/sampling/storm.js";
import { jointField } from "../../src/methods/stochastic/field.js";
import { createRandom, type Random } from "../../src/num/random.js";
import { axpyInto } from "../../src/num/vector.js";
import { compileOracle } from "../../src/oracle/compile.js";
import { calls, type Oracle } from "../../src/oracle/oracle.js";
import type { SampledOracle } from "../../src/oracle/sampled.js";
import { expectGolden } from "../diagnostics/golden.js";
import { problemOf } from "../elaborate/compile.js";

const text = `param A = [[1, 2], [3, -4], [0.5, 1], [-1, 0.3], [0.9, 1], [2, 0.1], [1, 1]]
param t = [1, -1, 1, 1, -1, 1, -1]
upper { var x[2] ; minimize mean(i in 1..5 batch 2: log(1 + exp(-t[i] * (A[i, :] * w)))) + 0.1 * sumsq(x) }
lower { var w[2] ; minimize mean(i in 1..7 batch 3: (A[i, :] * w - t[i])^2 * sigmoid(x[1] * i)) + exp(x[2]) * sumsq(w) }`;

type Vector = Float64Array;

async function setting(batch?: number) {
  const oracle = compileOracle(await problemOf(text));
  const sampled = oracle.sampled!(batch === undefined ? {} : { batch });
  return { oracle, sampled, field: jointField(sampled.batch) };
}

function contextOf(oracle: Oracle, random: Random = createRandom(1)): MethodContext {
  return { oracle, parameters: {}, tolerance: 1e-6, random, exhausted: () => false };
}

const pointAt = (k: number): Vector[] => {
  const random = createRandom(k).split("point");
  return [2, 2, 2].map((size) => Float64Array.from({ length: size }, () => random.normal()));
};
const likeParts = (field: SampledField): Vector[] => field.parts.map((p) => new Float64Array(p.length));

/** The field with every term. */
function exact(sampled: SampledOracle, field: SampledField, at: readonly Vector[]): Vector[] {
  const out = likeParts(field);
  sampled.use("upper", sampled.upper.everything);
  sampled.use("lower", sampled.lower.everything);
  field.evaluate(at, out);
  return out;
}

function close(found: readonly Vector[], wanted: readonly Vector[], digits = 12): void {
  found.forEach((part, k) => {
    part.forEach((value, i) => {
      expect(value).toBeCloseTo(wanted[k][i], digits);
    });
  });
}

function addScaled(total: readonly Vector[], parts: readonly Vector[], factor: number): void {
  for (const [k, part] of parts.entries()) axpyInto(factor, part, total[k]);
}

/** A source of integers that are given in turn; anything else it is asked for comes from a seed. */
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

describe("sampling rules", () => {
  test.each(samplingRules.filter((r) => r !== averaged))(
    "$id is exact where every batch is everything",
    async (rule) => {
      const { oracle, sampled, field } = await setting(100);
      const estimator = rule.make(contextOf(oracle), sampled, field);
      const out = likeParts(field);
      for (let k = 1; k <= 5; k++) {
        estimator.direction(pointAt(k), out);
        close(out, exact(sampled, field, pointAt(k)));
      }
    },
  );

  test("averaged: exponential averages of what minibatches give", async () => {
    const weights = [0.3, 0.7, 0.2, 0.9, 0.5];
    const [a, b] = [await setting(1), await setting(1)];
    const random = () => createRandom(8);
    const estimator = averaged.make(contextOf(a.oracle), a.sampled, a.field, {
      eta: (t) => weights[t],
      random: random(),
    });
    const fresh = minibatch.make(contextOf(b.oracle), b.sampled, b.field, { random: random() });
    const [out, next, mean] = [likeParts(a.field), likeParts(b.field), likeParts(b.field)];
    for (let t = 0; t < weights.length; t++) {
      estimator.direction(pointAt(t), out);
      fresh.direction(pointAt(t), next);
      const weight = t === 0 ? 1 : weights[t];
      mean.forEach((part, k) => {
        part.forEach((value, i) => {
          part[i] = (1 - weight) * value + weight * next[k][i];
        });
      });
      close(out, mean);
    }
  });

  test("the parts are the derivatives of the problem", async () => {
    const { oracle, sampled, field } = await setting();
    const [x, y, v] = pointAt(3);
    const wanted = likeParts(field);
    oracle.lower.gradY(x, y, wanted[0]);
    oracle.lower.hvpYY(x, y, v, wanted[1]);
    oracle.lower.jvpXY(x, y, v, wanted[2]);
    oracle.upper.gradY(x, y, wanted[3]);
    oracle.upper.gradX(x, y, wanted[4]);
    close(exact(sampled, field, [x, y, v]), wanted);
  });

  /** The mean over all equally likely next samples of the direction at a new point, after steps at others. */
  async function meanDirection(
    make: (random: Random) => (s: Awaited<ReturnType<typeof setting>>) => FieldEstimator,
    choices: readonly (readonly number[])[],
    start: readonly number[],
    steps: number,
  ): Promise<{ found: Vector[]; wanted: Vector[] }> {
    let found: Vector[] | undefined;
    let wanted: Vector[] = [];
    for (const choice of choices) {
      const s = await setting(1);
      const estimator = make(scripted([...start, ...choice]))(s);
      const out = likeParts(s.field);
      for (let k = 1; k <= steps; k++) estimator.direction(pointAt(k), out);
      found ??= likeParts(s.field);
      addScaled(found, out, 1 / choices.length);
      wanted = exact(s.sampled, s.field, pointAt(steps));
    }
    return { found: found!, wanted };
  }

  const pairs = Array.from({ length: 35 }, (_, k) => [k % 5, Math.floor(k / 5)]);

  test("saga: the mean over all blocks is the full direction, with old tables", async () => {
    // upper and lower blocks of three steps elsewhere, then each pair of blocks
    const { found, wanted } = await meanDirection(
      (random) => (s) => saga.make(contextOf(s.oracle), s.sampled, s.field, { random }),
      pairs,
      [1, 2, 3, 4, 0, 6],
      4,
    );
    close(found, wanted, 11);
  });

  test("saga: blocks of different sizes are weighted", async () => {
    let found: Vector[] | undefined;
    let wanted: Vector[] = [];
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 3; j++) {
        const s = await setting();
        expect([s.sampled.upper.blocks, s.sampled.lower.blocks]).toEqual([3, 3]);
        const random = scripted([2, 1, 0, 0, i, j]);
        const estimator = saga.make(contextOf(s.oracle), s.sampled, s.field, { random });
        const out = likeParts(s.field);
        for (let k = 1; k <= 3; k++) estimator.direction(pointAt(k), out);
        found ??= likeParts(s.field);
        addScaled(found, out, 1 / 9);
        wanted = exact(s.sampled, s.field, pointAt(3));
      }
    }
    close(found!, wanted, 11);
  });

  test("saga: tables at zero are unbiased as well, and the mean does not drift", async () => {
    const { oracle, sampled, field } = await setting(1);
    const estimator = saga.make(contextOf(oracle), sampled, field, { start: "zero" });
    const out = likeParts(field);
    for (let k = 1; k <= 400; k++) estimator.direction(pointAt(7), out);
    close(out, exact(sampled, field, pointAt(7)), 13);
    expect(estimator.memory).toBe(7 * 6 + 5 * 4 + 10);
  });

  test("spider: at each step the mean over the samples is the last estimate plus the full change", async () => {
    const period = 1000;
    const settings = (random: Random): SamplingSettings => ({ random, period });
    const lastStep = async (integers: readonly number[], steps: number) => {
      const s = await setting(1);
      const sampled = s.oracle.sampled!({ batch: 1, sampler: "independent" });
      const field = jointField(sampled.batch);
      const estimator = spider.make(contextOf(s.oracle), sampled, field, settings(scripted(integers)));
      const out = likeParts(field);
      for (let k = 1; k <= steps; k++) estimator.direction(pointAt(k), out);
      return { out, at: (k: number) => exact(sampled, field, pointAt(k)) };
    };
    const first = await lastStep([1, 2], 2);
    const mean = first.out.map((part) => new Float64Array(part.length));
    for (const pair of pairs) {
      const { out } = await lastStep([1, 2, ...pair], 3);
      addScaled(mean, out, 1 / pairs.length);
    }
    const [two, three] = [first.at(2), first.at(3)];
    close(
      mean,
      first.out.map((part, p) => part.map((value, i) => value + three[p][i] - two[p][i])),
      11,
    );
  });

  test("spider starts with everything, every q evaluations and after reset", async () => {
    const { oracle, sampled, field } = await setting(1);
    const estimator = spider.make(contextOf(oracle), sampled, field, { period: 3 });
    const out = likeParts(field);
    const isExact: boolean[] = [];
    for (let k = 1; k <= 9; k++) {
      if (k === 9) estimator.reset();
      estimator.direction(pointAt(k), out);
      const wanted = exact(sampled, field, pointAt(k));
      isExact.push(out.every((part, p) => part.every((value, i) => Math.abs(value - wanted[p][i]) < 1e-12)));
    }
    expect(isExact).toEqual([true, false, false, true, false, false, true, false, true]);
  });

  test("storm with eta = 1 is a plain minibatch, with eta = 0 a sum of changes", async () => {
    const { oracle, sampled, field } = await setting(1);
    const [one, none] = [
      storm.make(contextOf(oracle), sampled, field, { eta: () => 1, random: createRandom(3) }),
      storm.make(contextOf(oracle), sampled, field, { eta: () => 0, random: createRandom(4) }),
    ];
    const a = likeParts(field);
    const before = calls(oracle.counts);
    one.direction(pointAt(1), a);
    one.direction(pointAt(2), a);
    // the old point is not evaluated where its weight is zero
    expect(calls(oracle.counts) - before).toBeCloseTo(2 * (5 / 7 + 1 / 5), 12);
    const again = oracle.sampled!({ batch: 1 });
    const fieldAgain = jointField(again.batch);
    const same = minibatch.make(contextOf(oracle), again, fieldAgain, { random: createRandom(3) });
    const b = likeParts(fieldAgain);
    same.direction(pointAt(1), b);
    same.direction(pointAt(2), b);
    // the streams of terms are those of fresh oracles, so the draws agree
    expect(a).toEqual(b);
    none.direction(pointAt(1), a);
    const kept = a.map((part) => part.slice());
    none.direction(pointAt(1), a);
    close(a, kept, 14);
  });

  test("same seed, same directions", async () => {
    for (const rule of samplingRules) {
      const run = async (): Promise<Vector[]> => {
        const { oracle, sampled, field } = await setting();
        const estimator = rule.make(contextOf(oracle), sampled, field);
        const out = likeParts(field);
        for (let k = 1; k <= 6; k++) estimator.direction(pointAt(k), out);
        return out;
      };
      expect(await run()).toEqual(await run());
    }
  });

  test("BLO0817: tables that would not fit", async () => {
    const { oracle, sampled, field } = await setting();
    const large: SampledField = { ...field, parts: field.parts.map((p) => ({ ...p, length: 1e8 })) };
    try {
      saga.make(contextOf(oracle), sampled, large);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(BloError);
      expectGolden("BLO0817", [...(error as BloError).diagnostics], undefined);
    }
  });
});

describe("along a run", () => {
  test("decaying steps", () => {
    expect([0, 20, 60].map(decaying(3, 20, 0.5))).toEqual([3, 3 / Math.sqrt(2), 1.5]);
    expect(decaying(3, 20, 0)(1e6)).toBe(3);
  });

  test("tail averages are means of the last half to three quarters", () => {
    const tail = new TailAverage(1);
    for (let t = 1; t <= 300; t++) {
      tail.add(Float64Array.of(t * t));
      let s = 1;
      while (4 * s <= t) s *= 2;
      if (t < 2) s = 0;
      const kept = Array.from({ length: t - s }, (_, k) => (s + k + 1) ** 2);
      expect(tail.mean[0] / (kept.reduce((a, b) => a + b, 0) / kept.length)).toBeCloseTo(1, 12);
    }
  });

  test("moving averages", () => {
    const mean = new MovingAverage(3);
    expect(mean.mean).toBeNaN();
    for (const [value, wanted, full] of [
      [3, 3, false],
      [5, 4, false],
      [1, 3, true],
      [9, 5, true],
    ] as const) {
      mean.add(value);
      expect([mean.mean, mean.full]).toEqual([wanted, full]);
    }
  });

  test("L_max is the largest curvature of a block", async () => {
    const oracle = compileOracle(
      await problemOf(`param a = [1, 5, 2]
upper { var x ; minimize x^2 + w }
lower { var w ; minimize mean(i in 1..3 batch 1: a[i] * (w - x)^2) }`),
    );
    const sampled = oracle.sampled!();
    expect(largestCurvature(sampled, new Float64Array(1), new Float64Array(1), createRandom(1))).toBeCloseTo(10, 12);
    expect(sampled.current("lower")).toBe(sampled.lower.everything);
  });
});
