/**
 * itd-forward: iterative differentiation with dy_k/dx carried along (pieces/estimators/forward.ts): no path to keep, but the cost
 * of n reverse sweeps. Automatic: as itd, with the leftover adjoint estimated from random displacements of y_0.
 */
import { compose } from "../pieces/compose.js";
import { ForwardSweep, forward, probesOf } from "../pieces/estimators/forward.js";
import { nesterov } from "../pieces/lower/nesterov.js";
import { unrolledSteps } from "../theory.js";
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
  theory: unrolledSteps,
  automatic: {
    formula:
      "auto: β = (√κ - 1)/(√κ + 1), K doubled while |a_0| > 1e-9 |a_K|, estimated by (dy_K/dy_0) p for three random p; L-BFGS with Wolfe's conditions on x",
    init: (context) =>
      automaticRun(context, {
        kernel: "refused",
        estimator: (scaled, map) => new ForwardSweep(scaled.oracle, map, probesOf(scaled)),
      }),
  },
});
