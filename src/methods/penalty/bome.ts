/**
 * bome: bilevel optimisation made easy. Descent on f kept from raising the lower gap by a dynamic barrier. Published loop:
 * constant steps along the direction of dynamicBarrier.ts; automatic: bomeAuto.ts.
 */
import { anyGiven, numberOr } from "../kit/options.js";
import { type Running, running } from "../kit/running.js";
import type { Method } from "../method.js";
import { automaticBome } from "./bomeAuto.js";
import { constantSteps } from "./constantSteps.js";
import { DynamicBarrier } from "./dynamicBarrier.js";

export const bome: Method<Running> = {
  id: "bome",
  title: "Bilevel optimisation made easy (dynamic barrier)",
  reference:
    "Liu, Ye, Wright, Stone and Liu, BOME! Bilevel optimization made easy: a simple first-order approach, NeurIPS 2022, Algorithm 1",
  formulas: [
    "z ← z - α ∇y g(x, z)                                          K times from y",
    "q̂ = g(x, y) - g(x, z),   q = (∇x g(x, y) - ∇x g(x, z), ∇y g(x, y))",
    "λ = max(0, (φ - ⟨∇f, q⟩) / |q|²),   φ = η q̂ or η |q|²",
    "(x, y) ← (x, y) - ξ (∇f + λ q)",
    "auto: ξ = 1/(L_f + λ L_g) with backtracking on f + λ q̂; after 2,000 calls the value-gap continuation of v-pbgd goes on",
  ],
  assumptions: "g satisfies the Polyak-Łojasiewicz inequality in y, constant rank qualification, f and g bounded.",
  failures:
    "λ grows as 1/|q| near lower solutions, so that constant steps hover there (φ = grad: at a distance of the order of ξ); no step rule is known that converges on badly conditioned lower levels. K steps that do not reach the lower solution bias q.",
  requirements: {
    order: 1,
    class: "lower level Polyak-Łojasiewicz, y free",
    upperDomain: true,
    lowerDomain: false,
    upperConstraints: false,
    lowerConstraints: false,
    minimaxOnly: false,
  },
  parameters: [
    {
      name: "xi",
      type: "number",
      default: undefined,
      auto: "1/(L_f + λ L_g), halved as needed; 0.01 if another step option is given",
      min: 0,
      doc: "Step size of x and y. Giving xi, eta, K or alpha selects the published loop.",
    },
    {
      name: "eta",
      type: "number",
      default: undefined,
      auto: "0.5",
      min: 0,
      doc: "Rate at which the gap is asked to fall; the paper tries 0.9, 0.5 and 0.1.",
    },
    { name: "K", type: "integer", default: undefined, auto: "10", min: 1, doc: "Lower steps of z per step." },
    { name: "alpha", type: "number", default: undefined, auto: "1/L_g", min: 0, doc: "Step size of z." },
    {
      name: "phi",
      type: "choice",
      choices: ["gap", "grad"],
      default: "gap",
      doc: "Barrier: η q̂ (gap) or η |q|² (grad, as in the paper's experiments).",
    },
  ],
  init: (context) =>
    anyGiven(context, ["xi", "eta", "K", "alpha"])
      ? constantSteps(context, new DynamicBarrier(context), numberOr(context, "xi", 0.01))
      : automaticBome(context),
  ...running,
};
