/** kkt-fb: the lower level by its first-order conditions, complementarity as smoothed equations. Loop: relaxedPath.ts. */
import { type Running, running } from "../kit/running.js";
import type { Method } from "../method.js";
import { RelaxedPath } from "./relaxedPath.js";
import { equilibriumRequirements } from "./requirements.js";

export const kktFb: Method<Running> = {
  id: "kkt-fb",
  title: "First-order conditions of the lower level with smoothed Fischer-Burmeister equations",
  reference:
    "Facchinei, Jiang and Qi, A smoothing method for mathematical programs with equilibrium constraints, Math. Program. 85, 1999; the function: Fischer, Optimization 24, 1992, smoothed by Kanzow 1996",
  formulas: [
    "min f(x, y)  subject to  ∇y g + h_yᵀ z = 0,  a_j + b_j - sqrt(a_j² + b_j² + 2ε²) = 0,  a = z, b = -h(x, y),  upper constraints",
    "which is z_j (-h_j) = ε² with both positive: the path of kkt-mpcc with t = ε²",
    "ε = 0.1, 0.02, …, 1e-6: an interior point method on (x, y, z), each solve warm; end: pairs decided as in kkt-mpcc",
  ],
  assumptions:
    "Lower level convex in y with a constraint qualification; all functions twice continuously differentiable. Followers that depend on each other: each convex in its own variables; then over their Nash equilibria.",
  failures:
    "As kkt-mpcc. The equations have no solution with h_j = 0 = z_j at ε > 0, and near such points their linearisations are almost dependent.",
  requirements: equilibriumRequirements,
  parameters: [
    {
      name: "eps",
      type: "number",
      default: undefined,
      auto: "path from eps0 to 1e-6 by factors of 0.2",
      min: 0,
      doc: "Smoothing ε. Given: this one program is solved, and nothing is decided afterwards.",
    },
    { name: "eps0", type: "number", default: undefined, auto: "0.1", min: 1e-6, doc: "First ε of the path." },
  ],
  init: (context) =>
    new RelaxedPath(context, { kind: "fischer", fixed: "eps", first: "eps0", from: 0.1, ratio: 0.2, to: 1e-6 }),
  ...running,
};
