/** Rows of constraints that are affine in x and y together: a'x + b'y + c <= 0 or = 0, in numbers. */
import { jacobianRows } from "../diff/index.js";
import { degreeIn } from "../expr/degree.js";
import type { Constraint, Problem } from "../model/problem.js";
import { evaluate } from "../ops/evaluate.js";

export interface AffineRow {
  readonly constraint: Constraint;
  /** Within the constraint. */
  readonly row: number;
  readonly a: Float64Array;
  readonly b: Float64Array;
  readonly c: number;
}

/** Problems with more variables are left as they are. */
const MOST = 400;
const known = new WeakMap<Problem, Map<Constraint, readonly AffineRow[]>>();

/** The rows of an affine constraint; undefined for others. */
export function affineRows(problem: Problem, constraint: Constraint): readonly AffineRow[] | undefined {
  let all = known.get(problem);
  if (all === undefined) {
    all = new Map();
    known.set(problem, all);
  }
  let found = all.get(constraint);
  if (found !== undefined) return found;
  const { builder: b, x, y } = problem;
  if (x.size + y.size > MOST || degreeIn(constraint.body, x, y) > 1) return undefined;
  const flat = b.reshape(constraint.body, [constraint.rows]);
  const [dx, dy, values] = evaluate(
    [jacobianRows(b, flat, x), jacobianRows(b, flat, y), flat],
    new Map([
      [x, new Float64Array(x.size)],
      [y, new Float64Array(y.size)],
    ]),
  );
  found = Array.from({ length: constraint.rows }, (_, row) => ({
    constraint,
    row,
    a: dx.slice(row * x.size, (row + 1) * x.size),
    b: dy.slice(row * y.size, (row + 1) * y.size),
    c: values[row],
  }));
  all.set(constraint, found);
  return found;
}

/** The one entry that is not zero; undefined where there are none or several. */
export function single(values: Float64Array): number | undefined {
  let at: number | undefined;
  for (let k = 0; k < values.length; k++) {
    if (values[k] === 0) continue;
    if (at !== undefined) return undefined;
    at = k;
  }
  return at;
}

export function isZeroVector(values: Float64Array): boolean {
  return values.every((v) => v === 0);
}
