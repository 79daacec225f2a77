/**
 * gda: gradient descent-ascent for min over x max over y of f. Published loops (simultaneous, alternating) with two step
 * sizes; automatic: descent on phi(x) = max_y f(x, y) with the maximum found to the tolerance, whose gradient is grad_x f
 * (Danskin) because the implicit term vanishes.
 */
import { anyGiven, choice, given } from "../kit/options.js";
import { type Running, running } from "../kit/running.js";
import type { Method, MethodContext, Parameter } from "../method.js";
import { parameter } from "../theory.js";
import { automaticGda } from "./gdaAuto.js";
import { GdaLoop, gameConstants } from "./gdaLoop.js";

function publishedGda(context: MethodContext): Running {
  const { L, kappa } = gameConstants(context.oracle, context.random.split("constants"));
  return new GdaLoop(context, {
    etaX: given(context, "etaX") ?? 1 / (16 * (kappa + 1) ** 2 * L),
    etaY: given(context, "etaY") ?? 1 / L,
    alternating: choice(context, "order", "simultaneous") === "alternating",
  });
}

/** Shared by the loops of descent-ascent. */
export const orderParameter: Parameter = {
  name: "order",
  type: "choice",
  default: undefined,
  auto: "simultaneous in the published loop",
  choices: ["simultaneous", "alternating"],
  doc: "Whether y steps at the old or the new x.",
};

export const gda: Method<Running> = {
  id: "gda",
  title: "Gradient descent-ascent for minimax problems",
  reference:
    "Arrow, Hurwicz and Uzawa 1958; step sizes: Lin, Jin and Jordan, On gradient descent ascent for nonconvex-concave minimax problems, ICML 2020, Algorithm 1 and Theorem 4.4",
  formulas: [
    "x ← P_X(x - η_x ∇x f(x, y))",
    "y ← P_Y(y + η_y ∇y f(x, y))        alternating: at the new x",
    "auto: y = argmax to the tolerance by L-BFGS, then L-BFGS with Wolfe's conditions on φ(x) = f(x, y(x)), ∇φ = ∇x f",
  ],
  assumptions: "f = -g; f strongly concave in y.",
  failures: "Where f is not strongly concave in y (bilinear f) it cycles or diverges: use extragradient.",
  requirements: {
    order: 1,
    class: "minimax, strongly concave in the lower variables",
    upperDomain: true,
    lowerDomain: true,
    upperConstraints: false,
    lowerConstraints: false,
    minimaxOnly: true,
  },
  parameters: [
    {
      name: "etaX",
      type: "number",
      default: undefined,
      auto: "line search; 1/(16 (κ + 1)² L) if etaY is given",
      min: 0,
      doc: "Step size of x. Giving etaX, etaY or order selects the published loop.",
    },
    {
      name: "etaY",
      type: "number",
      default: undefined,
      auto: "maximised to the tolerance; 1/L if etaX is given",
      min: 0,
      doc: "Step size of y.",
    },
    orderParameter,
  ],
  theory: ({ kappa, L }) => [
    parameter("etaY", "1/L", 1 / L),
    parameter("etaX", "1/(16 (κ + 1)² L)", 1 / (16 * (kappa + 1) ** 2 * L)),
  ],
  init: (context) => (anyGiven(context, ["etaX", "etaY", "order"]) ? publishedGda(context) : automaticGda(context)),
  ...running,
};
