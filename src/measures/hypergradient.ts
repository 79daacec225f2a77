/**
 * The norm of the hypergradient at x, whatever y the method holds:
 *
 *   y* = argmin g(x, ·) from y,   v = H⁺ grad_y f(x, y*),   |P (grad_x f(x, y*) - J v)|
 *
 * H⁺ the pseudo-inverse with a relative cut at 1e-8, on the tangent space of the lower domain (implicitGradient.ts); P the
 * gradient mapping x - P_X(x - G) of the upper domain. Assumes g twice differentiable near y*.
 */

import { implicitGradient } from "../certify/implicitGradient.js";
import { projectedNorm } from "../methods/kit/lowerGradient.js";
import type { Measure } from "./measure.js";

export const hypergradient: Measure = {
  id: "hypergradient",
  title: "Norm of the hypergradient",
  formulas: ["|∇x f - J v|,  v = H⁺ ∇y f,  at (x, y*),  y* = argmin g(x, ·) from y"],
  reference:
    "Pedregosa, Hyperparameter optimization with approximate gradient, ICML 2016, (2); H⁺: Arbel and Mairal 2022",
  columns: [{ name: "hypergradient", doc: "norm of the (projected) hypergradient" }],
  constrained: false,
  make: ({ oracle, lower, random, exhausted }) => {
    const scratch = new Float64Array(oracle.n);
    return (x, _y, out) => {
      const { y, L } = lower();
      const { G } = implicitGradient(oracle, x, y, L, random.split("spectrum"), exhausted);
      out.hypergradient = projectedNorm(oracle.domainX, x, G, scratch);
    };
  },
};
