/**
 * The evaluator of null-aid: at (x, y0) the lower solution y nearest to y0 along the range of H, and
 *
 *   v = H⁺ b, b = grad_y f      G = (grad_x f - J v, b - H v)      phi = f - vᵀ grad_y g
 *
 * Each evaluation ends with y0 := y. For a quadratic lower level that changes nothing (the limit from y is y); for others it
 * makes G the gradient of (x, y0) -> phi at the point itself, where the limit's derivative is the projection on the kernel.
 */
import { type CgOptions, type CgWorkspace, cgWorkspace, conjugateGradient } from "../../num/cg.js";
import { type MinimumNormWorkspace, minimumNormSolve, minimumNormWorkspace } from "../../num/minimumNorm.js";
import type { Random } from "../../num/random.js";
import { fillInto, norm } from "../../num/vector.js";
import { type AdjointSolver, HyperEvaluator, type HyperPoint } from "../kit/hyperPoint.js";
import type { ScaledProblem } from "../kit/scaledProblem.js";
import { RangeLowerSolver } from "./nullAidLower.js";
import { DENSE, LowerRange } from "./nullAidRange.js";

type Vector = Float64Array;

/** Relative residuals that end iterations with H and H²; beyond DENSE variables. */
const ADJOINT = 1e-11;
const NORMAL = 1e-13;

/** v = H⁺ b from 0; `residual` is what is left to solve for, not what is out of reach. */
class MinimumNormAdjoint implements AdjointSolver {
  residual = 0;
  notPositive = false;
  private readonly problem: ScaledProblem;
  private readonly range: LowerRange | undefined;
  private readonly rest: Vector;
  private readonly spare: Vector;
  private readonly work: CgWorkspace;
  private readonly least: MinimumNormWorkspace;
  private readonly options: CgOptions;

  constructor(problem: ScaledProblem, range: LowerRange | undefined) {
    this.problem = problem;
    this.range = range;
    this.rest = new Float64Array(problem.m);
    this.spare = new Float64Array(problem.m);
    this.work = cgWorkspace(problem.m);
    this.least = minimumNormWorkspace(problem.m);
    this.options = { tolerance: Number.NaN, maxIterations: 10 * problem.m + 100, exhausted: undefined };
  }

  private readonly hvp = (u: Vector, out: Vector): void => this.problem.hvp(u, out);

  solve(b: Vector, v: Vector, rt: number, _space: unknown, _pre: unknown, exhausted: () => boolean): boolean {
    this.notPositive = false;
    this.residual = 0;
    const size = norm(b);
    if (size === 0) {
      fillInto(0, v);
      return true;
    }
    this.residual = this.range === undefined ? this.iterate(b, v, exhausted) : this.decompose(this.range, b, v) / size;
    return this.residual <= rt;
  }

  /** Norm of the part of b - H v in the range. */
  private decompose(range: LowerRange, b: Vector, v: Vector): number {
    if (!range.refresh()) return Number.NaN;
    this.notPositive = range.negative;
    range.solveInto(b, v, false);
    this.problem.hvp(v, this.rest);
    for (let j = 0; j < b.length; j++) this.rest[j] = b[j] - this.rest[j];
    return range.solveInto(this.rest, this.spare, false);
  }

  /**
   * H w = H b, then H v = w, both from 0: w is the part of b in the range, and the condition of each solve is that of H.
   * Where rounding leaves one of them short, conjugate gradients on H² v = H b.
   */
  private iterate(b: Vector, v: Vector, exhausted: () => boolean): number {
    const { hvp, rest, spare, work, options } = this;
    hvp(b, rest);
    const start = norm(rest);
    fillInto(0, v);
    if (start === 0) return 0;
    options.tolerance = NORMAL * start;
    options.exhausted = exhausted;
    const first = conjugateGradient(hvp, rest, spare, options, work);
    if (first.converged) {
      const size = norm(spare);
      options.tolerance = ADJOINT * size;
      const second = conjugateGradient(hvp, spare, v, options, work);
      if (second.converged) return second.residual / size;
    }
    return minimumNormSolve(hvp, b, v, NORMAL, options.maxIterations, exhausted, this.least).normalResidual / start;
  }
}

export class NullAidEvaluator extends HyperEvaluator {
  /** `problem` is the lifted one. Small lower levels by decompositions of H unless `iterative`. */
  constructor(problem: ScaledProblem, exhausted: () => boolean, random: Random, iterative = problem.m > DENSE) {
    const range = iterative ? undefined : new LowerRange(problem.m, (u, out) => problem.hvp(u, out), random);
    super(problem, exhausted, new MinimumNormAdjoint(problem, range), new RangeLowerSolver(problem, range));
    // Where y is not yet a solution H may have no kernel: loose solves would take it for badly conditioned.
    this.tight = true;
  }

  override evaluate(p: HyperPoint): boolean {
    const { n, m } = this.problem;
    const first = n - m;
    fillInto(0, p.y);
    const done = super.evaluate(p);
    for (let j = 0; j < m; j++) {
      p.x[first + j] += p.y[j];
      p.y[j] = 0;
    }
    return done;
  }
}
