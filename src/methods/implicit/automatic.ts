/**
 * The automatic mode of the named implicit methods: the lower level by L-BFGS in scaled variables, the adjoint by the
 * method's own rule to tolerances checked against the gradient they give, L-BFGS with Wolfe's conditions on x.
 */
import { HyperDescent } from "../kit/hyperDescent.js";
import { HyperEvaluator } from "../kit/hyperPoint.js";
import type { Running } from "../kit/running.js";
import { ScaledProblem } from "../kit/scaledProblem.js";
import { estimateScaling } from "../kit/scaling.js";
import type { MethodContext } from "../method.js";
import { type AdjointRule, hyperAdjoint } from "../pieces/estimators/adjoint.js";

/** `words`: how v is found. Without a rule: preconditioned CG. */
export function implicitAutomatic(words: string, rule?: (context: MethodContext) => AdjointRule) {
  return {
    formula: `auto: y to the tolerance by L-BFGS, ${words}; L-BFGS with Wolfe's conditions on x`,
    init: (context: MethodContext): Running => {
      const { oracle } = context;
      const problem = new ScaledProblem(oracle, estimateScaling(oracle, context.random.split("scaling")));
      const adjoint = rule && hyperAdjoint(rule(context), oracle.m, (v, out) => problem.hvp(v, out));
      return new HyperDescent(context, new HyperEvaluator(problem, context.exhausted, adjoint));
    },
  };
}
