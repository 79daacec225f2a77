/**
 * How well a point solves an instance of classes.ts, by a path of its own: the projected hypergradient from dense Newton solves
 * of the lower level, in the generator's even scale. Nothing of src/methods is used.
 */

import { shortestCombination } from "../../src/certify/shortestCombination.js";
import { factorSymmetric, symmetricSolveInto } from "../../src/num/ldlt.js";
import { projectBoxInto } from "../../src/num/project.js";
import { createRandom } from "../../src/num/random.js";
import { axpyInto, norm } from "../../src/num/vector.js";
import type { Instance } from "./classes.js";

type Vector = Float64Array;

/** Length of the projected hypergradient at x in even scale. */
export function exactHypergradient(made: Instance, x: Vector, y0: Vector): number {
  const G = exactGradient(made, x, y0);
  for (let i = 0; i < x.length; i++) if (outwards(made, x, i, G[i])) G[i] = 0;
  return norm(G);
}

function outwards({ problem }: Instance, x: Vector, i: number, slope: number): boolean {
  const bounds = problem.blocksX?.[0].domain;
  return bounds?.kind === "box" && ((x[i] <= bounds.lower[i] && slope >= 0) || (x[i] >= bounds.upper[i] && slope <= 0));
}

/**
 * Length of the shortest convex combination of exact hypergradients within 1e-4 of x: small at stationary kinks, where no
 * single hypergradient is. 3n + 5 random points, then points against the combination found so far (thin pieces are missed
 * by random ones).
 */
export function exactKink(made: Instance, x: Vector, y0: Vector): number {
  const random = createRandom(1).split(made.label);
  const n = x.length;
  const bounds = made.problem.blocksX?.[0].domain;
  const samples: Vector[] = [];
  const sample = (direction: Vector): void => {
    const near = x.map((v, i) => v + 1e-4 * made.scaleX[i] * (1 + Math.abs(v)) * direction[i]);
    if (bounds?.kind === "box") projectBoxInto(near, bounds.lower, bounds.upper, 0, n);
    samples.push(exactGradient(made, near, y0));
  };
  sample(new Float64Array(n));
  for (let k = 0; k < 3 * n + 5; k++) sample(Float64Array.from(x, () => 2 * random.uniform() - 1));
  let length = Number.POSITIVE_INFINITY;
  for (let k = 0; k < 5 * n + 10; k++) {
    // Hull plus normal cone of the box, by alternating between the combination and the multipliers of the bounds.
    const multipliers = new Float64Array(n);
    let shortest = samples[0];
    for (let pass = 0; pass < 60; pass++) {
      shortest = shortestCombination(samples.map((g) => g.map((v, i) => v - multipliers[i])));
      let change = 0;
      for (let i = 0; i < n; i++) {
        const pushed = shortest[i] + multipliers[i];
        const next = outwards(made, x, i, pushed) ? pushed : 0;
        change = Math.max(change, Math.abs(next - multipliers[i]));
        shortest[i] = pushed - next;
        multipliers[i] = next;
      }
      if (change <= 1e-9 * norm(samples[0])) break;
    }
    length = norm(shortest);
    if (length <= 1e-6 * norm(samples[0])) break;
    const reach = -(10 ** (-3 * random.uniform())) / length;
    sample(shortest.map((v) => reach * v));
  }
  return length;
}

/**
 * The hypergradient at x in even scale: the lower level by projected Newton steps with dense factorisations from y,
 * the adjoint by the same factorisation. Nothing of src/methods is used.
 */
function exactGradient({ problem, scaleX, scaleY }: Instance, x: Vector, y0: Vector): Vector {
  const { n, m, f, g } = problem;
  const y = Float64Array.from(y0);
  const gradient = new Float64Array(m);
  const bounds = problem.blocksY?.[0].domain;
  const at = (j: number): "low" | "high" | "inside" => {
    if (bounds?.kind !== "box") return "inside";
    if (y[j] <= bounds.lower[j] && gradient[j] >= 0) return "low";
    return y[j] >= bounds.upper[j] && gradient[j] <= 0 ? "high" : "inside";
  };
  const column = new Float64Array(m);
  const e = new Float64Array(m);
  /** Solves H_FF v_F = rhs_F, v = 0 off F. */
  const reducedSolve = (rhs: Vector, free: readonly number[]): Vector => {
    const k = free.length;
    const K = new Float64Array(k * k);
    for (let c = 0; c < k; c++) {
      e.fill(0);
      e[free[c]] = scaleY[free[c]];
      g.hvpYY?.(x, y, e, column);
      for (let r = 0; r < k; r++) K[r * k + c] = column[free[r]] * scaleY[free[r]];
    }
    const z = Float64Array.from(free, (j) => rhs[j] * scaleY[j]);
    symmetricSolveInto(factorSymmetric(K, k), z);
    const v = new Float64Array(m);
    free.forEach((j, c) => {
      v[j] = z[c] * scaleY[j];
    });
    return v;
  };
  const freeSet = (): number[] => Array.from({ length: m }, (_, j) => j).filter((j) => at(j) === "inside");
  for (let k = 0; k < 200; k++) {
    g.gradY(x, y, gradient);
    const free = freeSet();
    const d = reducedSolve(gradient, free);
    let a = 1;
    const before = g.value(x, y);
    const from = Float64Array.from(y);
    for (let t = 0; t < 40; t++) {
      y.set(from);
      axpyInto(-a, d, y);
      if (bounds?.kind === "box")
        for (let j = 0; j < m; j++) y[j] = Math.min(bounds.upper[j], Math.max(bounds.lower[j], y[j]));
      if (g.value(x, y) <= before + 1e-14 * Math.abs(before)) break;
      a *= 0.5;
    }
    if (y.every((v, j) => Math.abs(v - from[j]) <= 1e-15 * (Math.abs(v) + scaleY[j]))) break;
  }
  g.gradY(x, y, gradient);
  const fy = new Float64Array(m);
  const G = new Float64Array(n);
  const Jv = new Float64Array(n);
  f.gradX(x, y, G);
  f.gradY(x, y, fy);
  g.jvpXY?.(x, y, reducedSolve(fy, freeSet()), Jv);
  for (let i = 0; i < n; i++) G[i] = (G[i] - Jv[i]) * scaleX[i];
  return G;
}
