/** sustain: corrected momentum at both levels, one random term of the Neumann series (neumannMomentum.ts). */
import { neumannMomentum } from "./neumannMomentum.js";

export const sustain = neumannMomentum({
  id: "sustain",
  title: "Single-loop double momentum with a random Neumann term",
  reference:
    "Khanduri, Zeng, Hong, Wai, Wang and Yang, A near-optimal algorithm for stochastic bilevel optimization via double-momentum, NeurIPS 2021, Algorithm 1",
  formulas: [
    "h(x, y) = ∇x f(x, y; ζ) - J(x, y; ξ) r,   r = N c Π_{k<=N'} (I - c H(x, y; ξ_k)) ∇y f(x, y; ζ),  N' uniform in {0, …, N-1}",
    "d_y <- ∇y g(x, y; ξ) + (1 - η_t) (d_y - ∇y g(x⁻, y⁻; ξ)),   d_x <- h(x, y) + (1 - η_t) (d_x - h(x⁻, y⁻))",
    "at t = 0 the directions are the first estimates; all samples and N' are those of the step at both points",
    "y <- y - ρ_t d_y,  x <- P_X(x - γ_t d_x);   ρ_t, γ_t ~ (1 + t/t0)^(-1/3),  η_t = (1 + t/20)^(-2/3)",
  ],
  assumptions: "g strongly convex in y; f and g smooth in the mean over samples; unbiased samples of bounded variance.",
  failures:
    "One random term stands for the whole series, so that the variance grows like N²; mrbo sums the series and has much less. The series leaves out a share (1 - c μ)^N.",
  kind: "hia",
  limits: { left: 0.1, most: 20 },
});
