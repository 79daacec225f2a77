/** amigo: stochastic steps on the lower level and on the adjoint equation, both from where they stood (nested.ts). */
import { stochasticLoop } from "./loop.js";
import { nested } from "./nested.js";
import { adjointStepsParameters } from "./nestedParameters.js";

export const amigo = stochasticLoop({
  id: "amigo",
  title: "Amortised implicit gradients with warm starts of y and v",
  reference:
    "Arbel and Mairal, Amortized implicit differentiation for stochastic bilevel optimization, ICLR 2022, Algorithm 1",
  formulas: [
    "y <- y - ρ_t ∇y g(x, y; ξ)                                     K times",
    "v <- v - ρ_t (H(x, y; ξ) v - ∇y f(x, y; ζ))                    M times",
    "x <- P_X(x - γ_t (∇x f(x, y; ζ') - J(x, y; ξ') v))",
    "ρ_t, γ_t ~ (1 + t/t0)^(-1/2); constant with batches of order 1/ε",
  ],
  assumptions: "g strongly convex in y, f and g smooth; unbiased samples of bounded variance.",
  failures: "The noise of the samples stays, as in soba; K + M + 1 evaluations per step of x.",
  make: nested({ adjoint: "steps", K: 10 }),
  reducesVariance: false,
  decay: { t0: 200, power: 0.5 },
  parameters: adjointStepsParameters(10),
});
