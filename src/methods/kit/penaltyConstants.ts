/** A first penalty parameter: 10 L_f / L_g, both by the mean of three random secants of grad_y at the starting point. */
import type { Random } from "../../num/random.js";
import { distance, norm } from "../../num/vector.js";
import type { LevelOracle, Oracle } from "../../oracle/oracle.js";

type Vector = Float64Array;

function meanSecant(level: LevelOracle, x: Vector, y: Vector, project: (v: Vector) => void, random: Random): number {
  const m = y.length;
  const at = new Float64Array(m);
  const here = new Float64Array(m);
  const there = new Float64Array(m);
  level.gradY(x, y, here);
  let sum = 0;
  for (let k = 0; k < 3; k++) {
    for (let j = 0; j < m; j++) at[j] = y[j] + 0.1 * (1 + Math.abs(y[j])) * random.normal();
    project(at);
    level.gradY(x, at, there);
    const moved = distance(at, y);
    if (moved > 0) sum += distance(there, here) / moved / 3;
  }
  return sum;
}

/** Where f is linear in y its slope stands in for L_f; where g is flat at the start, 1 for L_g. */
export function firstPenalty(oracle: Oracle, random: Random): number {
  const { startX, startY, domainY, m } = oracle;
  const project = (v: Vector): void => domainY.project(v);
  const lower = meanSecant(oracle.lower, startX, startY, project, random.split("lower"));
  let upper = meanSecant(oracle.upper, startX, startY, project, random.split("upper"));
  if (!(upper > 0)) {
    const slope = new Float64Array(m);
    oracle.upper.gradY(startX, startY, slope);
    upper = norm(slope) / (1 + norm(startY));
  }
  const lambda = (10 * (upper > 0 ? upper : 1)) / (lower > 0 ? lower : 1);
  return Number.isFinite(lambda) ? Math.min(1e6, Math.max(1e-2, lambda)) : 10;
}
