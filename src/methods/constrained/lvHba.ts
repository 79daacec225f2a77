/** lv-hba: Lagrangian value function-based Hessian-free bilevel algorithm. Loops: lvHbaPaper.ts, lvHbaAuto.ts. */
import { anyGiven } from "../kit/options.js";
import { type Running, running } from "../kit/running.js";
import type { Method } from "../method.js";
import { lagrangianParameters } from "../pieces/surrogates/lagrangianParameters.js";
import { automaticLvHba } from "./lvHbaAuto.js";
import { lvHbaPaper } from "./lvHbaPaper.js";
import { alphaParameter, stagesParameter } from "./parameters.js";

export const lvHba: Method<Running> = {
  id: "lv-hba",
  title: "Proximal Lagrangian value function (LV-HBA)",
  reference:
    "Yao, Yu, Zeng and Zhang, Constrained bi-level optimization: proximal Lagrangian value function approach and Hessian-free algorithm, ICLR 2024, Algorithm 1",
  formulas: [
    "v(x, y, z) = min_{θ∈Y} max_{λ≥0} g(x, θ) + λᵀh(x, θ) + |θ - y|²/(2γ1) - |λ - z|²/(2γ2)",
    "θ ← P_Y(θ - η (∇y g(x, θ) + h_yᵀλ + (θ - y)/γ1)),   λ ← [λ - η (-h(x, θ) + (λ - z)/γ2)]_+",
    "(x, y) ← P_C((x, y) - α (∇f/c_k + ∇g(x, y) - ∇v)),   C = {x∈X, y∈Y, h <= 0}",
    "z ← P_[0,r](z + β (λ - z)/γ2),   c_k = c0 (k + 1)^p;   equalities: λ and z of any sign",
    "auto: θ and λ to rounding, (x, y, z) by projected quasi-Newton or spectral gradient steps, c × 4, Richardson's table over the stages",
  ],
  assumptions:
    "g and h convex in y and smooth; C closed and convex. Affine rows h are projected onto exactly, others by repeated linearisation.",
  failures: "For a finite c the solution is biased by O(1/c). Progress slows as c grows. Not for upper constraints.",
  requirements: {
    order: 1,
    class: "lower level convex with constraints h(x, y) <= 0 or = 0; box, ball or simplex domains",
    upperDomain: true,
    lowerDomain: true,
    upperConstraints: false,
    lowerConstraints: true,
    minimaxOnly: false,
  },
  parameters: [alphaParameter, ...lagrangianParameters, stagesParameter],
  init: (context) => (anyGiven(context, ["alpha", "beta", "eta", "p"]) ? lvHbaPaper(context) : automaticLvHba(context)),
  ...running,
};
