/** ia-gm: the initial point of the lower steps is a variable of the upper level (Liu and others, 2021). */
import { compose } from "../pieces/compose.js";
import { ReverseSweep, reverse } from "../pieces/estimators/reverse.js";
import { nesterov } from "../pieces/lower/nesterov.js";
import { automaticRun } from "./automatic.js";

export const iaGm = compose({
  id: "ia-gm",
  title: "Initialisation auxiliary with gradient-based lower steps",
  reference:
    "Liu, Liu, Zeng and Zhang, Towards gradient-based bilevel optimization with non-convex followers and beyond, NeurIPS 2021, section 3; accelerated: IA-GM(A)",
  formulas: [
    "y_0 = z;  u_k = y_k + β_k (y_k - y_{k-1}),  y_{k+1} = P_Y(u_k - α ∇y g(x, u_k)),  k < K",
    "(G_x, G_z) = gradient of f(x, y_K(x, z)) by the reverse sweep",
    "x ← P_X(x - η G_x),  z ← P_Y(z - η_z G_z)",
  ],
  assumptions: "g convex in y, perhaps with many minimisers; Y compact for the theory.",
  failures:
    "For small K the upper level moves z to keep y_K off the lower solutions: then f(x, y_K) has no minimiser where f is unbounded in y. Nonconvex lower levels: iaptt.",
  class: "lower level convex in y; box, ball or simplex domains by projection",
  lower: nesterov,
  estimator: reverse,
  start: "moved",
  K: 20,
  defaults: { momentum: 0 },
  automatic: {
    formula:
      "auto: β = (√κ - 1)/(√κ + 1), K doubled until y_K stands; G_z counts where it lies in the kernel of H; L-BFGS with Wolfe's conditions on (x, z)",
    init: (context) =>
      automaticRun(context, {
        joint: true,
        kernel: "moved",
        estimator: ({ oracle }, map) => new ReverseSweep(oracle, map),
      }),
  },
});
