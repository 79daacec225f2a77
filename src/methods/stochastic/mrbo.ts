/** mrbo: corrected momentum at both levels, the summed Neumann series (neumannMomentum.ts). */
import { neumannMomentum } from "./neumannMomentum.js";

export const mrbo = neumannMomentum({
  id: "mrbo",
  title: "Momentum-based recursive bilevel optimiser",
  reference: "Yang, Ji and Liang, Provably faster algorithms for bilevel optimization, NeurIPS 2021, Algorithm 1",
  formulas: [
    "h(x, y) = ∇x f(x, y; ζ) - J(x, y; ξ) r,   r = c Σ_{j=0}^{N} Π_{k<=j} (I - c H(x, y; ξ_k)) ∇y f(x, y; ζ)",
    "d_y <- ∇y g(x, y; ξ) + (1 - η_t) (d_y - ∇y g(x⁻, y⁻; ξ)),   d_x <- h(x, y) + (1 - η_t) (d_x - h(x⁻, y⁻))",
    "at t = 0 the directions are the first estimates; all samples are those of the step at both points",
    "y <- y - ρ_t d_y,  x <- P_X(x - γ_t d_x);   ρ_t, γ_t ~ (1 + t/t0)^(-1/3),  η_t = (1 + t/20)^(-2/3)",
  ],
  assumptions: "g strongly convex in y; f and g smooth in the mean over samples; unbiased samples of bounded variance.",
  failures:
    "Noise stays, though its share in the directions shrinks. N products per evaluation, and two evaluations per step. The series leaves out a share (1 - c μ)^(N+1).",
  kind: "shia",
  limits: { left: 0.02, most: 100 },
});
