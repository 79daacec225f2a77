/** soba: stochastic bilevel optimisation in one loop, with fresh minibatches (singleLoop.ts). */
import { minibatch } from "../pieces/sampling/minibatch.js";
import { singleLoop } from "./singleLoop.js";

export const soba = singleLoop({
  id: "soba",
  title: "Single-loop stochastic bilevel optimisation",
  reference:
    "Dagréou, Ablin, Vaiter and Moreau, A framework for bilevel optimization that enables stochastic and global variance reduction algorithms, NeurIPS 2022, Algorithm 1",
  formulas: [
    "draw ξ (lower terms), ζ (upper terms); all at the old point:",
    "y <- y - ρ_t ∇y g(x, y; ξ)",
    "v <- v - ρ_t (H(x, y; ξ) v + ∇y f(x, y; ζ))",
    "x <- P_X(x - γ_t (J(x, y; ξ) v + ∇x f(x, y; ζ)))",
    "ρ_t, γ_t ~ (1 + t/t0)^(-1/2)",
  ],
  assumptions: "g strongly convex in y, f and g smooth; unbiased samples of bounded variance.",
  failures:
    "The noise of the samples stays: x ends within a distance that shrinks like the square root of the steps. Two to three digits are usual.",
  sampling: minibatch,
  reducesVariance: false,
  decay: { t0: 200, power: 0.5 },
});
