/** first-order: alternating gradient steps that ignore the implicit term (pieces/estimators/dropped.ts). */
import { compose } from "../pieces/compose.js";
import { dropped } from "../pieces/estimators/dropped.js";
import { gradient } from "../pieces/lower/gradient.js";

export const firstOrder = compose({
  id: "first-order",
  title: "Alternating gradient steps without the implicit term",
  reference:
    "Luketina and others, Scalable gradient-based tuning of continuous regularization hyperparameters, ICML 2016; Liu, Simonyan and Yang, ICLR 2019, first-order approximation",
  lower: gradient,
  estimator: dropped,
  K: 1,
  assumptions: "g and f differentiable. Right where ∇y f or J vanishes at the solution, as in minimax problems.",
  failures:
    "Biased: stationary for f in x alone, the gradient play of the two levels; where f does not read x directly it does not move at all.",
  class: "any lower level with bounded descent; box, ball or simplex domains by projection",
});
