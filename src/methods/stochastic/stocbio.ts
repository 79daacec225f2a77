/** stocbio: K stochastic lower steps, a summed Neumann series, constant steps (nested.ts). */
import { stochasticLoop } from "./loop.js";
import { nested } from "./nested.js";
import { nestedSeries } from "./nestedParameters.js";

export const stocbio = stochasticLoop({
  id: "stocbio",
  title: "Stochastic bilevel optimiser with a summed Neumann series",
  reference:
    "Ji, Yang and Liang, Bilevel optimization: convergence analysis and enhanced design, ICML 2021, Algorithm 2",
  formulas: [
    "y <- y - ρ ∇y g(x, y; ξ)                                       K times",
    "r = c Σ_{j=0}^{N} Π_{k≤j} (I - c H(x, y; ξ_k)) ∇y f(x, y; ζ)",
    "x <- P_X(x - γ (∇x f(x, y; ζ) - J(x, y; ξ) r))",
    "ρ, γ constant",
  ],
  assumptions: "g strongly convex in y, f and g smooth; unbiased samples of bounded variance; c below 2 / L_max.",
  failures:
    "Constant steps end in a ball around the solution whose radius shrinks with the batch and the steps. (1 - c mu)^{N+1} of the adjoint is left out, a bias that stays.",
  make: nested({ adjoint: "shia", K: 10 }),
  reducesVariance: false,
  decay: { t0: 200, power: 0 },
  parameters: nestedSeries(10),
});
