/** vf-idca: value function reformulation by a difference-of-convex algorithm. Loop: vfIdcaLoop.ts. */
import { type Running, running } from "../kit/running.js";
import type { Method } from "../method.js";
import { singleLevelRequirements } from "./requirements.js";
import { VfIdcaLoop } from "./vfIdcaLoop.js";

export const vfIdca: Method<Running> = {
  id: "vf-idca",
  title: "Value function by an inexact difference-of-convex algorithm",
  reference:
    "Gao, Ye, Yin, Zeng and Zhang, Value function based difference-of-convex algorithm for bilevel hyperparameter selection problems, ICML 2022; Ye, Yuan, Zeng and Zhang, Difference of convex algorithms for bilevel programs, Math. Program. 198, 2023, Algorithm 1",
  formulas: [
    "min f  subject to  g(x, y) - V(x) <= ε,  V(x) = min g(x, .) over h(x, .) <= 0",
    "ξ = ∇x g(x_k, ỹ) + h_xᵀ z̃ at the lower solution ỹ with multipliers z̃ (∇V for jointly convex g, h)",
    "min f + ½ρ|(x, y) - (x_k, y_k)|² + σ max(0, g(x, y) - V(x_k) - ξᵀ(x - x_k) - ε)  subject to h <= 0 and upper constraints",
    "σ ← 2σ where the violation t > 0 has max(σ, 1/t) |step| < 1;  auto: ε = 0.1, 0.01, … as steps become short",
  ],
  assumptions: "f convex, g and h convex in x and y together, lower solutions with multipliers.",
  failures:
    "Where g is not jointly convex the linearisation is no bound on V. The answer is feasible to ε only, and for small ε steps are of the order of sqrt(ε).",
  requirements: { ...singleLevelRequirements, class: "f, g and lower constraints convex in x and y together" },
  parameters: [
    {
      name: "eps",
      type: "number",
      default: undefined,
      auto: "0.1 down to 1e-9 by factors of 0.1",
      min: 0,
      doc: "Allowance ε on the lower value. Given: it stays as it is.",
    },
    { name: "sigma", type: "number", default: 1, min: 1e-12, doc: "First penalty σ." },
    { name: "rho", type: "number", default: 0.1, min: 0, doc: "Weight ρ of the proximal term." },
  ],
  init: (context) => new VfIdcaLoop(context),
  ...running,
};
