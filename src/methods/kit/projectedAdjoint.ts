/**
 * The adjoint v of implicit methods, H v = grad_y f on the tangent space of the lower domain (see tangent.ts), by a dense
 * factorisation.
 */
import { choleskyInto, choleskySolveInto } from "../../num/cholesky.js";
import { pseudoSolveInto, symmetricEigen } from "../../num/eigen.js";
import { addScaledInto, type LinearMap, norm } from "../../num/vector.js";
import type { TangentSpace } from "./checkedAdjoint.js";

type Vector = Float64Array;

/**
 * The reduced Hessian as a dense matrix, made nonsingular off the tangent space: K = P H P + rho P + c (I - P), by m
 * products with H; c > 0 is the size of its diagonal.
 */
export function reducedHessianInto(hvp: LinearMap, space: TangentSpace, m: number, K: Vector): void {
  const e = new Float64Array(m);
  const image = new Float64Array(m);
  const off = new Float64Array(space.whole ? 0 : m * m);
  let c = 0;
  for (let j = 0; j < m; j++) {
    e.fill(0);
    e[j] = 1;
    if (!space.whole) {
      space.projectInto(e);
      for (let i = 0; i < m; i++) off[i * m + j] = (i === j ? 1 : 0) - e[i];
    }
    hvp(e, image);
    if (!space.whole) space.reduceInto(e, image);
    for (let i = 0; i < m; i++) K[i * m + j] = image[i];
    c = Math.max(c, Math.abs(image[j]));
  }
  if (!space.whole) addScaledInto(K, c > 0 ? c : 1, off, K);
}

/**
 * Solves K v = b by Cholesky; where K is not positive definite, or its condition is beyond 1/rcond, by the pseudo-inverse
 * with eigenvalues above rcond times the largest. O(m³). Says which was used.
 */
export function denseSolveInto(K: Vector, b: Vector, rcond: number, v: Vector): "cholesky" | "pseudo-inverse" {
  const m = v.length;
  const L = K.slice();
  if (choleskyInto(L, m) < 0) {
    let least = Number.POSITIVE_INFINITY;
    let most = 0;
    for (let j = 0; j < m; j++) {
      least = Math.min(least, L[j * m + j]);
      most = Math.max(most, L[j * m + j]);
    }
    // The spread of the factor's diagonal bounds the condition number from below.
    if (least * least > rcond * most * most) {
      v.set(b);
      choleskySolveInto(L, m, v);
      return "cholesky";
    }
  }
  pseudoSolveInto(symmetricEigen(K, m), b, rcond, v);
  return "pseudo-inverse";
}

/** Assembles and solves in one go: the adjoint of ift-direct, as an AdjointSolver (see hyperPoint.ts). */
export class DenseAdjoint {
  /** |b - H v| / |b| at the last solve. */
  residual = 0;
  notPositive = false;
  private readonly K: Vector;
  private readonly b: Vector;
  private readonly Kv: Vector;
  private readonly hvp: LinearMap;
  private readonly rcond: number;

  constructor(m: number, hvp: LinearMap, rcond: number) {
    this.K = new Float64Array(m * m);
    this.b = new Float64Array(m);
    this.Kv = new Float64Array(m);
    this.hvp = hvp;
    this.rcond = rcond;
  }

  solve(gradient: Vector, v: Vector, rt: number, space: TangentSpace): boolean {
    const { K, b, Kv } = this;
    const m = b.length;
    b.set(gradient);
    if (!space.whole) space.projectInto(b);
    const size = norm(b);
    reducedHessianInto(this.hvp, space, m, K);
    this.notPositive = denseSolveInto(K, b, this.rcond, v) === "pseudo-inverse";
    if (!space.whole) space.projectInto(v);
    let rest = 0;
    for (let i = 0, at = 0; i < m; i++) {
      Kv[i] = 0;
      for (let j = 0; j < m; j++) Kv[i] += K[at++] * v[j];
      rest += (b[i] - Kv[i]) ** 2;
    }
    this.residual = size > 0 ? Math.sqrt(rest) / size : 0;
    return this.residual <= Math.max(rt, 1e-13);
  }
}
