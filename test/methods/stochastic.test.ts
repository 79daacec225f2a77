/** soba and saba beyond the acceptance rows: finite sums with data, bounds on x, batches, back-off, reproducibility. */
import { describe, expect, test } from "vitest";
import { compile, type Problem, type SolveOptions, solve } from "../../src/api.js";
import { AdaGradNorm, projectedStep } from "../../src/methods/stochastic/steps.js";
import { createRandom } from "../../src/num/random.js";
import { domainOracle } from "../../src/oracle/domain.js";

const random = createRandom(12);
const rows = 40;
const features = Array.from({ length: rows }, () => [random.normal(), random.normal(), 1]);
const targets = features.map(([a, b]) => (a - 0.5 * b + 0.2 * random.normal() > 0 ? 1 : -1));

/** Weights per group of training points and a ridge, chosen by a held-out half: logistic loss, 20 terms at each level. */
const logistic = `param A = ${JSON.stringify(features)}
param t = ${JSON.stringify(targets)}
upper {
  var x[2] in [-3, 1]
  minimize mean(i in 21..40 batch 4: softplus(-t[i] * (A[i, :] * w))) + 0.01 * sumsq(x)
}
lower {
  var w[3]
  minimize mean(i in 1..20 batch 3: softplus(-t[i] * (A[i, :] * w)) * (if i > 10 then sigmoid(x[2]) else 1)) + 0.5 * exp(x[1]) * sumsq(w)
}`;

const problem: Promise<Problem> = compile(logistic).then((compiled) => {
  if (!compiled.problem) throw new Error(compiled.diagnostics.map((d) => d.message).join("; "));
  return compiled.problem;
});
const run = async (options: SolveOptions) => solve(await problem, options);
const xOf = (result: Awaited<ReturnType<typeof run>>): number[] => result.values.x as number[];

describe("logistic regression as a finite sum", () => {
  test("saba without options is certified, at the answer of a deterministic method, at a bound too", async () => {
    const exact = await run({ method: "aid-auto" });
    expect(exact.certificate?.certified).toBe(true);
    const found = await run({ method: "saba", calls: 20000 });
    expect([found.status, found.certificate?.certified]).toEqual(["converged", true]);
    for (const [k, value] of xOf(found).entries()) expect(Math.abs(value - xOf(exact)[k])).toBeLessThan(1e-5);
  });

  test("soba without options comes near and says that noise is left", async () => {
    const exact = await run({ method: "aid-auto" });
    const found = await run({ method: "soba", options: { passes: 600 } });
    expect(found.status).toBe("stalled");
    expect(found.upper.objective - exact.upper.objective).toBeLessThan(2e-3);
    const short = await run({ method: "soba", iterations: 60 });
    expect(short.counts.upperGradient).toBe(12);
  });

  test("batches as large as the sums make soba deterministic and convergent", async () => {
    const found = await run({ method: "soba", options: { batch: 20 }, calls: 60000 });
    expect(found.status).toBe("converged");
    expect(Number.isInteger(found.counts.upperGradient)).toBe(true);
  });

  test("the same seed gives the same run, another seed another one", async () => {
    const options = { method: "soba", iterations: 60 };
    const [a, b, c] = [await run(options), await run(options), await run({ ...options, seed: 2 })];
    expect(a.values).toEqual(b.values);
    expect(a.values).not.toEqual(c.values);
    const independent = await run({ ...options, options: { sampler: "independent" } });
    expect(independent.values).not.toEqual(a.values);
  });

  test("steps that are too long are halved", async () => {
    const { problem: quadratic } = await compile(`param s = [-1, -0.5, 0.5, 1]
upper { var x ; minimize mean(i in 1..4 batch 1: (x - 2)^2 + y^2 + s[i] * x) }
lower { var y ; minimize mean(i in 1..4 batch 1: 4 * (y - x)^2 + s[i] * y) }`);
    const found = await solve(quadratic!, { method: "saba", options: { rho: 1.7, gamma: 0.05 }, iterations: 4000 });
    expect(found.status).toBe("converged");
    expect(found.values.x).toBeCloseTo(1, 6);
  });
});

describe("steps", () => {
  test("AdaGrad-norm: c max(1, |x|) over the root of the sum of squares", () => {
    const steps = new AdaGradNorm(0.3);
    const x = Float64Array.of(3, 4);
    expect(steps.next(x, Float64Array.of(0, 0))).toBe(0);
    expect(steps.next(x, Float64Array.of(2, 0))).toBeCloseTo(0.75, 14);
    expect(steps.next(new Float64Array(2), Float64Array.of(0, Math.sqrt(12)))).toBeCloseTo(0.075, 14);
    steps.shrink();
    expect(steps.next(new Float64Array(2), Float64Array.of(0, 3))).toBeCloseTo(0.03, 14);
  });

  test("a projected step moves and measures", () => {
    const bounds = { kind: "box", lower: Float64Array.of(-1), upper: Float64Array.of(1) } as const;
    const span = { start: 0, end: 0 };
    const variable = { name: "x", level: "upper", follower: undefined, shape: [1], offset: 0, size: 1, span } as const;
    const domain = domainOracle([{ ...variable, domain: bounds, init: new Float64Array(1) }], 1);
    const x = Float64Array.of(0.5);
    expect(projectedStep(domain, x, 0.5, Float64Array.of(-2), new Float64Array(1))).toBeCloseTo(1, 14);
    expect(x[0]).toBe(1);
    expect(projectedStep(domain, x, 0, Float64Array.of(-2), new Float64Array(1))).toBe(0);
    expect(projectedStep(domain, x, 0, Float64Array.of(0.5), new Float64Array(1))).toBe(0.5);
    expect(x[0]).toBe(1);
  });
});
