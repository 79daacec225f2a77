/** darts: one lower step and one virtual step, differentiated by differences of gradients (pieces/estimators/difference.ts). */
import { compose } from "../pieces/compose.js";
import { difference } from "../pieces/estimators/difference.js";
import { gradient } from "../pieces/lower/gradient.js";

export const darts = compose({
  id: "darts",
  title: "One virtual lower step with difference products (DARTS)",
  reference: "Liu, Simonyan and Yang, DARTS: Differentiable architecture search, ICLR 2019, Algorithm 1 and (7)-(8)",
  lower: gradient,
  estimator: difference,
  K: 1,
  assumptions: "g and f differentiable; no second derivatives are asked for.",
  failures:
    "Biased: looks one lower step ahead, the identity times ξ stands in for H⁻¹; exact only where ξ H = I. The bias does not vanish.",
  class: "lower level convex in y; box, ball or simplex domains by projection",
});
