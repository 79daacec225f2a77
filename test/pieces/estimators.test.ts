/** Each estimator against a closed form or against differences of the hyper-objective. */
import { describe, expect, it } from "vitest";
import { lowerModel } from "../../src/certify/lowerModel.js";
import { solveLower } from "../../src/certify/lowerSolve.js";
import type { MethodContext, ParameterValue } from "../../src/methods/method.js";
import { cg } from "../../src/methods/pieces/estimators/cg.js";
import { clipped } from "../../src/methods/pieces/estimators/clipped.js";
import { difference } from "../../src/methods/pieces/estimators/difference.js";
import { direct } from "../../src/methods/pieces/estimators/direct.js";
import { dropped } from "../../src/methods/pieces/estimators/dropped.js";
import { fixedPoint } from "../../src/methods/pieces/estimators/fixedPoint.js";
import { estimators } from "../../src/methods/pieces/estimators/index.js";
import { minimumNorm } from "../../src/methods/pieces/estimators/minimumNorm.js";
import { neumann } from "../../src/methods/pieces/estimators/neumann.js";
import { randomNeumann } from "../../src/methods/pieces/estimators/randomNeumann.js";
import { reverse } from "../../src/methods/pieces/estimators/reverse.js";
import { shadow } from "../../src/methods/pieces/estimators/shadow.js";
import { zerothOrder } from "../../src/methods/pieces/estimators/zerothOrder.js";
import { gradient } from "../../src/methods/pieces/lower/gradient.js";
import type { EstimatorPiece } from "../../src/methods/pieces/piece.js";
import { createRandom } from "../../src/num/random.js";
import type { Oracle } from "../../src/oracle/oracle.js";
import { type HandProblem, handOracle, jetLevel } from "../support/handOracle.js";
import { E1, E53, M1, P1 } from "../support/handProblems.js";
import { base, problems } from "./lowerMaps.js";

type Vector = Float64Array;
type Options = Readonly<Record<string, ParameterValue>>;

/** A context with the piece's defaults and with these options. */
function contextOf(oracle: Oracle, piece: EstimatorPiece, options: Options, tolerance = 1e-12): MethodContext {
  const defaults = Object.fromEntries(piece.parameters.map((p) => [p.name, p.default]));
  return {
    oracle,
    parameters: { ...defaults, ...options },
    tolerance,
    random: createRandom(1),
    exhausted: () => false,
  };
}

/** G at (x, y) after a run of `K` lower steps (0: at y itself). */
function estimate(
  piece: EstimatorPiece,
  oracle: Oracle,
  x: Vector,
  y: Vector,
  options: Options,
  tolerance?: number,
  K = 0,
): { G: Vector; value: number; residual: number } {
  const context = contextOf(oracle, piece, options);
  const map = gradient.make(context);
  map.run(x, y, K, piece.keepsPath);
  const estimator = piece.make(context, map);
  const G = new Float64Array(oracle.n);
  const value = estimator.estimate(x, y, G, tolerance);
  return { G, value, residual: estimator.residual };
}

function lowerSolution(oracle: Oracle, x: Vector): Vector {
  return solveLower(lowerModel(oracle, x), oracle.startY, () => false).y;
}

function gradients(oracle: Oracle, x: Vector, y: Vector): { fx: Vector; fy: Vector } {
  const fx = new Float64Array(oracle.n);
  const fy = new Float64Array(oracle.m);
  oracle.upper.valueGrad(x, y, fx, fy);
  return { fx, fy };
}

/** grad_x f - J v */
function hypergradient(oracle: Oracle, x: Vector, y: Vector, v: Vector): number[] {
  const Jv = new Float64Array(oracle.n);
  oracle.lower.jvpXY(x, y, v, Jv);
  return Array.from(gradients(oracle, x, y).fx, (g, i) => g - Jv[i]);
}

function close(found: ArrayLike<number>, wanted: readonly number[], within: number, what = ""): void {
  for (const [i, w] of wanted.entries())
    expect(Math.abs(found[i] - w), `${what} ${i}`).toBeLessThan(within * (1 + Math.abs(w)));
}

const exact: readonly (readonly [EstimatorPiece, Options])[] = [
  [direct, {}],
  [cg, {}],
  [fixedPoint, {}],
  [fixedPoint, { alpha: 0.1 }],
  [neumann, {}],
  [minimumNorm, {}],
  [shadow, {}],
  [shadow, { update: "sc" }],
  [clipped, {}],
];

describe("implicit estimators to a tolerance agree with differences of f(x, y*(x))", () => {
  for (const [name, p] of problems) {
    it(name, () => {
      const x = Float64Array.from(p.x);
      const phi = (at: Vector): number => {
        const oracle = handOracle(p);
        return oracle.upper.value(at, lowerSolution(oracle, at));
      };
      const h = 1e-5;
      const wanted = p.x.map((v, i) => (phi(x.with(i, v + h)) - phi(x.with(i, v - h))) / (2 * h));
      for (const [piece, options] of exact) {
        const oracle = handOracle(p);
        const { G, residual } = estimate(piece, oracle, x, lowerSolution(oracle, x), options, 1e-11);
        close(G, wanted, 1e-6, `${piece.id} ${JSON.stringify(options)}`);
        expect(residual, piece.id).toBeLessThan(1e-10);
      }
    });
  }
});

it("the implicit term vanishes for g = -f at the lower solution", () => {
  for (const piece of estimators) {
    if (piece.id === "zeroth-order") continue;
    const oracle = handOracle(M1);
    const { G } = estimate(piece, oracle, Float64Array.of(0.8), Float64Array.of(1.8), { alpha: 0.4 }, 1e-10, 3);
    // d/dx max_y psi = psi_x: 2x + 2y - 4 at y = x + 1.
    expect(Math.abs(G[0] - (4 * 0.8 - 2)), piece.id).toBeLessThan(1e-12);
  }
});

describe("closed forms of truncated rules", () => {
  const oracle = handOracle(base);
  const x = Float64Array.from(base.x);
  const y = Float64Array.from(base.y);
  const c = 0.12;
  const H = (v: Vector): Vector => {
    const out = new Float64Array(3);
    oracle.lower.hvpYY(x, y, v, out);
    return out;
  };
  /** (I - cH)^j b for j = 0 … M. */
  const powers = (M: number): Vector[] => {
    const terms = [gradients(oracle, x, y).fy];
    for (let j = 1; j <= M; j++) {
      const last = terms[j - 1];
      const Hl = H(last);
      terms.push(last.map((a, i) => a - c * Hl[i]));
    }
    return terms;
  };
  const sum = (terms: Vector[]): Vector => terms[0].map((_, i) => terms.reduce((s, t) => s + c * t[i], 0));
  const at = (piece: EstimatorPiece, options: Options) => estimate(piece, oracle, x, y.slice(), options);

  it("neumann: c times the sum of M + 1 powers", () => {
    for (const M of [1, 2, 7]) {
      const terms = powers(M);
      const { G, residual } = at(neumann, { adjointStep: c, M });
      close(G, hypergradient(oracle, x, y, sum(terms)), 1e-13);
      expect(residual).toBeCloseTo(Math.hypot(...terms[M]) / Math.hypot(...terms[0]), 12);
    }
  });
  it("fixed-point: M cold steps are M powers; a warm start goes on where it was", () => {
    close(at(fixedPoint, { alpha: c, M: 5, warmAdjoint: false }).G, hypergradient(oracle, x, y, sum(powers(4))), 1e-13);
    const context = contextOf(oracle, fixedPoint, { alpha: c, M: 3 });
    const estimator = fixedPoint.make(context, gradient.make(context));
    const G = new Float64Array(2);
    estimator.estimate(x, y, G, undefined);
    estimator.estimate(x, y, G, undefined);
    close(G, hypergradient(oracle, x, y, sum(powers(5))), 1e-13);
    estimator.reset();
    estimator.estimate(x, y, G, undefined);
    close(G, hypergradient(oracle, x, y, sum(powers(2))), 1e-13);
  });
  it("random-neumann: the mean over all draws is the sum of M powers", () => {
    const M = 6;
    const mean = [0, 0];
    for (let drawn = 0; drawn < M; drawn++) {
      const random = { ...createRandom(1), split: () => ({ ...createRandom(1), integer: () => drawn }) };
      const context = { ...contextOf(oracle, randomNeumann, { adjointStep: c, M }), random: random as never };
      const G = new Float64Array(2);
      randomNeumann
        .make(context, gradient.make(contextOf(oracle, randomNeumann, { alpha: c })))
        .estimate(x, y, G, undefined);
      for (const i of [0, 1]) mean[i] += G[i] / M;
    }
    close(mean, hypergradient(oracle, x, y, sum(powers(M - 1))), 1e-13);
  });
  it("shadow: one step of either update from 0", () => {
    const b = gradients(oracle, x, y).fy;
    const once = (d: Vector): number[] =>
      hypergradient(
        oracle,
        x,
        y,
        d.map((a) => 0.01 * a),
      );
    close(at(shadow, { adjointStep: 0.01, M: 1 }).G, once(H(b)), 1e-13);
    close(at(shadow, { adjointStep: 0.01, M: 1, update: "sc" }).G, once(b), 1e-13);
  });
  it("cg: M = 3 steps solve three equations", () => {
    close(at(cg, { M: 3 }).G, Array.from(at(direct, {}).G), 1e-10);
    expect(at(cg, { M: 1 }).residual).toBeGreaterThan(1e-3);
  });
});

describe("singular lower Hessians", () => {
  /** E1 on its solution set: H = v vᵀ, b = v, H⁺ b = v / |v|², so G = 2x - J v / |v|² = 2x - 1. */
  const oracle = handOracle(E1);
  const x = Float64Array.of(1.3);
  const y = Float64Array.of(Math.sin(0.7) - 1.3, 0.7);
  it("minimum-norm, shadow, direct and cg agree with the pseudo-inverse", () => {
    for (const piece of [minimumNorm, shadow, direct, cg]) {
      const { G, residual } = estimate(piece, oracle, x, y.slice(), {}, 1e-12);
      close(G, [2 * 1.3 - 1], 1e-9, piece.id);
      expect(residual, piece.id).toBeLessThan(1e-9);
    }
  });
  it("the share of the upper gradient in the kernel is reported", () => {
    const p = handOracle(E53);
    const at = Float64Array.of(0.3, -0.5);
    const [b1, b2] = gradients(p, Float64Array.of(0.2), at).fy;
    const share = Math.abs(b2) / Math.hypot(b1, b2);
    for (const piece of [minimumNorm, direct, cg, clipped]) {
      const options = piece === clipped ? { muClip: 0.5 } : {};
      const { G, residual } = estimate(piece, p, Float64Array.of(0.2), at.slice(), options, 1e-12);
      expect(residual, piece.id).toBeCloseTo(share, 10);
      // v = (b1 / 2, anything), J = (-2, 0): G = f_x + b1.
      close(G, [2 * (0.2 + 0.5) + b1], 1e-10, piece.id);
    }
  });
});

it("clipped: eigenvalues outside [muClip, LClip] are replaced by the bounds", () => {
  const problem: HandProblem = {
    x: [0.4],
    y: [0.3, -0.2, 0.9],
    f: jetLevel(1, 3, (_x, [u, v, w]) => u.add(v.mul(2)).sub(w.mul(3))),
    g: jetLevel(1, 3, ([x], [u, v, w]) => u.sub(x).sq().mul(0.05).add(v.sub(x).sq()).add(w.sub(x).sq().mul(10))),
  };
  // H = diag(0.1, 2, 20) and J = -(0.1, 2, 20).
  const { G, residual } = estimate(clipped, handOracle(problem), Float64Array.of(0.4), Float64Array.from(problem.y), {
    muClip: 0.5,
    LClip: 8,
  });
  close(G, [(0.1 * 1) / 0.5 + (2 * 2) / 2 + (20 * -3) / 8], 1e-13);
  expect(residual).toBeCloseTo(Math.hypot(1 - 0.1 / 0.5, 3 - 60 / 8) / Math.hypot(1, 2, 3), 12);
});

describe("first-order estimators", () => {
  const oracle = handOracle(base);
  const x = Float64Array.from(base.x);
  const y = Float64Array.from(base.y);
  it("difference: the gradient of f(x, y - xi grad_y g(x, y)) in x, with an error of the order epsilon squared", () => {
    const xi = 0.15;
    const ahead = (at: Vector): number => {
      const g = new Float64Array(3);
      oracle.lower.gradY(at, y, g);
      return oracle.upper.value(
        at,
        y.map((v, j) => v - xi * g[j]),
      );
    };
    const h = 1e-5;
    const wanted = base.x.map((v, i) => (ahead(x.with(i, v + h)) - ahead(x.with(i, v - h))) / (2 * h));
    const error = (epsilon: number): number =>
      Math.hypot(...estimate(difference, oracle, x, y.slice(), { xi, epsilon }).G.map((g, i) => g - wanted[i]));
    expect(error(1e-3)).toBeLessThan(1e-7);
    expect(error(0.2) / error(0.1)).toBeCloseTo(4, 1);
    expect(estimate(difference, oracle, x, y.slice(), { xi }).value).toBeCloseTo(ahead(x), 14);
  });
  it("difference with xi = 0, and dropped, are the upper gradient", () => {
    const fx = Array.from(gradients(oracle, x, y).fx);
    close(estimate(difference, oracle, x, y.slice(), { xi: 0 }).G, fx, 1e-15);
    close(estimate(dropped, oracle, x, y.slice(), {}).G, fx, 1e-15);
  });
  it("zeroth-order: on a linear map the projections of the exact response on the drawn directions", () => {
    const p = handOracle(P1);
    const at = Float64Array.of(2);
    const K = 4;
    const options = { alpha: 1 / 16, Q: 3, smoothing: 0.05 };
    const { G } = estimate(zerothOrder, p, at, Float64Array.of(0.5), options, undefined, K);
    const y4 = Float64Array.of(0.5);
    const swept = estimate(reverse, p, at, y4, options, undefined, K).G[0];
    const { fx } = gradients(p, at, y4);
    const random = createRandom(1).split("directions");
    const squares = [1, 2, 3].map(() => random.normal() ** 2);
    expect(G[0]).toBeCloseTo(fx[0] + ((swept - fx[0]) * (squares[0] + squares[1] + squares[2])) / 3, 10);
    // The mean over many directions is the reverse sweep's gradient.
    const many = estimate(zerothOrder, p, at, Float64Array.of(0.5), { ...options, Q: 20_000 }, undefined, K).G[0];
    expect(Math.abs(many - swept)).toBeLessThan(0.05 * Math.abs(swept - fx[0]));
  });
});
