/**
 * Preconditioned conjugate gradients for A v = b, A symmetric positive definite (Hestenes and Stiefel, 1952; Nocedal and
 * Wright, 2nd ed., Algorithm 5.3). Works in arrays made once; the returned iterate is the UPDATED one.
 */
import { axpyInto, copyInto, dot, fillInto, type LinearMap, norm } from "./vector.js";

type Vector = Float64Array;

export interface CgWorkspace {
  readonly r: Vector;
  readonly z: Vector;
  readonly p: Vector;
  readonly Ap: Vector;
  readonly best: Vector;
  /** What the last solve returned. */
  readonly result: CgResult;
}

export function cgWorkspace(k: number): CgWorkspace {
  const make = () => new Float64Array(k);
  const result: CgResult = { iterations: 0, residual: Number.NaN, converged: false, negativeCurvature: false };
  return { r: make(), z: make(), p: make(), Ap: make(), best: make(), result };
}

/** Callers in loops keep one record and change it. */
export interface CgOptions {
  /** Stops at |b - A v| <= tolerance (absolute). */
  tolerance: number;
  maxIterations: number;
  /** out = M v with M near the inverse of A, symmetric positive definite; `out` is never v. */
  precondition?: LinearMap | undefined;
  /** `v` holds a starting guess, used only if its residual is below |b|; costs one product. */
  warm?: boolean;
  /** Asked once an iteration; true stops and returns the best iterate. */
  exhausted?: (() => boolean) | undefined;
}

export interface CgResult {
  iterations: number;
  /** Norm of the recurrence's residual at the iterate returned. */
  residual: number;
  converged: boolean;
  /** A direction with pᵀAp <= 1e-14 |p|² times the largest curvature seen was met: A is not positive definite. */
  negativeCurvature: boolean;
}

/**
 * Solves into `v` (overwritten). On the iteration limit or on negative curvature `v` is the iterate with the smallest
 * residual so far. A non-finite product ends the iteration with `converged` false and the best iterate kept.
 * The result is that of the workspace: the next solve with it overwrites it.
 */
export function conjugateGradient(
  apply: LinearMap,
  b: Vector,
  v: Vector,
  options: CgOptions,
  work: CgWorkspace,
): CgResult {
  const { r, z, p, Ap, best, result } = work;
  const { tolerance, maxIterations, precondition, exhausted } = options;
  result.iterations = 0;
  result.converged = false;
  result.negativeCurvature = false;
  const size = norm(b);
  copyInto(b, r);
  let residual = size;
  if (options.warm === true) {
    apply(v, Ap);
    axpyInto(-1, Ap, r);
    residual = norm(r);
    if (!(residual < size)) {
      copyInto(b, r);
      fillInto(0, v);
      residual = size;
    }
  } else fillInto(0, v);
  copyInto(v, best);
  result.residual = residual;
  if (residual <= tolerance) {
    result.converged = true;
    return result;
  }
  let rz = 0;
  let curvature = 0;
  for (let k = 0; k < maxIterations; k++) {
    if (exhausted?.()) break;
    if (precondition === undefined) copyInto(r, z);
    else precondition(r, z);
    const next = dot(r, z);
    if (!(next > 0)) break;
    if (k === 0) copyInto(z, p);
    else {
      const beta = next / rz;
      for (let i = 0; i < p.length; i++) p[i] = z[i] + beta * p[i];
    }
    rz = next;
    apply(p, Ap);
    const pp = dot(p, p);
    const pAp = dot(p, Ap);
    result.iterations = k + 1;
    if (!(pAp - pAp === 0)) break;
    if (Math.abs(pAp) > curvature * pp) curvature = Math.abs(pAp) / pp;
    if (pAp <= 1e-14 * curvature * pp) {
      result.negativeCurvature = true;
      break;
    }
    const a = rz / pAp;
    axpyInto(a, p, v);
    axpyInto(-a, Ap, r);
    residual = norm(r);
    if (residual < result.residual) {
      result.residual = residual;
      copyInto(v, best);
    }
    if (residual <= tolerance) {
      result.converged = true;
      return result;
    }
  }
  copyInto(best, v);
  return result;
}
