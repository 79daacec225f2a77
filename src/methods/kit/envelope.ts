/**
 * Evaluator for value functions: phi(x) = f(x, y(x)) with y(x) the lower solution where grad_y f vanishes together with the
 * lower gradient (minimax problems), so that grad phi = grad_x f(x, y(x)) (Danskin's theorem).
 */
import { norm } from "../../num/vector.js";
import { HyperEvaluator, type HyperPoint, TIGHTEST } from "./hyperPoint.js";
import { freeNorm, freeSetInto, gradientMappingInto } from "./projectedGradient.js";
import type { ScaledProblem } from "./scaledProblem.js";

type Vector = Float64Array;

/** Projects p.G onto the upper domain of the problem: p.PG, p.pg and p.free. */
export function projectHypergradient(problem: ScaledProblem, p: HyperPoint): void {
  const { domainX } = problem.oracle;
  if (domainX.free) {
    p.PG.set(p.G);
    p.pg = norm(p.G);
  } else if (domainX.boxes) {
    freeSetInto(p.x, p.G, problem.lowerX, problem.upperX, p.free);
    for (let i = 0; i < p.G.length; i++) p.PG[i] = p.free[i] !== 0 ? p.G[i] : 0;
    p.pg = freeNorm(p.G, p.free);
  } else p.pg = gradientMappingInto(p.x, p.G, (v) => problem.projectX(v), p.PG);
}

export class EnvelopeEvaluator extends HyperEvaluator {
  private readonly fyEnvelope: Vector;
  private readonly gyEnvelope: Vector;
  private readonly stopped: () => boolean;

  constructor(problem: ScaledProblem, exhausted: () => boolean) {
    super(problem, exhausted);
    this.stopped = exhausted;
    this.fyEnvelope = new Float64Array(problem.m);
    this.gyEnvelope = new Float64Array(problem.m);
  }

  override evaluate(p: HyperPoint): boolean {
    const { problem, solver } = this;
    p.finite = false;
    p.checked = false;
    p.rt = TIGHTEST;
    p.lowerEnd = solver.solve(p.x, p.y, this.gyEnvelope, p.rt, this.stopped);
    p.lowerResidual = solver.residual;
    if (p.lowerEnd === "exhausted") return false;
    if (p.lowerEnd === "not-finite") return true;
    p.f = problem.upperGradient(p.x, p.y, p.G, this.fyEnvelope);
    p.phi = p.f;
    p.slack = 1e-14 * Math.abs(p.f);
    p.rounding = norm(p.G);
    p.adjointResidual = 0;
    projectHypergradient(problem, p);
    p.finite = p.phi - p.phi === 0 && p.pg - p.pg === 0;
    // The first point sets the scale: trial points of steep penalties would inflate it.
    if (!(this.G0 > 0) && p.finite) this.G0 = p.pg;
    this.last = p.pg;
    // A lower level that runs away has no solution: the value is not one of phi.
    if (p.lowerEnd === "limit") p.finite = false;
    p.checked = p.finite;
    return true;
  }
}
