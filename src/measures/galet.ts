/**
 * GALET's three residuals at (x, y) as they are, with the minimum-norm shadow variable w = -H⁺ grad_y f:
 *
 *   R_x = |grad_x f + J w|²,   R_w = |H (grad_y f + H w)|²,   R_y = g(x, y) - g*(x)
 *
 * A point is eps-stationary if some w makes all three at most eps; this w makes R_w a rounding error, so R_x decides
 * (for free domains; with an upper domain R_x is that of the gradient mapping). They do not see the kernel of H: see R_ker.
 */

import { implicitGradient } from "../certify/implicitGradient.js";
import { projectedNorm } from "../methods/kit/lowerGradient.js";
import { norm } from "../num/vector.js";
import type { Measure } from "./measure.js";

export const galet: Measure = {
  id: "galet",
  title: "Residuals of GALET",
  formulas: ["R_x = |∇x f + J w|²,  R_w = |H (∇y f + H w)|²,  R_y = g - g*,  w = -H⁺ ∇y f"],
  reference:
    "Xiao, Lu and Chen, An alternating optimization method for bilevel problems under the PL condition, 2023, Definition 3",
  columns: [
    { name: "R_x", doc: "squared norm of the upper residual" },
    { name: "R_w", doc: "squared norm of the shadow equation's residual" },
    { name: "R_y", doc: "value gap of the lower level" },
  ],
  constrained: false,
  make: ({ oracle, lower, random, exhausted }) => {
    const scratch = new Float64Array(oracle.n);
    const left = new Float64Array(oracle.m);
    const Hv = new Float64Array(oracle.m);
    return (x, y, out) => {
      const answer = lower();
      const { G, v } = implicitGradient(oracle, x, y, answer.L, random.split("spectrum"), exhausted);
      out.R_x = projectedNorm(oracle.domainX, x, G, scratch) ** 2;
      const map = oracle.lower.linearize(x, y);
      oracle.upper.gradY(x, y, left);
      map.hvp(v, Hv);
      for (let j = 0; j < left.length; j++) left[j] -= Hv[j];
      map.hvp(left, Hv);
      out.R_w = norm(Hv) ** 2;
      out.R_y = Math.max(0, oracle.lower.value(x, y) - answer.value);
    };
  },
};
