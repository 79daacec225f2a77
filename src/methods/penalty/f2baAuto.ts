/** Automatic F2BA: continuation over surrogates (surrogate.ts, continuation.ts); a single one where lambda is given. */
import type { Oracle } from "../../oracle/oracle.js";
import { descend } from "../implicit/aidAuto.js";
import { differenceProducts, estimateCurvature } from "../kit/constants.js";
import { differenceOracle } from "../kit/differenceOracle.js";
import { HyperDescent } from "../kit/hyperDescent.js";
import { flag, numberOr } from "../kit/options.js";
import { firstPenalty, leastPenalty } from "../kit/penaltyConstants.js";
import type { Running } from "../kit/running.js";
import { ScaledProblem } from "../kit/scaledProblem.js";
import { estimateScaling } from "../kit/scaling.js";
import type { MethodContext } from "../method.js";
import { penaltyOf, SINGULAR } from "../pieces/surrogates/penalty.js";
import { Continuation, type PenaltyStage } from "./continuation.js";
import { SurrogateEvaluator } from "./surrogate.js";

/** The evaluator of the surrogate min_y f + lambda (g - g*), in scaled variables. */
function surrogate(context: MethodContext, oracle: Oracle, lambda: number, debias: boolean): SurrogateEvaluator {
  const scaling = estimateScaling(oracle, context.random.split("scaling"));
  const problem = new ScaledProblem(oracle, scaling);
  return new SurrogateEvaluator(problem, scaling, context.exhausted, lambda, debias);
}

/** The surrogate as a stage of a continuation; it answers with the penalised y. */
export function surrogateStage(context: MethodContext, oracle: Oracle, lambda: number): PenaltyStage {
  const evaluator = surrogate(context, oracle, lambda, false);
  const inner = descend(evaluator, context.tolerance);
  const { n } = oracle;
  const { dx, dy } = evaluator.problem;
  const point = new Float64Array(n);
  const ends = new Float64Array(oracle.m);
  return {
    inner,
    evaluator,
    least: (x, y) => leastPenalty(oracle, x, y, context.random.split("least penalty")),
    setPenalty: (value) => evaluator.setPenalty(value),
    gap: () => {
      const { x, y, v } = inner.current;
      evaluator.problem.unscaleXInto(x, point);
      evaluator.problem.unscaleYInto(v, ends);
      const penalised = oracle.lower.value(point, ends);
      evaluator.problem.unscaleYInto(y, ends);
      return penalised - oracle.lower.value(point, ends);
    },
    readInto: (out) => {
      const { x, v } = inner.current;
      for (let i = 0; i < n; i++) out[i] = dx[i] * x[i];
      for (let j = 0; j < v.length; j++) out[n + j] = dy[j] * v[j];
    },
  };
}

/** Where lambda is given: z is the answer of a lower level with one solution, the penalised y of one with many. */
class FixedPenalty extends HyperDescent {
  private readonly oracle: Oracle;

  constructor(context: MethodContext, oracle: Oracle, lambda: number) {
    super(context, surrogate(context, oracle, lambda, flag(context, "debias")));
    this.oracle = oracle;
  }

  override step(context: MethodContext): void {
    super.step(context);
    const { current, evaluator } = this.inner;
    if (this.finished === "no" || !current.finite) return;
    const { mu, L } = estimateCurvature(
      differenceProducts(this.oracle.lower, this.x, this.y),
      this.oracle.m,
      context.random.split("constants"),
    );
    if (mu <= SINGULAR * L) evaluator.problem.unscaleYInto(current.v, this.y);
  }
}

export function automaticF2ba(context: MethodContext): Running {
  const oracle = differenceOracle(context.oracle);
  const fixed = penaltyOf(context);
  if (fixed !== undefined) return new FixedPenalty(context, oracle, fixed);
  const lambda = firstPenalty(oracle, context.random.split("penalty"));
  return new Continuation(context, surrogateStage(context, oracle, lambda), lambda, numberOr(context, "stages", 14));
}
