/**
 * tt-gda: two-timescale gradient descent-ascent, the loop of gda with the step sizes of its theory: y fast, x slower by
 * the square of the condition number, so that y follows its maximiser.
 */
import { choice, given } from "../kit/options.js";
import { type Running, running } from "../kit/running.js";
import type { Method, MethodContext } from "../method.js";
import { orderParameter } from "./gda.js";
import { GdaLoop, gameConstants } from "./gdaLoop.js";

function init(context: MethodContext): Running {
  const found = gameConstants(context.oracle, context.random.split("constants"));
  const L = given(context, "L") ?? found.L;
  const kappa = given(context, "kappa") ?? found.kappa;
  const alternating = choice(context, "order", "simultaneous") === "alternating";
  return new GdaLoop(context, { etaX: 1 / (16 * (kappa + 1) ** 2 * L), etaY: 1 / L, alternating });
}

export const ttGda: Method<Running> = {
  id: "tt-gda",
  title: "Two-timescale gradient descent-ascent",
  reference:
    "Lin, Jin and Jordan, On gradient descent ascent for nonconvex-concave minimax problems, ICML 2020, Algorithm 1 with the step sizes of Theorem 4.4",
  formulas: [
    "x ← P_X(x - η_x ∇x f(x, y)),  η_x = 1/(16 (κ + 1)² L)",
    "y ← P_Y(y + η_y ∇y f(x, y)),  η_y = 1/L",
    "L = Lipschitz constant of ∇f in (x, y), κ = L/μ, μ = strong concavity in y: by Lanczos at the starting point",
  ],
  assumptions: "f = -g; f smooth, strongly concave in y, possibly nonconvex in x.",
  failures:
    "Slow: of the order of κ² steps. The constants are those of the start; where f bends more elsewhere the steps are too long. Where f is not strongly concave in y it cycles (use extragradient or ogda).",
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
      name: "L",
      type: "number",
      default: undefined,
      auto: "largest |eigenvalue| of the Hessian of f at the start, by Lanczos on differences of gradients",
      min: 0,
      doc: "Lipschitz constant of the gradient of f in both variables.",
    },
    {
      name: "kappa",
      type: "number",
      default: undefined,
      auto: "L / μ with μ by Lanczos; 1 where no strong concavity is seen",
      min: 1,
      doc: "Condition number L / μ.",
    },
    { ...orderParameter, auto: "simultaneous" },
  ],
  init,
  ...running,
};
