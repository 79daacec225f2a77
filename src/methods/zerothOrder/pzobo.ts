/**
 * pzobo: gradient steps with the response of the lower iterates measured by differences in x. Published: random
 * directions; automatic: all coordinates where there are few, and a decreasing step where there are many.
 */
import type { Running } from "../kit/running.js";
import type { Method, MethodContext } from "../method.js";
import { compose } from "../pieces/compose.js";
import { ComposedLoop } from "../pieces/composedLoop.js";
import { zerothOrder } from "../pieces/estimators/zerothOrder.js";
import { gradient } from "../pieces/lower/gradient.js";
import { gradientStep } from "../pieces/outer/gradient.js";
import { coordinateResponse } from "./coordinateResponse.js";
import { decreasingStep } from "./decreasingStep.js";
import { FEW } from "./igfmAuto.js";

function automatic(context: MethodContext): Running {
  const few = context.oracle.n <= FEW;
  return new ComposedLoop(context, {
    lower: gradient,
    estimator: few ? coordinateResponse : zerothOrder,
    outer: few ? gradientStep : decreasingStep,
    start: "warm",
    simultaneous: false,
    K: undefined,
  });
}

export const pzobo: Method<Running> = compose({
  id: "pzobo",
  title: "Partial zeroth-order bilevel optimiser",
  reference:
    "Sow, Ji and Liang, On the convergence theory for Hessian-free bilevel algorithms, NeurIPS 2022, Algorithm 1 (PZOBO)",
  lower: gradient,
  estimator: zerothOrder,
  start: "cold",
  K: 10,
  failures:
    "The estimate is noisy: with a constant step x wanders about the solution with a spread that falls with η and Q and grows with n. Where the lower Hessian is singular y keeps the component in its kernel that it started with.",
  automatic: {
    formula:
      "auto: K until the lower residual is at the tolerance; n <= 10: u = the coordinates, central differences, adaptive η; else η_t = r/√Σ|G|²",
    init: automatic,
  },
});
