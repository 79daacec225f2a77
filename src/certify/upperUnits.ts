/**
 * Units of the upper variables at a point: a step of share h of its unit is a small step in every x_i, whatever it is
 * measured in. dx_i = |row i of J S|^(-1) with S = H's inverse root diagonal makes a unit change of x_i/dx_i move the lower
 * gradient (in variables of unit curvature) by one; times the size of y in those variables that is a large step.
 */
import { norm } from "../num/vector.js";
import type { Oracle } from "../oracle/oracle.js";
import { inverseRootDiagonal } from "./lowerModel.js";
import { DENSE } from "./lowerNewton.js";

type Vector = Float64Array;

/** Largest number of upper variables examined one by one. */
export const FEW = 20;
/** Shares of 1 + |x_i| below which units do not fall. */
const LEAST = 1e-6;

export interface CouplingScales {
  /** dx_i; 0 where x_i does not move the lower gradient. */
  readonly dx: readonly number[];
  readonly S: Vector;
}

/** Undefined for problems with many variables. */
export function couplingScales(oracle: Oracle, x: Vector, y: Vector): CouplingScales | undefined {
  const { n, m, lower } = oracle;
  if (n > FEW || m > DENSE) return undefined;
  const H = new Float64Array(m * m);
  lower.hessianYY(x, y, H);
  const S = inverseRootDiagonal(H, m);
  const e = new Float64Array(m);
  const column = new Float64Array(n);
  const square = new Float64Array(n);
  const map = lower.linearize(x, y);
  for (let j = 0; j < m; j++) {
    e.fill(0);
    e[j] = S[j];
    map.jvp(e, column);
    for (let i = 0; i < n; i++) square[i] += column[i] ** 2;
  }
  const rows = Array.from(square, Math.sqrt);
  const most = Math.max(...rows);
  return { S, dx: rows.map((r) => (r > 1e-14 * most ? 1 / r : 0)) };
}

/** 1 + |x_i|, less where a step of that size would move the lower solution by more than its own size. */
export function upperUnits(oracle: Oracle, x: Vector, y: Vector): Vector {
  const { m, startX, startY } = oracle;
  const plain = x.map((v) => 1 + Math.abs(v));
  const scales = couplingScales(oracle, x, y);
  if (scales === undefined) return plain;
  const { S, dx } = scales;
  const g = new Float64Array(m);
  oracle.lower.gradY(startX, startY, g);
  const slope = norm(g.map((v, j) => v * S[j]));
  const size = Math.max(norm(y.map((v, j) => v / S[j])), Number.isFinite(slope) ? slope : 0);
  return plain.map((most, i) => {
    const unit = Math.max(Math.abs(x[i]), Math.abs(x[i] - startX[i]), dx[i] > 0 ? dx[i] * size : most);
    return unit > 0 ? Math.min(most, Math.max(LEAST * most, unit)) : most;
  });
}
