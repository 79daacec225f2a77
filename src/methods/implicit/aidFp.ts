/** aid-fp: approximate implicit differentiation with the fixed-point iteration (pieces/estimators/fixedPoint.ts). */
import { compose } from "../pieces/compose.js";
import { fixedPoint } from "../pieces/estimators/fixedPoint.js";
import { gradient } from "../pieces/lower/gradient.js";
import { contractingAdjoint } from "../theory.js";
import { implicitAutomatic } from "./automatic.js";

export const aidFp = compose({
  id: "aid-fp",
  title: "Approximate implicit differentiation with the fixed-point iteration",
  reference:
    "Grazzi and others, On the iteration complexity of hypergradient computation, ICML 2020, (12) and Algorithm 2",
  lower: gradient,
  estimator: fixedPoint,
  assumptions: "g strongly convex in y (or a regular projected fixed point), twice differentiable; c below 2/L.",
  failures:
    "The error of v shrinks by 1 - cμ a step: slow where H is badly conditioned; for c above 2/L it explodes; where H is singular y keeps its start's kernel component.",
  theory: contractingAdjoint,
  automatic: implicitAutomatic("v by the fixed-point iteration to the same, c = 1/L by Lanczos", fixedPoint.adjoint),
});
