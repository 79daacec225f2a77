/** strong-duality: linear and convex quadratic lower levels by their dual values, the gap relaxed. Loop: relaxedPath.ts. */
import { strongDuality as step } from "../../reform/steps/strongDuality.js";
import { type Running, running } from "../kit/running.js";
import type { Method } from "../method.js";
import { pathParameters, RelaxedPath, usualPath } from "./relaxedPath.js";
import { equilibriumRequirements } from "./requirements.js";

export const strongDuality: Method<Running> = {
  id: "strong-duality",
  title: "Strong duality of linear and convex quadratic lower levels with relaxed gap",
  reference: `${step.reference}; the path of relaxations as Scholtes, SIAM J. Optim. 11, 2001`,
  formulas: [
    "min f(x, y)  subject to  ∇y g + h_yᵀ z + e_yᵀ v = 0,  h <= 0,  e = 0,  z >= 0,  g(x, y) - D(x, y, z, v) <= t,  upper constraints",
    "D = g(x, 0) + zᵀ h(x, 0) + vᵀ e(x, 0) - ½ yᵀ H y,  H = d²g/dy²   (Dorn's dual; one row for each follower)",
    "t = 1e-2, 1e-3, …, 1e-8: an interior point method on (x, y, z, v), each solve warm from the one before",
    "end: h_j = 0 where z_j > -h_j, else z_j = 0; solved once more without t, undecided pairs both ways",
  ],
  assumptions:
    "Each follower linear or convex quadratic in its own variables over a polyhedron: no constraint qualification is needed. Followers that depend on each other: over their Nash equilibria.",
  failures:
    "Local solutions, from one path. The row g - D <= t has no interior as t goes to 0, with multipliers that grow; where constraints of the lower level depend on x it has products of x and z, which kkt-mpcc has not.",
  requirements: {
    ...equilibriumRequirements,
    class: "lower level linear or convex quadratic in y, with affine constraints and polyhedral domains",
    structure: (problem) => step.accepts(problem)[0]?.message,
  },
  parameters: pathParameters("Duality gap t."),
  init: (context) => new RelaxedPath(context, { kind: "duality", ...usualPath }),
  ...running,
};
