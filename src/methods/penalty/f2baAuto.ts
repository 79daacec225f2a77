/** Automatic F2BA: continuation over surrogates (surrogate.ts, continuation.ts); a single one where lambda is given. */
import { descend } from "../implicit/aidAuto.js";
import { differenceOracle } from "../kit/differenceOracle.js";
import { HyperDescent } from "../kit/hyperDescent.js";
import { flag, given, numberOr } from "../kit/options.js";
import { firstPenalty } from "../kit/penaltyConstants.js";
import type { Running } from "../kit/running.js";
import { ScaledProblem } from "../kit/scaledProblem.js";
import { estimateScaling } from "../kit/scaling.js";
import type { MethodContext } from "../method.js";
import { Continuation } from "./continuation.js";
import { SurrogateEvaluator } from "./surrogate.js";

export function automaticF2ba(context: MethodContext): Running {
  const { random } = context;
  const oracle = differenceOracle(context.oracle);
  const { n } = oracle;
  const scaling = estimateScaling(oracle, random.split("scaling"));
  const problem = new ScaledProblem(oracle, scaling);
  const fixed = given(context, "lambda");
  const lambda = fixed ?? firstPenalty(oracle, random.split("penalty"));
  const evaluator = new SurrogateEvaluator(
    problem,
    scaling,
    context.exhausted,
    lambda,
    fixed !== undefined && flag(context, "debias"),
  );
  if (fixed !== undefined) return new HyperDescent(context, evaluator);
  const inner = descend(evaluator, context.tolerance);
  const stage = {
    inner,
    evaluator,
    setPenalty: (value: number): void => evaluator.setPenalty(value),
    readInto: (out: Float64Array): void => {
      const { x, v } = inner.current;
      for (let i = 0; i < n; i++) out[i] = problem.dx[i] * x[i];
      for (let j = 0; j < v.length; j++) out[n + j] = problem.dy[j] * v[j];
    },
  };
  return new Continuation(context, stage, lambda, numberOr(context, "stages", 14));
}
