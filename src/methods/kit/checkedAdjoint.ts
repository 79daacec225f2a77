/**
 * The adjoint H v = b on the tangent space of the lower domain by preconditioned conjugate gradients, to a tolerance that
 * the caller checks. Where H turns out singular or indefinite, the minimum-norm least-squares solution instead (CG on
 * H² v = H b), and the share of b that no v reaches is reported: that makes the failure of the implicit function theorem visible.
 */
import { type CgOptions, type CgWorkspace, cgWorkspace, conjugateGradient } from "../../num/cg.js";
import { type MinimumNormWorkspace, minimumNormSolve, minimumNormWorkspace } from "../../num/minimumNorm.js";
import { copyInto, fillInto, type LinearMap, norm } from "../../num/vector.js";

type Vector = Float64Array;

export interface TangentSpace {
  /** True where the tangent space is the whole space. */
  readonly whole: boolean;
  /** Largest curvature of the boundary that `reduceInto` adds; none where it is absent. */
  readonly curvature?: number;
  /** v <- P v */
  projectInto(v: Vector): void;
  /** out <- P out + (curvature of the boundary) v, for out = H v */
  reduceInto(v: Vector, out: Vector): void;
}

export class CheckedAdjoint {
  /** |b - H v| / |b| at the last solve; 0 for b = 0. */
  residual = 0;
  /** A direction without positive curvature was met. */
  notPositive = false;
  private readonly b: Vector;
  private readonly work: CgWorkspace;
  private readonly least: MinimumNormWorkspace;
  private readonly options: CgOptions;
  private readonly hvp: LinearMap;
  private space: TangentSpace | undefined;
  private readonly scratch: Vector;

  constructor(m: number, hvp: LinearMap) {
    this.b = new Float64Array(m);
    this.scratch = new Float64Array(m);
    this.work = cgWorkspace(m);
    this.least = minimumNormWorkspace(m);
    const maxIterations = 3 * m + 30;
    this.options = { tolerance: Number.NaN, maxIterations, precondition: undefined, warm: true, exhausted: undefined };
    this.hvp = hvp;
  }

  private readonly apply = (v: Vector, out: Vector): void => {
    this.hvp(v, out);
    if (this.space !== undefined && !this.space.whole) this.space.reduceInto(v, out);
  };

  /**
   * Solves into v (on entry the warm start) until |b - Hv| <= rt |b| with b the tangent part of `gradient`; at most
   * 3m + 30 iterations. False if that was not reached.
   */
  solve(
    gradient: Vector,
    v: Vector,
    rt: number,
    space: TangentSpace,
    precondition: LinearMap | undefined,
    exhausted: () => boolean,
  ): boolean {
    const { b, work } = this;
    this.space = space;
    copyInto(gradient, b);
    if (!space.whole) {
      space.projectInto(b);
      space.projectInto(v);
    }
    const size = norm(b);
    this.notPositive = false;
    this.residual = 0;
    if (size === 0) {
      fillInto(0, v);
      return true;
    }
    const { options } = this;
    options.tolerance = rt * size;
    options.precondition = precondition;
    options.exhausted = exhausted;
    const result = conjugateGradient(this.apply, b, v, options, work);
    this.residual = result.residual / size;
    this.notPositive = result.negativeCurvature;
    if (result.converged || !result.negativeCurvature) return result.converged;
    copyInto(v, this.scratch);
    const least = minimumNormSolve(this.apply, b, v, rt, options.maxIterations, exhausted, this.least);
    // The least-squares solution is at least as good as the iterate of CG once it has converged.
    if (!least.converged && least.residual > result.residual) copyInto(this.scratch, v);
    else this.residual = least.residual / size;
    return this.residual <= rt;
  }
}
