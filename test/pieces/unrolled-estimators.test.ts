/** Estimators that follow the lower path, each against differences of the function whose gradient it is said to be. */
import { describe, expect, it } from "vitest";
import { direct } from "../../src/methods/pieces/estimators/direct.js";
import { forward, probesOf } from "../../src/methods/pieces/estimators/forward.js";
import { PessimisticSweep, pessimistic } from "../../src/methods/pieces/estimators/pessimistic.js";
import { reverse } from "../../src/methods/pieces/estimators/reverse.js";
import { SelectionSweep, selection } from "../../src/methods/pieces/estimators/selection.js";
import { truncated } from "../../src/methods/pieces/estimators/truncated.js";
import { gradient } from "../../src/methods/pieces/lower/gradient.js";
import { lowerMaps } from "../../src/methods/pieces/lower/index.js";
import type { EstimatorPiece, LowerMapPiece } from "../../src/methods/pieces/piece.js";
import { type HandProblem, handOracle } from "../support/handOracle.js";
import { E1, E53 } from "../support/handProblems.js";
import { base, contextOf, differencesOf, problems, unrolledValue } from "./lowerMaps.js";

type Options = Record<string, number>;

function estimateOf(piece: EstimatorPiece, p: HandProblem, K: number, options: Options = {}, lower = gradient) {
  const oracle = handOracle(p);
  const context = contextOf(oracle, { alpha: 0.13, ...options });
  const map = lower.make(context);
  const estimator = piece.make(context, map);
  const y = oracle.startY.slice();
  const G = new Float64Array(oracle.n);
  map.run(oracle.startX, y, K, true);
  const value = estimator.estimate(oracle.startX, y, G, options.tolerance);
  return { oracle, map, estimator, y, G: Array.from(G), value };
}

function expectClose(found: readonly number[], wanted: readonly number[], within: number): void {
  expect(found.length).toBe(wanted.length);
  for (const [i, w] of wanted.entries()) expect(Math.abs(found[i] - w)).toBeLessThan(within);
}

describe("reverse and forward", () => {
  for (const lower of lowerMaps) {
    it(`on ${lower.id}: the gradient of f(x, y_K(x)), and of f in y_0`, () => {
      const a = estimateOf(reverse, base, 9, {}, lower);
      const b = estimateOf(forward, base, 9, { tolerance: 1e-9 }, lower);
      const { oracle, map } = a;
      const phi = (x: Float64Array) => unrolledValue(oracle, map, x, oracle.startY, 9);
      expectClose(a.G, differencesOf(phi, oracle.startX), 1e-8);
      expectClose(b.G, a.G, 1e-12);
      expect(a.value).toBe(phi(oracle.startX));
      const inStart = differencesOf((y0) => unrolledValue(oracle, map, oracle.startX, y0, 9), oracle.startY);
      expectClose(Array.from(a.estimator.startGradient ?? []), inStart, 1e-8);
      // Three lower variables: the leftover of forward mode is exact.
      expect(b.estimator.residual).toBeCloseTo(a.estimator.residual, 12);
      // The published loop does not pay for it.
      expect(estimateOf(forward, base, 9, {}, lower).estimator.residual).toBeNaN();
    });
  }
  it("random probes estimate the leftover of forward mode for more variables", () => {
    const p = { ...base, y: [0, 0, 0, 0] };
    const probes = probesOf(contextOf(handOracle(p)));
    expect(probes.length).toBe(3);
    const a = [0.3, -1, 2, 0.5];
    const squares = probes.map((q) => a.reduce((s, v, i) => s + v * q[i], 0) ** 2);
    const estimate = Math.sqrt(squares.reduce((s, v) => s + v));
    expect(estimate / Math.hypot(...a)).toBeGreaterThan(0.1);
    expect(estimate / Math.hypot(...a)).toBeLessThan(3);
  });
});

describe("truncated", () => {
  it("is the gradient with y_{K-D} held, and all of it for D = K", () => {
    const { oracle, map, G } = estimateOf(truncated, base, 9, { D: 4 });
    const held = map.iterate(5).slice();
    expectClose(
      G,
      differencesOf((x) => unrolledValue(oracle, map, x, held, 4), oracle.startX),
      1e-8,
    );
    expect(estimateOf(truncated, base, 9, { D: 9 }).G).toEqual(estimateOf(reverse, base, 9).G);
  });
  it("its residual shows the bias, which falls with D", () => {
    const exact = estimateOf(reverse, base, 60).G;
    const errors = [2, 8, 32].map((D) => {
      const { G, estimator } = estimateOf(truncated, base, 60, { D });
      return { error: Math.hypot(...G.map((g, i) => g - exact[i])), left: estimator.residual };
    });
    for (const { error, left } of errors) expect(error).toBeLessThan(10 * left);
    expect(errors[2].error).toBeLessThan(0.05 * errors[0].error);
  });
});

describe("pessimistic", () => {
  for (const [where, p] of problems) {
    it(`${where}: the gradient of the largest f on the path`, () => {
      const { oracle, map, G, value, estimator } = estimateOf(pessimistic, p, 9);
      const largest = (x: Float64Array, y0: Float64Array) =>
        Math.max(...Array.from({ length: 9 }, (_, k) => unrolledValue(oracle, map, x, y0, k + 1)));
      const { startX, startY } = oracle;
      const start = Array.from(estimator.startGradient ?? []);
      expect(value).toBe(largest(startX, startY));
      expectClose(
        G,
        differencesOf((x) => largest(x, startY), startX),
        1e-8,
      );
      expectClose(
        start,
        differencesOf((y0) => largest(startX, y0), startY),
        1e-8,
      );
    });
  }
  it("may leave out the first part of the path", () => {
    const { oracle, map, y } = estimateOf(pessimistic, base, 9);
    const late = new PessimisticSweep(oracle, map, 0.5);
    map.run(oracle.startX, y, 9, true);
    const values = Array.from({ length: 5 }, (_, k) => oracle.upper.value(oracle.startX, map.iterate(k + 5)));
    const value = late.estimate(oracle.startX, y, new Float64Array(2));
    expect(value).toBe(Math.max(...values));
    expect(late.spread).toBe(Math.max(...values) - values[4]);
  });
});

describe("selection", () => {
  for (const [where, p] of problems) {
    it(`${where}: with v solved it is implicit differentiation, for any depth of the sweep`, () => {
      const exact = estimateOf(direct, p, 700).G;
      for (const D of [0, 3, 40]) {
        expectClose(estimateOf(selection, p, 700, { D, tolerance: 1e-13 }).G, exact, 1e-7);
        expectClose(estimateOf(selection, p, 700, { D, beta: 0.02, tolerance: 1e-11 }).G, exact, 1e-7);
      }
    });
  }
  it("warm steps on the least-squares problem come to the same", () => {
    const oracle = handOracle(base);
    const context = contextOf(oracle, { alpha: 0.13, D: 3, M: 3, beta: 0.05 });
    const map = gradient.make(context);
    const estimator = selection.make(context, map);
    const y = oracle.startY.slice();
    const G = new Float64Array(2);
    for (let t = 0; t < 600; t++) {
      map.run(oracle.startX, y, 10, true);
      estimator.estimate(oracle.startX, y, G, undefined);
    }
    expectClose(Array.from(G), estimateOf(direct, base, 700).G, 1e-6);
  });
  it("where H is singular, v is the least-squares solution and what is out of reach is told", () => {
    // H = diag(2, 0) and ∇y f = (2 (y1 - 1), -2 (x - y2)) = (-1, -1) at x = y1 = 1/2, y2 = 0.
    const far = estimateOf(selection, { ...E53, x: [0.5], y: [0.5, 0] }, 20, { D: 0, tolerance: 1e-12 });
    expect(far.estimator.residual).toBeLessThan(1e-12);
    if (!(far.estimator instanceof SelectionSweep)) throw new Error("another estimator");
    expect(far.estimator.unreached).toBeCloseTo(Math.SQRT1_2, 12);
    // G = 2 (x - y2) - J v with J = (-2, 0), v = (-1/2, 0).
    expect(far.G[0]).toBeCloseTo(0, 12);
    // On the solutions of E1, ∇y f lies in the range of H.
    const near = estimateOf(selection, { ...E1, x: [0.5], y: [Math.sin(2) - 0.5, 2] }, 20, { D: 0, tolerance: 1e-12 });
    if (!(near.estimator instanceof SelectionSweep)) throw new Error("another estimator");
    expect(near.estimator.unreached).toBeLessThan(1e-12);
    expect(near.G[0]).toBeCloseTo(2 * 0.5 - 1, 12);
  });
});

describe("iterative and implicit differentiation", () => {
  const maps: readonly (readonly [LowerMapPiece, Options])[] = [
    [gradient, {}],
    [lowerMaps[1], { momentum: 0.4 }],
    [lowerMaps[2], { momentum: 0.3 }],
  ];
  for (const [where, p] of problems) {
    it(`${where}: agree to 1e-6 after 400 steps`, () => {
      const exact = estimateOf(direct, p, 700).G;
      for (const [lower, options] of maps) {
        for (const piece of [reverse, forward]) expectClose(estimateOf(piece, p, 400, options, lower).G, exact, 1e-6);
      }
    });
  }
});
