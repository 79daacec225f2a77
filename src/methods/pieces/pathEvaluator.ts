/**
 * The hyper-objective phi(x) = f(x, y_K(x)) of estimators that sweep through the lower path, for automatic runs: K is doubled
 * until the lower residual is small and what the estimator leaves over is negligible; then y_0 hardly counts.
 */
import { copyInto, norm } from "../../num/vector.js";
import { projectHypergradient } from "../kit/envelope.js";
import { type HyperObjective, type HyperPoint, TIGHTEST } from "../kit/hyperPoint.js";
import type { ScaledProblem } from "../kit/scaledProblem.js";
import type { MethodContext } from "../method.js";
import type { Estimator, LowerMap } from "./piece.js";

type Vector = Float64Array;

const FIRST_STEPS = 20;
const MOST_NUMBERS = 5e7;
const LEFTOVER = 1e-9;
const SOLVED = 1e-9;
/** A doubling that leaves more than this share of leftover and residual finds a kernel, not slow convergence. */
const NO_PROGRESS = 0.9;
const MOST_SHRINKS = 40;

export class PathEvaluator implements HyperObjective {
  G0 = 0;
  last = Number.NaN;
  tight = false;
  readonly problem: ScaledProblem;
  private readonly context: MethodContext;
  private readonly map: LowerMap;
  private readonly estimator: Estimator;
  private readonly start: Vector;
  private readonly most: number;
  private K = FIRST_STEPS;
  private largest = 0;
  private kernel = false;
  private shrinks = 0;

  /** The problem's scales must be 1. */
  constructor(context: MethodContext, problem: ScaledProblem, map: LowerMap, estimator: Estimator) {
    this.context = context;
    this.problem = problem;
    this.map = map;
    this.estimator = estimator;
    this.start = new Float64Array(problem.m);
    this.most = Math.max(FIRST_STEPS, Math.min(1e6, Math.floor(MOST_NUMBERS / problem.m)));
  }

  evaluate(p: HyperPoint): boolean {
    const { context, map, estimator, start } = this;
    p.finite = false;
    p.checked = false;
    copyInto(p.y, start);
    let before = map.residual(p.x, p.y);
    this.largest = Math.max(this.largest, before);
    let share = Number.POSITIVE_INFINITY;
    for (;;) {
      copyInto(start, p.y);
      map.run(p.x, p.y, this.K, true);
      p.f = estimator.estimate(p.x, p.y, p.G, LEFTOVER);
      p.lowerResidual = map.residual(p.x, p.y);
      if (context.exhausted()) return false;
      const size = norm(p.G);
      if (!(p.f - p.f === 0 && size - size === 0) || p.lowerResidual > 4 * Math.max(before, SOLVED * this.largest)) {
        if (++this.shrinks > MOST_SHRINKS) return true;
        map.shrink();
        continue;
      }
      const left = Number.isNaN(estimator.residual) ? 0 : estimator.residual;
      p.adjointResidual = left;
      const done = left <= LEFTOVER && p.lowerResidual <= SOLVED * this.largest;
      const stuck = left > NO_PROGRESS * share && p.lowerResidual > NO_PROGRESS * before;
      if (stuck) this.kernel = true;
      p.checked = left <= LEFTOVER && p.lowerResidual <= 1e-6 * this.largest;
      if (done || this.kernel || this.K >= this.most) break;
      share = left;
      before = Math.min(before, p.lowerResidual);
      this.K = Math.min(this.most, 2 * this.K);
    }
    p.phi = p.f;
    p.rt = Math.max(TIGHTEST, p.adjointResidual);
    p.rounding = estimator.size ?? norm(p.G);
    p.slack = 1e-13 * (Math.abs(p.f) + p.rounding);
    projectHypergradient(this.problem, p);
    p.lowerEnd = "solved";
    p.finite = p.phi - p.phi === 0 && p.pg - p.pg === 0;
    if (Number.isNaN(this.last)) this.G0 = p.pg;
    this.last = p.pg;
    return true;
  }

  accept(p: HyperPoint): void {
    if (p.pg > this.G0) this.G0 = p.pg;
  }

  reset(): void {
    this.map.shrink();
    this.estimator.reset();
  }
}
