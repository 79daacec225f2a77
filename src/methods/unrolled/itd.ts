/**
 * itd: iterative differentiation, the reverse sweep through K lower steps (pieces/estimators/reverse.ts). Automatic: Nesterov's
 * map with constants by Lanczos at each x, K doubled until what is left of the adjoint at the start is negligible.
 */
import { compose } from "../pieces/compose.js";
import { ReverseSweep, reverse } from "../pieces/estimators/reverse.js";
import { nesterov } from "../pieces/lower/nesterov.js";
import { unrolledSteps } from "../theory.js";
import { automaticRun } from "./automatic.js";

export const itd = compose({
  id: "itd",
  title: "Iterative differentiation (reverse mode)",
  reference:
    "Franceschi and others, Forward and reverse gradient-based hyperparameter optimization, ICML 2017, Algorithm 1",
  formulas: [
    "u_k = y_k + β (y_k - y_{k-1}),  y_{k+1} = P_Y(u_k - α ∇y g(x, u_k)),  k < K",
    "a = ∇y f(x, y_K),  G = ∇x f(x, y_K)",
    "for k = K-1 … 0:  w = P_Y'(p_k) a;  G ← G - α J(u_k) w;  a ← (transposed step)(w - α H(u_k) w)",
    "x ← P_X(x - η G)",
  ],
  assumptions: "g strongly convex in y; the lower map contracts.",
  failures:
    "Biased by (1 - αμ)^K where K is too small; memory K m; for αL > 2 the sweep explodes; where H is singular y keeps its start's kernel component.",
  lower: nesterov,
  estimator: reverse,
  start: "cold",
  K: 20,
  defaults: { momentum: 0 },
  theory: unrolledSteps,
  automatic: {
    formula: "auto: β = (√κ - 1)/(√κ + 1), K doubled while |a_0| > 1e-9 |a_K|; L-BFGS with Wolfe's conditions on x",
    init: (context) =>
      automaticRun(context, { kernel: "refused", estimator: ({ oracle }, map) => new ReverseSweep(oracle, map) }),
  },
});
