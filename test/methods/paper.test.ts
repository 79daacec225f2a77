/** The published loops with the published constants: the values they must come to, from the literature's test problems. */
import { describe, expect, it } from "vitest";
import { aidCg } from "../../src/methods/implicit/aidCg.js";
import { iftDirect } from "../../src/methods/implicit/iftDirect.js";
import type { Method, MethodState, ParameterValue } from "../../src/methods/method.js";
import { extragradient } from "../../src/methods/minimax/extragradient.js";
import { gda } from "../../src/methods/minimax/gda.js";
import { defaultsOf } from "../../src/methods/params.js";
import { f2ba } from "../../src/methods/penalty/f2ba.js";
import { vPbgd } from "../../src/methods/penalty/vPbgd.js";
import { itd } from "../../src/methods/unrolled/itd.js";
import { tRhg } from "../../src/methods/unrolled/tRhg.js";
import { createRandom } from "../../src/num/random.js";
import { type HandProblem, handOracle } from "../support/handOracle.js";
import { C2, E1, E53, M1, M2, P1 } from "../support/handProblems.js";

/** Steps of a method without the loop around it, whatever it claims in between. */
function iterate<S extends MethodState>(
  method: Method<S>,
  problem: HandProblem,
  parameters: Record<string, ParameterValue>,
  steps: number,
  start?: { x?: number[]; y?: number[] },
): S {
  const oracle = handOracle({ ...problem, ...start });
  const context = {
    oracle,
    parameters: { ...defaultsOf(method), ...parameters },
    tolerance: 1e-12,
    random: createRandom(1),
    exhausted: () => false,
  };
  const state = method.init(context);
  for (let k = 0; k < steps && state.finished === "no"; k++) method.step(state, context);
  return state;
}

describe("f2ba", () => {
  const steps = { alpha: 1 / 8, eta: 0.1, K: 60 };
  it("P1, lambda = 1000: x = 7 + 13/(lambda - 1), and z", () => {
    const s = iterate(f2ba, P1, { ...steps, lambda: 1000, tau: 1 / 16000 }, 61);
    expect(Math.abs(s.x[0] - 7.013013013)).toBeLessThan(1e-8);
    expect(Math.abs(s.y[0] - 3.506506507)).toBeLessThan(1e-8);
  });
  for (const lambda of [10, 100, 1e4]) {
    it(`P1, lambda = ${lambda}: the exact bias 13/(lambda - 1)`, () => {
      const s = iterate(f2ba, P1, { ...steps, lambda, tau: 1 / (16 * lambda) }, 80);
      expect(Math.abs(s.x[0] - 7 - 13 / (lambda - 1))).toBeLessThan(1e-9);
    });
  }
  it("P1 debiased, lambda = 100", () => {
    const s = iterate(f2ba, P1, { ...steps, lambda: 100, tau: 1 / 1600, debias: true }, 120);
    expect(Math.abs(s.x[0] - 7.0006404)).toBeLessThan(1e-6);
  });
  it("C2 with projection: the penalty is exact", () => {
    const s = iterate(f2ba, C2, { lambda: 100, alpha: 0.9, tau: 0.5 / 100, eta: 0.1, K: 30 }, 3000);
    expect(Math.abs(s.x[0] - 2)).toBeLessThan(1e-8);
    expect(Math.abs(s.y[0] - 1)).toBeLessThan(1e-8);
  });
  it("one outer step costs 3K + 3 oracle calls: K grad f, 2K grad g, then 1 and 2", () => {
    const oracle = handOracle(P1);
    const context = {
      oracle,
      parameters: { ...defaultsOf(f2ba), lambda: 100, alpha: 1 / 8, tau: 1 / 1600, eta: 0.1, K: 10 },
      tolerance: 1e-6,
      random: createRandom(1),
      exhausted: () => false,
    };
    const s = f2ba.init(context);
    const before = { ...oracle.counts };
    f2ba.step(s, context);
    expect(oracle.counts.upperGradient - before.upperGradient).toBe(11);
    expect(oracle.counts.lowerGradient - before.lowerGradient).toBe(22);
  });
});

describe("implicit methods", () => {
  const steps = { alpha: 1 / 16, K: 10, eta: 0.1 };
  it("P1: ift-direct and aid-cg reach (7, 3.5)", () => {
    for (const s of [iterate(iftDirect, P1, steps, 62), iterate(aidCg, P1, { ...steps, M: 10 }, 62)]) {
      expect(Math.abs(s.x[0] - 7)).toBeLessThan(1e-9);
      expect(Math.abs(s.y[0] - 3.5)).toBeLessThan(1e-9);
    }
  });
  it("C2: the projected fixed point, from three starts", () => {
    for (const method of [aidCg, iftDirect]) {
      for (const x of [0.2, 3, -1]) {
        const s = iterate(method, C2, { alpha: 0.5, K: 20, eta: 0.1 }, 500, { x: [x] });
        expect(Math.abs(s.x[0] - 2)).toBeLessThan(1e-9);
        expect(Math.abs(s.y[0] - 1)).toBeLessThan(1e-9);
      }
    }
  });
  it("E53: the known failure, x = (1 + y2)/2", () => {
    for (const method of [aidCg, iftDirect]) {
      const s = iterate(method, E53, { alpha: 0.4, K: 20, eta: 0.1 }, 400);
      expect(Math.abs(s.x[0] - 0.5)).toBeLessThan(1e-6);
      expect(Math.abs(s.y[0] - 0.5)).toBeLessThan(1e-6);
      expect(s.y[1]).toBe(0);
    }
  });
});

describe("itd", () => {
  it("P1 cold, K = 20: the unrolled problem's own solution", () => {
    const s = iterate(itd, P1, { alpha: 1 / 16, K: 20, eta: 0.1 }, 62);
    expect(Math.abs(s.x[0] - 6.99998713)).toBeLessThan(1e-7);
    expect(Math.abs(s.y[0] - 3.49999022)).toBeLessThan(1e-7);
  });
  it("P1 truncated: D = 5 of 20 and D = 10 of 40", () => {
    const a = iterate(tRhg, P1, { alpha: 1 / 16, K: 20, D: 5, eta: 0.1 }, 60);
    expect(Math.abs(a.x[0] - 6.80302391)).toBeLessThan(1e-7);
    expect(Math.abs(a.y[0] - 3.40150871)).toBeLessThan(1e-7);
    const b = iterate(tRhg, P1, { alpha: 1 / 16, K: 40, D: 10, eta: 0.1 }, 62);
    expect(Math.abs(b.x[0] - 6.99365854)).toBeLessThan(1e-7);
  });
  it("E53: the known failure", () => {
    const s = iterate(itd, E53, { alpha: 0.4, K: 30, eta: 0.1 }, 400);
    expect(Math.abs(s.x[0] - 0.5)).toBeLessThan(1e-6);
  });
});

describe("v-pbgd", () => {
  it("P1, gamma = 100: x = 7 + 13/(gamma - 1), and y of the penalised problem", () => {
    const s = iterate(vPbgd, P1, { gamma: 100, alpha: 0.1, T: 10, beta: 1 / 8 }, 6e4);
    expect(Math.abs(s.x[0] - 7.13131313)).toBeLessThan(1e-6);
    expect(Math.abs(s.y[0] - 3.63131313)).toBeLessThan(1e-6);
  });
  it("E1 from (3; 2, 2): x = 1/2 with gap gamma⁻²", () => {
    const s = iterate(vPbgd, E1, { gamma: 100, alpha: 0.3, T: 5, beta: 0.5 }, 2e4);
    const r = s.x[0] + s.y[0] - Math.sin(s.y[1]);
    expect(Math.abs(s.x[0] - 0.5)).toBeLessThan(1e-6);
    const gap = (s.x[0] - 0.5) ** 2 + (0.5 + s.y[0] - Math.sin(s.y[1])) ** 2;
    expect(Math.abs(gap - 1e-4)).toBeLessThan(1e-6);
    expect(Math.abs(r)).toBeLessThan(0.011);
  });
  it("E53: the optimistic solution (1; 1, 1)", () => {
    const s = iterate(vPbgd, E53, { gamma: 100, alpha: 0.1, T: 5, beta: 0.5 }, 2e5);
    for (const v of [s.x[0], s.y[0], s.y[1]]) expect(Math.abs(v - 1)).toBeLessThan(1e-6);
  });
});

describe("minimax", () => {
  it("M1: simultaneous and alternating descent-ascent and extragradient reach (1/2, 3/2)", () => {
    for (const s of [
      iterate(gda, M1, { etaX: 0.1, etaY: 0.2 }, 200),
      iterate(gda, M1, { etaX: 0.1, etaY: 0.2, order: "alternating" }, 200),
      iterate(extragradient, M1, { eta: 0.1 }, 200),
    ]) {
      expect(Math.abs(s.x[0] - 0.5)).toBeLessThan(1e-10);
      expect(Math.abs(s.y[0] - 1.5)).toBeLessThan(1e-10);
    }
  });
  it("M2: extragradient contracts, simultaneous descent-ascent grows", () => {
    const eg = iterate(extragradient, M2, { eta: 0.1 }, 2000);
    expect(Math.abs(Math.hypot(eg.x[0], eg.y[0]) / 7e-5 - 1)).toBeLessThan(0.15);
    const g = iterate(gda, M2, { etaX: 0.1, etaY: 0.1, order: "simultaneous" }, 100);
    expect(Math.abs(Math.hypot(g.x[0], g.y[0]) / 2.33 - 1)).toBeLessThan(0.1);
  });
});
