/**
 * Constraints that are bounds in disguise: a x_i + c <= 0 is x_i <= -c/a or x_i >= -c/a. Kept as bounds they hold exactly at
 * every point a solver visits (a denominator or logarithm behind them stays in its domain); kept as rows to a tolerance only.
 * Upper constraints bound x, lower ones y; an upper constraint on y stays a row, as it must not change the lower level.
 */
import { affineRows, isZeroVector, single } from "../curvature/affineRows.js";
import type { Constraint, Problem } from "../model/problem.js";

/** For each row: which entry of the level's block it bounds, where, on which side, and the row's slope in that entry. */
export interface HeldBounds {
  readonly at: Int32Array;
  readonly value: Float64Array;
  readonly side: readonly ("lower" | "upper")[];
  readonly slope: Float64Array;
}

/** Problems with more variables are left as they are. */
const MOST = 400;
const known = new WeakMap<Problem, Map<Constraint, HeldBounds>>();

/** The constraints of which every row is a bound. */
export function rowBounds(problem: Problem): ReadonlyMap<Constraint, HeldBounds> {
  let found = known.get(problem);
  if (found !== undefined) return found;
  found = new Map();
  known.set(problem, found);
  const { upper, lowers, x, y } = problem;
  if (x.size + y.size > MOST) return found;
  for (const c of upper.constraints) put(found, c, boundsOf(problem, c, "upper"));
  for (const c of lowers.flatMap((level) => level.constraints)) put(found, c, boundsOf(problem, c, "lower"));
  return found;
}

function put(found: Map<Constraint, HeldBounds>, c: Constraint, bounds: HeldBounds | undefined): void {
  if (bounds !== undefined) found.set(c, bounds);
}

/** Undefined where some row has no variable of its own level, several of them, or one of the other level. */
function boundsOf(problem: Problem, c: Constraint, level: "upper" | "lower"): HeldBounds | undefined {
  const rows = c.kind === "le" ? affineRows(problem, c) : undefined;
  if (rows === undefined) return undefined;
  const at = new Int32Array(c.rows);
  const slope = new Float64Array(c.rows);
  for (const { row, a, b } of rows) {
    const [own, other] = level === "upper" ? [a, b] : [b, a];
    const entry = isZeroVector(other) ? single(own) : undefined;
    if (entry === undefined) return undefined;
    at[row] = entry;
    slope[row] = own[entry];
  }
  return {
    at,
    value: slope.map((a, r) => -rows[r].c / a),
    slope,
    side: Array.from(slope, (a) => (a > 0 ? "upper" : "lower")),
  };
}
