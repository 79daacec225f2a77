/** aid-neumann: approximate implicit differentiation with a truncated Neumann series (pieces/estimators/neumann.ts). */
import { compose } from "../pieces/compose.js";
import { neumann } from "../pieces/estimators/neumann.js";
import { gradient } from "../pieces/lower/gradient.js";
import { contractingAdjoint } from "../theory.js";
import { implicitAutomatic } from "./automatic.js";

export const aidNeumann = compose({
  id: "aid-neumann",
  title: "Approximate implicit differentiation with a Neumann series",
  reference:
    "Lorraine, Vicol and Duvenaud, Optimizing millions of hyperparameters by implicit differentiation, AISTATS 2020, Algorithm 3",
  lower: gradient,
  estimator: neumann,
  assumptions: "g strongly convex in y (or a regular projected fixed point), twice differentiable; c below 2/L.",
  failures:
    "M terms leave a share (1 - cμ)^{M+1} of v out, a bias that outer steps do not remove: then the run says so and ends stalled. Where H is singular y keeps its start's kernel component.",
  theory: contractingAdjoint,
  automatic: implicitAutomatic("v by as many terms as the same asks for, c = 1/L by Lanczos", neumann.adjoint),
});
