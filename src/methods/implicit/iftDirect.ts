/** ift-direct: the implicit function theorem with a dense lower Hessian (pieces/estimators/direct.ts). */
import { compose } from "../pieces/compose.js";
import { direct } from "../pieces/estimators/direct.js";
import { gradient } from "../pieces/lower/gradient.js";
import { implicitAutomatic } from "./automatic.js";

export const iftDirect = compose({
  id: "ift-direct",
  title: "Implicit differentiation with a dense lower Hessian",
  reference:
    "Implicit function theorem; Larsen and others 1996; Bengio, Gradient-based optimization of hyperparameters, 2000, eq. (8)",
  lower: gradient,
  estimator: direct,
  K: 100,
  assumptions:
    "g strongly convex in y (or a regular projected fixed point), twice differentiable; m up to a few hundred.",
  failures:
    "Where H is singular y keeps the component in the kernel of H that it started with: a GALET-stationary point that is not optimistic (the adjoint's residual shows it). Memory m².",
  automatic: implicitAutomatic("v by one factorisation", direct.adjoint),
});
