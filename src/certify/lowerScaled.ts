/**
 * Stationarity of the lower level in variables z_j = y_j / s_j with s_j = max(|H_jj|)^(-1/2) over the solution and the written
 * start: lower Hessians then have about unit diagonal, and units of the variables decide nothing. Gradients in z are judged
 * against |z| and against the gradient at the written start.
 */
import { norm } from "../num/vector.js";
import type { Oracle } from "../oracle/oracle.js";
import { levelsOff } from "./levelsOff.js";
import type { LowerModel } from "./lowerModel.js";
import { DENSE } from "./lowerNewton.js";

type Vector = Float64Array;

export interface ScaledStationarity {
  /** |projected gradient| and what it is measured against; values of g are measured against the square of `size`. */
  readonly value: number;
  readonly size: number;
}

/** Undefined for large problems, for domains whose projection does not commute with scaling, and where g has no curvature. */
export function scaledStationarity(
  oracle: Oracle,
  model: LowerModel,
  x: Vector,
  y: Vector,
  solution: Vector,
): ScaledStationarity | undefined {
  const { m, domainY, startX, startY } = oracle;
  if (m > DENSE || !domainY.boxes) return undefined;
  const H = new Float64Array(m * m);
  const g = new Float64Array(m);
  const d = new Float64Array(m);
  for (const at of [solution, startY]) {
    model.hessianInto(at, H);
    for (let j = 0; j < m; j++) {
      const h = Math.abs(H[j * m + j]);
      if (h < Number.POSITIVE_INFINITY && h > d[j]) d[j] = h;
    }
  }
  if (!d.every((h) => h > 0)) return undefined;
  const s = d.map((h) => 1 / Math.sqrt(h));
  let size = norm(y.map((v, j) => v / s[j]));
  for (const from of [x, startX]) {
    oracle.lower.gradY(from, startY, g);
    const slope = norm(g.map((v, j) => v * s[j]));
    if (Number.isFinite(slope)) size = Math.max(size, slope);
  }
  if (!(size > 0)) return undefined;
  model.valueGradient(y, g);
  const moved = y.map((v, j) => v - s[j] * s[j] * g[j]);
  domainY.project(moved);
  return { value: norm(moved.map((v, j) => (v - y[j]) / s[j])), size };
}

/** True where g falls on and on along -diag(H)^(-1) grad g (see levelsOff.ts), y being stationary to within tolerance. */
export function lowerLevelsOff(model: LowerModel, y: Vector, L: number): boolean {
  const { m, domain } = model;
  const g = new Float64Array(m);
  model.valueGradient(y, g);
  const d = g.map((v) => -v / L);
  if (m <= DENSE) {
    const H = new Float64Array(m * m);
    model.hessianInto(y, H);
    for (let j = 0; j < m; j++) if (H[j * m + j] > 0) d[j] = -g[j] / H[j * m + j];
  }
  // The way down without what bounds hold back.
  const reach = (1e-6 * (1 + norm(y))) / (norm(d) || 1);
  const way = y.map((v, j) => v + reach * d[j]);
  domain.project(way);
  for (let j = 0; j < m; j++) way[j] -= y[j];
  const out = new Float64Array(m);
  return levelsOff(domain, y, g, way, (p) => {
    const value = model.valueGradient(p, out);
    return Number.isFinite(value) ? out : undefined;
  });
}
