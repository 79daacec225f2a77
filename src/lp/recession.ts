/**
 * A direction in which a convex quadratic program falls for ever:
 *
 *     Q d = 0,   cᵀ d < 0,   A d and d in the recession cone of their limits.
 *
 * A feasible convex quadratic program has a minimum exactly where there is no such direction (Frank and Wolfe, Naval Res.
 * Logist. Q. 3, 1956; Eaves, Manage. Sci. 17, 1971). Of all directions with cᵀ d = -1 the one of least |d|_1, which moves few
 * variables, scaled to a largest entry of 1.
 */

import type { QuadraticProgram } from "./quadratic.js";
import { modelOf } from "./smallModel.js";

type Vector = Float64Array;

const inf = Number.POSITIVE_INFINITY;
/** Directions longer than this for a slope of the size of the costs are taken for rounding. */
const LONGEST = 1e7;

/** Undefined where there is none, or where all costs are 0. The linear solver must be loaded. */
export function fallingDirection(p: QuadraticProgram): Vector | undefined {
  const size = p.cost.reduce((top, c) => Math.max(top, Math.abs(c)), 0);
  if (size === 0) return undefined;
  const { n } = p;
  // d = a - b with a, b >= 0; rows: A d, then Q d, then the slope
  const rows: number[] = [];
  const columns: number[] = [];
  const values: number[] = [];
  const add = (row: number, column: number, value: number): void => {
    if (value === 0) return;
    rows.push(row, row);
    columns.push(column, n + column);
    values.push(value, -value);
  };
  p.matrix.rows.forEach((i, e) => {
    add(i, p.matrix.columns[e], p.matrix.values[e]);
  });
  p.hessian?.rows.forEach((i, e) => {
    const j = p.hessian!.columns[e];
    add(p.rows + i, j, p.hessian!.values[e]);
    if (i !== j) add(p.rows + j, i, p.hessian!.values[e]);
  });
  const slopeRow = p.rows + n;
  p.cost.forEach((c, j) => {
    add(slopeRow, j, c / size);
  });
  const cone = (limit: number): number => (Number.isFinite(limit) ? 0 : limit);
  const still = new Float64Array(n);
  const model = modelOf({
    n: 2 * n,
    rows: slopeRow + 1,
    cost: new Float64Array(2 * n).fill(1),
    offset: 0,
    hessian: undefined,
    matrix: { rows: Int32Array.from(rows), columns: Int32Array.from(columns), values: Float64Array.from(values) },
    lower: new Float64Array(2 * n),
    upper: Float64Array.from({ length: 2 * n }, (_, j) => {
      const open = j < n ? p.upper[j] === inf : p.lower[j - n] === -inf;
      return open ? LONGEST : 0;
    }),
    rowLower: Float64Array.from([...p.rowLower.map(cone), ...still, -1]),
    rowUpper: Float64Array.from([...p.rowUpper.map(cone), ...still, -1]),
  });
  try {
    if (model.solve() !== "optimal") return undefined;
    const { u } = model.solution();
    const d = Float64Array.from({ length: n }, (_, j) => u[j] - u[n + j]);
    const longest = d.reduce((top, v) => Math.max(top, Math.abs(v)), 0);
    return d.map((v) => (Math.abs(v) <= 1e-12 * longest ? 0 : v / longest));
  } finally {
    model.dispose();
  }
}
