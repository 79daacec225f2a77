/** kkt-mpcc: the lower level by its first-order conditions, complementarity relaxed after Scholtes. Loop: relaxedPath.ts. */
import { type Running, running } from "../kit/running.js";
import type { Method } from "../method.js";
import { pathParameters, RelaxedPath, usualPath } from "./relaxedPath.js";
import { equilibriumRequirements } from "./requirements.js";

export const kktMpcc: Method<Running> = {
  id: "kkt-mpcc",
  title: "First-order conditions of the lower level with relaxed complementarity",
  reference:
    "Scholtes, Convergence properties of a regularization scheme for mathematical programs with complementarity constraints, SIAM J. Optim. 11, 2001, program (4); pairs decided at the end: Bard and Moore 1990",
  formulas: [
    "min f(x, y)  subject to  ∇y g + h_yᵀ z = 0,  h(x, y) <= 0,  z >= 0,  -z_j h_j(x, y) <= t,  upper constraints",
    "t = 1e-2, 1e-3, …, 1e-8: an interior point method on (x, y, z), each solve warm from the one before",
    "end: h_j = 0 where z_j > -h_j, else z_j = 0; solved once more without t, undecided pairs both ways",
  ],
  assumptions:
    "Lower level convex in y with a constraint qualification; all functions twice continuously differentiable. Followers that depend on each other: each convex in its own variables; then over their Nash equilibria.",
  failures:
    "Only stationary points of the lower level are asked for: without convexity the answer may be no lower solution. Without a Slater point of the lower level multipliers are unbounded or do not exist. Finds local solutions.",
  requirements: equilibriumRequirements,
  parameters: pathParameters("Relaxation t."),
  init: (context) => new RelaxedPath(context, { kind: "scholtes", ...usualPath }),
  ...running,
};
