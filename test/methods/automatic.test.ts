/**
 * Every named method without options on every problem it fits, through the one loop, judged by the certificate and by the
 * known answer. Pairs that fail stand in `exceptions` with the reason.
 */
import { describe, expect, it } from "vitest";
import { certify } from "../../src/certify/certificate.js";
import { aidCg } from "../../src/methods/implicit/aidCg.js";
import { aidFp } from "../../src/methods/implicit/aidFp.js";
import { aidNeumann } from "../../src/methods/implicit/aidNeumann.js";
import { galet } from "../../src/methods/implicit/galet.js";
import { iftDirect } from "../../src/methods/implicit/iftDirect.js";
import { mgbio } from "../../src/methods/implicit/mgbio.js";
import type { Running } from "../../src/methods/kit/running.js";
import type { Method } from "../../src/methods/method.js";
import { extragradient } from "../../src/methods/minimax/extragradient.js";
import { gda } from "../../src/methods/minimax/gda.js";
import { f2ba } from "../../src/methods/penalty/f2ba.js";
import { vPbgd } from "../../src/methods/penalty/vPbgd.js";
import { runMethod } from "../../src/methods/run.js";
import { itd } from "../../src/methods/unrolled/itd.js";
import { createRandom } from "../../src/num/random.js";
import { ballDomain, boxDomain, type HandProblem, handOracle, jetLevel, simplexDomain } from "../support/handOracle.js";
import { C2, E1, E53, M1, M2, P1 } from "../support/handProblems.js";

const all = [iftDirect, aidCg, aidFp, aidNeumann, galet, mgbio, itd, f2ba, vPbgd];
const saddles = [gda, extragradient];

/** Distance based toy: y follows a linear image of x inside a set; f wants y at a target and x small. */
const follow = (domainY: HandProblem["domainY"]): HandProblem => ({
  x: [0.2, -0.3],
  y: [0, 0, 0],
  ...(domainY ? { domainY } : {}),
  domainX: boxDomain([-2, -2], [2, 2]),
  f: jetLevel(2, 3, ([a, b], [u, v, w]) =>
    u.sub(0.5).sq().add(v.sub(0.2).sq()).add(w.sub(0.1).sq()).add(a.sq().add(b.sq()).mul(0.05)),
  ),
  g: jetLevel(2, 3, ([a, b], [u, v, w]) =>
    u
      .sub(a)
      .sq()
      .add(v.sub(b).sq())
      .add(w.sub(a.mul(0.5)).sub(b.mul(0.5)).sq())
      .add(u.mul(v).mul(0.4)),
  ),
});
/** Nonquadratic and badly scaled: logistic losses with a ridge of exp(x). */
const ridge: HandProblem = {
  x: [-1],
  y: [0, 0, 0],
  f: jetLevel(1, 3, (_x, [u, v, w]) =>
    u
      .mul(1.1)
      .add(v.mul(30))
      .sub(1)
      .softplus()
      .add(u.mul(-2).add(w).add(0.4).softplus())
      .add(v.mul(-20).add(w.mul(0.5)).softplus()),
  ),
  g: jetLevel(1, 3, ([x], [u, v, w]) =>
    u
      .add(v.mul(25))
      .softplus()
      .add(u.mul(-1.5).sub(w).softplus())
      .add(v.mul(-28).add(w.mul(1.4)).add(0.3).softplus())
      .add(x.exp().mul(u.sq().add(v.mul(25).sq()).add(w.sq()).mul(0.05))),
  ),
};

interface Entry {
  readonly problem: HandProblem;
  readonly methods: readonly Method<Running>[];
  readonly x?: readonly number[];
  readonly exceptions?: Readonly<Record<string, string>>;
}
const kernel =
  "keeps the start's component in the kernel of the lower Hessian and says so: GALET-stationary, not optimistic";
const unbounded = "max over y of xy is infinite except at x = 0: there is no lower solution to follow";
const table: Readonly<Record<string, Entry>> = {
  P1: { problem: P1, methods: all, x: [7] },
  C2: { problem: C2, methods: all, x: [2] },
  E1: { problem: E1, methods: all, x: [0.5] },
  E53: {
    problem: E53,
    methods: all,
    x: [1],
    exceptions: {
      "ift-direct": kernel,
      "aid-cg": kernel,
      "aid-fp": kernel,
      "aid-neumann": kernel,
      galet: kernel,
      mgbio: kernel,
      itd: kernel,
    },
  },
  M1: { problem: M1, methods: [...all, ...saddles], x: [0.5] },
  M2: {
    problem: M2,
    methods: [...all, ...saddles],
    x: [0],
    exceptions: {
      "ift-direct": unbounded,
      "aid-cg": unbounded,
      "aid-fp": unbounded,
      "aid-neumann": unbounded,
      galet: unbounded,
      mgbio: unbounded,
      itd: unbounded,
      f2ba: unbounded,
      "v-pbgd": unbounded,
      gda: unbounded,
    },
  },
  "follow, free": { problem: follow(undefined), methods: all },
  "follow, box": { problem: follow(boxDomain([0, 0, 0], [0.45, 1, 1])), methods: all },
  "follow, ball": { problem: follow(ballDomain([0, 0, 0], 0.4)), methods: all },
  "follow, simplex": { problem: follow(simplexDomain(3)), methods: all },
  "logistic ridge": { problem: ridge, methods: all },
};

describe("automatic mode", () => {
  for (const [name, { problem, methods, x, exceptions }] of Object.entries(table)) {
    for (const method of methods) {
      const why = exceptions?.[method.id];
      it(`${method.id} on ${name}${why === undefined ? "" : ` (exception: ${why})`}`, () => {
        const oracle = handOracle(problem);
        let now = 0;
        const run = runMethod(method, oracle, { now: () => now++, limits: { calls: 60_000 } });
        const verdict = certify(oracle, run.x, run.y, { tolerance: 1e-6, random: createRandom(1) });
        if (why !== undefined) {
          expect(verdict.certified).toBe(false);
          expect(run.status).not.toBe("converged");
          return;
        }
        expect(run.status, run.reason).toBe("converged");
        expect(verdict.checks.filter((c) => !c.holds)).toEqual([]);
        expect(verdict.certified).toBe(true);
        for (const [i, v] of (x ?? []).entries()) expect(Math.abs(run.x[i] - v)).toBeLessThan(1e-6);
      });
    }
  }
});

describe("options of automatic modes", () => {
  const solve = (method: Method<Running>, parameters: Record<string, number | boolean>) =>
    runMethod(method, handOracle(P1), { now: () => 0, parameters });
  it("f2ba with lambda alone minimises that surrogate; debiased it is closer by an order of 1/lambda", () => {
    expect(solve(f2ba, { lambda: 100 }).x[0]).toBeCloseTo(7 + 13 / 99, 8);
    expect(Math.abs(solve(f2ba, { lambda: 100, debias: true }).x[0] - 7.0006404)).toBeLessThan(1e-6);
  });
  it("v-pbgd with gamma alone returns the penalised y", () => {
    const r = solve(vPbgd, { gamma: 100 });
    expect(r.x[0]).toBeCloseTo(7.13131313, 7);
    expect(r.y[0]).toBeCloseTo(3.63131313, 7);
  });
  it("published loops without a step size adapt it", () => {
    for (const [method, parameters] of [
      [iftDirect, { K: 20 }],
      [aidCg, { K: 20, M: 5 }],
      [itd, { K: 60 }],
      [f2ba, { K: 60, lambda: 100 }],
    ] as const) {
      const r = solve(method, parameters);
      expect(r.status, `${method.id}: ${r.reason}`).toBe("converged");
      expect(Math.abs(r.x[0] - 7)).toBeLessThan(method === f2ba ? 0.14 : 1e-6);
    }
  });
  it("the same seed gives the same bytes", () => {
    for (const method of all) {
      const a = runMethod(method, handOracle(P1), { now: () => 0, seed: 3 });
      const b = runMethod(method, handOracle(P1), { now: () => 0, seed: 3 });
      expect(Array.from(a.x)).toEqual(Array.from(b.x));
      expect(a.counts).toEqual(b.counts);
    }
  });
});
