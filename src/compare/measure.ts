/**
 * The measure of a comparison: what a point x is worth whatever the method says. With y* an accurate lower solution reached
 * from the method's own y by the certificate's solvers,
 *
 *   value = f(x, y*)      hypergradient = |x - P_X(x - t G)| / t  for small t,  G by the implicit function theorem at (x, y*)
 *
 * It asks forks of the oracle, so that nothing counts against a method. With general constraints at either level there is
 * a value but no hypergradient; where the lower level cannot be solved there is neither (NaN).
 */

import { implicitGradient } from "../certify/implicitGradient.js";
import { solveConstrained } from "../certify/lowerConstrained.js";
import { lowerModel } from "../certify/lowerModel.js";
import { solveLower } from "../certify/lowerSolve.js";
import { projectedLength } from "../certify/upperVerdict.js";
import { createRandom } from "../num/random.js";
import { allFinite, norm } from "../num/vector.js";
import type { Oracle } from "../oracle/oracle.js";

type Vector = Float64Array;

export interface Measured {
  readonly value: number;
  readonly hypergradient: number;
}

const unknown: Measured = { value: Number.NaN, hypergradient: Number.NaN };

/** Of the gradient's size at a distance of the size of y: a lower solve that stops above this is none. */
const ACCURATE = 1e-7;

/** The same point gives the same bytes, unless `exhausted` cuts a solve short: then the point counts as not measured. */
export function measure(original: Oracle, x: Vector, y: Vector, exhausted: () => boolean): Measured {
  if (!allFinite(x) || !allFinite(y) || exhausted()) return unknown;
  const oracle = original.fork();
  const constrained = oracle.lower.constraints.rows > 0;
  let solution: Vector;
  let L: number;
  if (constrained) {
    const found = solveConstrained(oracle, x, y, exhausted);
    if (found.unbounded || !found.feasible || !(found.stationarity <= ACCURATE * found.L * (1 + norm(found.y)))) {
      return unknown;
    }
    ({ y: solution, L } = found);
  } else {
    const found = solveLower(lowerModel(oracle, x), y, exhausted);
    if (found.unbounded || !(found.stationarity <= ACCURATE * found.L * (1 + norm(found.y)))) return unknown;
    ({ y: solution, L } = found);
  }
  const value = oracle.upper.value(x, solution);
  let hypergradient = Number.NaN;
  if (!constrained && oracle.upper.constraints.rows === 0) {
    const { G } = implicitGradient(oracle, x, solution, L, createRandom(1).split("measure"), exhausted);
    hypergradient = projectedLength(oracle, x, G);
  }
  return exhausted() ? unknown : { value, hypergradient };
}
