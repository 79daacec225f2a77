/** bvfim: value-function-based interior-point method. Loops: bvfimPaper.ts, bvfimAuto.ts. */
import { anyGiven } from "../kit/options.js";
import { type Running, running } from "../kit/running.js";
import type { Method } from "../method.js";
import { barrierParameters } from "../pieces/surrogates/barrier.js";
import { automaticBvfim } from "./bvfimAuto.js";
import { BvfimPaper } from "./bvfimPaper.js";
import { stagesParameter } from "./parameters.js";

export const bvfim: Method<Running> = {
  id: "bvfim",
  title: "Value-function interior-point method (BVFIM)",
  reference:
    "Liu, Liu, Yuan, Zeng and Zhang, A value-function-based interior-point method for non-convex bi-level optimization, ICML 2021, Algorithm 1",
  formulas: [
    "ĝ = g - τ Σ ln(-h)  (equalities: + e²/(2τ));   z = argmin ĝ(x, z) + (μ1/2)|z|²,   g* = that minimum + μ2",
    "y = argmin f + (θ/2)|y|² - τ ln(g*(x) - ĝ(x, y)) - τ Σ ln(-h) - τ Σ ln(-C)     strictly interior, Newton with backtracking",
    "x ← P_X(x - η [∇x f + τ (∇x ĝ(x, y) - ∇x ĝ(x, z))/(g* - ĝ) + …])",
    "auto: L-BFGS with Wolfe's conditions on x; τ, μ1, μ2, θ × 0.09, Richardson's table in √τ over the stages",
  ],
  assumptions:
    "f, g, h and the upper constraints C smooth; strictly feasible lower points exist. g need not be strongly convex.",
  failures:
    "The bias is of the order of √τ, and the gap g* - ĝ is a difference of lower values: in double precision τ below about 1e-8 drowns. Equalities and infeasible points are only penalised.",
  requirements: {
    order: 1,
    class:
      "lower level smooth, with constraints or without; box, ball or simplex domains; upper constraints by barrier",
    upperDomain: true,
    lowerDomain: true,
    upperConstraints: true,
    lowerConstraints: true,
    minimaxOnly: false,
  },
  parameters: [
    ...barrierParameters,
    {
      name: "eta",
      type: "number",
      default: undefined,
      auto: "line search; adaptive (Malitsky and Mishchenko) if shrink or every is given",
      min: 0,
      doc: "Upper step size. Giving eta, shrink or every selects the published loop.",
    },
    {
      name: "shrink",
      type: "number",
      default: undefined,
      auto: "1 (fixed parameters)",
      min: 1e-3,
      max: 1,
      doc: "Factor of τ, μ1, μ2 and θ in the published loop.",
    },
    { name: "every", type: "integer", default: undefined, auto: "100", min: 1, doc: "Steps between two shrinkings." },
    stagesParameter,
  ],
  init: (context) =>
    anyGiven(context, ["eta", "shrink", "every"]) ? new BvfimPaper(context) : automaticBvfim(context),
  ...running,
};
