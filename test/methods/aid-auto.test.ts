import { describe, expect, it } from "vitest";
import { aidAuto } from "../../src/methods/implicit/aidAuto.js";
import type { RunOutcome } from "../../src/methods/outcome.js";
import { runMethod } from "../../src/methods/run.js";
import { distance, norm } from "../../src/num/vector.js";
import { calls } from "../../src/oracle/oracle.js";
import { instance } from "./classes.js";
import { exactHypergradient, exactKink } from "./exactHypergradient.js";
import { ball, box, type HandLevel, type HandProblem, handOracle, simplex } from "./handOracle.js";
import { C2, E1, E53, M1, M2, P1, scalarLevel } from "./handProblems.js";

type Vector = Float64Array;

function solve(problem: HandProblem, limit = 20_000): RunOutcome {
  return runMethod(aidAuto, handOracle(problem), { now: () => 0, limits: { calls: limit } });
}
const near = (v: Vector, expected: readonly number[]): number => distance(v, Float64Array.from(expected));

describe("aid-auto on problems with closed forms", () => {
  it.each([0, 3, -50, 1e4])("P1 from x = %d", (start) => {
    const out = solve({ ...P1, startX: [start] });
    expect(out.status).toBe("converged");
    expect(near(out.x, [7])).toBeLessThan(1e-9);
    expect(near(out.y, [3.5])).toBeLessThan(1e-9);
    expect(out.value).toBeCloseTo(-100, 9);
    expect(calls(out.counts)).toBeLessThan(80);
  });

  it.each([0.2, 3, -1])("C2 (box below, kink of y* crossed) from x = %d", (start) => {
    const out = solve({ ...C2, startX: [start] });
    expect(out.status).toBe("converged");
    expect(near(out.x, [2])).toBeLessThan(1e-9);
    expect(near(out.y, [1])).toBeLessThan(1e-12);
  });

  it("M1 (minimax): the adjoint vanishes where grad_y f = -grad_y g = 0", () => {
    const out = solve(M1);
    expect(out.status).toBe("converged");
    expect(near(out.x, [0.5])).toBeLessThan(1e-9);
    expect(near(out.y, [1.5])).toBeLessThan(1e-9);
  });

  it("E1 (singular Hessian, upper gradient in its range)", () => {
    const out = solve(E1);
    expect(out.status).toBe("converged");
    expect(Math.abs(out.x[0] - 0.5)).toBeLessThan(1e-8);
    expect(Math.abs(out.y[0] - Math.sin(out.y[1]) + 0.5)).toBeLessThan(1e-8);
  });

  it("reports E53 as stalled: the upper gradient has a part in the kernel of the Hessian", () => {
    const out = solve(E53);
    expect(out.status).toBe("stalled");
    expect(out.reason).toMatch(/singular/);
    expect(near(out.x, [0.5])).toBeLessThan(1e-9);
    expect(out.extra.adjointResidual).toBeGreaterThan(0.1);
  });

  it("does not claim anything for M2, whose lower level has no solution", () => {
    expect(["stalled", "diverged", "not-finite"]).toContain(solve(M2).status);
  });

  it("is cheap and exact when started at the solution", () => {
    const out = solve({ ...P1, startX: [7], startY: [3.5] });
    expect([out.status, out.iterations]).toEqual(["converged", 0]);
    expect(calls(out.counts)).toBeLessThan(25);
  });
});

/** f = ½|x - a|² + ½|y - b|², g = ½|y - x|² in k dimensions each. */
function coupled(a: readonly number[], b: readonly number[]): { f: HandLevel; g: HandLevel } {
  const k = a.length;
  const half = (u: Vector, v: ArrayLike<number>): number => {
    let sum = 0;
    for (let i = 0; i < k; i++) sum += 0.5 * (u[i] - v[i]) ** 2;
    return sum;
  };
  const minus = (u: ArrayLike<number>, v: ArrayLike<number>, out: Vector): void => {
    for (let i = 0; i < k; i++) out[i] = u[i] - v[i];
  };
  return {
    f: {
      value: (x, y) => half(x, a) + half(y, b),
      gradX: (x, _y, out) => minus(x, a, out),
      gradY: (_x, y, out) => minus(y, b, out),
    },
    g: {
      value: (x, y) => half(y, x),
      gradX: (x, y, out) => minus(x, y, out),
      gradY: (x, y, out) => minus(y, x, out),
      hvpYY: (_x, _y, v, out) => {
        out.set(v);
      },
      jvpXY: (_x, _y, v, out) => {
        for (let i = 0; i < k; i++) out[i] = -v[i];
      },
    },
  };
}

describe("aid-auto on balls and simplices", () => {
  it("lower ball: with x outside, y* = x/|x|; the solution lies on the ray through a + b", () => {
    // a = (3, 0), b = (0, 1): phi = ½|x - a|² + ½|x/|x| - b|² for |x| >= 1. Solved by Newton in polar coordinates below.
    const out = solve({ n: 2, m: 2, ...coupled([3, 0], [0, 1]), blocksY: [ball([0, 0], 1)], startX: [2, 0.5] });
    expect(out.status).toBe("converged");
    // x = r(cos t, sin t): r = 3 cos t and 3 r sin t = cos t, so 9 sin t = 1.
    const t = Math.asin(1 / 9);
    const r = 3 * Math.cos(t);
    expect(near(out.x, [r * Math.cos(t), r * Math.sin(t)])).toBeLessThan(1e-8);
    expect(near(out.y, [Math.cos(t), Math.sin(t)])).toBeLessThan(1e-8);
  });

  it("lower simplex: agrees with differences of the closed-form hyper-objective", () => {
    const levels = coupled([1, 0.2, -0.5], [0.6, 0.6, 0.4]);
    const problem: HandProblem = { n: 3, m: 3, ...levels, blocksY: [simplex(3)] };
    const out = solve(problem);
    expect(out.status).toBe("converged");
    const { domainY } = handOracle(problem);
    const phi = (x: Vector): number => {
      const y = x.slice();
      domainY.project(y);
      return levels.f.value(x, y);
    };
    for (let i = 0; i < 3; i++) {
      const plus = out.x.slice();
      const minus = out.x.slice();
      plus[i] += 1e-5;
      minus[i] -= 1e-5;
      expect(Math.abs(phi(plus) - phi(minus)) / 2e-5).toBeLessThan(1e-8);
    }
  });

  it("upper ball and upper simplex by projection", () => {
    const a = [3, 4, 0];
    const onBall = solve({
      n: 3,
      m: 3,
      ...coupled(a, [0, 0, 0]),
      blocksX: [ball([0, 0, 0], 1)],
      startX: [0.1, 0, 0.3],
    });
    // phi = ½|x - a|² + ½|x|², least at a/2 outside the ball: x = a/|a|.
    expect(onBall.status).toBe("converged");
    expect(near(onBall.x, [0.6, 0.8, 0])).toBeLessThan(1e-8);
    const onSimplex = solve({ n: 3, m: 3, ...coupled([1, 0.5, -2], [0, 0, 0]), blocksX: [simplex(3)] });
    // Projection of a/2 = (.5, .25, -1) onto the simplex.
    expect(onSimplex.status).toBe("converged");
    expect(near(onSimplex.x, [0.625, 0.375, 0])).toBeLessThan(1e-8);
  });

  it("ill-conditioned lower quadratics on a ball: active and inactive", () => {
    const k = 12;
    const H = Float64Array.from({ length: k }, (_, i) => 10 ** ((3 * i) / (k - 1)));
    const g: HandLevel = {
      value: (x, y) => y.reduce((sum, v, i) => sum + 0.5 * H[i] * v * v - (i % 2 === 0 ? x[0] : 1) * v, 0),
      gradX: (_x, y, out) => {
        out[0] = -y.reduce((sum, v, i) => sum + (i % 2 === 0 ? v : 0), 0);
      },
      gradY: (x, y, out) => {
        for (let i = 0; i < k; i++) out[i] = H[i] * y[i] - (i % 2 === 0 ? x[0] : 1);
      },
      hvpYY: (_x, _y, v, out) => {
        for (let i = 0; i < k; i++) out[i] = H[i] * v[i];
      },
      jvpXY: (_x, _y, v, out) => {
        out[0] = -v.reduce((sum, t, i) => sum + (i % 2 === 0 ? t : 0), 0);
      },
    };
    const f: HandLevel = {
      value: (x, y) => 0.5 * (x[0] - 2) ** 2 + y.reduce((sum, v) => sum + 0.5 * (v - 0.3) ** 2, 0),
      gradX: (x, _y, out) => {
        out[0] = x[0] - 2;
      },
      gradY: (_x, y, out) => {
        for (let i = 0; i < k; i++) out[i] = y[i] - 0.3;
      },
    };
    for (const radius of [0.5, 100]) {
      const center = new Float64Array(k);
      const out = solve({ n: 1, m: k, f, g, blocksY: [ball(center, radius)] });
      expect(out.status).toBe("converged");
      // Lower solution by bisection on the multiplier: y_i = c_i / (H_i + nu).
      const phi = (x: number): number => {
        const at = (nu: number): Vector => H.map((h, i) => (i % 2 === 0 ? x : 1) / (h + nu));
        let [low, high] = [0, 1e4];
        if (norm(at(0)) <= radius) high = 0;
        for (let t = 0; t < 200 && high > low; t++) {
          const mid = 0.5 * (low + high);
          if (norm(at(mid)) > radius) low = mid;
          else high = mid;
        }
        return f.value(Float64Array.of(x), at(high));
      };
      const h = 1e-4;
      expect(Math.abs(phi(out.x[0] + h) - phi(out.x[0] - h)) / (2 * h)).toBeLessThan(1e-7);
      expect(norm(out.y)).toBeLessThanOrEqual(radius + 1e-12);
    }
  });
});

describe("aid-auto on degenerate lower levels", () => {
  const linear = scalarLevel({ value: (x, y) => x * y, x: (_x, y) => y, y: (x) => x, yy: () => 0, xy: () => 1 });
  it("a linear lower level on a box: all coordinates held, v = 0", () => {
    // g = xy on [0, 1]: y* = 0 for x > 0, 1 for x < 0. f = (x - 2)² + y: x = 2.
    const f = scalarLevel({
      value: (x, y) => (x - 2) ** 2 + y,
      x: (x) => 2 * (x - 2),
      y: () => 1,
      yy: () => 0,
      xy: () => 0,
    });
    const out = solve({ n: 1, m: 1, f, g: linear, blocksY: [box([0], [1])], startX: [1] });
    expect(out.status).toBe("converged");
    expect([out.x[0], out.y[0]]).toEqual([2, 0]);
    const left = solve({
      n: 1,
      m: 1,
      f,
      g: linear,
      blocksY: [box([0], [1])],
      startX: [-1e-3],
      blocksX: [box([-5], [-1e-3])],
    });
    expect(left.y[0]).toBe(1);
  });

  it("names a lower level that is unbounded below at the start", () => {
    const out = solve({ n: 1, m: 1, f: P1.f, g: linear, startX: [1] });
    expect(out.status).toBe("stalled");
    expect(out.reason).toMatch(/unbounded below/);
  });

  it("finds a stationary kink: f = |y|-like at the edge of a box", () => {
    // y* = min(x, 1), phi = (x - 3)² + 2(x - 1) for x <= 1 (slope -2 at 1), 4 + 2(x - 1) beyond (slope 2): least at the kink x = 1.
    const f = scalarLevel({
      value: (x, y) => (y - 3) ** 2 + 2 * (x - 1),
      x: () => 2,
      y: (_x, y) => 2 * (y - 3),
      yy: () => 2,
      xy: () => 0,
    });
    const out = solve({ n: 1, m: 1, f, g: C2.g, blocksY: [box([-10], [1])], startX: [-2] });
    expect(out.status).toBe("converged");
    expect(out.reason).toMatch(/kink/);
    expect(Math.abs(out.x[0] - 1)).toBeLessThan(1e-6);
  });

  it("does not step where f is not defined: log(y) with a start outside its domain", () => {
    // g = ½(y - x)², f = x²/2 - log y: x = 1, y = 1.
    const f = scalarLevel({
      value: (x, y) => 0.5 * x * x - Math.log(y),
      x: (x) => x,
      y: (_x, y) => -1 / y,
      yy: (_x, y) => 1 / (y * y),
      xy: () => 0,
    });
    const out = solve({ n: 1, m: 1, f, g: C2.g, startX: [0.01] });
    expect(out.status).toBe("converged");
    expect(near(out.x, [1])).toBeLessThan(1e-8);
  });
});

describe("aid-auto on seeded random classes", () => {
  const cases = (["C1", "C1b", "C2"] as const).flatMap((name) => [0, 1, 2, 3, 7, 10].map((i) => [name, i] as const));
  it.each(cases)("%s %d is solved by an independent measure", (name, i) => {
    const made = instance(name, i);
    const oracle = handOracle(made.problem);
    const out = runMethod(aidAuto, oracle, { now: () => 0, limits: { calls: 12_000 } });
    expect(out.status).toBe("converged");
    expect(exactHypergradient(made, out.x, out.y)).toBeLessThan(
      1e-6 * exactHypergradient(made, oracle.startX, oracle.startY),
    );
  });

  it.each([0, 1, 2, 3, 7, 13, 21])("C4 %d (boxes at both levels) ends at a stationary point, smooth or not", (i) => {
    const made = instance("C4", i);
    const oracle = handOracle(made.problem);
    const out = runMethod(aidAuto, oracle, { now: () => 0, limits: { calls: 12_000 } });
    expect(out.status).toBe("converged");
    const start = exactHypergradient(made, oracle.startX, oracle.startY);
    const end = Math.min(exactHypergradient(made, out.x, out.y), exactKink(made, out.x, out.y));
    expect(end).toBeLessThan(1e-5 * start);
  });

  it("gives the same bytes for the same seed", () => {
    const run = () => runMethod(aidAuto, handOracle(instance("C1b", 9).problem), { now: () => 0, seed: 5 });
    const [a, b] = [run(), run()];
    expect(a.x).toEqual(b.x);
    expect(a.counts).toEqual(b.counts);
  });

  it("goes on after a budget ran out in the middle of a step, and its answer stays usable", () => {
    const made = instance("C1", 4);
    for (const limit of [3, 40, 150]) {
      const out = runMethod(aidAuto, handOracle(made.problem), { now: () => 0, limits: { calls: limit } });
      expect(out.status).toBe("call-limit");
      expect(out.x.every(Number.isFinite) && out.y.every(Number.isFinite)).toBe(true);
      expect(calls(out.counts)).toBeLessThan(limit + 150);
    }
  });
});
