/** ttsa: one lower step and one of x per iteration on two timescales, with a randomised Neumann series (nested.ts). */
import { stochasticLoop } from "./loop.js";
import { nested } from "./nested.js";
import { hiaFailures, nestedSeries } from "./nestedParameters.js";

export const ttsa = stochasticLoop({
  id: "ttsa",
  title: "Two-timescale stochastic approximation",
  reference:
    "Hong, Wai, Wang and Yang, A two-timescale stochastic algorithm framework for bilevel optimization, SIAM J. Optim. 2023, Algorithm 1",
  formulas: [
    "y <- y - ρ_t ∇y g(x, y; ξ)",
    "r = N c Π_{k≤N'} (I - c H(x, y; ξ_k)) ∇y f(x, y; ζ),  N' uniform in {0, …, N-1}",
    "x <- P_X(x - γ_t (∇x f(x, y; ζ) - J(x, y; ξ) r))",
    "ρ_t ~ (1 + t/t0)^(-2/5),  γ_t ~ (1 + t/t0)^(-3/5)",
  ],
  assumptions: "g strongly convex in y, f and g smooth; unbiased samples of bounded variance; c below 2 / L_max.",
  failures: hiaFailures,
  make: nested({ adjoint: "hia", K: 1 }),
  reducesVariance: false,
  decay: { t0: 50, power: 0.4, upperPower: 0.6 },
  parameters: nestedSeries(1),
});
