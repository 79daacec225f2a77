/** galet: alternating steps on y, on the shadow variable w, and on x (pieces/estimators/shadow.ts). */
import { compose } from "../pieces/compose.js";
import { minimumNorm } from "../pieces/estimators/minimumNorm.js";
import { shadow } from "../pieces/estimators/shadow.js";
import { gradient } from "../pieces/lower/gradient.js";
import { lowerStep, parameter, steps, upperStep } from "../theory.js";
import { implicitAutomatic } from "./automatic.js";

export const galet = compose({
  id: "galet",
  title: "Alternating steps on y, shadow variable and x for lower levels with many solutions (GALET)",
  reference:
    "Xiao, Lu and Chen, An alternating optimization method for bilevel problems under the Polyak-Łojasiewicz condition, NeurIPS 2023, Algorithm 1",
  lower: gradient,
  estimator: shadow,
  K: 1,
  formulas: [
    "y ← P_Y(y - α ∇y g(x, y))                      K times (N, β of the paper)",
    "w ← w - ρ H(∇y f + H w)   or   w ← w - ρ(∇y f + H w)      M times (T), warm",
    "x ← P_X(x - η (∇x f + J w))                    (α of the paper)",
    "stops where |∇x f + J w|, |H(∇y f + H w)| and |∇y g| are all small against their largest",
  ],
  assumptions:
    "g convex in y with the Polyak-Łojasiewicz inequality (its Hessian may be singular, its other eigenvalues stay away from 0), twice differentiable.",
  failures:
    "y never moves in the kernel of H: the end is stationary in the sense of the paper but need not be optimistic. With w reset at every step (warmAdjoint = false) and few steps M the bias stays. A given ρ above 2/|H|² diverges.",
  class: "lower level convex with the PL inequality; box, ball or simplex domains by projection",
  theory: (facts) => [
    lowerStep(facts),
    parameter("K", "1", 1),
    parameter("adjointStep", "1/L_g²", 1 / facts.L_g ** 2),
    steps("M", "⌈κ² log(1/ε)⌉", facts.kappa ** 2 * Math.log(1 / facts.tolerance)),
    upperStep(facts),
  ],
  automatic: implicitAutomatic("w by CG on H² w = -H ∇y f to the same", minimumNorm.adjoint),
});
