/**
 * itd-forward: iterative differentiation with dy_k/dx carried along (pieces/estimators/forward.ts): no path to keep, but the cost
 * of n reverse sweeps. Automatic: as itd, with what y_0 still matters measured on a random displacement of it.
 */
import { compose } from "../pieces/compose.js";
import { ForwardSweep, forward, probeOf } from "../pieces/estimators/forward.js";
import { nesterov } from "../pieces/lower/nesterov.js";
import { automaticRun } from "./automatic.js";

export const itdForward = compose({
  id: "itd-forward",
  title: "Iterative differentiation (forward mode)",
  reference:
    "Franceschi and others, Forward and reverse gradient-based hyperparameter optimization, ICML 2017, Algorithm 2",
  assumptions: "g strongly convex in y; the lower map contracts; few upper variables.",
  failures:
    "The cost of each step grows with the number of upper variables. Biased by (1 - αμ)^K where K is too small; where H is singular y keeps its start's kernel component.",
  lower: nesterov,
  estimator: forward,
  start: "cold",
  K: 20,
  defaults: { momentum: 0 },
  automatic: {
    formula:
      "auto: β = (√κ - 1)/(√κ + 1), K doubled while a random displacement of y_0 keeps 1e-9 of its size; L-BFGS with Wolfe's conditions on x",
    init: (context) =>
      automaticRun(context, {
        kernel: "refused",
        estimator: (scaled, map) => new ForwardSweep(scaled.oracle, map, probeOf(scaled)),
      }),
  },
});
