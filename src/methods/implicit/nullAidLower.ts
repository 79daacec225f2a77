/**
 * The lower level from y0 by steps in the range of H, so that nothing moves along the kernel, where the upper level chooses:
 * Newton steps z <- z - |H|⁺ grad g, or by conjugate gradients from 0 where H is not decomposed, while each halves the
 * gradient (one is enough for a quadratic), else L-BFGS without memory of other points, whose steps are combinations of gradients (for convex g = h(A y): in the range of Aᵀ).
 */
import { type CgOptions, type CgWorkspace, cgWorkspace, conjugateGradient } from "../../num/cg.js";
import { copyInto, type LinearMap, norm } from "../../num/vector.js";
import { BoxLowerSolver, grown, type LowerEnd, type LowerSolver } from "../kit/lowerSolver.js";
import type { ScaledProblem } from "../kit/scaledProblem.js";
import type { LowerRange } from "./nullAidRange.js";

type Vector = Float64Array;

const MAX_NEWTON = 30;
/** Relative residual of the first conjugate gradient solves. */
const LOOSEST = 1e-3;
/** Rounding of a gradient, relative to |H| |y|. */
const ROUNDING = 1e-15;

export class RangeLowerSolver implements LowerSolver {
  residual = Number.NaN;
  value = Number.NaN;
  readonly precondition = undefined;
  readonly whole = true;
  private r0 = 0;
  private startResidual = 0;
  private readonly problem: ScaledProblem;
  private readonly range: LowerRange | undefined;
  private readonly slow: BoxLowerSolver;
  private readonly d: Vector;
  private readonly trial: Vector;
  private readonly trialGradient: Vector;
  private readonly work: CgWorkspace;
  private readonly options: CgOptions;
  private readonly hvp: LinearMap;

  /** Without `range`, H is only multiplied with. */
  constructor(problem: ScaledProblem, range: LowerRange | undefined) {
    this.problem = problem;
    this.range = range;
    this.slow = new BoxLowerSolver(problem);
    this.d = new Float64Array(problem.m);
    this.trial = new Float64Array(problem.m);
    this.trialGradient = new Float64Array(problem.m);
    this.work = cgWorkspace(problem.m);
    this.options = { tolerance: Number.NaN, maxIterations: 2 * problem.m + 30, exhausted: undefined };
    this.hvp = (v, out) => problem.hvp(v, out);
  }

  projectInto(): void {}

  reduceInto(): void {}

  accept(): void {
    this.r0 = grown(this.r0, this.startResidual);
  }

  reset(): void {
    this.r0 = 0;
  }

  solve(x: Vector, z: Vector, gradient: Vector, rt: number, exhausted: () => boolean): LowerEnd {
    this.value = this.problem.lowerGradient(x, z, gradient);
    this.residual = norm(gradient);
    if (!Number.isFinite(this.value) || !Number.isFinite(this.residual)) return "not-finite";
    this.startResidual = this.residual;
    if (this.r0 === 0) this.r0 = this.residual;
    const target = rt * this.r0;
    for (let k = 0; k < MAX_NEWTON; k++) {
      if (this.residual <= target) return "solved";
      if (exhausted()) return "exhausted";
      this.problem.linearize(x, z);
      if (this.range?.refresh() === false) return "not-finite";
      if (this.range && this.residual <= ROUNDING * this.range.top * this.size(x, z)) return "floor";
      this.direct(gradient, target, exhausted);
      if (!this.newton(x, z, gradient)) break;
    }
    if (this.residual <= target) return "solved";
    this.slow.reset();
    const end = this.slow.solve(x, z, gradient, target / this.residual, exhausted);
    this.value = this.slow.value;
    this.residual = this.slow.residual;
    return end;
  }

  /** |y|, y = y0 + z, with y0 the last entries of the lifted x. */
  private size(x: Vector, z: Vector): number {
    const n = x.length - z.length;
    let sum = 0;
    for (let j = 0; j < z.length; j++) sum += (x[n + j] + z[j]) * (x[n + j] + z[j]);
    return Math.sqrt(sum);
  }

  /** d = |H|⁺ grad g, or what conjugate gradients reach of H⁺ grad g. */
  private direct(gradient: Vector, target: number, exhausted: () => boolean): void {
    const { d, range, options, work } = this;
    if (range !== undefined) {
      range.solveInto(gradient, d, true);
      return;
    }
    const tolerance = Math.max(0.1 * target, Math.min(LOOSEST, this.residual / this.r0) * this.residual);
    options.tolerance = tolerance;
    options.exhausted = exhausted;
    conjugateGradient(this.hvp, gradient, d, options, work);
  }

  /** Takes the step if it halves the gradient and does not raise g. */
  private newton(x: Vector, z: Vector, gradient: Vector): boolean {
    const { d, trial, trialGradient } = this;
    for (let j = 0; j < d.length; j++) trial[j] = z[j] - d[j];
    const value = this.problem.lowerGradient(x, trial, trialGradient);
    const residual = norm(trialGradient);
    if (!(residual <= 0.5 * this.residual && value <= this.value + 1e-14 * Math.abs(this.value))) return false;
    copyInto(trial, z);
    copyInto(trialGradient, gradient);
    this.value = value;
    this.residual = residual;
    return true;
  }
}
