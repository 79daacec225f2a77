/**
 * f2ba: fully first-order bilevel approximation. The value-function penalty L_lambda(x) = min_y f + lambda (g - g*) is
 * minimised by gradients of first order only. Published loop: f2baPaper.ts; automatic: f2baAuto.ts.
 */
import { anyGiven } from "../kit/options.js";
import { type Running, running } from "../kit/running.js";
import type { Method } from "../method.js";
import { automaticF2ba } from "./f2baAuto.js";
import { F2baPaper } from "./f2baPaper.js";
import { f2baTheory } from "./f2baTheory.js";
import { stages } from "./stages.js";

export const f2ba: Method<Running> = {
  id: "f2ba",
  title: "Fully first-order bilevel approximation (value-function penalty)",
  reference:
    "Chen, Ma and Zhang, Near-optimal nonconvex-strongly-convex bilevel optimization with fully first-order oracles, 2023, Algorithm 1; Kwon and others, ICML 2023; proximal terms: Kwon, Kwon, Wright and Nowak, ICLR 2024",
  formulas: [
    "z ← P_Y(z - α ∇y g(x, z))                                     K times",
    "y ← P_Y(y - τ (∇y f(x, y) + λ ∇y g(x, y)))                    K times",
    "G = ∇x f(x, y) + λ (∇x g(x, y) - ∇x g(x, z))",
    "debias: G ← 2 G_{2λ} - G_λ, error O(1/λ²) instead of O(1/λ)",
    "x ← P_X(x - η G)",
    "prox: z, y ← K steps on g(x, w) + ρ/2 |w - z|² and f(x, w)/λ + g(x, w) + ρ/2 |w - y|²    (σ = 1/λ)",
    "auto: y, z to the tolerance by L-BFGS, λ × 4 from 10 L_f/L_g, Richardson's table over the stages",
  ],
  assumptions:
    "g strongly convex in y, g twice and f once Lipschitz differentiable. No second derivatives are asked for.",
  failures:
    "For a fixed λ the solution is biased by O(1/λ); large λ loses digits (λ ε |∇x g|). With many lower solutions z is any of them: then y is returned.",
  requirements: {
    order: 1,
    class: "lower level strongly convex (usable for convex ones); box, ball or simplex domains by projection",
    upperDomain: true,
    lowerDomain: true,
    upperConstraints: false,
    lowerConstraints: false,
    minimaxOnly: false,
  },
  parameters: [
    {
      name: "lambda",
      type: "number",
      default: undefined,
      auto: "continuation from 10 L_f/L_g by factors of 4; 100 in the published loop",
      min: 0,
      doc: "Penalty λ. Given alone: the surrogate of this λ is minimised to the tolerance.",
    },
    {
      name: "K",
      type: "integer",
      default: undefined,
      auto: "inner levels solved to the tolerance; 30 if another step option is given",
      min: 1,
      doc: "Inner steps of both sequences. Giving K, alpha, tau, eta or prox selects the published loop.",
    },
    { name: "alpha", type: "number", default: undefined, auto: "1/L_g", min: 0, doc: "Step size of z." },
    { name: "tau", type: "number", default: undefined, auto: "1/(L_f + λ L_g)", min: 0, doc: "Step size of y." },
    {
      name: "eta",
      type: "number",
      default: undefined,
      auto: "adaptive (Malitsky and Mishchenko)",
      min: 0,
      doc: "Upper step size of the published loop.",
    },
    {
      name: "debias",
      type: "boolean",
      default: false,
      doc: "Remove the first-order bias by a third sequence with 2λ (where λ is given; the continuation does it by itself).",
    },
    {
      name: "prox",
      type: "number",
      default: undefined,
      auto: "0: no proximal terms",
      min: 0,
      doc: "Weight ρ of the proximal terms, for lower levels with an error bound instead of strong convexity. Giving it selects the published loop.",
    },
    {
      name: "sigma",
      type: "number",
      default: undefined,
      auto: "1/λ",
      min: 1e-12,
      doc: "σ = 1/λ, the name of the penalty where proximal terms are used; λ wins if both are given.",
    },
    stages,
  ],
  theory: f2baTheory,
  init: (context) =>
    anyGiven(context, ["K", "alpha", "tau", "eta", "prox"]) ? new F2baPaper(context) : automaticF2ba(context),
  ...running,
};
