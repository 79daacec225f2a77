/** Comparisons: equal budgets, measures against closed forms, references, the document and what stays the same. */
import { describe, expect, test } from "vitest";
import {
  BloError,
  type CompareProgress,
  type Comparison,
  compare,
  comparisonDocument,
  compile,
} from "../../src/api.js";
import { measure } from "../../src/compare/measure.js";
import { PointKeeper } from "../../src/compare/points.js";
import type { Problem } from "../../src/model/problem.js";
import { compileOracle } from "../../src/oracle/compile.js";
import { compareSchema } from "../../src/report/schema.js";

async function problemOf(source: string): Promise<Problem> {
  const { problem, diagnostics } = await compile(source);
  expect(diagnostics.filter((d) => d.severity === "error")).toEqual([]);
  return problem!;
}

/** y* = x / 2 and phi = 2x² - 28x - 2: lowest at 7 with -100; phi(0) = -2. */
const quadratic = `problem "Q"
upper { var x ; minimize 7x^2 - 12x*y + 4y^2 - 30x + 4y - 2 }
lower { var y ; minimize 4y^2 - 4x*y + x^2 + 17 }`;

const never = () => false;
const at = (...values: number[]) => Float64Array.from(values);

describe("the measure of a point", () => {
  test("is the hyper-objective and its gradient, whatever y the method has", async () => {
    const oracle = compileOracle(await problemOf(quadratic));
    for (const [x, y] of [
      [0, 0],
      [3, -50],
      [7, 3.5],
      [-11, 1e3],
    ]) {
      const { value, hypergradient } = measure(oracle, at(x), at(y), never);
      expect(value).toBeCloseTo(2 * x * x - 28 * x - 2, 9);
      expect(hypergradient).toBeCloseTo(Math.abs(4 * x - 28), 8);
    }
    expect(oracle.counts.lowerGradient, "nothing counts against the method").toBe(0);
  });

  test("projects the hypergradient onto the upper domain", async () => {
    const oracle = compileOracle(
      await problemOf("upper { var x in [0, 5] ; minimize (x - 9)^2 + 0*y }\nlower { var y ; minimize (y - x)^2 }"),
    );
    expect(measure(oracle, at(5), at(0), never)).toEqual({ value: 16, hypergradient: 0 });
    expect(measure(oracle, at(4), at(0), never).hypergradient).toBeCloseTo(10, 9);
  });

  test("of a constrained lower level is a value without a hypergradient", async () => {
    const oracle = compileOracle(
      await problemOf("upper { var x ; minimize y^2 + x }\nlower { var y ; minimize (y - x)^2 ; subject to y <= 1 }"),
    );
    for (const x of [-2, 0.5, 3]) {
      const { value, hypergradient } = measure(oracle, at(x), at(0), never);
      expect(value).toBeCloseTo(Math.min(x, 1) ** 2 + x, 6);
      expect(hypergradient).toBeNaN();
    }
  });

  test("is nothing where the lower level is unbounded, the point not finite, or the time used up", async () => {
    const oracle = compileOracle(
      await problemOf("upper { var x ; minimize x^2 + y^2 }\nlower { var y ; minimize x * y^2 + 0.1 * y }"),
    );
    expect(measure(oracle, at(-1), at(1), never).value).toBeNaN();
    expect(measure(oracle, at(Number.NaN), at(1), never).value).toBeNaN();
    expect(measure(oracle, at(1), at(1), () => true).value).toBeNaN();
    expect(measure(oracle, at(1), at(1), never).value).toBeCloseTo(1 + 0.05 ** 2, 9);
  });
});

describe("kept points", () => {
  const keep = (rows: readonly (readonly [number, number])[]) => {
    const keeper = new PointKeeper();
    for (const [calls, iteration] of rows) {
      if (!keeper.wants(calls, iteration)) continue;
      keeper.add({ iteration, calls, seconds: 0, claim: 0, x: at(iteration), y: at(0) });
    }
    return keeper.finish({ iteration: 1e5, calls: 1e5, seconds: 0, claim: 0, x: at(-1), y: at(0) });
  };
  test("are spaced evenly on a logarithmic axis, with the first and the last", () => {
    const kept = keep(Array.from({ length: 100_000 }, (_, i) => [i, i] as const));
    expect(kept[0].calls).toBe(0);
    expect(kept.at(-1)?.x[0]).toBe(-1);
    expect(kept.length).toBeGreaterThan(16 * 3);
    expect(kept.length).toBeLessThan(16 * 5 + 5);
    for (let i = 20; i + 1 < kept.length; i++) expect(kept[i + 1].calls / kept[i].calls).toBeLessThan(1.3);
  });
  test("of a method without counted calls are spaced by iterations", () => {
    const kept = keep(Array.from({ length: 10_000 }, (_, i) => [0, i] as const));
    expect(kept.length).toBeGreaterThan(40);
    expect(kept.length).toBeLessThan(16 * 4 + 5);
  });
});

const withoutSeconds = (comparison: Comparison): string =>
  JSON.stringify(comparisonDocument(comparison), (key, value: unknown) => (key === "seconds" ? undefined : value));

describe("compare", () => {
  test("gives every method and seed the same budget and measures what it reached", async () => {
    const problem = await problemOf(quadratic);
    const news: CompareProgress[] = [];
    const comparison = await compare(problem, {
      methods: ["aid-auto", "f2ba", "itd"],
      seeds: [1, 2],
      calls: 5000,
      onProgress: (p) => news.push(p),
    });
    expect(comparison.runs.map((r) => [r.label, r.seed])).toEqual(
      [1, 2].flatMap((seed) => ["aid-auto", "f2ba", "itd"].map((m) => [m, seed])),
    );
    expect(comparison.start.value).toBeCloseTo(-2, 12);
    expect(comparison.start.hypergradient).toBeCloseTo(28, 10);
    expect(comparison.reference.from).toBe("run");
    expect(comparison.reference.value).toBeCloseTo(-100, 8);
    expect(comparison.scale).toBeCloseTo(98, 8);
    for (const run of comparison.runs) {
      expect(run.certified, run.label).toBe(true);
      expect(run.points[0]).toMatchObject({ iteration: 0, calls: 0, seconds: 0 });
      expect(run.points[0].suboptimality).toBeCloseTo(1, 12);
      expect(run.points.at(-1)?.calls).toBe(run.calls);
      for (let i = 1; i < run.points.length; i++) {
        expect(run.points[i].calls).toBeGreaterThanOrEqual(run.points[i - 1].calls);
        expect(run.points[i].seconds).toBeGreaterThanOrEqual(run.points[i - 1].seconds);
      }
    }
    for (const m of comparison.methods) {
      expect([m.runs, m.certified, m.claimed]).toEqual([2, 2, 2]);
      expect(m.suboptimality.median).toBeLessThan(1e-10);
      expect(m.toReach.map((t) => t.target)).toEqual([1e-2, 1e-4, 1e-6]);
      expect(m.toReach[0].calls.median).toBeLessThanOrEqual(m.toReach[2].calls.median);
    }
    expect(news.length).toBeGreaterThan(0);
    expect(news.every((p) => p.share >= 0 && p.share <= 1 && p.run <= p.runs)).toBe(true);
    expect(compareSchema.parse(JSON.parse(JSON.stringify(comparisonDocument(comparison)))).methods).toHaveLength(3);
  });

  test("stops runs at the budget and says what was not reached", async () => {
    const rosenbrock = `upper { var x[2] init -1.2 ; minimize 100*(x[2] - x[1]^2)^2 + (1 - x[1])^2 + (y - x[1])^2 }
lower { var y ; minimize (y - x[1])^2 }`;
    const comparison = await compare(await problemOf(rosenbrock), {
      methods: [{ method: "f2ba", options: { lambda: 10, eta: 1e-4 } }, "first-order"],
      seeds: [3],
      calls: 60,
    });
    for (const run of comparison.runs) {
      expect(run.status).toBe("call-limit");
      expect(run.certified).toBe(false);
      expect(run.calls).toBeGreaterThanOrEqual(60);
    }
    expect(comparison.methods[0].toReach[2]).toMatchObject({ reached: 0 });
    const json = comparisonDocument(comparison) as { methods: { toReach: { calls: { median: unknown } }[] }[] };
    expect(json.methods[0].toReach[2].calls.median).toBeNull();
  });

  test("the same seeds give the same document, seconds aside; another start for each seed on request", async () => {
    const problem = await problemOf(quadratic);
    const ask = () => compare(problem, { methods: ["f2ba", "aid-cg"], seeds: [1, 2], calls: 400, spread: 2 });
    const [a, b] = [await ask(), await ask()];
    expect(withoutSeconds(a)).toBe(withoutSeconds(b));
    const starts = a.runs.map((r) => r.points[0].value);
    expect(starts[0]).toBe(starts[1]);
    expect(starts[2]).toBe(starts[3]);
    expect(starts[0]).not.toBeCloseTo(starts[2], 3);
  });

  test("takes a method several times under names of its own", async () => {
    const comparison = await compare(await problemOf(quadratic), {
      methods: [
        { method: "f2ba", label: "weak", options: { lambda: 3 } },
        { method: "f2ba", label: "strong", options: { lambda: 300 } },
      ],
      seeds: [1],
      iterations: 50,
    });
    const [weak, strong] = comparison.methods;
    expect([weak.label, weak.given.lambda, strong.label, strong.given.lambda]).toEqual(["weak", 3, "strong", 300]);
    expect(weak.suboptimality.median).not.toBe(strong.suboptimality.median);
    expect(comparison.budget.iterations).toBe(50);
  });

  test("leaves out methods that do not fit, with the reason; by default takes all that do", async () => {
    const constrained = await problemOf(
      "upper { var x ; minimize y^2 + x^2 }\nlower { var y ; minimize (y - x)^2 ; subject to y <= 1 }",
    );
    const { methods, skipped, runs } = await compare(constrained, { methods: ["aid-cg"], seeds: [1] });
    expect([methods, runs]).toEqual([[], []]);
    expect(skipped).toEqual([{ method: "aid-cg", reasons: ["method cannot keep lower constraints"] }]);
    const all = await compare(await problemOf(quadratic), { seeds: [1], iterations: 1 });
    expect(all.methods.length).toBeGreaterThan(5);
    expect(all.skipped).toEqual([]);
  });

  test("refuses unknown methods, options and limits as diagnostics", async () => {
    const problem = await problemOf(quadratic);
    const codeOf = async (options: Parameters<typeof compare>[1]) => {
      const error = await compare(problem, options).catch((e: unknown) => e);
      expect(error).toBeInstanceOf(BloError);
      const [first] = (error as BloError).diagnostics;
      return [first.code, first.message] as const;
    };
    expect((await codeOf({ methods: ["f2bb"] }))[1]).toContain('did you mean "f2ba"');
    expect((await codeOf({ methods: [{ method: "f2ba", options: { lamda: 1 } }] }))[0]).toBe("BLO0802");
    expect((await codeOf({ calls: 0 }))[0]).toBe("BLO0904");
  });

  test("keeps the completed runs when it is aborted", async () => {
    const signal = { aborted: false };
    const comparison = await compare(await problemOf(quadratic), {
      methods: ["aid-auto", "f2ba"],
      seeds: [1, 2, 3],
      signal,
      onProgress: ({ run }) => {
        if (run === 4) signal.aborted = true;
      },
    });
    expect(comparison.interrupted).toBe(true);
    expect(comparison.methods.map((m) => m.runs)).toEqual([2, 1]);
    expect(comparison.methods.every((m) => m.certified === m.runs)).toBe(true);
  });

  test("an expected upper objective is the reference where no run confirms as low a one", async () => {
    const expecting = (value: number) => `${quadratic}\nexpect { upper = ${value} within 1e-6 }`;
    const ask = async (value: number, expectations = true) =>
      (await compare(await problemOf(expecting(value)), { methods: ["aid-auto"], seeds: [1], expectations })).reference;
    expect((await ask(-100)).from).toBe("run");
    expect(await ask(-120)).toMatchObject({ from: "expectation", value: -120 });
    expect((await ask(-120, false)).from).toBe("run");
  });

  test("writes maximised objectives as the source has them", async () => {
    const problem = await problemOf(
      "upper { var x ; maximize 3 - (x - 1)^2 - y^2 }\nlower { var y ; minimize (y - x)^2 }",
    );
    const comparison = await compare(problem, { methods: ["aid-auto"], seeds: [1] });
    const json = comparisonDocument(comparison) as { reference: { objective: number }; start: { objective: number } };
    expect(json.reference.objective).toBeCloseTo(2.5, 8);
    expect(json.start.objective).toBeCloseTo(2, 12);
  });
});
