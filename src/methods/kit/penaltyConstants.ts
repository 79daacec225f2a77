/**
 * Penalty parameters from constants: the first one, 10 L_f / L_g with both by random secants of grad_y at the starting point,
 * and the least one at which theory speaks, 2 L_f / mu (Chen, Ma and Zhang 2023, Lemma 4.1: the penalised problem is then
 * strongly convex where g is).
 */
import type { Random } from "../../num/random.js";
import { distance, norm } from "../../num/vector.js";
import type { LevelOracle, Oracle } from "../../oracle/oracle.js";
import { differenceProducts, estimateCurvature } from "./constants.js";

type Vector = Float64Array;

/** Largest of three secants, at distances of 0.1, 1 and 3 times the size of y: near ones alone see inflection points as flat. */
function largestSecant(level: LevelOracle, x: Vector, y: Vector, project: (v: Vector) => void, random: Random): number {
  const m = y.length;
  const at = new Float64Array(m);
  const here = new Float64Array(m);
  const there = new Float64Array(m);
  level.gradY(x, y, here);
  let largest = 0;
  for (const reach of [0.1, 1, 3]) {
    for (let j = 0; j < m; j++) at[j] = y[j] + reach * (1 + Math.abs(y[j])) * random.normal();
    project(at);
    level.gradY(x, at, there);
    const moved = distance(at, y);
    const secant = moved > 0 ? distance(there, here) / moved : 0;
    if (Number.isFinite(secant)) largest = Math.max(largest, secant);
  }
  return largest;
}

/** Where f is linear in y its slope stands in for L_f; where g is flat at the start, 1 for L_g. */
export function firstPenalty(oracle: Oracle, random: Random): number {
  const { startX, startY, domainY, m } = oracle;
  const project = (v: Vector): void => domainY.project(v);
  const lower = largestSecant(oracle.lower, startX, startY, project, random.split("lower"));
  let upper = largestSecant(oracle.upper, startX, startY, project, random.split("upper"));
  if (!(upper > 0)) {
    const slope = new Float64Array(m);
    oracle.upper.gradY(startX, startY, slope);
    upper = norm(slope) / (1 + norm(startY));
  }
  const lambda = (10 * (upper > 0 ? upper : 1)) / (lower > 0 ? lower : 1);
  return Number.isFinite(lambda) ? Math.min(1e6, Math.max(1e-2, lambda)) : 10;
}

/** 2 L_f / mu at (x, y), mu by Lanczos on differences of gradients; 0 where the lower Hessian is singular or indefinite. */
export function leastPenalty(oracle: Oracle, x: Vector, y: Vector, random: Random): number {
  const { L, mu } = estimateCurvature(differenceProducts(oracle.lower, x, y), oracle.m, random.split("mu"));
  if (!(mu > 1e-7 * L)) return 0;
  return (2 * largestSecant(oracle.upper, x, y, (v) => oracle.domainY.project(v), random.split("upper"))) / mu;
}
