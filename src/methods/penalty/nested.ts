/**
 * Penalties with y eliminated, for continuation: the surrogate and its gradient at x with y solved to the limit of float64,
 *
 *   y = argmin over Y of f(x, ·)/c + p(x, ·),   L(x) = f(x, y) + c p(x, y),   grad L = grad_x f + c grad_x p     (Danskin)
 *
 * p >= 0 vanishes at stationary points of the lower level. In a HyperPoint `y` holds y. The first y is sought from a point near
 * a lower solution, since p has no opinion on which kind of stationary point is a minimum.
 */
import { norm } from "../../num/vector.js";
import type { Oracle } from "../../oracle/oracle.js";
import { descend } from "../implicit/aidAuto.js";
import { CurvedLowerSolver } from "../kit/curvedLowerSolver.js";
import { projectHypergradient } from "../kit/envelope.js";
import { HyperEvaluator, type HyperPoint } from "../kit/hyperPoint.js";
import { BoxLowerSolver, type LowerSolver } from "../kit/lowerSolver.js";
import { ScaledProblem } from "../kit/scaledProblem.js";
import type { Scaling } from "../kit/scaling.js";
import type { PenaltyStage } from "./continuation.js";

type Vector = Float64Array;

/** Relative size of the lower gradient at which the first y is near enough to a lower solution. */
const NEAR = 1e-3;

/** f/c + p as a function of y, in scaled variables. */
export abstract class NestedProblem extends ScaledProblem {
  c = 1;
  /** Added to values, so that solvers, which take 1e-14 of a value for its rounding error, know that of a small difference. */
  shift = 0;
  private readonly extra: Vector;
  private readonly pointX: Vector;
  private readonly pointY: Vector;
  private readonly heldX: Vector;
  private readonly heldY: Vector;
  private readonly other: Vector;

  constructor(oracle: Oracle, scaling: Scaling) {
    super(oracle, scaling);
    const { n, m } = oracle;
    this.extra = new Float64Array(m);
    this.pointX = new Float64Array(n);
    this.pointY = new Float64Array(m);
    this.heldX = new Float64Array(n);
    this.heldY = new Float64Array(m);
    this.other = new Float64Array(m);
  }

  /** p and out (length m) = d p/dy, in the user's variables. */
  abstract penaltyY(x: Vector, y: Vector, out: Vector): number;
  /** out (length n) = d p/dx where `penaltyY` was asked last; returns the size of the terms it is a difference of. */
  abstract penaltyX(x: Vector, y: Vector, out: Vector): number;
  /** Rounding error of p where `penaltyY` was asked last. */
  abstract readonly rounding: number;

  override lowerGradient(x: Vector, y: Vector, out: Vector): number {
    const { pointX, pointY, extra, dy, c } = this;
    this.unscaleXInto(x, pointX);
    this.unscaleYInto(y, pointY);
    const p = this.penaltyY(pointX, pointY, out);
    const f = this.oracle.upper.valueGradY(pointX, pointY, extra);
    for (let j = 0; j < out.length; j++) out[j] = dy[j] * (out[j] + extra[j] / c);
    return p + f / c + this.shift;
  }

  override linearize(x: Vector, y: Vector): void {
    this.heldX.set(x);
    this.heldY.set(y);
  }

  /** By central differences: only solvers on balls and simplices ask for it. */
  override hvp(v: Vector, out: Vector): void {
    const { heldX, heldY, other } = this;
    const size = norm(v);
    if (size === 0) {
      out.fill(0);
      return;
    }
    const e = (6e-6 * (1 + norm(heldY))) / size;
    const at = heldY.slice();
    for (let j = 0; j < at.length; j++) at[j] = heldY[j] + e * v[j];
    this.lowerGradient(heldX, at, out);
    for (let j = 0; j < at.length; j++) at[j] = heldY[j] - e * v[j];
    this.lowerGradient(heldX, at, other);
    for (let j = 0; j < out.length; j++) out[j] = (out[j] - other[j]) / (2 * e);
  }
}

export function solverOf(problem: ScaledProblem): LowerSolver {
  return problem.oracle.domainY.boxes ? new BoxLowerSolver(problem) : new CurvedLowerSolver(problem);
}

export class NestedEvaluator extends HyperEvaluator {
  private readonly nested: NestedProblem;
  private readonly firstC: number;
  private readonly stopped: () => boolean;
  private begun = false;
  private readonly gradient: Vector;
  private readonly gxF: Vector;
  private readonly gxP: Vector;
  private readonly pointX: Vector;
  private readonly pointY: Vector;

  constructor(problem: NestedProblem, exhausted: () => boolean, c: number) {
    super(problem, exhausted, undefined, solverOf(problem));
    const { n, m } = problem;
    this.nested = problem;
    this.stopped = exhausted;
    this.firstC = c;
    problem.c = c;
    this.gradient = new Float64Array(m);
    this.gxF = new Float64Array(n);
    this.gxP = new Float64Array(n);
    this.pointX = new Float64Array(n);
    this.pointY = new Float64Array(m);
  }

  override evaluate(p: HyperPoint): boolean {
    const { nested, solver, gradient, gxF, gxP, pointX, pointY, stopped } = this;
    p.finite = false;
    p.checked = false;
    if (!this.begun) this.begin(p);
    const { c } = nested;
    nested.shift = 1e14 * nested.rounding;
    // Errors of y enter G multiplied by c.
    p.rt = Math.max(1e-15, Math.min(1e-12, (1e-11 * this.firstC) / c));
    p.lowerEnd = solver.solve(p.x, p.y, gradient, p.rt, stopped);
    p.lowerResidual = solver.residual;
    if (p.lowerEnd !== "solved" && p.lowerEnd !== "floor") return p.lowerEnd !== "exhausted";
    nested.unscaleXInto(p.x, pointX);
    nested.unscaleYInto(p.y, pointY);
    const f = nested.oracle.upper.valueGrad(pointX, pointY, gxF, gradient);
    const penalty = nested.penaltyY(pointX, pointY, gradient);
    const size = nested.penaltyX(pointX, pointY, gxP);
    for (let i = 0; i < gxF.length; i++) p.G[i] = nested.dx[i] * (gxF[i] + c * gxP[i]);
    p.f = f;
    p.phi = f + c * penalty;
    p.slack = 1e-14 * Math.abs(f) + c * nested.rounding;
    p.rounding = norm(gxF) + 0.2 * c * size;
    p.adjointResidual = 0;
    projectHypergradient(nested, p);
    p.finite = p.phi - p.phi === 0 && p.pg - p.pg === 0;
    p.checked = p.finite;
    // The first point sets the scale: trial points of steep penalties would inflate it.
    if (!(this.G0 > 0) && p.finite) this.G0 = p.pg;
    this.last = p.pg;
    return true;
  }

  private begin(p: HyperPoint): void {
    this.begun = true;
    const { dx, dy, oracle } = this.nested;
    const lower = solverOf(new ScaledProblem(oracle, { dx, dy }));
    const y = p.y.slice();
    const end = lower.solve(p.x, y, this.gradient, NEAR, this.stopped);
    if (end === "solved" || end === "floor") p.y.set(y);
  }
}

/** As a stage of a continuation; `least`: the penalty parameter at which theory speaks. */
export function nestedStage(
  problem: NestedProblem,
  exhausted: () => boolean,
  tolerance: number,
  c: number,
  least: PenaltyStage["least"],
): PenaltyStage {
  const evaluator = new NestedEvaluator(problem, exhausted, c);
  const inner = descend(evaluator, tolerance);
  const { n, m, dx, dy } = problem;
  const pointX = new Float64Array(n);
  const pointY = new Float64Array(m);
  const spare = new Float64Array(m);
  return {
    inner,
    evaluator,
    least,
    setPenalty: (value) => {
      problem.c = value;
    },
    gap: () => {
      problem.unscaleXInto(inner.current.x, pointX);
      problem.unscaleYInto(inner.current.y, pointY);
      return problem.penaltyY(pointX, pointY, spare);
    },
    readInto: (out) => {
      const { x, y } = inner.current;
      for (let i = 0; i < n; i++) out[i] = dx[i] * x[i];
      for (let j = 0; j < m; j++) out[n + j] = dy[j] * y[j];
    },
  };
}
