/** Hypergradients of the named methods against central differences of the hyper-objective, and where they must vanish. */
import { describe, expect, it } from "vitest";
import { lowerModel } from "../../src/certify/lowerModel.js";
import { solveLower } from "../../src/certify/lowerSolve.js";
import { aidCg } from "../../src/methods/implicit/aidCg.js";
import { iftDirect } from "../../src/methods/implicit/iftDirect.js";
import type { Running } from "../../src/methods/kit/running.js";
import type { Method, ParameterValue } from "../../src/methods/method.js";
import { defaultsOf } from "../../src/methods/params.js";
import { itd } from "../../src/methods/unrolled/itd.js";
import { createRandom } from "../../src/num/random.js";
import { ballDomain, boxDomain, type HandProblem, handOracle, jetLevel, simplexDomain } from "../support/handOracle.js";

const base: HandProblem = {
  x: [0.3, -0.4],
  y: [0.1, 0.2, -0.1],
  f: jetLevel(2, 3, ([a, b], [u, v, w]) =>
    u.sub(1).sq().add(v.mul(w)).add(a.mul(u)).add(b.sq().mul(0.5)).add(w.sub(b).sin()),
  ),
  g: jetLevel(2, 3, ([a, b], [u, v, w]) =>
    u
      .add(v.mul(0.3))
      .sub(a)
      .softplus()
      .add(v.sub(w).sq())
      .add(a.exp().mul(u.sq().add(v.sq()).mul(0.5)))
      .add(w.sub(b.mul(u)).sq())
      .sub(w.mul(0.8)),
  ),
};
const problems: [string, HandProblem][] = [
  ["free", base],
  ["box with an active bound", { ...base, domainY: boxDomain([-0.05, -5, -5], [0.2, 5, 0.1]) }],
  ["active ball", { ...base, domainY: ballDomain([0, 0, 0], 0.25) }],
  ["active simplex", { ...base, domainY: simplexDomain(3, 0.6) }],
];

/** f at the lower solution, by the certificate's solver. */
function phi(p: HandProblem, x: Float64Array): number {
  const oracle = handOracle(p);
  const { y } = solveLower(lowerModel(oracle, x), oracle.startY, () => false);
  return oracle.upper.value(x, y);
}
function differences(p: HandProblem): number[] {
  return p.x.map((_, i) => {
    const h = 1e-5;
    const plus = Float64Array.from(p.x);
    const minus = Float64Array.from(p.x);
    plus[i] += h;
    minus[i] -= h;
    return (phi(p, plus) - phi(p, minus)) / (2 * h);
  });
}
/** One outer step with step size eta from the start gives G = (x - x⁺) / eta. */
function gradientOf(method: Method<Running>, p: HandProblem, parameters: Record<string, ParameterValue>): number[] {
  const oracle = handOracle(p);
  const eta = 1e-3;
  const context = {
    oracle,
    parameters: { ...defaultsOf(method), ...parameters, eta },
    tolerance: 1e-12,
    random: createRandom(1),
    exhausted: () => false,
  };
  const state = method.init(context);
  method.step(state, context);
  return Array.from(state.x, (v, i) => (oracle.startX[i] - v) / eta);
}

describe("hypergradients agree with differences of f(x, y*(x))", () => {
  for (const [name, p] of problems) {
    it(name, () => {
      const exact = differences(p);
      const found = {
        "ift-direct": gradientOf(iftDirect, p, { K: 4000, alpha: 0.1 }),
        "aid-cg": gradientOf(aidCg, p, { K: 4000, M: 50, cgTolerance: 1e-12, alpha: 0.1 }),
        itd: gradientOf(itd, p, { K: 3000, alpha: 0.1 }),
        "itd with momentum": gradientOf(itd, p, { K: 1500, alpha: 0.1, momentum: 0.6 }),
      };
      for (const [id, G] of Object.entries(found)) {
        for (const [i, e] of exact.entries())
          expect(Math.abs(G[i] - e), `${id} ${i}`).toBeLessThan(1e-6 * (1 + Math.abs(e)));
      }
    });
  }
});
