/** saba: the same loop with SAGA tables for every part of the field (pieces/sampling/saga.ts): no noise at solutions. */
import { saga } from "../pieces/sampling/saga.js";
import { singleLoop } from "./singleLoop.js";

export const saba = singleLoop({
  id: "saba",
  title: "Single-loop stochastic bilevel optimisation with SAGA tables",
  reference:
    "Dagréou, Ablin, Vaiter and Moreau, A framework for bilevel optimization that enables stochastic and global variance reduction algorithms, NeurIPS 2022, Section 3.2",
  formulas: [
    "for each q of ∇y g, H v, J v (lower terms) and ∇y f, ∇x f (upper terms), with tables M^q and their means A^q:",
    "d^q = q_j(z) - M^q_j + A^q;  A^q += w_j (q_j(z) - M^q_j);  M^q_j = q_j(z)",
    "y <- y - ρ d^{∇y g},  v <- v - ρ (d^{Hv} + d^{∇y f}),  x <- P_X(x - γ (d^{Jv} + d^{∇x f}))",
    "tables are filled at the starting point",
  ],
  assumptions:
    "g strongly convex in y, f and g smooth; both (or one) are finite sums; constant steps of order 1/L_max.",
  failures:
    "Too large constant steps diverge. The tables need (N/b)(2m + n) + (N/b)(m + n) numbers. Additive noise is not reduced.",
  sampling: saga,
  reducesVariance: true,
  decay: { t0: 200, power: 0 },
});
