/** The complementarity of linear and convex quadratic followers as one inequality: the primal value is at most the dual one. */
import { applyKkt, type KktStep } from "./kkt.js";
import { convexLower, quadraticLower } from "./obstacles.js";

export const strongDuality: KktStep = {
  id: "strong-duality",
  title: "Strong duality of linear and convex quadratic followers",
  reference:
    "Dorn, Quart. Appl. Math. 18, 1960; as a bilevel reformulation: Arroyo, IET Gener. Transm. Distrib. 4, 2010; Kleinert, Labbé, Ljubić and Schmidt, EURO J. Comput. Optim. 9, 2021, section 3",
  formulas: [
    "min f(x, y)  over x, y, z, v  subject to the upper constraints,",
    "∇y g + h_yᵀ z + e_yᵀ v = 0,  h(x, y) <= 0,  e(x, y) = 0,  z >= 0,  g(x, y) - D(x, y, z, v) <= t,  t = 0",
    "D = g(x, 0) + zᵀ h(x, 0) + vᵀ e(x, 0) - ½ yᵀ H y,  H = d²g/dy²",
  ],
  accepts: (problem) => {
    const shape = quadraticLower(problem);
    return shape.length > 0 ? shape : convexLower(problem);
  },
  apply: (problem) => applyKkt(problem, "duality"),
  keeps:
    "Global solutions, always: linear and convex quadratic programs have multipliers wherever they have a solution. One row in place of a complementarity for every inequality; products of x with z where h depends on x.",
};
