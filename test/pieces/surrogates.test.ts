/** The gradients of the surrogates against central differences of the functions they are said to be gradients of. */
import { describe, expect, it } from "vitest";
import { OuterStep } from "../../src/methods/kit/outerStep.js";
import type { ParameterValue } from "../../src/methods/method.js";
import { DynamicBarrier } from "../../src/methods/penalty/dynamicBarrier.js";
import { JointLoop } from "../../src/methods/pieces/joint.js";
import type { Surrogate } from "../../src/methods/pieces/piece.js";
import { surrogates } from "../../src/methods/pieces/surrogates/index.js";
import { Moreau } from "../../src/methods/pieces/surrogates/moreau.js";
import { Penalty } from "../../src/methods/pieces/surrogates/penalty.js";
import { SquaredGradient } from "../../src/methods/pieces/surrogates/squaredGradient.js";
import { ValueGap } from "../../src/methods/pieces/surrogates/valueGap.js";
import { createRandom } from "../../src/num/random.js";
import { acceptanceSource, compiledOracle, contextOn } from "../support/compiledOracle.js";

/** Strongly convex in y, not quadratic; both levels couple all variables. */
const source = (domain: string): string => `
upper { var x[2]; minimize sin(x[1]*y[1]) + (y[2] - x[2])^2 + softplus(y[3]*x[1] + y[1]) + 0.3x[2]^2 }
lower {
  var y[3] ${domain}
  minimize (y[1] - x[1])^2 + 0.7(y[2] + x[2])^2 + y[3]^2 + softplus(y[1] + y[2] + y[3] - x[1]) + 0.4y[2]*y[3]
}`;
const smooth = await compiledOracle(source(""));
const held = await compiledOracle(source("in [-1, 0.05]"));

const start = (): { x: Float64Array; y: Float64Array } => ({
  x: Float64Array.of(0.4, -0.3),
  y: Float64Array.of(0.15, -0.2, 0.1),
});

const contextOf = (parameters: Record<string, ParameterValue>, oracle = smooth) => contextOn(oracle, parameters);

/** Central differences of `value` in the entries of v. */
function differences(value: () => number, v: Float64Array): number[] {
  return Array.from(v, (at, i) => {
    const e = 1e-5;
    v[i] = at + e;
    const plus = value();
    v[i] = at - e;
    const minus = value();
    v[i] = at;
    return (plus - minus) / (2 * e);
  });
}

function expectClose(found: ArrayLike<number>, wanted: readonly number[], within: number): void {
  for (const [i, w] of wanted.entries()) expect(Math.abs(found[i] - w), `entry ${i}`).toBeLessThan(within);
}

/** Gradients at a point, and differences of the value; `settle` repeats evaluations until auxiliaries rest. */
function check(surrogate: Surrogate, settle: number, within: number): void {
  const { x, y } = start();
  const Gx = new Float64Array(x.length);
  const Gy = new Float64Array(y.length);
  const value = (): number => {
    let last = Number.NaN;
    for (let k = 0; k < settle; k++) last = surrogate.evaluate(x, y, Gx, Gy);
    return last;
  };
  const inX = differences(value, x);
  const inY = differences(value, y);
  value();
  expect(surrogate.residual).toBeLessThan(1e-10);
  expectClose(Gx, inX, within);
  expectClose(Gy, inY, within);
}

describe("surrogates: gradients are those of the value", () => {
  it("value gap", () => {
    check(new ValueGap(contextOf({ gamma: 7, T: 400 })), 1, 1e-7);
  });
  it("value gap on a box: omega at its bounds", () => {
    const surrogate = new ValueGap(contextOf({ gamma: 7, T: 400 }, held));
    check(surrogate, 1, 1e-7);
    expect(surrogate.omega[1]).toBe(0.05);
  });
  it("squared gradient", () => {
    check(new SquaredGradient(contextOf({ gamma: 3 })), 1, 1e-7);
  });
  it("Moreau envelope", () => {
    const parameters = { c0: 5, p: 0, gamma: 0.8, eta: 0.1 };
    check(new Moreau(contextOf(parameters)), 400, 1e-7);
  });
  it("Moreau envelope: after x has moved, the gradient in y is the one there", () => {
    const surrogate = new Moreau(contextOf({ c0: 5, p: 0, gamma: 0.8, eta: 0 }));
    const { x, y } = start();
    const [Gx, Gy, there] = [new Float64Array(2), new Float64Array(3), new Float64Array(3)];
    surrogate.evaluate(x, y, Gx, Gy);
    x[0] += 0.3;
    surrogate.afterX(x, y, there);
    surrogate.evaluate(x, y, Gx, Gy);
    expectClose(there, Array.from(Gy), 1e-12);
  });
  for (const debias of [false, true]) {
    it(`penalty with y eliminated${debias ? ", debiased" : ""}`, () => {
      const context = contextOf({ lambda: 12, K: 3000, debias });
      const surrogate = new Penalty(context);
      const { upper, lower } = context.oracle;
      const { x, y } = start();
      const Gx = new Float64Array(2);
      const Gy = new Float64Array(3).fill(1);
      const at = (lambda: number, point: Float64Array): number =>
        upper.value(x, point) + lambda * (lower.value(x, point) - lower.value(x, surrogate.z));
      const value = (): number => {
        surrogate.evaluate(x, y, Gx, Gy);
        const single = at(12, y);
        return debias ? 2 * at(24, surrogate.doubled) - single : single;
      };
      const inX = differences(value, x);
      value();
      expectClose(Gx, inX, 1e-7);
      expect(Array.from(Gy)).toEqual([0, 0, 0]);
    });
  }
  it("proximal steps: with repeated outer steps the same minimisers", () => {
    const plain = new Penalty(contextOf({ lambda: 12, K: 3000 }));
    const proximal = new Penalty(contextOf({ lambda: 12, K: 300, prox: 2 }));
    const { x, y } = start();
    const w = y.slice();
    const [Gx, Hx, Gy] = [new Float64Array(2), new Float64Array(2), new Float64Array(3)];
    plain.evaluate(x, y, Gx, Gy);
    proximal.evaluate(x, w, Hx, Gy);
    expect(Math.abs(w[0] - y[0])).toBeGreaterThan(1e-4);
    for (let k = 0; k < 100; k++) proximal.evaluate(x, w, Hx, Gy);
    expectClose(w, Array.from(y), 1e-9);
    expectClose(Hx, Array.from(Gx), 1e-8);
  });
});

describe("dynamic barrier", () => {
  for (const phi of ["gap", "grad"] as const) {
    it(`the direction is the vector nearest to grad f with <q, d> >= phi (${phi})`, () => {
      const context = contextOf({ eta: 0.05, K: 500, phi });
      const barrier = new DynamicBarrier(context);
      const { upper, lower } = context.oracle;
      const { x, y } = start();
      const dx = new Float64Array(2);
      const dy = new Float64Array(3);
      const random = createRandom(5);
      let active = 0;
      for (let trial = 0; trial < 40; trial++) {
        for (const v of [x, y]) for (let i = 0; i < v.length; i++) v[i] = random.normal();
        barrier.evaluate(x, y, dx, dy);
        const value = (): number => {
          const z = y.slice();
          barrier.solveInto(x, z);
          return lower.value(x, y) - lower.value(x, z);
        };
        const q = [...differences(value, x), ...differences(value, y)];
        const gf = [...differences(() => upper.value(x, y), x), ...differences(() => upper.value(x, y), y)];
        const d = [...dx, ...dy];
        const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((s, v, i) => s + v * b[i], 0);
        const bound = 0.05 * (phi === "gap" ? value() : dot(q, q));
        const scale = 1 + dot(q, q) + dot(gf, gf);
        expect(dot(q, d) - bound).toBeGreaterThan(-1e-6 * scale);
        // d - grad f is a multiple lambda >= 0 of q, zero unless the bound holds with equality
        if (barrier.lambda > 0) {
          active++;
          expect(Math.abs(dot(q, d) - bound)).toBeLessThan(1e-6 * scale);
        }
        expectClose(
          d.map((v, i) => v - gf[i]),
          q.map((v) => barrier.lambda * v),
          1e-6 * scale,
        );
      }
      expect(active).toBeGreaterThan(0);
      expect(active).toBeLessThan(40);
    });
  }
});

describe("surrogates as pieces", () => {
  for (const piece of surrogates.filter(({ constraints }) => !constraints)) {
    it(`${piece.id}: made without options, it descends on P1 by constant steps`, async () => {
      const oracle = await compiledOracle(acceptanceSource("P1"));
      const context = contextOn(oracle);
      const loop = new JointLoop(context, {
        surrogate: piece.make(context),
        ruleX: new OuterStep(1, 0.02),
        ruleY: new OuterStep(1, 0.02),
        afterX: piece.moves[0] === "after-x",
      });
      for (let k = 0; k < 40_000 && loop.finished === "no"; k++) loop.step();
      // growing or small default penalties: near the biased solution, not at it
      expect(Math.abs(loop.x[0] - 7)).toBeLessThan(2);
      expect(loop.stationarity).toBeLessThan(0.1);
    });
  }
  it("ids and options are unique", () => {
    expect(new Set(surrogates.map(({ id }) => id)).size).toBe(surrogates.length);
    for (const { parameters } of surrogates)
      expect(new Set(parameters.map((p) => p.name)).size).toBe(parameters.length);
  });
});
