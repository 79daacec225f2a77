/**
 * Constraints that are bounds in disguise: a x_i + c <= 0 is x_i <= -c/a or x_i >= -c/a. Kept as bounds they hold exactly at
 * every point a solver visits (a denominator or logarithm behind them stays in its domain); kept as rows to a tolerance only.
 * Upper constraints bound x, lower ones y; an upper constraint on y stays a row, as it must not change the lower level.
 */
import { interpreted } from "../codegen/backend.js";
import { degreeIn } from "../expr/degree.js";
import type { InputBlock } from "../expr/node.js";
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
  for (const c of upper.constraints) put(found, c, boundsOf(problem, c, x, y));
  for (const c of lowers.flatMap((level) => level.constraints)) put(found, c, boundsOf(problem, c, y, x));
  return found;
}

function put(found: Map<Constraint, HeldBounds>, c: Constraint, bounds: HeldBounds | undefined): void {
  if (bounds !== undefined) found.set(c, bounds);
}

/** The rows of an affine body by its values at zero and at unit vectors: exact but for rounding. */
function boundsOf(problem: Problem, c: Constraint, own: InputBlock, other: InputBlock): HeldBounds | undefined {
  if (c.kind === "eq" || degreeIn(c.body, other) > 0 || degreeIn(c.body, own) !== 1) return undefined;
  const { builder: b } = problem;
  const kernel = interpreted.compile({ name: "row", inputs: [own], outputs: [b.reshape(c.body, [c.rows])] });
  const point = new Float64Array(own.size);
  const constants = new Float64Array(c.rows);
  kernel(point, constants);
  const at = new Int32Array(c.rows).fill(-1);
  const slope = new Float64Array(c.rows);
  const values = new Float64Array(c.rows);
  for (let j = 0; j < own.size; j++) {
    point[j] = 1;
    kernel(point, values);
    point[j] = 0;
    for (let r = 0; r < c.rows; r++) {
      const a = values[r] - constants[r];
      if (a === 0) continue;
      if (at[r] >= 0) return undefined;
      at[r] = j;
      slope[r] = a;
    }
  }
  if (at.some((j) => j < 0)) return undefined;
  return {
    at,
    value: slope.map((a, r) => -constants[r] / a),
    slope,
    side: Array.from(slope, (a) => (a > 0 ? "upper" : "lower")),
  };
}
