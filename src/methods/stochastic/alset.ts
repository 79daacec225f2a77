/** alset: alternating stochastic steps of y and x on one timescale, with a randomised Neumann series (nested.ts). */
import { stochasticLoop } from "./loop.js";
import { nested } from "./nested.js";
import { hiaFailures, nestedSeries } from "./nestedParameters.js";

export const alset = stochasticLoop({
  id: "alset",
  title: "Alternating stochastic gradient method on one timescale",
  reference:
    "Chen, Sun and Yin, Closing the gap: tighter analysis of alternating stochastic gradient methods for bilevel problems, NeurIPS 2021, Algorithm 1",
  formulas: [
    "y <- y - ρ ∇y g(x, y; ξ)                                       K times, from the last y",
    "r = N c Π_{k≤N'} (I - c H(x, y; ξ_k)) ∇y f(x, y; ζ),  N' uniform in {0, …, N-1},  at the new y",
    "x <- P_X(x - γ (∇x f(x, y; ζ) - J(x, y; ξ) r))",
    "ρ, γ constant and of the same order, 1/√T for T steps",
  ],
  assumptions: "g strongly convex in y, f and g smooth; unbiased samples of bounded variance; c below 2 / L_max.",
  failures: hiaFailures,
  make: nested({ adjoint: "hia", K: 1 }),
  reducesVariance: false,
  decay: { t0: 200, power: 0 },
  parameters: nestedSeries(1),
});
