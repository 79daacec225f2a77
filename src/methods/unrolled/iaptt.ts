/** iaptt: initial point as a variable, and the sweep from the worst lower iterate (pieces/estimators/pessimistic.ts). */
import { compose } from "../pieces/compose.js";
import { PessimisticSweep, pessimistic } from "../pieces/estimators/pessimistic.js";
import { gradient } from "../pieces/lower/gradient.js";
import { automaticRun } from "./automatic.js";

export const iaptt = compose({
  id: "iaptt",
  title: "Initialisation auxiliary and pessimistic trajectory truncation",
  reference:
    "Liu, Liu, Zeng and Zhang, Towards gradient-based bilevel optimization with non-convex followers and beyond, NeurIPS 2021, Algorithm 1",
  formulas: [
    "y_0 = z;  y_{k+1} = P_Y(y_k - α ∇y g(x, y_k)),  k < K",
    "K̄ = argmax_{1≤k≤K} f(x, y_k);  (G_x, G_z) = gradient of f(x, y_K̄(x, z)) by the reverse sweep",
    "x ← P_X(x - η G_x),  z ← P_Y(z - η_z G_z)",
  ],
  assumptions: "g twice differentiable, not necessarily convex in y; Y compact for the theory.",
  failures:
    "A local method in z; where the worst iterate changes between steps the objective has kinks, and fixed steps crawl along them.",
  class: "lower level smooth, convex or not; box, ball or simplex domains by projection",
  lower: gradient,
  estimator: pessimistic,
  start: "moved",
  K: 40,
  automatic: {
    formula:
      "auto: Nesterov's steps, K doubled until y_K stands, K̄ among the last K/2; L-BFGS with Wolfe's conditions on (x, z)",
    init: (context) =>
      automaticRun(context, {
        joint: true,
        kernel: "moved",
        estimator: ({ oracle }, map) => new PessimisticSweep(oracle, map, 0.5),
      }),
  },
});
