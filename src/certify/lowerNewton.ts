/**
 * Projected Newton method for free and box domains (Bertsekas, Projected Newton methods for optimization problems with
 * simple constraints, SIAM J. Control 1982): a Newton step on the coordinates not held at a bound, a gradient step on the
 * others, Armijo's rule along the projection arc. Up to DENSE variables the step comes from eigenvalues (absolute values
 * where negative, none along numerical zeros, so that y keeps its component in the kernel); beyond, from conjugate
 * gradients started at 0, cut at negative curvature (Nocedal and Wright, 2nd ed., Algorithm 7.1).
 */
import { choleskyInto, choleskySolveInto } from "../num/cholesky.js";
import { symmetricEigen } from "../num/eigen.js";
import { dot, norm } from "../num/vector.js";
import { inverseRootDiagonal, type LowerModel, stationarityOf } from "./lowerModel.js";

type Vector = Float64Array;

/** Largest number of lower variables treated with dense matrices. */
export const DENSE = 120;

export interface LowerSolution {
  readonly y: Vector;
  readonly value: number;
  /** Norm of the projected gradient at y. */
  readonly stationarity: number;
  /** Largest curvature met: an estimate of the gradient's Lipschitz constant. */
  readonly L: number;
  readonly iterations: number;
  readonly unbounded: boolean;
}

export interface SolveLimits {
  readonly iterations: number;
  /** Stops once the projected gradient is below this; rounding may stop it earlier. */
  readonly tolerance: number;
  readonly exhausted: () => boolean;
}

/** Pauses after each step. */
export function* newtonSteps(
  model: LowerModel,
  start: Vector,
  limits: SolveLimits,
): Generator<void, LowerSolution, void> {
  const { m, domain } = model;
  const y = start.slice();
  domain.project(y);
  const g = new Float64Array(m);
  const trial = new Float64Array(m);
  const gTrial = new Float64Array(m);
  const d = new Float64Array(m);
  const held = new Uint8Array(m);
  const H = m <= DENSE ? new Float64Array(m * m) : new Float64Array(0);
  let value = model.valueGradient(y, g);
  let L = 1;
  let stationarity = stationarityOf(domain, y, g, 1);
  let iterations = 0;
  const limit = 1e12 * (1 + norm(y));
  let idle = 0;
  for (; iterations < limits.iterations && !limits.exhausted(); iterations++) {
    if (stationarity <= limits.tolerance || !Number.isFinite(value)) break;
    holdInto(model, y, g, Math.min(1e-3, stationarity / Math.max(L, 1e-300)), held);
    L = m <= DENSE ? denseStep(model, y, g, held, H, d) : truncatedStep(model, y, g, held, d, limits);
    let t = 1;
    let accepted = false;
    for (let halvings = 0; halvings < 60; halvings++) {
      for (let j = 0; j < m; j++) trial[j] = y[j] + t * d[j];
      domain.project(trial);
      let slope = 0;
      for (let j = 0; j < m; j++) slope += g[j] * (trial[j] - y[j]);
      const next = model.valueGradient(trial, gTrial);
      const noise = 1e-14 * (Math.abs(value) + Math.abs(next));
      const decrease = next <= value + 1e-4 * slope;
      // At the limit of rounding the gradient decides.
      const level = next <= value + noise && stationarityOf(domain, trial, gTrial, 1) < 0.9 * stationarity;
      if (Number.isFinite(next) && (decrease || level)) {
        idle = value - next <= noise && !level ? idle + 1 : 0;
        value = next;
        y.set(trial);
        g.set(gTrial);
        accepted = true;
        break;
      }
      t *= 0.5;
    }
    stationarity = stationarityOf(domain, y, g, 1);
    if (!accepted || idle >= 3) break;
    yield;
    if (norm(y) > limit) return { y, value, stationarity, L, iterations, unbounded: true };
  }
  stationarity = stationarityOf(domain, y, g, 1 / Math.max(L, 1e-12));
  return { y, value, stationarity, L, iterations, unbounded: !Number.isFinite(value) };
}

/** Marks coordinates near a bound whose gradient pushes against it. */
function holdInto(model: LowerModel, y: Vector, g: Vector, near: number, held: Uint8Array): void {
  const { lower, upper } = model.domain;
  for (let j = 0; j < y.length; j++) {
    held[j] = (y[j] <= lower[j] + near && g[j] > 0) || (y[j] >= upper[j] - near && g[j] < 0) ? 1 : 0;
  }
}

/** Newton step into d by a factorisation of the free block; returns the largest |eigenvalue| (or pivot) of it. */
function denseStep(model: LowerModel, y: Vector, g: Vector, held: Uint8Array, H: Vector, d: Vector): number {
  const { m } = model;
  model.hessianInto(y, H);
  const free: number[] = [];
  for (let j = 0; j < m; j++) if (held[j] === 0) free.push(j);
  const k = free.length;
  const A = new Float64Array(k * k);
  const b = new Float64Array(k);
  let top = 0;
  for (let a = 0; a < k; a++) {
    b[a] = -g[free[a]];
    for (let c = 0; c < k; c++) A[a * k + c] = H[free[a] * m + free[c]];
    top = Math.max(top, Math.abs(A[a * k + a]));
  }
  let largest = top;
  // Steps are taken in variables that make the diagonal one.
  const unit = inverseRootDiagonal(A, k);
  for (let a = 0; a < k; a++) {
    b[a] *= unit[a];
    for (let c = 0; c < k; c++) A[a * k + c] *= unit[a] * unit[c];
  }
  const factor = A.slice();
  let least = Number.POSITIVE_INFINITY;
  const definite = k > 0 && top > 0 && choleskyInto(factor, k) < 0;
  if (definite) for (let a = 0; a < k; a++) least = Math.min(least, factor[a * k + a] ** 2);
  if (definite && least > 1e-9) choleskySolveInto(factor, k, b);
  else if (k > 0) {
    const { values, vectors } = symmetricEigen(A, k);
    const widest = Math.max(Math.abs(values[0]), Math.abs(values[k - 1]));
    largest = top > 0 ? top * widest : widest;
    const size = norm(b);
    const c = new Float64Array(k);
    for (let a = 0; a < k; a++) {
      let s = 0;
      for (let i = 0; i < k; i++) s += vectors[i * k + a] * b[i];
      const curvature = Math.abs(values[a]);
      if (curvature > 1e-10 * widest) c[a] = s / curvature;
      else c[a] = Math.abs(s) <= 1e-13 * size || widest === 0 ? 0 : s / (1e-8 * widest);
    }
    for (let i = 0; i < k; i++) {
      b[i] = 0;
      for (let a = 0; a < k; a++) b[i] += vectors[i * k + a] * c[a];
    }
  }
  const size = norm(g);
  // Without any curvature only the direction is known: go as far as y is long.
  const step = largest > 0 ? 1 / largest : (1 + norm(y)) / (size > 0 ? size : 1);
  for (let j = 0; j < m; j++) d[j] = -step * g[j];
  if (largest > 0) for (let a = 0; a < k; a++) d[free[a]] = unit[a] * b[a];
  return largest > 0 ? largest : 1;
}

/** Truncated conjugate gradients on the free coordinates; returns the largest curvature met. */
function truncatedStep(
  model: LowerModel,
  y: Vector,
  g: Vector,
  held: Uint8Array,
  d: Vector,
  limits: SolveLimits,
): number {
  const { m } = model;
  const apply = model.products(y);
  const r = new Float64Array(m);
  const p = new Float64Array(m);
  const Hp = new Float64Array(m);
  const v = new Float64Array(m);
  for (let j = 0; j < m; j++) r[j] = held[j] === 0 ? -g[j] : 0;
  p.set(r);
  let rr = dot(r, r);
  const size = Math.sqrt(rr);
  const forced = Math.min(0.1, Math.sqrt(size / (1 + Math.abs(model.value(y))))) * size;
  const target = Math.max(forced, 0.1 * limits.tolerance);
  let top = 0;
  for (let k = 0; k < Math.min(2 * m, 250) && Math.sqrt(rr) > target && !limits.exhausted(); k++) {
    apply(p, Hp);
    for (let j = 0; j < m; j++) if (held[j] !== 0) Hp[j] = 0;
    const pHp = dot(p, Hp);
    const pp = dot(p, p);
    top = Math.max(top, Math.abs(pHp) / pp);
    if (pHp <= 1e-12 * top * pp) {
      if (k === 0) v.set(p);
      break;
    }
    const a = rr / pHp;
    for (let j = 0; j < m; j++) {
      v[j] += a * p[j];
      r[j] -= a * Hp[j];
    }
    const next = dot(r, r);
    const beta = next / rr;
    rr = next;
    for (let j = 0; j < m; j++) p[j] = r[j] + beta * p[j];
  }
  const L = top > 0 ? top : 1;
  for (let j = 0; j < m; j++) d[j] = held[j] === 0 ? v[j] : -g[j] / L;
  return L;
}
