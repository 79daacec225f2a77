/** bic-gaffa: single-loop first-order algorithm on a doubly regularised gap function. Loops: bicGaffaPaper.ts, bicGaffaAuto.ts. */
import { anyGiven } from "../kit/options.js";
import { type Running, running } from "../kit/running.js";
import type { Method } from "../method.js";
import { lagrangianParameters } from "../pieces/surrogates/lagrangianParameters.js";
import { automaticBicGaffa } from "./bicGaffaAuto.js";
import { bicGaffaPaper } from "./bicGaffaPaper.js";
import { alphaParameter, stagesParameter } from "./parameters.js";

export const bicGaffa: Method<Running> = {
  id: "bic-gaffa",
  title: "Doubly regularised gap function (BiC-GAFFA)",
  reference:
    "Yao, Yin, Zeng and Zhang, Overcoming lower-level constraints in bilevel optimization: a novel approach with regularized gap functions, NeurIPS 2024, Algorithm 1",
  formulas: [
    "G(x, y, z) = max_{λ≥0} [g(x, y) + λᵀh(x, y) - |λ - z|²/(2γ2)] - min_{θ∈Y} [g(x, θ) + zᵀh(x, θ) + |θ - y|²/(2γ1)]",
    "λ = [z + γ2 h(x, y)]_+;   θ ← P_Y(θ - η (∇y g(x, θ) + h_yᵀ(x, θ) z + (θ - y)/γ1))",
    "(x, y) ← P_{X×Y}((x, y) - α (∇f/c_k + ∇G)),   z ← P_[0,r](z - β ((λ - z)/γ2 - h(x, θ)))",
    "c_k = c0 (k + 1)^p;   equalities: λ without [·]_+, z of any sign",
    "auto: θ to rounding, (x, y, z) by projected L-BFGS, c × 4, Richardson's table over the stages",
  ],
  assumptions: "g and h convex in y and smooth; no projection onto {h <= 0} is needed.",
  failures:
    "For a finite c the solution is biased by O(1/c) and violates h by as much. Progress slows as c grows. Not for upper constraints.",
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
  init: (context) =>
    anyGiven(context, ["alpha", "beta", "eta", "p"]) ? bicGaffaPaper(context) : automaticBicGaffa(context),
  ...running,
};
