import { expect, test } from "vitest";
import { compile } from "../../src/api.js";
import { generated } from "../../src/codegen/backend.js";
import type { Kernel } from "../../src/codegen/kernel.js";
import { createRandom } from "../../src/num/random.js";
import { Comparison } from "../../src/oracle/comparison.js";
import type { Engine, Query } from "../../src/oracle/engine.js";
import { functionChecks } from "../../src/oracle/functionChecks.js";
import { graphEngine } from "../../src/oracle/graphEngine.js";
import { verifyDerivatives } from "../../src/oracle/verify.js";
import { handProblem, smallProblem } from "./problems.js";

test("three engines agree on a sound problem, and every derivative is looked at", async () => {
  const report = await verifyDerivatives(smallProblem(), { random: createRandom(1) });
  expect(report.checks.filter((c) => !c.holds)).toEqual([]);
  expect(report.holds).toBe(true);
  expect(report.points).toHaveLength(4);
  expect(report.checks.map((c) => `${c.quantity}, ${c.against}`)).toContain(
    "lower constraints' H v, finite differences",
  );
  expect(report.checks.filter((c) => c.against === "tfjs")).toHaveLength(8);
  for (const check of report.checks) {
    expect(check.worst).toBeLessThanOrEqual(check.tolerance);
    expect(check.compared).toBeGreaterThan(0);
  }
  const points = report.points.flatMap((p) => [...p.x]);
  expect(points.every((v) => v > -1 && v < 1)).toBe(true);
});

/** The generated engine with one entry of one query's last output off by a factor. */
function broken(level: "upper" | "lower", query: Query, entry: number, factor: number): Engine {
  const inner = graphEngine(generated);
  return {
    id: "broken",
    compile(problem) {
      const kernels = inner.compile(problem);
      return {
        staged: (l, q) => kernels.staged(l, q),
        kernel: (l, q): Kernel => {
          const kernel = kernels.kernel(l, q);
          if (l !== level || q !== query) return kernel;
          return (...buffers) => {
            const result = kernel(...buffers);
            buffers[buffers.length - 1][entry] *= factor;
            return result;
          };
        },
      };
    },
  };
}

test.each([
  ["upper", "gradY", 1, "upper gradient in y", "along y[2]"],
  ["lower", "jvpXY", 0, "lower J v", "x[1], along y["],
  ["lower", "hvpYY", 1, "lower H v", "y[2], along y["],
  ["lower", "constraintHvpYY", 0, "lower constraints' H v", "y[1], along y[1]"],
] as const)("an error of 1e-4 in %s %s is found and named", async (level, query, entry, quantity, where) => {
  const report = await verifyDerivatives(smallProblem(), {
    random: createRandom(2),
    engine: broken(level, query, entry, 1.0001),
  });
  expect(report.holds).toBe(false);
  const check = report.checks.find((c) => c.quantity === quantity && c.against === "finite differences");
  expect(check?.holds).toBe(false);
  expect(check?.where).toContain(where);
});

test("a wrong gradient is also found by TensorFlow.js, within what float32 can see", async () => {
  const report = await verifyDerivatives(smallProblem(), {
    random: createRandom(2),
    engine: broken("lower", "valueGrad", 0, 1.01),
  });
  expect(report.checks.filter((c) => !c.holds).map((c) => `${c.quantity}, ${c.against}`)).toEqual([
    "lower gradient in y, tfjs",
  ]);
});

test("functions of the file are differentiated by mathjs as well, where it can", async () => {
  const { problem } = await compile(`
fn loss(r, t) = if r < 0 then r^2 else log(1 + t^2 * r)
fn wiggle(a) = sin(3a) / (2 + cos(a)) + huber(a, 0.5)
fn vectorOnly(v) = sumsq(v)
upper { var x ; minimize loss(x, 2) + wiggle(x) + vectorOnly([x, 1]) }
lower { var y ; minimize (y - x)^2 }`);
  const report = await verifyDerivatives(problem!, { random: createRandom(1) });
  const byMathjs = report.checks.filter((c) => c.against === "mathjs");
  expect(byMathjs.map((c) => c.quantity)).toEqual(["loss in r", "loss in t", "wiggle in a"]);
  expect(byMathjs.every((c) => c.holds && c.compared >= 6)).toBe(true);
});

test("a rule that differs from mathjs' is found", async () => {
  const functions = [{ name: "off", parameters: ["a"], body: "a^2" }];
  const [check] = await functionChecks([{ ...functions[0], body: "a^2" }], createRandom(1));
  expect(check.holds).toBe(true);
  const wrong = new Comparison("off in a", "mathjs", 1e-9);
  wrong.add(2 * 1.5, 2 * 1.5 + 1e-8, 0, 3, () => "at (1.5)");
  expect(wrong.result()).toMatchObject({ holds: false, where: "at (1.5)", compared: 1 });
});

test("kinks leave entries open instead of failing, domains of functions are kept", async () => {
  const problem = handProblem({
    n: 1,
    m: 30,
    x0: [1],
    domainX: { kind: "box", lower: Float64Array.of(0), upper: Float64Array.of(Number.POSITIVE_INFINITY) },
    upper: (b, x, y) => b.add(b.sum(b.log(x)), b.sum(b.abs(y))),
    lower: (b, x, y) => b.add(b.sum(b.square(y)), b.mul(b.sum(b.apply("relu", [y])), b.sum(b.sqrt(x)))),
  });
  const report = await verifyDerivatives(problem, { random: createRandom(3) });
  expect(report.checks.filter((c) => !c.holds)).toEqual([]);
  expect(report.points.every((p) => p.x[0] > 0)).toBe(true);
});

test("a problem without finite values nearby gives no points and does not hold", async () => {
  const nowhere = handProblem({
    n: 1,
    m: 1,
    upper: (b, x) => b.sum(b.log(b.neg(b.square(x)))),
    lower: (b, _, y) => b.sum(y),
  });
  const report = await verifyDerivatives(nowhere, { random: createRandom(1) });
  expect([report.points.length, report.holds]).toEqual([0, false]);
});
