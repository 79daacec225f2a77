import { describe, expect, it } from "vitest";
import { descend } from "../../src/methods/implicit/aidAuto.js";
import { step } from "../../src/methods/implicit/aidAutoStep.js";
import { nullAid } from "../../src/methods/implicit/nullAid.js";
import { NullAidEvaluator } from "../../src/methods/implicit/nullAidEvaluator.js";
import { liftedOracle } from "../../src/methods/implicit/nullAidOracle.js";
import { HyperPoint } from "../../src/methods/kit/hyperPoint.js";
import { ScaledProblem } from "../../src/methods/kit/scaledProblem.js";
import type { RunOutcome } from "../../src/methods/outcome.js";
import { runMethod } from "../../src/methods/run.js";
import { createRandom } from "../../src/num/random.js";
import { distance, norm } from "../../src/num/vector.js";
import { calls, type LevelOracle } from "../../src/oracle/oracle.js";
import { ball, box, type HandProblem, handOracle } from "./handOracle.js";
import { E1, E53, P1 } from "./handProblems.js";
import { curvedInstance, singularInstance } from "./singularClasses.js";

type Vector = Float64Array;

function solve(problem: HandProblem, limit = 60_000): RunOutcome {
  return runMethod(nullAid, handOracle(problem), { now: () => 0, limits: { calls: limit } });
}
const near = (v: Vector, expected: readonly number[]): number => distance(v, Float64Array.from(expected));

describe("null-aid on problems with closed forms", () => {
  it.each([
    [0, 0, 0],
    [3, -2, 7],
    [-40, 1, 100],
  ])("E53 from (%d; %d, %d): the optimistic solution", (x, y1, y2) => {
    const out = solve({ ...E53, startX: [x], startY: [y1, y2] });
    expect(out.status).toBe("converged");
    // The goal is relative to the gradient at the start.
    const reach = 1e-9 * (1 + Math.hypot(x, y1, y2));
    expect(near(out.x, [1])).toBeLessThan(reach);
    expect(near(out.y, [1, 1])).toBeLessThan(reach);
    expect(Math.abs(out.value)).toBeLessThan(1e-12);
    expect(calls(out.counts)).toBeLessThan(140);
  });

  it.each([
    [3, 2, 2],
    [0, 0, 0],
    [-5, 4, 1],
  ])("E1 (curved set of lower solutions) from (%d; %d, %d)", (x, y1, y2) => {
    const out = solve({ ...E1, startX: [x], startY: [y1, y2] });
    expect(out.status).toBe("converged");
    expect(Math.abs(out.x[0] - 0.5)).toBeLessThan(1e-8);
    expect(Math.abs(out.y[0] - Math.sin(out.y[1]) + 0.5)).toBeLessThan(1e-8);
    expect(out.value).toBeCloseTo(-0.25, 9);
  });

  it("P1 (nonsingular): the choice of y0 changes nothing", () => {
    const out = solve({ ...P1, startX: [-50], startY: [9] });
    expect(out.status).toBe("converged");
    expect(near(out.x, [7])).toBeLessThan(1e-9);
    expect(near(out.y, [3.5])).toBeLessThan(1e-9);
  });

  it("keeps x in a box and in a ball", () => {
    // phi(x) = (x - 1)², so the bound nearest to 1 is best; y2 = x there.
    for (const blocksX of [[box([-3], [0.25])], [ball([-1.75], 2)]]) {
      const out = solve({ ...E53, blocksX, startX: [-2], startY: [5, -5] });
      expect(out.status).toBe("converged");
      expect(near(out.x, [0.25])).toBeLessThan(1e-8);
      expect(near(out.y, [0.25, 0.25])).toBeLessThan(1e-8);
    }
  });
});

describe("null-aid on seeded classes: convex quadratics with a kernel to which the upper level couples x", () => {
  it.each(Array.from({ length: 18 }, (_, k) => k))("instance %d", (k) => {
    const made = singularInstance(k);
    const out = solve(made.problem);
    const scale = norm(made.x) + norm(made.y);
    expect(out.status).toBe("converged");
    expect(distance(out.x, made.x)).toBeLessThan(1e-6 * scale);
    expect(distance(out.y, made.y)).toBeLessThan(1e-6 * scale);
  });
});

describe("null-aid where the lower level is not quadratic", () => {
  it.each([0, 1, 2, 3, 4])("smooth convex lower level of fixed rank, instance %d", (k) => {
    const made = curvedInstance(k);
    const out = solve(made.problem);
    expect(out.status).toBe("converged");
    const { lower, kernel, reduced, scale } = made.residuals(out.x, out.y);
    expect(lower).toBeLessThan(1e-9);
    expect(kernel).toBeLessThan(1e-7 * scale);
    expect(reduced).toBeLessThan(1e-7 * scale);
  });
});

/** Runs the outer rule on the evaluator that only multiplies with H. */
function iterate(problem: HandProblem): { x: Vector; y: Vector; finished: string; calls: number } {
  const oracle = handOracle(problem);
  const { n, m } = oracle;
  const ones = { dx: new Float64Array(n + m).fill(1), dy: new Float64Array(m).fill(1) };
  const scaled = new ScaledProblem(liftedOracle(oracle), ones);
  const state = descend(new NullAidEvaluator(scaled, () => false, createRandom(1), true), 1e-6);
  for (let k = 0; k < 500 && state.finished === "no"; k++) step(state);
  const y = state.x.slice(n).map((v, j) => v + state.y[j]);
  return { x: state.x.slice(0, n), y, finished: state.finished, calls: calls(oracle.counts) };
}

describe("null-aid without decompositions", () => {
  it("E53 and E1", () => {
    const e53 = iterate(E53);
    expect(e53.finished).toBe("converged");
    expect(near(e53.x, [1]) + near(e53.y, [1, 1])).toBeLessThan(1e-8);
    const e1 = iterate(E1);
    expect(e1.finished).toBe("converged");
    expect(Math.abs(e1.x[0] - 0.5) + Math.abs(e1.y[0] - Math.sin(e1.y[1]) + 0.5)).toBeLessThan(1e-8);
  });

  it.each([0, 1, 2, 3, 4, 5, 8, 9, 10, 12, 15])("instance %d of the seeded class", (k) => {
    const made = singularInstance(k);
    const out = iterate(made.problem);
    const scale = norm(made.x) + norm(made.y);
    expect(out.finished).toBe("converged");
    expect(distance(out.x, made.x)).toBeLessThan(1e-6 * scale);
    expect(distance(out.y, made.y)).toBeLessThan(1e-6 * scale);
  });

  it("150 lower variables: the method itself takes this way", () => {
    const made = singularInstance(101, [4, 150, 60]);
    const out = solve(made.problem);
    const scale = norm(made.x) + norm(made.y);
    expect(out.status).toBe("converged");
    expect(distance(out.x, made.x)).toBeLessThan(1e-6 * scale);
    expect(distance(out.y, made.y)).toBeLessThan(1e-6 * scale);
  });
});

describe("the lifted problem", () => {
  const lifted = liftedOracle(handOracle(E1));
  const at = Float64Array.from([0.7, -0.4, 1.1]);
  const z = Float64Array.from([0.3, -0.2]);
  const h = 1e-5;

  /** Central difference of a vector function of (x, y0) along coordinate i. */
  function difference(of: (lifted: Vector) => Vector, i: number): Vector {
    const plus = at.slice();
    const minus = at.slice();
    plus[i] += h;
    minus[i] -= h;
    const up = of(plus);
    const down = of(minus);
    return up.map((v, j) => (v - down[j]) / (2 * h));
  }

  it.each(["upper", "lower"] as const)("gradients of the %s level are differences of its values", (name) => {
    const level: LevelOracle = lifted[name];
    const outX = new Float64Array(3);
    const outY = new Float64Array(2);
    expect(level.valueGrad(at, z, outX, outY)).toBe(level.value(at, z));
    for (let i = 0; i < 3; i++) {
      expect(outX[i]).toBeCloseTo(difference((p) => Float64Array.of(level.value(p, z)), i)[0], 8);
    }
    const alone = new Float64Array(3);
    level.gradX(at, z, alone);
    expect(alone).toEqual(outX);
  });

  it("products are differences of gradients", () => {
    const v = Float64Array.from([0.6, -1.3]);
    const u = Float64Array.from([0.2, 0.9, -0.5]);
    const grad = (p: Vector): Vector => {
      const out = new Float64Array(2);
      lifted.lower.gradY(p, z, out);
      return out;
    };
    const Jv = new Float64Array(3);
    const Hv = new Float64Array(2);
    const map = lifted.lower.linearize(at, z);
    map.both(v, Hv, Jv);
    const columns = [0, 1, 2].map((i) => difference(grad, i));
    const Ju = new Float64Array(2);
    lifted.lower.jvpYX(at, z, u, Ju);
    for (let i = 0; i < 3; i++) expect(Jv[i]).toBeCloseTo(columns[i][0] * v[0] + columns[i][1] * v[1], 8);
    for (let j = 0; j < 2; j++) {
      expect(Hv[j]).toBeCloseTo(Jv[1 + j], 12);
      expect(Ju[j]).toBeCloseTo(columns[0][j] * u[0] + columns[1][j] * u[1] + columns[2][j] * u[2], 8);
    }
    const alone = new Float64Array(3);
    lifted.lower.jvpXY(at, z, v, alone);
    expect(alone).toEqual(Jv);
    map.jvp(v, alone);
    expect(alone).toEqual(Jv);
  });

  it("G of the evaluator is the derivative of phi in (x, y0) at a lower solution", () => {
    const made = curvedInstance(1);
    const { n, m } = made.problem;
    const oracle = liftedOracle(handOracle(made.problem));
    const ones = { dx: new Float64Array(n + m).fill(1), dy: new Float64Array(m).fill(1) };
    const evaluator = new NullAidEvaluator(new ScaledProblem(oracle, ones), () => false, createRandom(1));
    const random = createRandom(5);
    const p = new HyperPoint(n + m, m);
    for (let i = 0; i < n + m; i++) p.x[i] = random.normal();
    expect(evaluator.evaluate(p)).toBe(true);
    const phi = (i: number, step: number): number => {
      const q = new HyperPoint(n + m, m);
      q.x.set(p.x);
      q.x[i] += step;
      evaluator.evaluate(q);
      return q.phi;
    };
    for (let i = 0; i < n + m; i++) expect(p.G[i]).toBeCloseTo((phi(i, 1e-4) - phi(i, -1e-4)) / 2e-4, 5);
  });
});
