/**
 * The hyper-objective and its gradient at x with tolerances that are CHECKED against the gradient they led to:
 *
 *   y ~ argmin g(x, .),  H v = grad_y f,  G = grad_x f - J v,  phi = f - vᵀ grad_y g  (first-order correction for inexact y)
 *
 * The tolerance rt of both solves starts at theta |PG_last| / G0 and is lowered until rt <= 3 max(1e-11, theta |PG| / G0),
 * G0 the largest |PG| of the accepted points. Without that check line searches are fed gradients worse than they claim.
 */
import { copyInto, dot, norm } from "../../num/vector.js";
import { CheckedAdjoint } from "./checkedAdjoint.js";
import { CurvedLowerSolver } from "./curvedLowerSolver.js";
import { BoxLowerSolver, type LowerEnd, type LowerSolver } from "./lowerSolver.js";
import { freeNorm, freeSetInto, gradientMappingInto } from "./projectedGradient.js";
import type { ScaledProblem } from "./scaledProblem.js";

type Vector = Float64Array;

const THETA = 0.01;
const FIRST = 1e-3;
export const TIGHTEST = 1e-11;
const MAX_ROUNDS = 6;

/** A point with all that belongs to it; scaled variables. */
export class HyperPoint {
  readonly x: Vector;
  readonly y: Vector;
  readonly v: Vector;
  /** Hypergradient, and its projection (boxes: G on the free set, else the gradient mapping). */
  readonly G: Vector;
  readonly PG: Vector;
  readonly free: Uint8Array;
  pg = Number.NaN;
  phi = Number.NaN;
  f = Number.NaN;
  /** How far phi may be off. */
  slack = 0;
  /** Rounding error of G: it is a difference of numbers of this size times 1e-15. */
  rounding = 0;
  finite = false;
  /** Tolerance reached by both solves and the check passed. */
  checked = false;
  rt = Number.NaN;
  lowerEnd: LowerEnd = "solved";
  lowerResidual = Number.NaN;
  /** |b - H v| / |b|, and whether a direction without positive curvature was met. */
  adjointResidual = Number.NaN;
  notPositive = false;

  constructor(n: number, m: number) {
    this.x = new Float64Array(n);
    this.y = new Float64Array(m);
    this.v = new Float64Array(m);
    this.G = new Float64Array(n);
    this.PG = new Float64Array(n);
    this.free = new Uint8Array(n).fill(1);
  }
}

/** How H v = grad_y f is solved; CheckedAdjoint unless another is given. */
export type AdjointSolver = Pick<CheckedAdjoint, "solve" | "residual" | "notPositive">;

/** What automatic outer runs (kit/hyperDescent.ts) ask of a hyper-objective, or of a surrogate of one. */
export interface HyperObjective {
  readonly problem: ScaledProblem;
  /** Largest |PG| of the first and of all accepted points; |PG| of the last evaluation. */
  G0: number;
  last: number;
  /** After trouble: always the tightest tolerance. */
  tight: boolean;
  /** Fills in `p` at p.x, warm from p.y and p.v. False if the budget ran out on the way: then p is unusable. */
  evaluate(p: HyperPoint): boolean;
  /** p became the current point of the upper level. */
  accept(p: HyperPoint): void;
  /** Forgets what was learned: after a back-off. */
  reset(): void;
}

export class HyperEvaluator implements HyperObjective {
  /** Largest |PG| of the first and of all accepted points; |PG| of the last evaluation. */
  G0 = 0;
  last = Number.NaN;
  /** After trouble: always the tightest tolerance. */
  tight = false;
  readonly solver: LowerSolver;
  readonly problem: ScaledProblem;
  private readonly adjoint: AdjointSolver;
  private readonly exhausted: () => boolean;
  private readonly fy: Vector;
  private readonly gy: Vector;
  private readonly Jv: Vector;
  private readonly project: (v: Vector) => void;

  constructor(problem: ScaledProblem, exhausted: () => boolean, adjoint?: AdjointSolver, solver?: LowerSolver) {
    const { n, m } = problem;
    this.problem = problem;
    this.exhausted = exhausted;
    const { boxes } = problem.oracle.domainY;
    this.solver = solver ?? (boxes ? new BoxLowerSolver(problem) : new CurvedLowerSolver(problem));
    this.adjoint = adjoint ?? new CheckedAdjoint(m, (v, out) => problem.hvp(v, out));
    this.fy = new Float64Array(m);
    this.gy = new Float64Array(m);
    this.Jv = new Float64Array(n);
    this.project = (v) => problem.projectX(v);
  }

  /** p became the current point of the upper level. */
  accept(p: HyperPoint): void {
    if (p.pg > this.G0) this.G0 = p.pg;
    this.solver.accept();
  }

  reset(): void {
    this.solver.reset();
  }

  /** Fills in `p` at p.x, warm from p.y and p.v. False if the budget ran out on the way: then p is unusable. */
  evaluate(p: HyperPoint): boolean {
    const start = Number.isNaN(this.last) ? FIRST : Math.max(TIGHTEST, THETA * Math.min(1, this.last / this.G0 || 0));
    p.rt = this.tight ? TIGHTEST : start;
    p.checked = false;
    for (let round = 0; round < MAX_ROUNDS; round++) {
      if (!this.once(p)) return !this.exhausted();
      if (Number.isNaN(this.last)) this.G0 = p.pg;
      this.last = p.pg;
      const need = this.G0 > 0 ? Math.max(TIGHTEST, (THETA * p.pg) / this.G0) : 1;
      if (p.rt <= 3 * need) {
        p.checked = p.lowerEnd !== "limit" && p.adjointResidual <= p.rt;
        return true;
      }
      p.rt = Math.max(TIGHTEST, 0.3 * need);
    }
    return true;
  }

  /** One round at tolerance p.rt. False if something was not finite (p.finite tells) or the budget ran out. */
  private once(p: HyperPoint): boolean {
    const { problem, solver, adjoint, exhausted, fy, gy, Jv } = this;
    p.finite = false;
    p.lowerEnd = solver.solve(p.x, p.y, gy, p.rt, exhausted);
    p.lowerResidual = solver.residual;
    if (p.lowerEnd === "exhausted" || p.lowerEnd === "not-finite" || p.lowerEnd === "unbounded") return false;
    p.f = problem.upperGradient(p.x, p.y, p.G, fy);
    const size = norm(fy);
    if (!(p.f - p.f === 0 && size - size === 0)) return false;
    problem.linearize(p.x, p.y);
    adjoint.solve(fy, p.v, p.rt, solver, solver.precondition, exhausted);
    if (exhausted()) return false;
    p.adjointResidual = adjoint.residual;
    p.notPositive = adjoint.notPositive;
    p.rounding = norm(p.G);
    if (norm(p.v) > 0) {
      problem.jvp(p.v, Jv);
      p.rounding += norm(Jv);
      for (let i = 0; i < Jv.length; i++) p.G[i] -= Jv[i];
    }
    const correction = dot(p.v, gy);
    p.phi = p.f - correction;
    p.slack = 0.1 * Math.abs(correction) + 1e-14 * Math.abs(p.f);
    this.projectGradient(p);
    p.finite = p.phi - p.phi === 0 && p.pg - p.pg === 0;
    return p.finite;
  }

  private projectGradient(p: HyperPoint): void {
    const { problem } = this;
    const { domainX } = problem.oracle;
    if (domainX.free) {
      copyInto(p.G, p.PG);
      p.pg = norm(p.G);
    } else if (domainX.boxes) {
      freeSetInto(p.x, p.G, problem.lowerX, problem.upperX, p.free);
      for (let i = 0; i < p.G.length; i++) p.PG[i] = p.free[i] !== 0 ? p.G[i] : 0;
      p.pg = freeNorm(p.G, p.free);
    } else p.pg = gradientMappingInto(p.x, p.G, this.project, p.PG);
  }
}
