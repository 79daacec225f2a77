/**
 * Does y solve the lower level at x? Projected stationarity, the value gap to what an accurate solver reaches from y and
 * from other deterministic starts, the curvature there, and how far this is evidence for a GLOBAL minimum.
 */

import { degreeIn } from "../expr/degree.js";
import type { Certificate } from "../methods/result.js";
import { choleskyInto } from "../num/cholesky.js";
import { symmetricEigen } from "../num/eigen.js";
import type { Random } from "../num/random.js";
import { norm } from "../num/vector.js";
import type { Oracle } from "../oracle/oracle.js";
import { type Checks, short } from "./checks.js";
import { lowerConvexity } from "./lowerConvex.js";
import { inverseRootDiagonal, lowerModel, stationarityOf } from "./lowerModel.js";
import { DENSE } from "./lowerNewton.js";
import { lowerLevelsOff, scaledStationarity } from "./lowerScaled.js";
import { solveLowerSteps } from "./lowerSolve.js";
import { linkedStarts } from "./lowerStarts.js";
import { valueGap } from "./valueGap.js";

type Vector = Float64Array;

/** Largest number of lower variables whose dense Hessian is looked at. */
const MOST_CONVEX = 400;
const STARTS = 6;

export interface LowerVerdict {
  /** An accurate solution reached from y. */
  readonly y: Vector;
  readonly L: number;
  readonly stationarity: number;
  readonly gap: number;
  readonly evidence: Certificate["lowerEvidence"];
  /** True where an accurate solution was reached, so that hypergradients can be computed there. */
  readonly solved: boolean;
  /** Where no multipliers exist: the problem with slightly larger lower constraints, with which neighbours are solved. */
  readonly softened?: { readonly oracle: Oracle; readonly multipliers: Vector };
}

/** Adds the checks; pauses between lower solves. */
export function* verifyLower(
  oracle: Oracle,
  x: Vector,
  y: Vector,
  tolerance: number,
  random: Random,
  exhausted: () => boolean,
  checks: Checks,
): Generator<void, LowerVerdict, void> {
  const { m, domainY } = oracle;
  const model = lowerModel(oracle, x);
  const g = new Float64Array(m);
  const value = model.valueGradient(y, g);
  let near = yield* solveLowerSteps(model, y, exhausted);
  yield;
  const { L } = near;
  const stationarity = stationarityOf(domainY, y, g, 1 / L);
  const flat = near.unbounded && stationarity <= tolerance * L * (1 + norm(y));
  if (flat) {
    // A gradient within tolerance of 0 on a flat function: y itself is as good a solution as can be told.
    near = { ...near, y: y.slice(), value, stationarity: 0, unbounded: false };
  }
  if (near.unbounded) {
    checks.add("value gap", Number.POSITIVE_INFINITY, 0, false, "The lower level is unbounded below at this x.");
    return { y: near.y, L, stationarity, gap: Number.POSITIVE_INFINITY, evidence: "none", solved: false };
  }
  // What a gradient is at a distance of the size of y: stationarity is measured against it.
  const gradientScale = L * (1 + norm(y));
  checks.atMost(
    "lower stationarity",
    stationarity,
    tolerance * gradientScale,
    "The projected lower gradient vanishes.",
    `The projected lower gradient is ${short(stationarity)}: y does not solve the lower level at x.`,
  );
  const scaled = flat ? undefined : scaledStationarity(oracle, model, x, y, near.y);
  if (scaled !== undefined) {
    checks.atMost(
      "lower stationarity, scaled",
      scaled.value,
      tolerance * scaled.size,
      "The projected lower gradient vanishes in scaled variables, too.",
      `In variables scaled to unit curvature the projected lower gradient is ${short(scaled.value)} (sizes here: ${short(scaled.size)}): y does not solve the lower level at x.`,
    );
  }
  const quadratic = convexQuadratic(oracle, x, y);
  const convexity = lowerConvexity(oracle.problem);
  const convex = quadratic || convexity !== "unknown";
  if (!quadratic && convexity !== "strong" && !flat && lowerLevelsOff(model, near.y, L)) {
    checks.add(
      "lower minimiser",
      Number.POSITIVE_INFINITY,
      0,
      false,
      "The lower objective only levels off: it keeps falling away from y over every distance looked at, so that no minimiser is near.",
    );
  }
  const solved = near.stationarity <= Math.max(1e-3 * tolerance, 1e-8) * gradientScale;
  if (!solved) {
    checks.skip(
      "lower solve",
      true,
      `The certificate's own lower solver stopped with a projected gradient of ${short(near.stationarity)}, not accurate enough to go on.`,
    );
  }
  const found = yield* valueGap({
    oracle,
    x,
    value,
    near,
    solved,
    flat,
    convex,
    scaleOf: (least) =>
      Math.min(
        Math.abs(least) + L * (1 + norm(y) ** 2),
        scaled === undefined ? Number.POSITIVE_INFINITY : scaled.size ** 2 + (1e-12 / tolerance) * Math.abs(least),
      ),
    tolerance,
    starts: () => [
      ...startsFor(oracle, y, m <= DENSE ? STARTS : 0, random),
      ...linkedStarts(model, y, random.split("linkage"), exhausted),
    ],
    // Values are compared, which takes half the digits: large problems are solved to 1e-8 only.
    solve: (start) => solveLowerSteps(model, start, exhausted, 1e4 * model.size),
    exhausted,
    checks,
  });
  const { gap, evidence, local } = found;
  if (!local) checks.skip("lower evidence", true, "The lower solution next to y is only a local one.");
  return { y: local ? near.y : found.lowest, L, stationarity, gap, evidence, solved };
}

/** Whether the lower level is convex, by proof or as a quadratic with numbers. */
export function convexLower(oracle: Oracle, x: Vector, y: Vector): boolean {
  return lowerConvexity(oracle.problem) !== "unknown" || convexQuadratic(oracle, x, y);
}

/**
 * A convex quadratic lower level: the objective of degree at most 2 in y (so its Hessian is constant in y) with no negative
 * eigenvalue, constraints of degree at most 1, on a convex domain.
 */
function convexQuadratic(oracle: Oracle, x: Vector, y: Vector): boolean {
  const { problem, lower, m } = oracle;
  if (problem.lowerObjective === undefined || m > MOST_CONVEX) return false;
  if (degreeIn(problem.lowerObjective, problem.y) > 2) return false;
  for (const level of problem.lowers) {
    for (const c of level.constraints) if (degreeIn(c.body, problem.y) > 1) return false;
  }
  const H = new Float64Array(m * m);
  lower.hessianYY(x, y, H);
  if (!H.every(Number.isFinite)) return false;
  const unit = inverseRootDiagonal(H, m);
  if (m > DENSE) {
    // Eigenvalues of matrices this large take too long: positive definite but for rounding.
    for (let i = 0; i < m; i++) for (let j = 0; j < m; j++) H[i * m + j] *= unit[i] * unit[j];
    for (let i = 0; i < m; i++) H[i * m + i] += 1e-12 * m;
    return choleskyInto(H, m) < 0;
  }
  const { values } = symmetricEigen(
    H.map((h, at) => h * unit[Math.floor(at / m)] * unit[at % m]),
    m,
  );
  return values[0] >= -1e-12 * m * Math.max(1, values[m - 1]);
}

/** The written start, 0, and points drawn over the box, or around y where it has no finite bounds. */
export function startsFor(oracle: Oracle, y: Vector, draws: number, random: Random): Vector[] {
  const { m, domainY, startY } = oracle;
  const starts = [startY.slice(), new Float64Array(m)];
  const reach = 3 * (1 + norm(y) / Math.sqrt(m));
  for (let k = 0; k < draws; k++) {
    const point = new Float64Array(m);
    for (let j = 0; j < m; j++) {
      const lo = domainY.lower[j];
      const hi = domainY.upper[j];
      const bounded = domainY.boxes && hi - lo < Number.POSITIVE_INFINITY;
      point[j] = bounded ? lo + (hi - lo) * random.uniform() : y[j] + reach * (k + 1) * random.normal();
    }
    starts.push(point);
  }
  for (const s of starts) domainY.project(s);
  return starts.filter((s, k) => !starts.slice(0, k).some((t) => t.every((v, j) => v === s[j])));
}
