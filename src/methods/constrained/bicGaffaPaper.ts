/** The published loop of BiC-GAFFA (Yao and others, NeurIPS 2024, Algorithm 1). */
import { given, numberOr } from "../kit/options.js";
import type { Running } from "../kit/running.js";
import type { MethodContext } from "../method.js";
import { growing } from "../pieces/surrogates/proximalLagrangian.js";
import { RegularisedGap } from "../pieces/surrogates/regularisedGap.js";
import { primalDualConstants } from "./constants.js";
import { SurrogateLoop } from "./surrogateLoop.js";

export function bicGaffaPaper(context: MethodContext): Running {
  const { oracle } = context;
  const { domainX, domainY } = oracle;
  const gamma1 = numberOr(context, "gamma1", 1);
  const gamma2 = numberOr(context, "gamma2", 1);
  const c0 = numberOr(context, "c0", 1);
  const { lower, upper, slope, slopeY } = primalDualConstants(context);
  const alpha =
    given(context, "alpha") ?? 1 / (2 * (upper / c0 + 2 * lower + 1 / gamma1 + slope + gamma2 * slope ** 2));
  const surrogate = new RegularisedGap(oracle, {
    gamma1,
    gamma2,
    radius: numberOr(context, "r", 100),
    eta: given(context, "eta") ?? Math.min(0.1, 1 / (2 * (lower + 1 / gamma1 + 1 / gamma2 + slopeY))),
    beta: given(context, "beta") ?? alpha,
    c: growing(c0, numberOr(context, "p", 0.3)),
  });
  return new SurrogateLoop(context, {
    surrogate,
    multipliers: surrogate.lambda,
    alpha,
    project: (x, y) => {
      domainX.project(x);
      domainY.project(y);
    },
    weight: () => surrogate.steps.c(Math.max(0, surrogate.k - 1)),
    bias: "for a finite c their limit is biased by the order of 1/c.",
  });
}
