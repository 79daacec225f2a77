/** blocc: bilevel optimisation with coupled lower constraints by a primal-dual-assisted penalty. Loops: bloccPaper.ts, bloccAuto.ts. */
import { anyGiven } from "../kit/options.js";
import { type Running, running } from "../kit/running.js";
import type { Method } from "../method.js";
import { automaticBlocc } from "./bloccAuto.js";
import { BloccPaper } from "./bloccPaper.js";
import { stagesParameter } from "./parameters.js";

export const blocc: Method<Running> = {
  id: "blocc",
  title: "Penalty with primal-dual lower solves for coupled lower constraints",
  reference:
    "Jiang, Xiao, Tenorio, Real-Rojas, Marques and Chen, A primal-dual-assisted penalty approach to bilevel optimization with coupled constraints, NeurIPS 2024, Algorithms 1 and 2",
  formulas: [
    "(y_g, μ_g) ≈ argmin_y g  subject to h(x, y) <= 0:   μ ← [μ + ρ h]_+,  y ← P_Y(y - σ (∇y g + h_yᵀ μ)),  T times, warm",
    "(y_F, μ_F) ≈ the same with f/γ + g",
    "x ← P_X(x - η {∇x f(x, y_F) + γ [∇x g(x, y_F) + h_xᵀ μ_F - ∇x g(x, y_g) - h_xᵀ μ_g]})",
    "auto: both lower problems to rounding by an augmented Lagrangian with Newton steps; L-BFGS with Wolfe's conditions on x; γ × 4 from 10 L_f/L_g, Richardson's table over the stages",
  ],
  assumptions:
    "g strongly convex and h convex in y, linear independence of the active lower constraints; f, g, h smooth. Equalities have multipliers of any sign.",
  failures:
    "For a fixed γ the solution is biased by O(1/γ). Where active sets change the hyper-objective has kinks. Multipliers that are not unique leave the hypergradient undetermined. Not for upper constraints.",
  requirements: {
    order: 1,
    class: "lower level convex with constraints h(x, y) <= 0 or = 0; box, ball or simplex domains",
    upperDomain: true,
    lowerDomain: true,
    upperConstraints: false,
    lowerConstraints: true,
    minimaxOnly: false,
  },
  parameters: [
    {
      name: "gamma",
      type: "number",
      default: undefined,
      auto: "continuation from 10 L_f/L_g by factors of 4; 100 in the published loop",
      min: 1e-12,
      doc: "Penalty γ. Given alone: the penalised problem of this γ is minimised to the tolerance.",
    },
    {
      name: "T",
      type: "integer",
      default: undefined,
      auto: "lower problems solved to rounding; 100 if another step option is given",
      min: 1,
      doc: "Primal-dual steps per outer step. Giving T, sigma, rho or eta selects the published loop.",
    },
    {
      name: "sigma",
      type: "number",
      default: undefined,
      auto: "1/(L_g + L_f/γ + |h_y|)",
      min: 0,
      doc: "Step size σ of y in the lower problems.",
    },
    {
      name: "rho",
      type: "number",
      default: undefined,
      auto: "(L_g + L_f/γ + |h_y|)/(2 |h_y|²)",
      min: 1e-12,
      doc: "Step size ρ of the multipliers.",
    },
    {
      name: "eta",
      type: "number",
      default: undefined,
      auto: "adaptive (Malitsky and Mishchenko)",
      min: 0,
      doc: "Upper step size of the published loop.",
    },
    stagesParameter,
  ],
  init: (context) =>
    anyGiven(context, ["T", "sigma", "rho", "eta"]) ? new BloccPaper(context) : automaticBlocc(context),
  ...running,
};
