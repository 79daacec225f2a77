/** Automatic F2BA: continuation over surrogates (surrogate.ts, continuation.ts); a single one where lambda is given. */
import type { Oracle } from "../../oracle/oracle.js";
import { descend } from "../implicit/aidAuto.js";
import { differenceOracle } from "../kit/differenceOracle.js";
import { HyperDescent } from "../kit/hyperDescent.js";
import { flag, given, numberOr } from "../kit/options.js";
import { firstPenalty } from "../kit/penaltyConstants.js";
import type { Running } from "../kit/running.js";
import { ScaledProblem } from "../kit/scaledProblem.js";
import { estimateScaling } from "../kit/scaling.js";
import type { MethodContext } from "../method.js";
import { Continuation, type PenaltyStage } from "./continuation.js";
import { SurrogateEvaluator } from "./surrogate.js";

/** The evaluator of the surrogate min_y f + lambda (g - g*), in scaled variables. */
function surrogate(context: MethodContext, oracle: Oracle, lambda: number, debias: boolean): SurrogateEvaluator {
  const scaling = estimateScaling(oracle, context.random.split("scaling"));
  const problem = new ScaledProblem(oracle, scaling);
  return new SurrogateEvaluator(problem, scaling, context.exhausted, lambda, debias);
}

/** The surrogate as a stage of a continuation. */
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

export function automaticF2ba(context: MethodContext): Running {
  const oracle = differenceOracle(context.oracle);
  const fixed = given(context, "lambda");
  if (fixed !== undefined) {
    return new HyperDescent(context, surrogate(context, oracle, fixed, flag(context, "debias")));
  }
  const lambda = firstPenalty(oracle, context.random.split("penalty"));
  return new Continuation(context, surrogateStage(context, oracle, lambda), lambda, numberOr(context, "stages", 14));
}
