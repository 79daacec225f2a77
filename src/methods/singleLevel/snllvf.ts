/** snllvf: semismooth Newton method on the conditions of the penalised value function. Loop: snllvfLoop.ts. */
import { type Running, running } from "../kit/running.js";
import type { Method } from "../method.js";
import { singleLevelRequirements } from "./requirements.js";
import { SnllvfLoop } from "./snllvfLoop.js";

export const snllvf: Method<Running> = {
  id: "snllvf",
  title: "Semismooth Newton method on the partially calm value function reformulation",
  reference:
    "Fischer, Zemkoho and Zhou, Semismooth Newton-type method for bilevel optimization: global convergence and extensive numerical experiments, Optim. Methods Softw. 37, 2022, Algorithm 3.1",
  formulas: [
    "min f + λ (g - V)  subject to c(x, y) <= 0, h(x, y) <= 0;  lower solution z with multipliers w gives ∇V = ∇x g(x, z) + h_xᵀ w",
    "Φ(x, y, z, w, u, v) = 0: stationarity in x, y and z, and φ(a, b) = a + b - sqrt(a² + b²) for every multiplier and slack",
    "(Φ'ᵀΦ' + νI) d = -Φ'ᵀΦ,  Armijo on ½|Φ|²,  for λ = 2^-1, …, 2^7; the best of the answers with g(x, y) <= g(x, z)",
  ],
  assumptions:
    "Partial calmness: g - V is an exact penalty for some finite λ (as for lower levels that are linear in y); multipliers exist at both y and z; all functions twice continuously differentiable.",
  failures:
    "Without partial calmness (such as strongly convex lower levels) solutions for finite λ are biased by the order of 1/λ and are not taken. Newton's method may end at points where |Φ| is stationary and not zero.",
  requirements: { ...singleLevelRequirements, class: "lower level convex in y, value function partially calm" },
  parameters: [
    {
      name: "lambda",
      type: "number",
      default: undefined,
      auto: "2^-1, 2^0, …, 2^7 in turn, the best answer",
      min: 0,
      doc: "Penalty λ. Given: only this one.",
    },
  ],
  init: (context) => new SnllvfLoop(context),
  ...running,
};
