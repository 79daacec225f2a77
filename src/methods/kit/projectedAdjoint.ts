/**
 * The adjoint v of implicit methods, H v = grad_y f on the tangent space of the lower domain (see tangent.ts), by a dense
 * factorisation.
 */
import { choleskyInto, choleskySolveInto } from "../../num/cholesky.js";
import { EigenSpace, pseudoSolveInto } from "../../num/eigen.js";
import { addScaledInto, copyInto, type LinearMap, norm } from "../../num/vector.js";
import type { TangentSpace } from "./checkedAdjoint.js";

type Vector = Float64Array;

/**
 * The reduced Hessian as a dense matrix, made nonsingular off the tangent space: K = P H P + rho P + c (I - P), by m
 * products with H; c > 0 is the size of its diagonal.
 */
export class ReducedHessian {
  readonly K: Vector;
  private readonly e: Vector;
  private readonly image: Vector;
  private readonly off: Vector;

  constructor(m: number) {
    this.K = new Float64Array(m * m);
    this.e = new Float64Array(m);
    this.image = new Float64Array(m);
    this.off = new Float64Array(m * m);
  }

  assemble(hvp: LinearMap, space: TangentSpace): void {
    const { K, e, image, off } = this;
    const m = e.length;
    const { whole } = space;
    let c = 0;
    for (let j = 0; j < m; j++) {
      for (let i = 0; i < m; i++) e[i] = 0;
      e[j] = 1;
      if (!whole) {
        space.projectInto(e);
        for (let i = 0; i < m; i++) off[i * m + j] = (i === j ? 1 : 0) - e[i];
      }
      hvp(e, image);
      if (!whole) space.reduceInto(e, image);
      for (let i = 0; i < m; i++) K[i * m + j] = image[i];
      c = Math.max(c, Math.abs(image[j]));
    }
    if (!whole) addScaledInto(K, c > 0 ? c : 1, off, K);
  }
}

/**
 * Solves K v = b by Cholesky; where K is not positive definite, or its condition is beyond 1/rcond, by the pseudo-inverse
 * with eigenvalues above rcond times the largest. O(m³).
 */
export class DenseSolver {
  private readonly L: Vector;
  private eigen: EigenSpace | undefined = undefined;

  constructor(m: number) {
    this.L = new Float64Array(m * m);
  }

  /** Says which was used. */
  solveInto(K: Vector, b: Vector, rcond: number, v: Vector): "cholesky" | "pseudo-inverse" {
    const { L } = this;
    const m = v.length;
    copyInto(K, L);
    if (choleskyInto(L, m) < 0) {
      let least = Number.POSITIVE_INFINITY;
      let most = 0;
      for (let j = 0; j < m; j++) {
        least = Math.min(least, L[j * m + j]);
        most = Math.max(most, L[j * m + j]);
      }
      // The spread of the factor's diagonal bounds the condition number from below.
      if (least * least > rcond * most * most) {
        copyInto(b, v);
        choleskySolveInto(L, m, v);
        return "cholesky";
      }
    }
    this.eigen ??= new EigenSpace(m);
    this.eigen.decompose(K);
    pseudoSolveInto(this.eigen, b, rcond, v);
    return "pseudo-inverse";
  }
}

/** Assembles and solves in one go: the adjoint of ift-direct, as an AdjointSolver (see hyperPoint.ts). */
export class DenseAdjoint {
  /** |b - H v| / |b| at the last solve. */
  residual = 0;
  notPositive = false;
  private readonly matrix: ReducedHessian;
  private readonly solver: DenseSolver;
  private readonly b: Vector;
  private readonly hvp: LinearMap;
  private readonly rcond: number;

  constructor(m: number, hvp: LinearMap, rcond: number) {
    this.matrix = new ReducedHessian(m);
    this.solver = new DenseSolver(m);
    this.b = new Float64Array(m);
    this.hvp = hvp;
    this.rcond = rcond;
  }

  solve(gradient: Vector, v: Vector, rt: number, space: TangentSpace): boolean {
    const { matrix, solver, b } = this;
    const { K } = matrix;
    const m = b.length;
    copyInto(gradient, b);
    if (!space.whole) space.projectInto(b);
    const size = norm(b);
    matrix.assemble(this.hvp, space);
    this.notPositive = solver.solveInto(K, b, this.rcond, v) === "pseudo-inverse";
    if (!space.whole) space.projectInto(v);
    let rest = 0;
    for (let i = 0, at = 0; i < m; i++) {
      let sum = 0;
      for (let j = 0; j < m; j++) sum += K[at++] * v[j];
      rest += (b[i] - sum) * (b[i] - sum);
    }
    this.residual = size > 0 ? Math.sqrt(rest) / size : 0;
    return this.residual <= Math.max(rt, 1e-13);
  }
}
