/**
 * The adjoint v of implicit methods, H v = grad_y f on the tangent space of the lower domain (see tangent.ts), by conjugate
 * gradients or by a dense factorisation.
 */
import { type CgOptions, type CgResult, type CgWorkspace, cgWorkspace, conjugateGradient } from "../../num/cg.js";
import { choleskyInto, choleskySolveInto } from "../../num/cholesky.js";
import { pseudoSolveInto, symmetricEigen } from "../../num/eigen.js";
import { minimumNormSolve } from "../../num/minimumNorm.js";
import type { Linearization } from "../../oracle/oracle.js";
import type { Tangent } from "./tangent.js";

type Vector = Float64Array;

/**
 * Conjugate gradients on the reduced Hessian; on the normal equations (the minimum-norm least-squares solution) where a
 * direction without positive curvature shows that it is singular or indefinite.
 */
export class TangentCg {
  private readonly b: Vector;
  private readonly work: CgWorkspace;
  private readonly tangent: Tangent;
  private map: Linearization | undefined;

  constructor(m: number, tangent: Tangent) {
    this.b = new Float64Array(m);
    this.work = cgWorkspace(m);
    this.tangent = tangent;
  }

  private readonly apply = (v: Vector, out: Vector): void => {
    this.map?.hvp(v, out);
    this.tangent.reduceInto(v, out);
  };

  /** Solves into v (on entry the warm start, where asked for); the tangent must be up to date. */
  solve(map: Linearization, gradY: Vector, v: Vector, options: CgOptions): CgResult {
    this.map = map;
    const { b } = this;
    for (let j = 0; j < b.length; j++) b[j] = gradY[j];
    this.tangent.projectInto(b);
    if (options.warm === true) this.tangent.projectInto(v);
    const result = conjugateGradient(this.apply, b, v, options, this.work);
    if (!result.negativeCurvature) return result;
    const least = minimumNormSolve(this.apply, b, v, 1e-12, options.maxIterations, options.exhausted);
    return { ...result, iterations: result.iterations + least.iterations, residual: least.residual };
  }
}

/**
 * Dense: Cholesky of the reduced Hessian; where that is not positive definite, or its condition is beyond 1/rcond, the
 * pseudo-inverse by eigenvalues above rcond times the largest. O(m³); `H` (row-major, symmetric) is overwritten.
 */
export function denseAdjointInto(
  H: Vector,
  gradY: Vector,
  tangent: Tangent,
  rcond: number,
  v: Vector,
): "cholesky" | "pseudo-inverse" {
  const m = v.length;
  let scale = 0;
  for (let j = 0; j < m; j++) scale = Math.max(scale, Math.abs(H[j * m + j]));
  tangent.reduceDenseInto(H, m, scale > 0 ? scale : 1);
  for (let j = 0; j < m; j++) v[j] = gradY[j];
  tangent.projectInto(v);
  const L = H.slice();
  if (choleskyInto(L, m) < 0) {
    let least = Number.POSITIVE_INFINITY;
    let most = 0;
    for (let j = 0; j < m; j++) {
      least = Math.min(least, L[j * m + j]);
      most = Math.max(most, L[j * m + j]);
    }
    // The spread of the factor's diagonal bounds the condition number from below.
    if (least * least > rcond * most * most) {
      choleskySolveInto(L, m, v);
      return "cholesky";
    }
  }
  const b = v.slice();
  pseudoSolveInto(symmetricEigen(H, m), b, rcond, v);
  return "pseudo-inverse";
}
