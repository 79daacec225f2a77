/**
 * bda: bilevel descent aggregation (pieces/lower/aggregation.ts). Automatic: the steps of the paper for the first half of K, then
 * Nesterov's on g alone, so that y_K is a lower solution and not one up to α_K; repeated runs choose among the solutions.
 */
import { startingCurvature } from "../kit/lowerStep.js";
import { numberOr } from "../kit/options.js";
import type { MethodContext } from "../method.js";
import { compose } from "../pieces/compose.js";
import { ReverseSweep, reverse } from "../pieces/estimators/reverse.js";
import { AggregationField, aggregation, upperStepSize } from "../pieces/lower/aggregation.js";
import { MomentumMap } from "../pieces/lower/momentumMap.js";
import { automaticRun } from "./automatic.js";
import { StepConstants } from "./stepConstants.js";
import type { PathParts } from "./unrolledEvaluator.js";

/** Aggregation's leftover in the kernel of H shrinks like a power of K: halving counts as no progress. */
const NO_PROGRESS = 0.4;

function halfAggregated(context: MethodContext): Pick<PathParts, "map" | "tune" | "tooLong"> {
  const { oracle } = context;
  const { n, m } = oracle;
  const constants = new StepConstants(oracle, context.random.split("constants"));
  const su = upperStepSize(context, startingCurvature(context).L);
  const field = new AggregationField(oracle.upper, oracle.lower, n, m, numberOr(context, "mu", 0.5), su, 1);
  const momentum = { beta: (k: number) => (k < field.cut ? 0 : constants.beta), ahead: true };
  return {
    map: new MomentumMap(n, m, oracle.domainY, field, momentum),
    tune: (x, y, K) => {
      const known = constants.tune(x, y);
      field.cut = K >> 1;
      field.sl = constants.alpha;
      field.su = Math.min(su, constants.alpha);
      return known;
    },
    tooLong: constants.tooLong,
  };
}

export const bda = compose({
  id: "bda",
  title: "Bilevel descent aggregation",
  reference:
    "Liu, Mu, Yuan, Zeng and Zhang, A generic first-order algorithmic framework for bi-level programming beyond lower-level singleton, ICML 2020, Algorithm 1",
  formulas: [
    "y_{k+1} = P_Y(y_k - α_k s_u ∇y f(x, y_k) - (1 - α_k) s_l ∇y g(x, y_k)),  α_k = μ/(k + 1),  k < K",
    "G = gradient of f(x, y_K(x)) by the reverse sweep, with second derivatives of both levels",
    "x ← P_X(x - η G)",
  ],
  assumptions: "g convex in y, perhaps with many minimisers; f strongly convex in y for the theory.",
  failures:
    "α_k falls slowly: from a cold start y_K is off by about μ/K, more for small μ. Lower levels that are not convex.",
  class: "lower level convex in y; box, ball or simplex domains by projection",
  lower: aggregation,
  estimator: reverse,
  start: "warm",
  K: 20,
  automatic: {
    formula:
      "auto: α_k = 0 and Nesterov's momentum for k ≥ K/2, runs repeated from the last y and K doubled until y_K stands; L-BFGS with Wolfe's conditions on x",
    init: (context) =>
      automaticRun(context, {
        kernel: "vanishes",
        map: halfAggregated,
        estimator: ({ oracle }, map) => new ReverseSweep(oracle, map),
        noProgress: NO_PROGRESS,
      }),
  },
});
