/**
 * Directional derivatives of lower solutions at degenerate multipliers: against one-sided differences of lower solutions solved to
 * rounding, with weakly active rows and bounds, dependent gradients and curved rows; complementarity problems and vertices against
 * enumeration; the search for descent against sampled directions.
 */
import { describe, expect, it } from "vitest";
import { compile } from "../../src/api.js";
import { generated } from "../../src/codegen/backend.js";
import { findDescent } from "../../src/methods/constrained/directionalDescent.js";
import { analyseKink, type Kink, slopeAlong } from "../../src/methods/constrained/kinkAnalysis.js";
import { KktEvaluator } from "../../src/methods/constrained/kktEvaluator.js";
import { lemke } from "../../src/methods/constrained/lemke.js";
import { multiplierVertices } from "../../src/methods/constrained/multiplierVertices.js";
import { HyperPoint } from "../../src/methods/kit/hyperPoint.js";
import { ProgramSolver } from "../../src/methods/singleLevel/programSolver.js";
import { nonNegativeLeastSquares } from "../../src/num/nonNegative.js";
import { createRandom, type Random } from "../../src/num/random.js";
import { compileOracle } from "../../src/oracle/compile.js";
import { lowerSensitivity } from "../../src/reform/lowerSensitivity.js";

const text = (rows: readonly (readonly number[])[]): string =>
  `[${rows.map((r) => `[${r.map(String).join(", ")}]`).join(", ")}]`;
const table = (random: Random, k: number, l: number): number[][] =>
  Array.from({ length: k }, () => Array.from({ length: l }, () => random.normal()));

/** At x = 0 the solution is y = 0; rows: `strict` with multipliers, `weak` without; y[1] and y[2] at bounds, one of them weakly. */
function degenerate(seed: number, strict: number, weak: number): string {
  const random = createRandom(seed);
  const m = strict + weak + 4;
  const A = table(random, strict + weak, m);
  const pull = Array.from({ length: m }, (_, j) => A.slice(0, strict).reduce((s, a, i) => s - (0.5 + i) * a[j], 0));
  pull[0] += 1;
  return `
param W = ${text(table(random, m, m))}
param C = ${text(table(random, m, 3))}
param A = ${text(A)}
param B = ${text(table(random, strict + weak, 3))}
param q = ${text([pull])}
param a = ${text(table(random, 1, m))}
upper { var x[3] in [-2, 2] init [0, 0, 0]; minimize dot(a[1, :], y) + sumsq(y - 1) + sumsq(x - 1) }
lower {
  var y[${m}] in [-3, 4]
  minimize 0.5 * sumsq(W * y) + 0.5 * sumsq(y) + dot(C * x + q[1, :], y)
  subject to
    rows: A * y <= B * x
    first: y[1] >= 0
    second: y[2] >= 0.3 * x[1]
}`;
}

/** Three rows through a vertex of the plane, with multipliers that are not unique, curved in x and y. */
const vertex = `
upper { var x[2] in [-2, 2] init [0, 0]; minimize sumsq(y - 0.5) + y[1] * x[1] - 0.3 * x[2] }
lower {
  var y[2]
  minimize sumsq(y) + x[1] * y[1] * y[2] - 6 * y[1] - 5 * y[2] + exp(0.3 * x[2] * y[1])
  subject to
    first: y[1] + 0.4 * y[1]^2 <= x[1]
    second: y[2] <= x[2] - 0.3 * y[1] * y[2]
    both: y[1] + y[2] + 0.2 * y[2]^2 <= 0.7 * x[1] - 0.4 * x[2]
    weak: y[1] - y[2] <= 0.5 * x[2]
}`;

interface Setting {
  readonly evaluator: KktEvaluator;
  readonly p: HyperPoint;
  readonly kink: Kink;
  readonly at: (x: ArrayLike<number>) => { readonly y: Float64Array; readonly z: Float64Array; readonly phi: number };
}

async function settingOf(source: string, x: readonly number[]): Promise<Setting> {
  const { problem, diagnostics } = await compile(source);
  if (problem === undefined) throw new Error(diagnostics.map((d) => d.message).join("; "));
  const oracle = compileOracle(problem);
  const model = lowerSensitivity(problem, generated);
  const evaluator = new KktEvaluator(oracle, model, new ProgramSolver(oracle, () => false), undefined);
  const p = new HyperPoint(oracle.n, oracle.m);
  p.x.set(x);
  evaluator.evaluate(p);
  expect(p.finite).toBe(true);
  const fx = new Float64Array(oracle.n);
  const fy = new Float64Array(oracle.m);
  oracle.upper.gradX(p.x, p.y, fx);
  oracle.upper.gradY(p.x, p.y, fy);
  const kink = analyseKink(model, evaluator.lower, fx, fy, 1e-7);
  if (kink === undefined) throw new Error("no analysis");
  const at: Setting["at"] = (there) => {
    p.x.set(there);
    evaluator.evaluate(p);
    expect(p.finite).toBe(true);
    expect(p.lowerResidual).toBeLessThan(1e-11);
    return { y: p.y.slice(), z: evaluator.lower.z.slice(), phi: p.phi };
  };
  return { evaluator, p, kink, at };
}

describe("derivatives of solutions and multipliers along directions", () => {
  it.each([
    [1, 0, 3],
    [2, 2, 3],
    [3, 1, 5],
    [4, 3, 2],
    [5, 2, 6],
  ])("seed %i, %i rows with multipliers, %i without: one-sided differences", async (seed, strict, weak) => {
    const { kink, at } = await settingOf(degenerate(seed, strict, weak), [0, 0, 0]);
    expect(kink.models.length).toBe(1);
    expect(kink.gap).toBeUndefined();
    const [model] = kink.models;
    expect(model.k).toBe(weak + 1);
    const zero = at([0, 0, 0]);
    const random = createRandom(100 + seed);
    const pieces = new Set<string>();
    const h = 1e-4;
    for (let trial = 0; trial < 30; trial++) {
      const d = Float64Array.from({ length: 3 }, () => random.normal());
      const motion = model.along(d);
      if (motion === undefined) throw new Error("no motion");
      pieces.add(Array.from(motion.z, (v) => (v === 0 ? 0 : 1)).join(""));
      // Quadratic programs: solutions are piecewise linear, so differences are exact to rounding.
      const there = at(d.map((v) => h * v));
      motion.y.forEach((v, j) => {
        expect(Math.abs((there.y[j] - zero.y[j]) / h - v)).toBeLessThan(1e-7 * (1 + Math.abs(v)));
      });
      motion.z.forEach((v, i) => {
        expect(Math.abs((there.z[i] - zero.z[i]) / h - v)).toBeLessThan(1e-6 * (1 + Math.abs(v)));
      });
      const near = at(d.map((v) => 1e-7 * v));
      expect(Math.abs((near.phi - zero.phi) / 1e-7 - motion.slope)).toBeLessThan(1e-4 * (1 + Math.abs(motion.slope)));
    }
    expect(pieces.size).toBeGreaterThan(3);
  });

  it("dependent gradients: the multiplier that maximises dᵀ ∇x L decides", async () => {
    const { kink, at } = await settingOf(vertex, [0, 0]);
    expect(kink.models.length).toBeGreaterThan(1);
    expect(kink.gap).toBeUndefined();
    const zero = at([0, 0]);
    const used = new Set<number>();
    for (let trial = 0; trial < 40; trial++) {
      const d = Float64Array.of(Math.cos(0.157 * trial + 0.01), Math.sin(0.157 * trial + 0.01));
      const own = kink.models.findIndex((model) => model.slope(d) !== undefined);
      if (own < 0) continue;
      const slopes = kink.models.map((model) => model.slope(d)).filter((s) => s !== undefined);
      for (const s of slopes) expect(s).toBeCloseTo(slopes[0], 7);
      used.add(own);
      const h = 1e-5;
      const there = at(d.map((v) => h * v));
      const slope = slopeAlong(kink, d) ?? Number.NaN;
      expect(Math.abs((there.phi - zero.phi) / h - slope)).toBeLessThan(1e-3 * (1 + Math.abs(slope)));
      const motion = kink.models[own].along(d);
      motion?.y.forEach((v, j) => {
        expect(Math.abs((there.y[j] - zero.y[j]) / h - v)).toBeLessThan(1e-3 * (1 + Math.abs(v)));
      });
    }
    expect(used.size).toBeGreaterThan(1);
  });
});

describe("the search for descent", () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    "seed %i: a direction wherever sampled ones fall, none where none does",
    async (seed) => {
      const { kink } = await settingOf(degenerate(seed, seed % 3, 2 + (seed % 4)), [0, 0, 0]);
      for (const held of [
        [0, 0, 0],
        [-1, 1, 0],
        [1, 0, 2],
      ]) {
        const found = findDescent(kink.models, { held: Int8Array.from(held) });
        const random = createRandom(seed);
        let least = 0;
        for (let trial = 0; trial < 2000; trial++) {
          const d = Float64Array.from(held, (side) => {
            const v = random.normal();
            return side === 2 ? 0 : side === 0 ? v : -side * Math.abs(v);
          });
          const slope = slopeAlong(kink, d);
          if (slope !== undefined) least = Math.min(least, slope / Math.hypot(...d));
        }
        if (least < -1e-6) expect(found.kind).toBe("descent");
        if (found.kind === "descent") {
          expect(found.slope).toBeLessThan(0);
          expect(slopeAlong(kink, found.d)).toBeCloseTo(found.slope, 9);
          held.forEach((side, i) => {
            if (side !== 0) expect(side === 2 ? Math.abs(found.d[i]) : side * found.d[i]).toBeLessThan(1e-12);
          });
        } else expect(found.kind).toBe("stationary");
      }
    },
  );
  it("tells kinks that are minima from those that only look so: |x1| + |x2| - a |x1 + x2|", async () => {
    // y = (|x1|, |x2|, |x1 + x2|) through positive parts
    const source = (a: number): string => `
upper { var x[2] in [-2, 2] init [0, 0]; minimize 2 * y[1] - x[1] + 2 * y[2] - x[2] - ${a} * (2 * y[3] - x[1] - x[2]) }
lower { var y[3] >= 0; minimize sumsq(y - [x[1], x[2], x[1] + x[2]]); subject to cap: sum(y) <= 50 }`;
    const kind = async (a: number): Promise<string> => {
      const { kink } = await settingOf(source(a), [0, 0]);
      return findDescent(kink.models, { held: new Int8Array(2) }).kind;
    };
    expect(await kind(0.9)).toBe("stationary");
    expect(await kind(1.1)).toBe("descent");
  });
});

describe("the small problems inside", () => {
  it("lemke: complementary solutions of semidefinite problems, and none where there is none", () => {
    const random = createRandom(5);
    let solved = 0;
    let none = 0;
    for (let trial = 0; trial < 300; trial++) {
      const k = 1 + (trial % 6);
      const rank = trial % 3 === 0 ? Math.max(1, k - 2) : k + 2;
      const F = table(random, k, rank);
      const M = Float64Array.from({ length: k * k }, (_, e) =>
        F[Math.floor(e / k)].reduce((s, v, l) => s + v * F[e % k][l], 0),
      );
      const q = Float64Array.from({ length: k }, () => random.normal());
      const z = lemke(M, q);
      if (z === undefined) {
        none++;
        // Some u >= 0 with M u = 0 and qᵀ u < 0 excludes solutions (uᵀ w = uᵀ q < 0): the projection of -q onto that cone.
        const columns = [...q.keys()].map((i) => M.slice(i * k, (i + 1) * k));
        const signs = [...columns.map(() => false), ...columns.map(() => true)];
        for (let i = 0; i < k; i++) columns.push(Float64Array.from(q, (_, j) => (i === j ? -1 : 0)));
        const b = q.map((v) => -v);
        const weights = nonNegativeLeastSquares(columns, b, signs);
        const u = b.map((v, i) => columns.reduce((s, a, j) => s - weights[j] * a[i], v));
        expect(Math.hypot(...u)).toBeGreaterThan(1e-6);
        continue;
      }
      solved++;
      const w = q.map((v, i) => v + z.reduce((s, zj, j) => s + M[i * k + j] * zj, 0));
      for (let i = 0; i < k; i++) {
        expect(z[i]).toBeGreaterThanOrEqual(0);
        expect(w[i]).toBeGreaterThan(-1e-8 * (1 + Math.max(...z)));
        expect(Math.abs(z[i] * w[i])).toBeLessThan(1e-7 * (1 + Math.max(...z) ** 2));
      }
    }
    expect(solved).toBeGreaterThan(200);
    expect(none).toBeGreaterThan(0);
  });
  it("vertices of multipliers: four gradients in the plane", () => {
    // λ1 (1, 0) + λ2 (0, 1) + λ3 (1, 1) + λ4 (2, 1) = (2, 1.5)
    const columns = [
      [1, 0],
      [0, 1],
      [1, 1],
      [2, 1],
    ].map((v) => Float64Array.from(v));
    const set = multiplierVertices(columns, [false, false, false, false], Float64Array.of(2, 1.5, 0, 0));
    const found = (set?.vertices ?? []).map((v) => Array.from(v, (e) => e.toFixed(6)).join(" ")).sort();
    expect(set?.bounded).toBe(true);
    expect(found).toEqual(
      [
        [2, 1.5, 0, 0],
        [0.5, 0, 1.5, 0],
        [0, 0.5, 0, 1],
        [0, 0, 1, 0.5],
      ]
        .map((v) => v.map((e) => e.toFixed(6)).join(" "))
        .sort(),
    );
  });
  it("opposite gradients have unbounded multipliers", () => {
    const columns = [Float64Array.of(1, 0), Float64Array.of(-2, 0), Float64Array.of(0, 1)];
    expect(multiplierVertices(columns, [false, false, false], Float64Array.of(1, 0, 1))?.bounded).toBe(false);
  });
});
