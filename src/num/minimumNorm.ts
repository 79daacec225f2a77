/**
 * Minimum-norm least-squares solution of A v = b for symmetric, possibly singular or indefinite A: conjugate gradients on
 * the normal equations A² v = A b from 0 in the form of CGLS (Björck, Numerical Methods for Least Squares Problems, 1996,
 * Algorithm 7.4.1). Iterates stay in range(A), so the limit is A⁺ b.
 */
import { axpyInto, copyInto, dot, fillInto, type LinearMap, norm } from "./vector.js";

type Vector = Float64Array;

export interface MinimumNormResult {
  iterations: number;
  /** |b - A v|, by the recurrence: the part of b outside range(A) once converged. */
  residual: number;
  /** |A (b - A v)| */
  normalResidual: number;
  converged: boolean;
}

export interface MinimumNormWorkspace {
  readonly r: Vector;
  readonly s: Vector;
  readonly q: Vector;
  readonly p: Vector;
  readonly best: Vector;
}

export function minimumNormWorkspace(k: number): MinimumNormWorkspace {
  const make = () => new Float64Array(k);
  return { r: make(), s: make(), q: make(), p: make(), best: make() };
}

/**
 * Solves into `v` (overwritten; started from 0) until |A(b - Av)| <= tolerance |A b|, at most maxIterations pairs of
 * products. Convergence goes with the SQUARE of the condition number on range(A). Without `work` it allocates.
 */
export function minimumNormSolve(
  apply: LinearMap,
  b: Vector,
  v: Vector,
  tolerance: number,
  maxIterations: number,
  exhausted?: () => boolean,
  work: MinimumNormWorkspace = minimumNormWorkspace(b.length),
): MinimumNormResult {
  const k = b.length;
  const { r, s, q, p, best } = work;
  copyInto(b, r);
  fillInto(0, best);
  fillInto(0, v);
  apply(r, s);
  copyInto(s, p);
  let gamma = dot(s, s);
  const limit = tolerance * Math.sqrt(gamma);
  const result: MinimumNormResult = {
    iterations: 0,
    residual: norm(r),
    normalResidual: Math.sqrt(gamma),
    converged: gamma === 0,
  };
  while (!result.converged && result.iterations < maxIterations && gamma - gamma === 0) {
    if (exhausted?.()) break;
    apply(p, q);
    const qq = dot(q, q);
    if (!(qq > 0)) break;
    const a = gamma / qq;
    axpyInto(a, p, v);
    axpyInto(-a, q, r);
    apply(r, s);
    const next = dot(s, s);
    result.iterations++;
    if (Math.sqrt(next) < result.normalResidual) {
      result.normalResidual = Math.sqrt(next);
      result.residual = norm(r);
      copyInto(v, best);
    }
    const beta = next / gamma;
    gamma = next;
    result.converged = Math.sqrt(gamma) <= limit;
    for (let i = 0; i < k; i++) p[i] = s[i] + beta * p[i];
  }
  copyInto(best, v);
  return result;
}
