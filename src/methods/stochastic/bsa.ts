/** bsa: a step of x with a randomised Neumann series, then K stochastic lower steps (nested.ts). */
import { stochasticLoop } from "./loop.js";
import { nested } from "./nested.js";
import { hiaFailures, nestedSeries } from "./nestedParameters.js";

export const bsa = stochasticLoop({
  id: "bsa",
  title: "Bilevel stochastic approximation",
  reference: "Ghadimi and Wang, Approximation methods for bilevel programming, 2018, Algorithms 2 and 3",
  formulas: [
    "r = N c Π_{k≤N'} (I - c H(x, y; ξ_k)) ∇y f(x, y; ζ),  N' uniform in {0, …, N-1}",
    "x <- P_X(x - γ_t (∇x f(x, y; ζ) - J(x, y; ξ) r))",
    "y <- y - ρ_t ∇y g(x, y; ξ)                                     K times, after x",
    "ρ_t, γ_t ~ (1 + t/t0)^(-1/2)",
  ],
  assumptions: "g strongly convex in y, f and g smooth; unbiased samples of bounded variance; c below 2 / L_max.",
  failures: hiaFailures,
  make: nested({ adjoint: "hia", K: 10, upperFirst: true }),
  reducesVariance: false,
  decay: { t0: 50, power: 0.5 },
  parameters: nestedSeries(10),
});
