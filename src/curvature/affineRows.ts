/**
 * Rows of constraints that are affine in x and y together: a'x + b'y + c <= 0 or = 0. The one place that reads them off: bounds,
 * presolve and the reformulations take their rows from here.
 *
 * Coefficients are the constant Jacobian's entries and c is the body at 0, all in numbers as evaluated and in bounds that hold the
 * exact ones (interval arithmetic over the point 0).
 */
import { jacobianRows } from "../diff/index.js";
import { degreeIn } from "../expr/degree.js";
import type { Constraint, Problem } from "../model/problem.js";
import { evaluate } from "../ops/evaluate.js";
import type { Intervals } from "../ops/operator.js";
import { fineLimits, Ranges } from "./ranges.js";

export interface AffineRow {
  readonly constraint: Constraint;
  /** Within the constraint. */
  readonly row: number;
  readonly a: Float64Array;
  readonly b: Float64Array;
  readonly c: number;
}

/** Bounds of the exact coefficients of all rows, one after the other: [rows, n], [rows, m], [rows]. */
export interface AffineBounds {
  readonly a: Intervals;
  readonly b: Intervals;
  readonly c: Intervals;
}

interface Found {
  readonly rows: readonly AffineRow[];
  bounds?: AffineBounds | undefined;
}

/** Constraints with more numbers (rows times variables) are left as they are. */
const MOST = 40_000;
const known = new WeakMap<Problem, Map<Constraint, Found | undefined>>();

function found(problem: Problem, constraint: Constraint): Found | undefined {
  let all = known.get(problem);
  if (all === undefined) {
    all = new Map();
    known.set(problem, all);
  }
  if (!all.has(constraint)) all.set(constraint, made(problem, constraint));
  return all.get(constraint);
}

function made(problem: Problem, constraint: Constraint): Found | undefined {
  const { builder: b, x, y } = problem;
  if (constraint.rows * (x.size + y.size) > MOST || degreeIn(constraint.body, x, y) > 1) return undefined;
  const flat = b.reshape(constraint.body, [constraint.rows]);
  const [dx, dy, values] = evaluate(
    [jacobianRows(b, flat, x), jacobianRows(b, flat, y), flat],
    new Map([
      [x, new Float64Array(x.size)],
      [y, new Float64Array(y.size)],
    ]),
  );
  const rows = Array.from({ length: constraint.rows }, (_, row) => ({
    constraint,
    row,
    a: dx.slice(row * x.size, (row + 1) * x.size),
    b: dy.slice(row * y.size, (row + 1) * y.size),
    c: values[row],
  }));
  return { rows };
}

/** The rows of an affine constraint; undefined for others, and for very large ones. */
export function affineRows(problem: Problem, constraint: Constraint): readonly AffineRow[] | undefined {
  return found(problem, constraint)?.rows;
}

/** Bounds of the exact coefficients; undefined where there are no affine rows. */
export function affineBounds(problem: Problem, constraint: Constraint): AffineBounds | undefined {
  const entry = found(problem, constraint);
  if (entry === undefined) return undefined;
  if (entry.bounds === undefined) {
    const { builder: b, x, y } = problem;
    const flat = b.reshape(constraint.body, [constraint.rows]);
    const zero = (size: number): Intervals => {
      return { lo: new Float64Array(size), hi: new Float64Array(size), flags: new Float64Array(size) };
    };
    const ranges = new Ranges(
      new Map([
        [x, zero(x.size)],
        [y, zero(y.size)],
      ]),
      fineLimits,
    );
    const [dx, dy, c] = [jacobianRows(b, flat, x), jacobianRows(b, flat, y), flat].map((node) => ranges.each(node));
    entry.bounds = dx && dy && c && { a: dx, b: dy, c };
  }
  return entry.bounds;
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
