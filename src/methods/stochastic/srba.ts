/** srba: the same loop with recursive differences and restarts for every part of the field (pieces/sampling/spider.ts). */
import { spider } from "../pieces/sampling/spider.js";
import { singleLoop } from "./singleLoop.js";

export const srba = singleLoop({
  id: "srba",
  title: "Single-loop stochastic bilevel optimisation with recursive differences",
  reference:
    "Dagréou, Moreau, Vaiter and Ablin, A lower bound and a near-optimal algorithm for bilevel empirical risk minimization, AISTATS 2024, Algorithm 1",
  formulas: [
    "D(z) = (∇y g, H v + ∇y f, J v + ∇x f) at z = (x, y, v)",
    "t mod q = 0:  d = D(z_t) with all terms;   else draw ξ, ζ:  d <- d + D(z_t; ξ, ζ) - D(z_{t-1}; ξ, ζ)",
    "y <- y - ρ d_y,  v <- v - ρ d_v,  x <- P_X(x - γ d_x),  all from the old point",
    "q = (N_f + N_g) / (2 b)",
  ],
  assumptions:
    "g strongly convex in y, f and g smooth; both (or one) are finite sums; constant steps of order 1/L_max.",
  failures:
    "Too large constant steps diverge. Two evaluations per sample, and a pass over the terms every q steps; no tables. Additive noise is not reduced.",
  sampling: spider,
  reducesVariance: true,
  decay: { t0: 200, power: 0 },
});
