/**
 * The hyper-objective of automatic unrolled methods, phi(x) = f(x, y_K(x)) or phi(x, y_0) = f(x, y_K(x, y_0)), by a lower map and
 * an estimator of the composition kit, with K doubled until y_K stands and what is left of the adjoint at y_0 is
 *
 *   negligible   |a_0| <= 1e-9 |a_K|: then y_0 counts as little as the truncation of the implicit series would; or
 *   kernel       doubling K no longer shrinks it: H is singular, a_0 is what the upper level wants of the choice among
 *                lower solutions. What to do with it is the method's: refuse, move y_0 along it, or correct for it.
 *
 * Each evaluation starts from the last y (its derivative in x counts as zero, which the leftover measures) or from y_0.
 */
import { norm } from "../../num/vector.js";
import type { Oracle } from "../../oracle/oracle.js";
import { projectHypergradient } from "../kit/envelope.js";
import { HyperEvaluator, type HyperPoint } from "../kit/hyperPoint.js";
import { overshoots } from "../kit/overshoot.js";
import type { ScaledProblem } from "../kit/scaledProblem.js";
import type { PathEstimator } from "../pieces/estimators/reverse.js";
import type { LowerMap } from "../pieces/piece.js";

type Vector = Float64Array;

export const FIRST_STEPS = 20;
const LEFTOVER = 1e-9;
/** Tolerance of linear systems that estimators solve. */
const SOLVED = 1e-11;
/** Numbers kept for a sweep at most: 160 MB. */
const MAX_NUMBERS = 2e7;
const MAX_ROUNDS = 20;
/** A lower residual below this share of the largest one counts as solved. */
const STANDS = 1e-6;

/** Nor does it matter where K steps move y by no more than rounding. */
const FLOOR = 1e-13;

/** The parts of an automatic unrolled method; all of them in the scaled variables. */
export interface PathParts {
  readonly oracle: Oracle;
  readonly map: LowerMap;
  readonly estimator: PathEstimator;
  /** Fits the constants of the map to (x, y) and K before a run; false where that is impossible. */
  readonly tune: (x: Vector, y: Vector, K: number) => boolean;
  readonly tooLong: () => void;
  /** y_0 is a variable, behind x in the points of the evaluator. */
  readonly joint: boolean;
  /** refused: not to be trusted; moved: y_0 follows it (joint); vanishes: the map makes it 0 in the end; solved: by the estimator. */
  readonly kernel: "refused" | "moved" | "vanishes" | "solved";
  /** A doubling that leaves more than this share of the leftover finds a kernel, not slow convergence. */
  readonly noProgress: number;
  /** For `solved`: how much of |∇y f| the estimator could not reach. */
  readonly unreached: (() => number) | undefined;
}

export class UnrolledEvaluator extends HyperEvaluator {
  private readonly parts: PathParts;
  private readonly stopped: () => boolean;
  private readonly x: Vector;
  private readonly start: Vector;
  private readonly G: Vector;
  private readonly most: number;
  private K = FIRST_STEPS;
  /** Leftover share once a kernel was found: it is not searched for again at every point. */
  private kernelShare = Number.POSITIVE_INFINITY;
  private largestResidual = 0;
  private largestAdjoint = 0;

  constructor(problem: ScaledProblem, parts: PathParts, exhausted: () => boolean) {
    super(problem, exhausted);
    const { n, m } = parts.oracle;
    this.parts = parts;
    this.stopped = exhausted;
    this.x = new Float64Array(n);
    this.G = new Float64Array(n);
    this.start = new Float64Array(m);
    this.most = Math.max(FIRST_STEPS, Math.min(1e6, Math.floor(MAX_NUMBERS / m)));
  }

  override evaluate(p: HyperPoint): boolean {
    const { parts, x, start } = this;
    const { map, estimator, joint } = parts;
    const n = x.length;
    p.finite = false;
    p.checked = false;
    for (let i = 0; i < n; i++) x[i] = p.x[i];
    if (joint) for (let j = 0; j < start.length; j++) p.y[j] = p.x[n + j];
    p.lowerResidual = this.residualAt(p.y);
    let lastShare = this.kernelShare;
    for (let round = 0; ; round++) {
      if (joint && round > 0) for (let j = 0; j < start.length; j++) p.y[j] = p.x[n + j];
      if (!parts.tune(x, p.y, this.K)) return true;
      start.set(p.y);
      map.run(x, p.y, this.K, true);
      let moved = 0;
      for (let j = 0; j < start.length; j++) moved += (p.y[j] - start[j]) ** 2;
      moved = Math.sqrt(moved);
      p.f = estimator.estimate(x, p.y, this.G, SOLVED);
      const { leftSize: left, adjointSize } = estimator;
      const share = adjointSize > 0 ? left / adjointSize : 0;
      this.largestAdjoint = Math.max(this.largestAdjoint, adjointSize);
      p.rounding = estimator.size;
      if (!(p.f - p.f === 0 && left - left === 0)) return true;
      if (this.stopped()) return false;
      const before = p.lowerResidual;
      p.lowerResidual = this.residualAt(p.y);
      const grows = round > 0 && !joint && p.lowerResidual > 2 * before;
      const cycles = this.K >= 2 && overshoots(map.iterate(this.K - 2), map.iterate(this.K - 1), map.iterate(this.K));
      if (grows || cycles) parts.tooLong();
      p.phi = p.f;
      const error = (joint ? 0 : left * moved) + (estimator.spread ?? 0);
      p.slack = 1e-14 * Math.abs(p.f) + error;
      const solved = p.lowerResidual <= STANDS * this.largestResidual || moved <= FLOOR * (1 + norm(p.y));
      const stands = solved && !cycles && error <= 1e-10 * (Math.abs(p.f) + p.rounding);
      const known = share <= LEFTOVER || parts.kernel === "solved";
      const kernel = !known && this.K >= 16 * FIRST_STEPS && share > parts.noProgress * lastShare;
      lastShare = share;
      if (kernel) this.kernelShare = share;
      const accepted = known || (kernel && parts.kernel !== "refused");
      const ended = accepted ? stands : kernel;
      p.adjointResidual = parts.unreached?.() ?? (accepted ? 0 : share);
      p.rt = accepted ? LEFTOVER : share;
      if (ended || (this.K >= this.most && (joint || !known)) || round === MAX_ROUNDS) {
        p.checked = accepted && solved && (parts.kernel !== "vanishes" || left <= STANDS * this.largestAdjoint);
        this.takeGradient(p, share);
        break;
      }
      // The steps already done stand: only what still moves y has to be differentiated.
      const further = parts.kernel === "vanishes" ? !solved : parts.kernel === "solved" && round > 2;
      if (!accepted || joint || further) {
        if (!cycles) this.K = Math.min(this.most, 2 * this.K);
        if (!accepted) p.y.set(start);
      }
    }
    projectHypergradient(this.problem, p);
    p.lowerEnd = "solved";
    p.finite = p.phi - p.phi === 0 && p.pg - p.pg === 0;
    if (p.pg > this.G0) this.G0 = p.pg;
    this.last = p.pg;
    return true;
  }

  /** The gradient in y_0 goes behind that in x; what is negligible of it counts as zero. */
  private takeGradient(p: HyperPoint, share: number): void {
    const { startGradient } = this.parts.estimator;
    p.G.fill(0);
    p.G.set(this.G);
    if (this.parts.joint && startGradient !== undefined && share > LEFTOVER) p.G.set(startGradient, this.x.length);
  }

  private residualAt(y: Vector): number {
    const residual = this.parts.map.residual(this.x, y);
    if (residual > this.largestResidual) this.largestResidual = residual;
    return residual;
  }
}
