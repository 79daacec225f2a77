/**
 * What theory says of the value-function penalty L_lambda(x) = min_y f + lambda (g - g*): its gradient is off by O(1/lambda), by
 * O(1/lambda²) debiased; 0 <= phi - L_lambda <= |grad_y f(x, y*)|² / (lambda mu) for lambda >= 2 L_f/mu (Chen, Ma and Zhang 2023,
 * Lemma 4.1 with the strong convexity lambda mu/2).
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bome } from "../../src/methods/penalty/bome.js";
import { Penalty } from "../../src/methods/pieces/surrogates/penalty.js";
import { compileOracle } from "../../src/oracle/compile.js";
import type { Oracle } from "../../src/oracle/oracle.js";
import { acceptanceSource, compiledOracle, contextOn, problemFrom } from "../support/compiledOracle.js";

/** Not quadratic. */
const smooth = await compiledOracle(`
upper { var x init 0.6; minimize (y[1] - 1)^2 + sin(y[2]*x) + y[1]*y[2] + x^2 }
lower { var y[2]; minimize (y[1] - x)^2 + y[2]^2 + softplus(2y[1] - y[2] + x) + 0.3exp(y[2] + x) }`);

/** y*(x) by Newton's method and grad_x f - J H⁻¹ grad_y f, H of size 2. */
function exact({ upper, lower }: Oracle, x: Float64Array): { y: Float64Array; gradient: number; phi: number } {
  const y = new Float64Array(2);
  const r = new Float64Array(2);
  const H = new Float64Array(4);
  const solve = (b: Float64Array): Float64Array => {
    lower.hessianYY(x, y, H);
    const determinant = H[0] * H[3] - H[1] * H[2];
    return Float64Array.of((H[3] * b[0] - H[1] * b[1]) / determinant, (H[0] * b[1] - H[2] * b[0]) / determinant);
  };
  for (let k = 0; k < 60; k++) {
    lower.gradY(x, y, r);
    const step = solve(r);
    const length = Math.min(1, 1 / Math.hypot(...step));
    for (let j = 0; j < 2; j++) y[j] -= length * step[j];
  }
  upper.gradY(x, y, r);
  const gx = new Float64Array(1);
  const Jv = new Float64Array(1);
  upper.gradX(x, y, gx);
  lower.jvpXY(x, y, solve(r), Jv);
  return { y, gradient: gx[0] - Jv[0], phi: upper.value(x, y) };
}

describe("penalty hypergradient", () => {
  for (const [debias, order] of [
    [false, 1],
    [true, 2],
  ] as const) {
    it(`${debias ? "debiased" : "plain"}: the error falls as lambda to the power -${order}`, () => {
      const x = smooth.startX.slice();
      const { gradient } = exact(smooth, x);
      const lambdas = [50, 100, 200, 400, 800];
      const errors = lambdas.map((lambda) => {
        const surrogate = new Penalty(contextOn(smooth, { lambda, debias, K: 2000 }));
        const G = new Float64Array(1);
        surrogate.evaluate(x, new Float64Array(2), G, new Float64Array(2));
        return Math.abs(G[0] - gradient);
      });
      const slopes = errors.slice(1).map((e, i) => Math.log2(errors[i] / e));
      for (const slope of slopes) expect(Math.abs(slope - order)).toBeLessThan(0.1);
      expect(Math.abs(slopes[slopes.length - 1] - order)).toBeLessThan(0.02);
    });
  }
});

describe("value-function bound", () => {
  it("0 <= phi - L_lambda <= |grad_y f|² / (lambda mu) on random strongly convex lower levels", async () => {
    const entry = fc.double({ min: -2, max: 2, noNaN: true });
    const random = fc.record({
      mu: fc.double({ min: 0.3, max: 2, noNaN: true }),
      x0: entry,
      ...Object.fromEntries(["a1", "a2", "a3", "a4", "b1", "b2", "b3", "b4"].map((name) => [name, entry] as const)),
      factor: fc.double({ min: 1, max: 20, noNaN: true }),
    });
    const source = `
      param mu = 1
      param x0 = 1
      param a1 = 1
      param a2 = 1
      param a3 = 1
      param a4 = 1
      param b1 = 1
      param b2 = 1
      param b3 = 1
      param b4 = 1
      upper { var x init x0; minimize sin(b1*y[1] + b2*y[2] - x) + b3*y[1] + b4*y[2] + x^2 }
      lower { var y[2]; minimize 0.5mu*sumsq(y) + softplus(a1*y[1] + a2*y[2] + x) + 0.5(a3*y[1] + a4*y[2] - x)^2 }`;
    await fc.assert(
      fc.asyncProperty(random, async ({ factor, ...params }: Record<string, number>) => {
        const oracle = compileOracle(await problemFrom(source, params));
        const { upper, lower, startX: x } = oracle;
        const { mu, b1, b2 } = params;
        const lambda = Math.max(0.1, (2 * (b1 ** 2 + b2 ** 2)) / mu) * factor;
        const y = new Float64Array(2);
        new Penalty(contextOn(oracle, { lambda, K: 3000 })).evaluate(x, y, new Float64Array(1), new Float64Array(2));
        const truth = exact(oracle, x);
        const L = upper.value(x, y) + lambda * (lower.value(x, y) - lower.value(x, truth.y));
        const slope = new Float64Array(2);
        upper.gradY(x, truth.y, slope);
        const gap = truth.phi - L;
        const rounding = 1e-12 * (1 + lambda);
        expect(gap).toBeGreaterThan(-rounding);
        expect(gap).toBeLessThan((slope[0] ** 2 + slope[1] ** 2) / (lambda * mu) + rounding);
      }),
      { numRuns: 30, seed: 7 },
    );
  });
  it("on P1 at x = 3 it is 2.27 of 5 for lambda = 10 and 0.2475 of 0.5 for lambda = 100", async () => {
    const oracle = await compiledOracle(acceptanceSource("P1"));
    const { upper, lower } = oracle;
    for (const [lambda, wanted] of [
      [10, 2.2727],
      [100, 0.2475],
    ] as const) {
      const x = Float64Array.of(3);
      const y = Float64Array.of(0);
      new Penalty(contextOn(oracle, { lambda, K: 500 })).evaluate(x, y, new Float64Array(1), new Float64Array(1));
      const L = upper.value(x, y) + lambda * (lower.value(x, y) - 17);
      expect(upper.value(x, Float64Array.of(1.5)) - L).toBeCloseTo(wanted, 4);
    }
  });
});

describe("bome with the paper's barrier", () => {
  it("hovers around the solution of P1: the mean of the last 2,000 iterates is 7.00 ± 0.02", async () => {
    const oracle = await compiledOracle(acceptanceSource("P1"));
    const context = contextOn(oracle, { xi: 0.001, eta: 0.5, K: 10, alpha: 1 / 8, phi: "grad" });
    const state = bome.init(context);
    let sum = 0;
    for (let k = 0; k < 6e4; k++) {
      bome.step(state, context);
      if (k >= 58_000) sum += state.x[0];
    }
    expect(Math.abs(sum / 2000 - 7)).toBeLessThan(0.02);
  });
});
