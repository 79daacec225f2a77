/** The complementarity moved into the objective: products of multipliers and slacks cost 1/t each. */
import { acceptsKkt, applyKkt, type KktStep } from "./kkt.js";

export const penalty: KktStep = {
  id: "penalty",
  title: "Penalty on the complementarity",
  reference:
    "Anandalingam and White, IEEE Trans. Automat. Control 35, 1990 (on the duality gap of linear followers); Ralph and Wright, Optim. Methods Softw. 19, 2004 (exactness)",
  formulas: [
    "min f(x, y) - (1/t) Σ z_j h_j(x, y)  over x, y, z, v  subject to the upper constraints,",
    "∇y g + h_yᵀ z + e_yᵀ v = 0,  h(x, y) <= 0,  e(x, y) = 0,  z >= 0",
  ],
  accepts: acceptsKkt,
  apply: (problem) => applyKkt(problem, "penalty"),
  keeps:
    "Local solutions at which gradients of active constraints are independent (MPEC-LICQ), for all small enough t > 0; global ones where the penalty is exact on the whole set.",
};
