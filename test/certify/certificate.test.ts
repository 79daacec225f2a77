/** Certificates certify exact answers and refuse wrong ones; each refusal names its reason. */
import { describe, expect, it } from "vitest";
import { certify } from "../../src/certify/certificate.js";
import { createRandom } from "../../src/num/random.js";
import { ballDomain, boxDomain, type HandProblem, handOracle, jetLevel, simplexDomain } from "../support/handOracle.js";
import { C2, E1, E53, M1, P1 } from "../support/handProblems.js";
import type { Jet } from "../support/jet.js";

const verdict = (p: HandProblem, x: readonly number[], y: readonly number[], tolerance = 1e-6) =>
  certify(handOracle(p), Float64Array.from(x), Float64Array.from(y), { tolerance, random: createRandom(7) });
const failed = (c: ReturnType<typeof certify>) => c.checks.filter((k) => !k.holds).map((k) => k.name);

/** g = -x y, f = x² + y, y in [-1, 1]: phi = x² + sign x for x ≠ 0 and -1 at 0 (IGFM, Example 4.1). */
const jump: HandProblem = {
  x: [0.5],
  y: [0],
  domainY: boxDomain([-1], [1]),
  f: jetLevel(1, 1, ([x], [y]) => x.sq().add(y)),
  g: jetLevel(1, 1, ([x], [y]) => x.mul(y).mul(-1)),
};
/** g = 0, f = x y, y in [-1, 1], x in [-2, 2]: phi = -|x| (IGFM, Example 5.1). */
const indifferent: HandProblem = {
  x: [0.1],
  y: [0.3],
  domainX: boxDomain([-2], [2]),
  domainY: boxDomain([-1], [1]),
  f: jetLevel(1, 1, ([x], [y]) => x.mul(y)),
  g: jetLevel(1, 1, ([x]) => x.mul(0)),
};
/** y is projected onto a ball or simplex of the plane: y*(x) = P(x), f pulls y towards a point. */
const towards = (a: number, b: number, domainY: HandProblem["domainY"]): HandProblem => ({
  x: [0.2, 0.1],
  y: [0, 0],
  ...(domainY ? { domainY } : {}),
  f: jetLevel(2, 2, ([p, q], [u, v]) => u.sub(a).sq().add(v.sub(b).sq()).add(p.sq().add(q.sq()).mul(0.05))),
  g: jetLevel(2, 2, ([p, q], [u, v]) => u.sub(p).sq().add(v.sub(q).sq()).mul(0.5)),
});

describe("exact answers are certified", () => {
  const cases: [string, HandProblem, number[], number[]][] = [
    ["P1", P1, [7], [3.5]],
    ["C2", C2, [2], [1]],
    ["M1", M1, [0.5], [1.5]],
    ["E1", E1, [0.5], [Math.sin(2) - 0.5, 2]],
    ["E53", E53, [1], [1, 1]],
    ["the jump's optimistic answer", jump, [0], [-1]],
    ["an end of -|x|", indifferent, [2], [-1]],
  ];
  for (const [name, problem, x, y] of cases) {
    it(name, () => {
      const c = verdict(problem, x, y);
      expect(c.certified).toBe(true);
      expect(c.rker).toBeLessThan(1e-6);
    });
  }

  it("a kink of the hyper-objective that is a minimum: phi = |x - 1|", () => {
    // y* = max(x - 1, 0) on [0, inf), f = 2 y - (x - 1): phi = |x - 1|.
    const kink: HandProblem = {
      x: [0],
      y: [0],
      domainY: boxDomain([0], [Number.POSITIVE_INFINITY]),
      f: jetLevel(1, 1, ([x], [y]) => y.mul(2).sub(x).add(1)),
      g: jetLevel(1, 1, ([x], [y]) => y.sub(x).add(1).sq()),
    };
    const c = verdict(kink, [1], [0]);
    expect(failed(c)).toEqual([]);
    expect(verdict(kink, [1.5], [0.5]).certified).toBe(false);
    expect(verdict(kink, [0.5], [0]).certified).toBe(false);
  });

  it("active ball: the reduced Hessian includes the boundary's curvature", () => {
    // phi = |P(x) - (2, 0)|² + .05 |x|²; on the axis y = 1 for x >= 1: x = 1 is the kink; off the boundary see below.
    const p = towards(0.6, 0.8, ballDomain([0, 0], 0.5));
    const oracle = handOracle(p);
    const phi = (x: number, y: number) => {
      const r = Math.max(1, Math.hypot(x, y) / 0.5);
      return (x / r - 0.6) ** 2 + (y / r - 0.8) ** 2 + 0.05 * (x * x + y * y);
    };
    // A point outside the ball: the gradient of the certificate against differences of the closed form.
    const x = Float64Array.of(0.9, 0.4);
    const r = Math.hypot(0.9, 0.4) / 0.5;
    const c = certify(oracle, x, Float64Array.of(0.9 / r, 0.4 / r), { tolerance: 1e-6, random: createRandom(1) });
    const h = 1e-5;
    const gx = (phi(0.9 + h, 0.4) - phi(0.9 - h, 0.4)) / (2 * h);
    const gy = (phi(0.9, 0.4 + h) - phi(0.9, 0.4 - h)) / (2 * h);
    expect(c.hypergradient).toBeCloseTo(Math.hypot(gx, gy), 7);
    expect(failed(c)).toEqual(["hypergradient"]);
  });

  it("active simplex: gradient on the support's tangent space", () => {
    const p = towards(0.9, 0.4, simplexDomain(2));
    // y = ((1 + a - b)/2, (1 - a + b)/2): phi in closed form; minimum where d/da = d/db = 0.
    // u = (1 + s)/2, v = (1 - s)/2, s = a - b; minimise (u-.9)² + (v-.4)² + .05 (a² + b²), a = -b = s/2.
    // derivative in s: (u - .9) - (v - .4) + .05 s = 0 with u - v = s: s - .5 + .05 s = 0
    const s = 0.5 / 1.05;
    const c = verdict(p, [s / 2, -s / 2], [(1 + s) / 2, (1 - s) / 2]);
    expect(failed(c)).toEqual([]);
    expect(verdict(p, [s / 2 + 1e-3, -s / 2], [(1 + s + 1e-3) / 2, (1 - s - 1e-3) / 2]).certified).toBe(false);
  });
});

describe("wrong points are refused", () => {
  it("E53 where implicit methods stop: R_x = R_w = R_y = 0, but the kernel component is not", () => {
    const c = verdict(E53, [0.5], [0.5, 0]);
    expect(c.rx).toBeLessThan(1e-20);
    expect(c.rw).toBeLessThan(1e-20);
    expect(c.ry).toBeLessThan(1e-12);
    expect(c.rker).toBeGreaterThan(0.5);
    expect(failed(c)).toContain("R_ker");
  });
  it("x off by 1e-3 with y solved again", () => {
    expect(failed(verdict(P1, [7.001], [3.5005]))).toEqual(["hypergradient"]);
  });
  it("y off by 1e-3", () => {
    expect(failed(verdict(P1, [7], [3.501]))).toContain("lower stationarity");
  });
  it("a lower maximum is stationary but no solution", () => {
    // g = -cos y has its maximum at pi.
    const p: HandProblem = {
      x: [0],
      y: [0],
      f: jetLevel(1, 1, ([x], [y]) => x.sq().add(y)),
      g: jetLevel(1, 1, (_x, [y]) =>
        y
          .add(Math.PI / 2)
          .sin()
          .mul(-1),
      ),
    };
    const c = verdict(p, [0], [Math.PI]);
    expect(c.certified).toBe(false);
    expect(failed(c)).toContain("value gap");
    expect(c.valueGap).toBeCloseTo(2, 6);
    expect(verdict(p, [0], [0]).lowerEvidence).toBe("global (multistart)");
  });
  it("a lower local minimum that another start beats", () => {
    // g = (y² - 1)² + y/4: minima near ±1, the global one near -1.
    const p: HandProblem = {
      x: [0],
      y: [0],
      f: jetLevel(1, 1, ([x], [y]) => x.sq().add(y.mul(0))),
      g: jetLevel(1, 1, (_x, [y]) => y.sq().sub(1).sq().add(y.mul(0.25))),
    };
    let y = 1;
    for (let k = 0; k < 50; k++) y -= (4 * y * (y * y - 1) + 0.25) / (12 * y * y - 4);
    expect(failed(verdict(p, [0], [y]))).toContain("value gap");
    let z = -1;
    for (let k = 0; k < 50; k++) z -= (4 * z * (z * z - 1) + 0.25) / (12 * z * z - 4);
    expect(failed(verdict(p, [0], [z]))).toEqual([]);
  });
  it("the jump with the wrong lower solution, and near the jump", () => {
    expect(failed(verdict(jump, [0], [1]))).toContain("R_ker");
    expect(verdict(jump, [0], [0]).certified).toBe(false);
    expect(verdict(jump, [1e-3], [1]).certified).toBe(false);
  });
  it("x = 0 for phi = -|x|, with any y", () => {
    for (const y of [0, 0.3, 1, -1]) expect(verdict(indifferent, [0], [y]).certified).toBe(false);
    expect(failed(verdict(indifferent, [0], [0]))).toContain("descent");
  });
  it("a maximum and a saddle point of the hyper-objective", () => {
    const quadratic = (sign: number): HandProblem => ({
      x: [1, 1],
      y: [0],
      domainX: boxDomain([-3, -3], [3, 3]),
      f: jetLevel(2, 1, ([a, b], [y]) => a.sq().add(b.sq().mul(sign)).add(y.sub(a).mul(b)).add(a.mul(b).mul(3))),
      g: jetLevel(2, 1, ([a], [y]) => y.sub(a).sq()),
    });
    // phi = a² + s b² + 3ab: indefinite for s = 1 as well.
    expect(failed(verdict(quadratic(1), [0, 0], [0]))).toEqual(["upper curvature"]);
    expect(failed(verdict(quadratic(-1), [0, 0], [0]))).toEqual(["upper curvature"]);
    expect(failed(verdict(quadratic(5), [0, 0], [0]))).toEqual([]);
  });
  it("a point outside its domain", () => {
    expect(failed(verdict(C2, [2], [1.1]))).toContain("domains");
  });
  it("a lower level that is unbounded below", () => {
    const p: HandProblem = {
      x: [0],
      y: [0],
      f: jetLevel(1, 1, ([x], [y]) => x.sq().add(y.sq())),
      g: jetLevel(1, 1, ([x], [y]) => y.sub(x).sq().mul(-1)),
    };
    expect(verdict(p, [0], [0]).certified).toBe(false);
  });
  it("numbers that are not finite", () => {
    expect(verdict(P1, [Number.NaN], [0]).certified).toBe(false);
  });
});

describe("independence of scale", () => {
  it("answers are certified, and wrong ones refused, for objectives scaled by 1e-6 and 1e6", () => {
    for (const s of [1e-6, 1e6]) {
      const f = jetLevel(1, 1, ([x], [y]) =>
        x.sq().mul(7).sub(x.mul(y).mul(12)).add(y.sq().mul(4)).sub(x.mul(30)).add(y.mul(4)).mul(s),
      );
      const g = jetLevel(1, 1, ([x], [y]) => y.mul(2).sub(x).sq().mul(s));
      const p: HandProblem = { x: [0], y: [0], f, g };
      expect(failed(verdict(p, [7], [3.5]))).toEqual([]);
      expect(failed(verdict(p, [7.001], [3.5005]))).toContain("hypergradient");
      expect(failed(verdict(p, [7], [3.501]))).toContain("lower stationarity");
    }
  });
});

it("ridge regression on held-out data: the exact regularisation is certified", () => {
  // Three weights, six rows; rho by golden section on the closed form.
  const A = [
    [1, 0.5, -0.3],
    [0.2, -1, 0.7],
    [-0.4, 0.3, 1.2],
    [0.9, 0.8, 0.1],
    [-1.1, 0.4, 0.6],
    [0.3, -0.6, -0.9],
  ];
  const t = [1.2, -0.3, 0.8, 1.9, -1.4, 0.2];
  const residuals = (w: Jet[], rows: number[]): Jet =>
    rows
      .map((i) =>
        A[i]
          .reduce((s, a, j) => s.add(w[j].mul(a)), w[0].mul(0))
          .sub(t[i])
          .sq(),
      )
      .reduce((a, b) => a.add(b));
  const p: HandProblem = {
    x: [0],
    y: [0, 0, 0],
    f: jetLevel(1, 3, (_x, w) => residuals(w, [3, 4, 5])),
    g: jetLevel(1, 3, ([rho], w) =>
      residuals(w, [0, 1, 2]).add(rho.exp().mul(w.reduce((s, v) => s.add(v.sq()), w[0].mul(0)))),
    ),
  };
  const weights = (rho: number): number[] => {
    const M = [0, 1, 2].map((i) => [0, 1, 2].map((j) => [0, 1, 2].reduce((s, r) => s + A[r][i] * A[r][j], 0)));
    const b = [0, 1, 2].map((i) => [0, 1, 2].reduce((s, r) => s + A[r][i] * t[r], 0));
    for (let i = 0; i < 3; i++) M[i][i] += Math.exp(rho);
    for (let c = 0; c < 3; c++)
      for (let i = 0; i < 3; i++)
        if (i !== c) {
          const q = M[i][c] / M[c][c];
          for (let j = 0; j < 3; j++) M[i][j] -= q * M[c][j];
          b[i] -= q * b[c];
        }
    return b.map((v, i) => v / M[i][i]);
  };
  const phi = (rho: number) =>
    [3, 4, 5].reduce((s, i) => s + (A[i].reduce((q, a, j) => q + a * weights(rho)[j], 0) - t[i]) ** 2, 0);
  let rho = -1;
  const d = (r: number, h = 1e-4) => (phi(r + h) - phi(r - h)) / (2 * h);
  const dd = (r: number, h = 1e-3) => (phi(r + h) - 2 * phi(r) + phi(r - h)) / (h * h);
  for (let k = 0; k < 60; k++) rho -= Math.max(-0.5, Math.min(0.5, d(rho) / Math.abs(dd(rho))));
  const c = verdict(p, [rho], weights(rho), 1e-5);
  expect(failed(c)).toEqual([]);
  expect(verdict(p, [rho + 0.01], weights(rho + 0.01), 1e-5).certified).toBe(false);
});
