/**
 * Minimisation over balls, simplices and their products: accelerated projected gradients with backtracking and adaptive
 * restart (Beck and Teboulle 2009; O'Donoghue and Candès 2015, gradient scheme), then semismooth Newton steps on the
 * fixed-point residual r(y) = y - P(y - a grad), whose derivative is I - D (I - a H), D the projection's derivative.
 */
import { norm } from "../num/vector.js";
import { type LowerModel, stationarityOf } from "./lowerModel.js";
import { DENSE, type LowerSolution, type SolveLimits } from "./lowerNewton.js";

type Vector = Float64Array;

export function acceleratedSolve(model: LowerModel, start: Vector, limits: SolveLimits): LowerSolution {
  const { m, domain } = model;
  const y = start.slice();
  domain.project(y);
  const u = y.slice();
  const before = y.slice();
  const g = new Float64Array(m);
  const next = new Float64Array(m);
  let L = 1;
  let theta = 1;
  let iterations = 0;
  let stationarity = Number.POSITIVE_INFINITY;
  let since = 0;
  let best = Number.POSITIVE_INFINITY;
  for (; iterations < limits.iterations && !limits.exhausted(); iterations++) {
    const value = model.valueGradient(u, g);
    for (let tries = 0; tries < 80; tries++) {
      let linear = 0;
      let square = 0;
      for (let j = 0; j < m; j++) next[j] = u[j] - g[j] / L;
      domain.project(next);
      for (let j = 0; j < m; j++) {
        const s = next[j] - u[j];
        linear += g[j] * s;
        square += s * s;
      }
      if (model.value(next) <= value + linear + 0.5 * L * square + 1e-15 * Math.abs(value)) break;
      L *= 2;
    }
    let moved = 0;
    let along = 0;
    for (let j = 0; j < m; j++) {
      const s = u[j] - next[j];
      moved += s * s;
      along += s * (next[j] - y[j]);
    }
    stationarity = L * Math.sqrt(moved);
    before.set(y);
    y.set(next);
    if (stationarity <= Math.max(limits.tolerance, 1e-7 * norm(g))) break;
    if (stationarity < 0.999 * best) since = 0;
    else if (++since > 300) break;
    best = Math.min(best, stationarity);
    if (along > 0) theta = 1;
    const after = 0.5 * (1 + Math.sqrt(1 + 4 * theta * theta));
    const beta = along > 0 ? 0 : (theta - 1) / after;
    theta = after;
    for (let j = 0; j < m; j++) u[j] = y[j] + beta * (y[j] - before[j]);
    domain.project(u);
    L *= 0.98;
  }
  if (m <= DENSE) iterations += polishInto(model, y, 1 / L, limits);
  const value = model.valueGradient(y, g);
  stationarity = stationarityOf(domain, y, g, 1 / L);
  return { y, value, stationarity, L, iterations, unbounded: !Number.isFinite(value) };
}

/** Semismooth Newton on the fixed-point residual with step a; only steps that lower the residual and keep the value are taken. */
function polishInto(model: LowerModel, y: Vector, a: number, limits: SolveLimits): number {
  const { m, domain } = model;
  const g = new Float64Array(m);
  const H = new Float64Array(m * m);
  const J = new Float64Array(m * m);
  const column = new Float64Array(m);
  const r = new Float64Array(m);
  const point = new Float64Array(m);
  const trial = new Float64Array(m);
  const residualInto = (at: Vector, out: Vector): number => {
    const value = model.valueGradient(at, g);
    for (let j = 0; j < m; j++) point[j] = at[j] - a * g[j];
    out.set(point);
    domain.project(out);
    for (let j = 0; j < m; j++) out[j] = at[j] - out[j];
    return value;
  };
  let value = residualInto(y, r);
  let size = norm(r);
  for (let k = 0; k < 30; k++) {
    if (size / a <= limits.tolerance || limits.exhausted()) return k;
    model.hessianInto(y, H);
    for (let c = 0; c < m; c++) {
      for (let i = 0; i < m; i++) column[i] = (i === c ? 1 : 0) - a * H[i * m + c];
      domain.projectTangent(point, column);
      for (let i = 0; i < m; i++) J[i * m + c] = (i === c ? 1 : 0) - column[i];
    }
    trial.set(r);
    if (!eliminateInto(J, m, trial)) return k;
    for (let j = 0; j < m; j++) trial[j] = y[j] - trial[j];
    domain.project(trial);
    const next = residualInto(trial, column);
    const after = norm(column);
    if (!(after < size) || !(next <= value + 1e-6 * (1 + Math.abs(value)))) return k;
    y.set(trial);
    r.set(column);
    value = next;
    size = after;
  }
  return 30;
}

/** Solves A x = b in place by Gaussian elimination with partial pivoting; false where a pivot is below 1e-10 max|A|. */
function eliminateInto(A: Vector, k: number, b: Vector): boolean {
  let top = 0;
  for (const v of A) top = Math.max(top, Math.abs(v));
  for (let c = 0; c < k; c++) {
    let p = c;
    for (let i = c + 1; i < k; i++) if (Math.abs(A[i * k + c]) > Math.abs(A[p * k + c])) p = i;
    if (!(Math.abs(A[p * k + c]) > 1e-10 * top)) return false;
    if (p !== c) {
      for (let j = 0; j < k; j++) [A[c * k + j], A[p * k + j]] = [A[p * k + j], A[c * k + j]];
      [b[c], b[p]] = [b[p], b[c]];
    }
    for (let i = c + 1; i < k; i++) {
      const f = A[i * k + c] / A[c * k + c];
      if (f === 0) continue;
      for (let j = c; j < k; j++) A[i * k + j] -= f * A[c * k + j];
      b[i] -= f * b[c];
    }
  }
  for (let i = k - 1; i >= 0; i--) {
    for (let j = i + 1; j < k; j++) b[i] -= A[i * k + j] * b[j];
    b[i] /= A[i * k + i];
  }
  return true;
}
