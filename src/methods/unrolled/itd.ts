/**
 * itd: iterative differentiation, the reverse sweep through K lower steps (see kit/unrolled.ts for the formulas). Published
 * loop: itdPaper.ts; automatic: Nesterov's map with constants by Lanczos and K doubled until what is left of the adjoint at
 * the start is negligible (itdAuto.ts).
 */
import { anyGiven } from "../kit/options.js";
import { type Running, running } from "../kit/running.js";
import type { Method } from "../method.js";
import { automaticItd } from "./itdAuto.js";
import { ItdPaper } from "./itdPaper.js";

export const itd: Method<Running> = {
  id: "itd",
  title: "Iterative differentiation (reverse mode)",
  reference:
    "Franceschi and others, Forward and reverse gradient-based hyperparameter optimization, ICML 2017, Algorithm 1; truncated: Shaban and others, AISTATS 2019",
  formulas: [
    "u_k = y_k + β (y_k - y_{k-1}),  y_{k+1} = P_Y(u_k - α ∇y g(x, u_k)),  k < K",
    "a = ∇y f(x, y_K),  G = ∇x f(x, y_K)",
    "for k = K-1 … K-D:  w = P_Y'(p_k) a;  G ← G - α J(u_k) w;  a ← (transposed step)(w - α H(u_k) w)",
    "x ← P_X(x - η G)",
    "auto: β = (√κ - 1)/(√κ + 1), K doubled while |a_0| > 1e-8 |a_K|; L-BFGS with Wolfe's conditions on x",
  ],
  assumptions: "g strongly convex in y; the lower map contracts.",
  failures:
    "Biased by (1 - αμ)^K where K is too small; memory K m; for αL > 2 the sweep explodes; where H is singular y keeps its start's kernel component.",
  requirements: {
    order: 2,
    class: "lower level strongly convex; box, ball or simplex domains by projection",
    upperDomain: true,
    lowerDomain: true,
    upperConstraints: false,
    lowerConstraints: false,
    minimaxOnly: false,
  },
  parameters: [
    {
      name: "K",
      type: "integer",
      default: undefined,
      auto: "doubled from 20 until the leftover adjoint is below 1e-8; 20 if another step option is given",
      min: 1,
      doc: "Lower steps that are differentiated. Giving K, D, alpha, momentum or eta selects the published loop.",
    },
    {
      name: "D",
      type: "integer",
      default: undefined,
      auto: "K: the whole sweep",
      min: 1,
      doc: "Steps of the reverse sweep (truncated back-propagation for D < K; biased).",
    },
    { name: "alpha", type: "number", default: undefined, auto: "1/L, L by Lanczos", min: 0, doc: "Lower step size." },
    {
      name: "momentum",
      type: "number",
      default: undefined,
      auto: "Nesterov's constant (√κ - 1)/(√κ + 1); 0 in the published loop",
      min: 0,
      max: 1,
      doc: "Constant β of the lower map.",
    },
    {
      name: "eta",
      type: "number",
      default: undefined,
      auto: "adaptive (Malitsky and Mishchenko)",
      min: 0,
      doc: "Upper step size of the published loop.",
    },
    {
      name: "warm",
      type: "boolean",
      default: false,
      doc: "Start the lower steps of the published loop from the last y instead of the written start; dy_0/dx counts as 0.",
    },
  ],
  init: (context) =>
    anyGiven(context, ["K", "D", "alpha", "momentum", "eta"]) ? new ItdPaper(context, 20) : automaticItd(context),
  ...running,
};
