/**
 * mgbio: simultaneous relaxed steps on x and y with the hypergradient through clipped eigenvalues of the lower Hessian
 * (pieces/estimators/clipped.ts), and its stochastic variants (mgbioVariants.ts).
 */
import { compose } from "../pieces/compose.js";
import { clipped } from "../pieces/estimators/clipped.js";
import { gradient } from "../pieces/lower/gradient.js";
import { relaxed } from "../pieces/outer/relaxed.js";
import { implicitAutomatic } from "./automatic.js";
import { withVariants } from "./mgbioVariants.js";

const exact = compose({
  id: "mgbio",
  title: "Simultaneous steps with a spectrally clipped lower Hessian (MGBiO)",
  reference:
    "Huang, On momentum-based gradient methods for bilevel optimization with nonconvex lower-level, 2023, Algorithm 1",
  lower: gradient,
  estimator: clipped,
  outer: relaxed,
  simultaneous: true,
  K: 1,
  formulas: [
    "G = ∇x f - J S(H)⁻¹ ∇y f,   S clips eigenvalues into [muClip, LClip]",
    "y ← y + θ (P_Y(y - α ∇y g(x, y)) - y)          K times before θ; both at the old (x, y)",
    "x ← x + θ (P_X(x - η G) - x)",
  ],
  assumptions:
    "g twice differentiable and PL in y with a nonsingular Hessian (eigenvalues at least muClip) at lower solutions; m up to a few hundred.",
  failures:
    "A clipped eigenvalue that matters biases the hypergradient; where H is singular y keeps its start's kernel component. O(m³) an outer step.",
  class: "lower level PL with a nonsingular Hessian at its solutions; box, ball or simplex domains by projection",
  automatic: implicitAutomatic("v from the clipped eigenvalues", clipped.adjoint),
});

export const mgbio = withVariants(exact);
