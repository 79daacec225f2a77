/**
 * Automatic unrolled methods: a lower map and an estimator in scaled variables under the outer rule of aid-auto (L-BFGS with
 * Wolfe's conditions), on x or, where the initial point is a variable of the upper level, on (x, y_0).
 */
import type { Oracle } from "../../oracle/oracle.js";
import { aidAuto, descend } from "../implicit/aidAuto.js";
import type { AidAutoState } from "../implicit/aidAutoState.js";
import { HyperDescent } from "../kit/hyperDescent.js";
import { type Running, StateFields } from "../kit/running.js";
import { ScaledProblem } from "../kit/scaledProblem.js";
import { estimateScaling, type Scaling } from "../kit/scaling.js";
import type { MethodContext } from "../method.js";
import type { PathEstimator } from "../pieces/estimators/reverse.js";
import type { LowerMap } from "../pieces/piece.js";
import { scaledOracle } from "./scaledOracle.js";
import { withStartAsVariable } from "./startLift.js";
import { StepConstants } from "./stepConstants.js";
import { type PathParts, UnrolledEvaluator } from "./unrolledEvaluator.js";

export interface AutomaticRule {
  /** y_0 is a variable. */
  readonly joint?: boolean;
  readonly kernel: PathParts["kernel"];
  /** Default: Nesterov's map with constants by Lanczos at each x. `context` has the scaled oracle. */
  readonly map?: (context: MethodContext) => Pick<PathParts, "map" | "tune" | "tooLong">;
  readonly estimator: (context: MethodContext, map: LowerMap) => PathEstimator;
  readonly unreached?: (estimator: PathEstimator) => number;
  readonly noProgress?: number;
}

const NO_PROGRESS = 0.9;

/** Scales of x and y; a point (x, y_0) is projected as it stands where one of the levels is no box. */
function scalesOf({ oracle, random }: MethodContext, joint: boolean): Scaling {
  const { n, m, domainX, domainY } = oracle;
  if (joint && !(domainX.boxes && domainY.boxes)) {
    return { dx: new Float64Array(n).fill(1), dy: new Float64Array(m).fill(1) };
  }
  return estimateScaling(oracle, random.split("scaling"));
}

function lifted(oracle: Oracle, { dx, dy }: Scaling): ScaledProblem {
  const both = new Float64Array(oracle.n + oracle.m);
  both.set(dx);
  both.set(dy, oracle.n);
  return new ScaledProblem(withStartAsVariable(oracle), { dx: both, dy });
}

/** A descent in (x, y_0) of which x and y_K are published. */
class JointDescent extends StateFields implements Running {
  /** The record of the inner state itself. */
  override readonly extra: Record<string, number>;
  private readonly inner: AidAutoState;

  constructor(context: MethodContext, evaluator: UnrolledEvaluator) {
    super(context.oracle);
    this.inner = descend(evaluator, context.tolerance);
    this.extra = this.inner.extra;
    this.publish();
  }

  step(context: MethodContext): void {
    aidAuto.step(this.inner, context);
    this.publish();
  }

  backOff(context: MethodContext): boolean {
    this.inner.x.set(this.x);
    this.inner.x.set(this.y, this.x.length);
    this.inner.y.set(this.y);
    const mended = aidAuto.backOff?.(this.inner, context) === true;
    this.publish();
    return mended;
  }

  private publish(): void {
    const { inner, x } = this;
    for (let i = 0; i < x.length; i++) x[i] = inner.x[i];
    this.y.set(inner.y);
    this.value = inner.value;
    this.stationarity = inner.stationarity;
    this.finished = inner.finished;
    this.reason = inner.reason;
  }
}

export function automaticRun(context: MethodContext, rule: AutomaticRule): Running {
  const joint = rule.joint === true;
  const scales = scalesOf(context, joint);
  const oracle = scaledOracle(context.oracle, scales);
  const scaled: MethodContext = { ...context, oracle };
  const { map, tune, tooLong } = rule.map?.(scaled) ?? new StepConstants(oracle, context.random.split("constants"));
  const estimator = rule.estimator(scaled, map);
  const { unreached } = rule;
  const parts: PathParts = {
    oracle,
    map,
    estimator,
    tune,
    tooLong,
    joint,
    kernel: rule.kernel,
    noProgress: rule.noProgress ?? NO_PROGRESS,
    unreached: unreached === undefined ? undefined : () => unreached(estimator),
  };
  const problem = joint ? lifted(context.oracle, scales) : new ScaledProblem(context.oracle, scales);
  const evaluator = new UnrolledEvaluator(problem, parts, context.exhausted);
  return joint ? new JointDescent(context, evaluator) : new HyperDescent(context, evaluator);
}
