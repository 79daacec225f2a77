/**
 * g-pbgd: penalty-based bilevel gradient descent with the squared lower gradient as penalty, on x and y together. Published
 * loop: constant steps on the surrogate squared-gradient; automatic: gPbgdAuto.ts.
 */
import { anyGiven, numberOr } from "../kit/options.js";
import { type Running, running } from "../kit/running.js";
import type { Method } from "../method.js";
import { squaredGradient } from "../pieces/surrogates/squaredGradient.js";
import { ramp } from "../pieces/surrogates/valueGap.js";
import { constantSteps } from "./constantSteps.js";
import { automaticGPbgd } from "./gPbgdAuto.js";
import { stages } from "./stages.js";

export const gPbgd: Method<Running> = {
  id: "g-pbgd",
  title: "Penalty-based bilevel gradient descent (squared lower gradient)",
  reference: "Shen and Chen, On penalty-based bilevel gradient descent method, ICML 2023, with the penalty |∇y g|²",
  formulas: [
    "s = ∇y g(x, y)",
    "x ← P_X(x - a [∇x f + γ J s])",
    "y ← y - a [∇y f + γ H s],   a = α / max(γ, 1), simultaneously",
    "auto: min over x of min_y f + γ/2 |∇y g|², y to the tolerance by L-BFGS, γ × 4, Richardson's table over the stages",
  ],
  assumptions: "g satisfies the Polyak-Łojasiewicz inequality in y; f, g smooth; y free.",
  failures:
    "For a fixed γ the solution is biased by O(1/γ), and the published loop's progress slows with γ. The penalty squares the condition number of the lower level. Where g is not convex in y, saddle points and maxima of g have no penalty either.",
  requirements: {
    order: 2,
    class: "lower level Polyak-Łojasiewicz, y free",
    upperDomain: true,
    lowerDomain: false,
    upperConstraints: false,
    lowerConstraints: false,
    minimaxOnly: false,
  },
  parameters: [
    {
      name: "gamma",
      type: "number",
      default: undefined,
      auto: "continuation from 10 L_f/L_g² by factors of 4; 10 in the published loop",
      min: 0,
      doc: "Penalty γ. Given alone: the penalised problem of this γ is minimised to the tolerance.",
    },
    {
      name: "alpha",
      type: "number",
      default: undefined,
      auto: "line search; 0.1 if ramp is given",
      min: 0,
      doc: "Step size before division by γ. Giving alpha or ramp selects the published loop.",
    },
    ramp,
    stages,
  ],
  init: (context) =>
    anyGiven(context, ["alpha", "ramp"])
      ? constantSteps(context, squaredGradient.make(context), numberOr(context, "alpha", 0.1))
      : automaticGPbgd(context),
  ...running,
};
