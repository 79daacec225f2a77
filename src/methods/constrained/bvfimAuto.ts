/**
 * Automatic BVFIM: φ(x) = min_y of the barrier function, minimised over x by the automatic outer rule; the parameters τ, μ1, μ2
 * and θ shrink by 0.09 from stage to stage, so that the bias, a series in √τ, shrinks by 0.3 and Richardson's table removes it.
 */
import { norm } from "../../num/vector.js";
import { descend } from "../implicit/aidAuto.js";
import { projectHypergradient } from "../kit/envelope.js";
import { HyperEvaluator, type HyperPoint } from "../kit/hyperPoint.js";
import { given, numberOr } from "../kit/options.js";
import type { Running } from "../kit/running.js";
import type { ScaledProblem } from "../kit/scaledProblem.js";
import type { MethodContext } from "../method.js";
import { type Barrier, makeBarrier } from "../pieces/surrogates/barrier.js";
import { unitScaling } from "./bloccAuto.js";
import { type Stage, Stages } from "./stages.js";

type Vector = Float64Array;

const ROOT = 0.3;
/** Least τ relative to the lower value: below, the gap g* - ĝ has fewer than six digits. */
const FINEST = 1e-10;

/** In a HyperPoint `y` holds the minimiser y and `v` holds z. */
class BarrierEvaluator extends HyperEvaluator {
  private readonly barrier: Barrier;
  private readonly stopped: () => boolean;
  private readonly slopeY: Vector;

  constructor(problem: ScaledProblem, barrier: Barrier, exhausted: () => boolean) {
    super(problem, exhausted);
    this.barrier = barrier;
    this.stopped = exhausted;
    this.slopeY = new Float64Array(problem.m);
  }

  override evaluate(p: HyperPoint): boolean {
    const { barrier } = this;
    p.finite = false;
    p.checked = false;
    p.adjointResidual = 0;
    p.rt = 1e-13;
    p.lowerEnd = "solved";
    if (!barrier.prepare(p.x, this.stopped) || !barrier.minimiseInto(p.y, this.stopped)) return !this.stopped();
    p.phi = barrier.gradientInto(p.x, p.y, p.G, this.slopeY);
    p.f = barrier.f;
    p.lowerResidual = barrier.residual;
    // The gap is a difference of lower values: its relative error enters as that of τ ln(gap).
    const { lower } = this.problem.oracle;
    const rounding = (1e-15 * barrier.tau * Math.abs(lower.value(p.x, p.y))) / barrier.gap;
    p.slack = rounding + 1e-14 * Math.abs(p.phi);
    p.rounding = norm(p.G) * (1 + rounding / barrier.tau / 1e-15);
    projectHypergradient(this.problem, p);
    p.finite = p.phi - p.phi === 0 && p.pg - p.pg === 0;
    p.checked = p.finite;
    if (!(this.G0 > 0) && p.finite) this.G0 = p.pg;
    this.last = p.pg;
    return true;
  }
}

export function automaticBvfim(context: MethodContext): Running {
  const { oracle } = context;
  const barrier = makeBarrier(context, 1);
  const fixed = given(context, "tau");
  const evaluator = new BarrierEvaluator(unitScaling(oracle), barrier, context.exhausted);
  const inner = descend(evaluator, context.tolerance);
  const stage: Stage = {
    inner,
    evaluator,
    ratio: 1 / ROOT,
    name: "tau",
    parameter: () => barrier.tau,
    sharpen: () => {
      barrier.tau *= ROOT * ROOT;
      barrier.mu1 *= ROOT * ROOT;
      barrier.mu2 *= ROOT * ROOT;
      barrier.theta *= ROOT * ROOT;
    },
    finest: () => barrier.tau < FINEST * (1 + Math.abs(oracle.lower.value(inner.current.x, inner.current.y))),
    gap: () => barrier.mu2,
    readInto: (out) => {
      out.set(inner.current.x);
      out.set(inner.current.y, oracle.n);
    },
  };
  return new Stages(context, stage, fixed === undefined ? numberOr(context, "stages", 14) : 1);
}
