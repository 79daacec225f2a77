/** aid-cg: approximate implicit differentiation with conjugate gradients (pieces/estimators/cg.ts). */
import { compose } from "../pieces/compose.js";
import { cg } from "../pieces/estimators/cg.js";
import { gradient } from "../pieces/lower/gradient.js";
import { conjugateGradients } from "../theory.js";
import { implicitAutomatic } from "./automatic.js";

export const aidCg = compose({
  id: "aid-cg",
  title: "Approximate implicit differentiation with conjugate gradients",
  reference:
    "Pedregosa, ICML 2016; Grazzi and others, On the iteration complexity of hypergradient computation, ICML 2020, Algorithm 2; Ji, Yang and Liang, ICML 2021",
  lower: gradient,
  estimator: cg,
  assumptions: "g strongly convex in y (or a regular projected fixed point), twice differentiable.",
  failures:
    "Negative curvature ends CG early; where H is singular y keeps its start's kernel component (the adjoint's residual shows it).",
  theory: conjugateGradients,
  automatic: implicitAutomatic("v by preconditioned CG to the same"),
});
