/** Automatic descent-ascent: y = argmax f(x, ·) by L-BFGS, then L-BFGS with a Wolfe search on phi(x) = f(x, y(x)). */
import { differenceOracle } from "../kit/differenceOracle.js";
import { EnvelopeEvaluator } from "../kit/envelope.js";
import { HyperDescent } from "../kit/hyperDescent.js";
import type { Running } from "../kit/running.js";
import { ScaledProblem } from "../kit/scaledProblem.js";
import { estimateScaling } from "../kit/scaling.js";
import type { MethodContext } from "../method.js";

export function automaticGda(context: MethodContext): Running {
  const oracle = differenceOracle(context.oracle);
  const problem = new ScaledProblem(oracle, estimateScaling(oracle, context.random.split("scaling")));
  return new HyperDescent(context, new EnvelopeEvaluator(problem, context.exhausted));
}
