/**
 * Multipliers of the lower level at a point (x, y) by least squares:  min |∇y g - Σ_near z_j ∇y s_j + Σ v_i ∇y e_i|  over z >= 0,
 * with the slacks s_j that are nearly zero there. At a lower solution with multipliers the minimum is zero.
 */
import { nonNegativeLeastSquares } from "../num/nonNegative.js";
import type { DecidedPairs } from "./pairs.js";

type Vector = Float64Array;

/** Slacks up to this times (1 + |y|) count as nearly zero. */
const NEAR = 1e-3;

export interface PointWithMultipliers {
  /** u = (x, y, z, v) of the first-order conditions. */
  readonly u: Vector;
  /** Length of the gradient of the lower Lagrangian that is left, and of the lower gradient alone. */
  readonly residual: number;
  readonly scale: number;
}

export function multipliersAt(pairs: DecidedPairs, x: Vector, y: Vector): PointWithMultipliers {
  const { compiled, kkt, size } = pairs;
  const before = x.length + y.length;
  const u = new Float64Array(compiled.n);
  u.set(x);
  u.set(y, x.length);
  const rows = new Float64Array(compiled.rows);
  compiled.constraintsInto(u, rows);
  const values = new Float64Array(compiled.jacobian.rows.length);
  compiled.jacobianInto(u, values);
  const { at, size: conditions } = pairs.stationarity;
  const columns = Array.from({ length: compiled.n - before }, () => new Float64Array(conditions));
  compiled.jacobian.rows.forEach((row, e) => {
    const column = compiled.jacobian.columns[e] - before;
    if (row >= at && row < at + conditions && column >= 0) columns[column][row - at] += values[e];
  });
  const slacks = new Float64Array(size);
  pairs.slacksInto(u, slacks);
  const reach = NEAR * (1 + Math.hypot(...y));
  const chosen = [...columns.keys()].filter((j) => j >= size || slacks[j] <= reach);
  const slope = rows.slice(at, at + conditions);
  const scale = Math.hypot(...slope);
  if (!slope.every(Number.isFinite)) return { u, residual: Number.NaN, scale };
  const found = nonNegativeLeastSquares(
    chosen.map((j) => columns[j]),
    slope.map((r) => -r),
    chosen.map((j) => j < kkt.z.input.size),
  );
  chosen.forEach((j, k) => {
    if (!Number.isFinite(found[k])) return;
    u[before + j] = found[k];
    for (let i = 0; i < conditions; i++) slope[i] += found[k] * columns[j][i];
  });
  return { u, residual: Math.hypot(...slope), scale };
}
