/** Pieces of the kit, each against its formula. */
import { describe, expect, it } from "vitest";
import { Anderson } from "../../src/methods/kit/anderson.js";
import { CheckedAdjoint } from "../../src/methods/kit/checkedAdjoint.js";
import { claimTolerance, RelativeStop } from "../../src/methods/kit/claim.js";
import { differenceProducts, estimateCurvature, exactProducts } from "../../src/methods/kit/constants.js";
import { differenceOracle } from "../../src/methods/kit/differenceOracle.js";
import { lowerGradientInto, penalisedGradientInto, projectedNorm } from "../../src/methods/kit/lowerGradient.js";
import { OuterStep } from "../../src/methods/kit/outerStep.js";
import { firstPenalty, leastPenalty } from "../../src/methods/kit/penaltyConstants.js";
import { DenseSolver, ReducedHessian } from "../../src/methods/kit/projectedAdjoint.js";
import { Richardson } from "../../src/methods/kit/richardson.js";
import { Saddle } from "../../src/methods/kit/saddle.js";
import { Tangent } from "../../src/methods/kit/tangent.js";
import { createRandom } from "../../src/num/random.js";
import { ballDomain, boxDomain, freeDomain, handOracle, jetLevel, simplexDomain } from "../support/handOracle.js";
import { C2, M2, P1 } from "../support/handProblems.js";

const at = (...v: number[]) => Float64Array.from(v);
/** g = ½ yᵀ diag(1, 4, 100) y - x (y1 + y2 + y3), f = |y - 1|². */
const quadratic = {
  x: [1],
  y: [0, 0, 0],
  f: jetLevel(1, 3, (_x, y) => y.map((v) => v.sub(1).sq()).reduce((a, b) => a.add(b))),
  g: jetLevel(1, 3, ([x], [u, v, w]) =>
    u
      .sq()
      .add(v.sq().mul(4))
      .add(w.sq().mul(100))
      .mul(0.5)
      .sub(x.mul(u.add(v).add(w))),
  ),
};

describe("lower loops", () => {
  it("K gradient steps contract as (1 - alpha mu)^K, and projections are kept", () => {
    const o = handOracle(P1);
    const y = at(0);
    lowerGradientInto(o.lower, o.domainY, at(2), y, 1 / 16, 10, at(0));
    expect(y[0]).toBeCloseTo(1 - 0.5 ** 10, 14);
    const c = handOracle(C2);
    const z = at(0.5);
    lowerGradientInto(c.lower, c.domainY, at(3), z, 0.9, 30, at(0));
    expect(z[0]).toBe(1);
  });
  it("the penalised loop reaches (3x - 1 + lambda x) / (2 + 2 lambda) on P1", () => {
    const o = handOracle(P1);
    const y = at(0);
    const lambda = 10;
    penalisedGradientInto(o.upper, o.lower, o.domainY, at(2), y, 1 / (8 + 8 * lambda), lambda, 50, at(0), at(0));
    expect(y[0]).toBeCloseTo((3 * 2 - 1 + lambda * 2) / (2 + 2 * lambda), 12);
  });
  it("projected norms vanish where a bound holds", () => {
    expect(projectedNorm(boxDomain([0], [1]), at(1), at(-3), at(0))).toBe(0);
    expect(projectedNorm(boxDomain([0], [1]), at(1), at(0.25), at(0))).toBe(0.25);
    expect(projectedNorm(freeDomain(1), at(1), at(-3), at(0))).toBe(3);
  });
});

describe("constants", () => {
  it("both ends of the spectrum, by exact products and by differences", () => {
    const o = handOracle(quadratic);
    for (const products of [exactProducts, differenceProducts]) {
      const { L, mu } = estimateCurvature(products(o.lower, o.startX, o.startY), 3, createRandom(1));
      expect(L).toBeCloseTo(105, 4);
      expect(mu).toBeCloseTo(0.9, 4);
    }
  });
  it("penalties: 10 L_f / L_g and 2 L_f / mu", () => {
    const o = handOracle(P1);
    expect(firstPenalty(o, createRandom(1))).toBeCloseTo(10, 8);
    expect(leastPenalty(o, o.startX, o.startY, createRandom(1))).toBeCloseTo(2 / 0.9, 4);
  });
  it("difference products agree with exact ones", () => {
    const o = handOracle(quadratic);
    const d = differenceOracle(o);
    const v = at(0.3, -1, 0.2);
    const [H, H2] = [at(0, 0, 0), at(0, 0, 0)];
    const [J, J2] = [at(0), at(0)];
    o.lower.linearize(at(1), at(1, 2, 3)).both(v, H, J);
    d.lower.linearize(at(1), at(1, 2, 3)).both(v, H2, J2);
    for (let i = 0; i < 3; i++) expect(Math.abs(H[i] - H2[i])).toBeLessThan(1e-6);
    expect(Math.abs(J[0] - J2[0])).toBeLessThan(1e-6);
    expect(d.counts.lowerHvp).toBe(1);
  });
});

describe("outer step", () => {
  it("adapts to the inverse curvature and converges on a quadratic", () => {
    const step = new OuterStep(2, undefined);
    const x = at(5, -3);
    const G = at(0, 0);
    for (let k = 0; k < 400; k++) {
      G[0] = 2 * x[0];
      G[1] = 30 * x[1];
      step.measure(freeDomain(2), x, G);
      step.take(freeDomain(2), x, G);
    }
    expect(Math.hypot(x[0], x[1])).toBeLessThan(1e-10);
  });
  it("measures (x - P(x - eta G)) / eta", () => {
    const step = new OuterStep(1, 0.5);
    expect(step.measure(boxDomain([0], [1]), at(0.5), at(4))).toBe(1);
    expect(step.measure(boxDomain([0], [1]), at(0), at(4))).toBe(0);
    step.shrink();
    expect(step.eta).toBe(0.25);
  });
});

it("stopping: relative to the largest residual, or below the floor", () => {
  const stop = new RelativeStop(claimTolerance(1e-6));
  expect(stop.passes(10)).toBe(false);
  expect(stop.passes(1e-8)).toBe(true);
  expect(stop.passes(2e-8)).toBe(false);
  expect(stop.passes(2e-8, 1e-7)).toBe(true);
  expect(claimTolerance(1e-12)).toBe(1e-11);
});

describe("tangent spaces", () => {
  const H = [
    [4, 1, 0.5],
    [1, 3, 0.2],
    [0.5, 0.2, 2],
  ];
  const hvp = (v: Float64Array, out: Float64Array): void => {
    for (let i = 0; i < 3; i++) out[i] = H[i][0] * v[0] + H[i][1] * v[1] + H[i][2] * v[2];
  };
  const b = at(1, -2, 0.5);
  for (const [name, domain] of [
    ["free", freeDomain(3)],
    ["box", boxDomain([-9, -9, -9], [9, 0.5, 9])],
    ["ball", ballDomain([0, 0, 0], 1)],
    ["simplex", simplexDomain(3)],
  ] as const) {
    it(`${name}: CG and Cholesky solve (I - (I - aH) D) u = b, v = a D u`, () => {
      const alpha = 0.1;
      const p = at(0.9, 0.8, 0.1);
      const y = p.slice();
      domain.project(y);
      // Any gradient with p = y - alpha gradient.
      const gradient = y.map((v, i) => (v - p[i]) / alpha);
      const tangent = new Tangent(domain, 3);
      tangent.update(y, gradient, alpha);
      const v = at(0, 0, 0);
      const map = { hvp, jvp: () => {}, both: () => {} };
      new CheckedAdjoint(3, (u, out) => map.hvp(u, out)).solve(b, v, 1e-14, tangent, undefined, () => false);
      const reduced = new ReducedHessian(3);
      reduced.assemble(hvp, tangent);
      const right = b.slice();
      tangent.projectInto(right);
      const dense = at(0, 0, 0);
      expect(new DenseSolver(3).solveInto(reduced.K, right, 1e-8, dense)).toBe("cholesky");
      for (let i = 0; i < 3; i++) expect(v[i]).toBeCloseTo(dense[i], 11);
      // Neumann iteration u <- b + (I - alpha H) D u, which converges as |I - alpha H| < 1 and |D| <= 1.
      const u = b.slice();
      const Du = at(0, 0, 0);
      const HDu = at(0, 0, 0);
      for (let k = 0; k < 3000; k++) {
        Du.set(u);
        domain.projectTangent(p, Du);
        hvp(Du, HDu);
        for (let i = 0; i < 3; i++) u[i] = b[i] + Du[i] - alpha * HDu[i];
      }
      Du.set(u);
      domain.projectTangent(p, Du);
      for (let i = 0; i < 3; i++) expect(v[i]).toBeCloseTo(alpha * Du[i], 9);
    });
  }
  it("singular systems get the minimum-norm solution", () => {
    const K = Float64Array.of(2, 0, 0, 0);
    const v = at(0, 0);
    expect(new DenseSolver(2).solveInto(K, at(3, 1), 1e-8, v)).toBe("pseudo-inverse");
    expect(Array.from(v)).toEqual([1.5, 0]);
  });
});

it("Anderson's acceleration solves a linear fixed point in about its dimension", () => {
  const T = (z: Float64Array) => at(0.9 * z[0] + 0.05 * z[1] + 1, -0.1 * z[0] + 0.8 * z[1] + 2, 0.95 * z[2] - 1);
  const anderson = new Anderson(3, 5);
  let z = at(0, 0, 0);
  for (let k = 0; k < 8; k++) {
    const next = T(z);
    const candidate = at(0, 0, 0);
    z = anderson.propose(
      z,
      next.map((v, i) => v - z[i]),
      candidate,
    )
      ? candidate
      : next;
  }
  const rest = T(z).map((v, i) => v - z[i]);
  expect(Math.hypot(...rest)).toBeLessThan(1e-9);
});

it("Richardson's table removes the powers of 1/lambda", () => {
  const table = new Richardson(4, 3, 1);
  let last = table.add(at(7 + 13 / (10 - 1)));
  for (let k = 1; k < 6; k++) last = table.add(at(7 + 13 / (4 ** k * 10 - 1)));
  expect(Math.abs(last.best[0] - 7)).toBeLessThan(1e-9);
  expect(last.change).toBeLessThan(1e-7);
});

it("the saddle operator of xy is a rotation", () => {
  const saddle = new Saddle(handOracle(M2));
  const F = at(0, 0);
  saddle.evaluate(at(2, 3), F);
  expect(Array.from(F)).toEqual([3, -2]);
  expect(saddle.value).toBe(6);
  expect(saddle.secant(at(2, 3), F)).toBeCloseTo(1, 8);
  expect(saddle.residual(at(2, 3), F, 0.1, at(0, 0))).toBeCloseTo(Math.hypot(3, 2), 12);
});
