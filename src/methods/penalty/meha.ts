/**
 * meha: Moreau envelope based Hessian-free algorithm. Published loop: constant steps on the surrogate moreau, x before y;
 * automatic: mehaAuto.ts.
 */
import { anyGiven, numberOr } from "../kit/options.js";
import { type Running, running } from "../kit/running.js";
import type { Method } from "../method.js";
import { eta, moreau, p } from "../pieces/surrogates/moreau.js";
import { constantSteps } from "./constantSteps.js";
import { automaticMeha } from "./mehaAuto.js";
import { stages } from "./stages.js";

export const meha: Method<Running> = {
  id: "meha",
  title: "Moreau envelope based Hessian-free algorithm",
  reference:
    "Liu, Liu, Yao, Zeng and Zhang, Moreau envelope for nonconvex bi-level optimization, ICML 2024, Algorithm 1",
  formulas: [
    "θ ← P_Y(θ - η (∇y g(x, θ) + (θ - y)/γ))",
    "x ← P_X(x - α [∇x f(x, y)/c + ∇x g(x, y) - ∇x g(x, θ)])",
    "y ← P_Y(y - β [∇y f(x, y)/c + ∇y g(x, y) - (y - θ)/γ])        with the new x;  c = c₀ (k + 1)^p",
    "auto: min over x of min_y f + c (g - v), v the Moreau envelope, θ and y to the tolerance by L-BFGS, c × 4, Richardson's table over the stages",
  ],
  assumptions:
    "g weakly convex in y with modulus ρ < 1/(2γ) and smooth, f smooth and bounded below. Solutions are stationary in the lower level; lower solutions where g is convex in y.",
  failures:
    "For a fixed c the solution is biased by O(1/c); with growing c the published loop creeps (steps on f shrink as 1/c). Where g is not convex in y, lower points that are merely stationary have no penalty.",
  requirements: {
    order: 1,
    class: "lower level weakly convex; box, ball or simplex domains by projection",
    upperDomain: true,
    lowerDomain: true,
    upperConstraints: false,
    lowerConstraints: false,
    minimaxOnly: false,
  },
  parameters: [
    {
      name: "c0",
      type: "number",
      default: undefined,
      auto: "continuation from 20 L_f/L_g by factors of 4; 1 in the published loop",
      min: 0,
      doc: "First penalty c. Given alone (or with gamma): the penalised problem of this c is minimised to the tolerance.",
    },
    p,
    {
      name: "gamma",
      type: "number",
      default: undefined,
      auto: "1000/L_g (0.5/L_g where g is not convex in y at the start); 1 in the published loop",
      min: 0,
      doc: "Parameter γ of the Moreau envelope; below half the inverse of the lower level's weak convexity.",
    },
    {
      name: "alpha",
      type: "number",
      default: undefined,
      auto: "line search; 0.05 if another step option is given",
      min: 0,
      doc: "Step size of x. Giving alpha, beta, eta or p selects the published loop.",
    },
    { name: "beta", type: "number", default: undefined, auto: "0.05", min: 0, doc: "Step size of y." },
    eta,
    stages,
  ],
  init: (context) =>
    anyGiven(context, ["alpha", "beta", "eta", "p"])
      ? constantSteps(
          context,
          moreau.make(context),
          numberOr(context, "alpha", 0.05),
          numberOr(context, "beta", 0.05),
          {
            afterX: true,
          },
        )
      : automaticMeha(context),
  ...running,
};
