/**
 * v-pbgd: penalty-based bilevel gradient descent with the value gap as penalty, on x and y together. Published loop:
 * constant steps on the surrogate value-gap; automatic: vPbgdAuto.ts.
 */
import { anyGiven, numberOr } from "../kit/options.js";
import { type Running, running } from "../kit/running.js";
import type { Method } from "../method.js";
import { beta, ramp, valueGap } from "../pieces/surrogates/valueGap.js";
import { constantSteps } from "./constantSteps.js";
import { stages } from "./stages.js";
import { automaticVPbgd } from "./vPbgdAuto.js";

export const vPbgd: Method<Running> = {
  id: "v-pbgd",
  title: "Penalty-based bilevel gradient descent (value gap)",
  reference: "Shen and Chen, On penalty-based bilevel gradient descent method, ICML 2023, Algorithm 1",
  formulas: [
    "ω ← P_Y(ω - β ∇y g(x, ω))                                     T times, warm",
    "x ← P_X(x - a [∇x f + γ (∇x g(x, y) - ∇x g(x, ω))])",
    "y ← P_Y(y - a [∇y f + γ ∇y g(x, y)]),   a = α / max(γ, 1), simultaneously",
    "auto: min over x of min_y f + γ (g - g*), y and ω to the tolerance by L-BFGS, γ × 4, Richardson's table over the stages",
  ],
  assumptions: "g satisfies the Polyak-Łojasiewicz inequality in y (singular Hessians allowed); f, g smooth.",
  failures: "For a fixed γ the solution is biased by O(1/γ), and the published loop's progress slows with γ.",
  requirements: {
    order: 1,
    class: "lower level Polyak-Łojasiewicz; box, ball or simplex domains by projection",
    upperDomain: true,
    lowerDomain: true,
    upperConstraints: false,
    lowerConstraints: false,
    minimaxOnly: false,
  },
  parameters: [
    {
      name: "gamma",
      type: "number",
      default: undefined,
      auto: "continuation from 10 L_f/L_g by factors of 4; 100 in the published loop",
      min: 0,
      doc: "Penalty γ. Given alone: the penalised problem of this γ is minimised to the tolerance.",
    },
    {
      name: "alpha",
      type: "number",
      default: undefined,
      auto: "line search; 0.1 if another step option is given",
      min: 0,
      doc: "Step size before division by γ. Giving alpha, beta, T or ramp selects the published loop.",
    },
    beta,
    {
      name: "T",
      type: "integer",
      default: undefined,
      auto: "lower level solved to the tolerance; 5 if another step option is given",
      min: 1,
      doc: "Lower steps of ω per step.",
    },
    ramp,
    stages,
  ],
  init: (context) =>
    anyGiven(context, ["alpha", "beta", "T", "ramp"])
      ? constantSteps(context, valueGap.make(context), numberOr(context, "alpha", 0.1))
      : automaticVPbgd(context),
  ...running,
};
