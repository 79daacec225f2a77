/** Field: lower gradient, adjoint equation and hypergradient at once, D = (∇y g, H v + ∇y f, J v + ∇x f) (stochastic/field.ts). */
import { singleLoop } from "../../stochastic/singleLoop.js";
import type { FieldPiece } from "./field.js";

export const joint: FieldPiece = {
  kind: "field",
  id: "joint",
  title: "Lower gradient, adjoint equation and hypergradient at once",
  formulas: [
    "D_y = ∇y g(x, y),  D_v = H v + ∇y f,  D_x = J v + ∇x f",
    "y ← y - ρ_t d_y,  v ← v - ρ_t d_v,  x ← P_X(x - γ_t d_x),   d ~ D(x, y, v)",
  ],
  reference:
    "Dagréou, Ablin, Vaiter and Moreau, A framework for bilevel optimization that enables stochastic and global variance reduction algorithms, NeurIPS 2022, (4)",
  parameters: [],
  redraws: false,
  compose: (facts) => singleLoop(facts),
};
