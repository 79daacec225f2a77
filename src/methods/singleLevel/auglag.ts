/** auglag: augmented Lagrangians, on first-order conditions (auglagSystem.ts) or on the hyper-objective (auglagHyper.ts). */
import { choice } from "../kit/options.js";
import { type Running, running } from "../kit/running.js";
import type { Method } from "../method.js";
import { AuglagHyper } from "./auglagHyper.js";
import { AuglagSystem } from "./auglagSystem.js";
import { equilibriumRequirements } from "./requirements.js";

export const auglag: Method<Running> = {
  id: "auglag",
  title: "Augmented Lagrangian on first-order conditions, or for coupling constraints on the hyper-objective",
  reference:
    "Hestenes, J. Optim. Theory Appl. 4, 1969; Rockafellar, J. Optim. Theory Appl. 12, 1973 (inequalities); Nocedal and Wright, Numerical Optimization, 2nd ed., 2006, algorithm 17.4",
  formulas: [
    "system: min f + μᵀc + ½ρ|c|² over (x, y, z),  c: ∇y g + h_yᵀ z,  z_j - h_j - sqrt(z_j² + h_j² + 2ε²),  upper constraints as max(0, ·)",
    "hyper: min f + Σ ½ρ (max(0, c(x, y(x)) + μ/ρ)² - (μ/ρ)²) over x, gradients by implicit differentiation as in aid-auto",
    "μ ← μ + ρ c, or max(0, μ + ρ c) for inequalities",
    "ρ ← 4 ρ where the violation fell by less than a factor of 4 and ε was not changed; ε ← ε/2 from 0.1 to 1e-6",
  ],
  assumptions:
    "system: lower level convex in y with a constraint qualification (followers that depend on each other: each in its own variables). hyper: lower Hessian positive definite, lower level without constraints; independent gradients of the active upper constraints.",
  failures:
    "Infeasible problems drive ρ to its cap of 1e8. Where ρ must grow large the subproblems are badly conditioned. Finds local solutions.",
  requirements: equilibriumRequirements,
  parameters: [
    {
      name: "form",
      type: "choice",
      default: "auto",
      choices: ["auto", "system"],
      doc: "What is augmented. auto: the hyper-objective where the lower level has no constraints and is no game of followers, else the system.",
    },
    {
      name: "rho",
      type: "number",
      default: undefined,
      auto: "1, × 4 where the violation does not fall",
      min: 1e-12,
      doc: "First penalty ρ; with eta it stays as it is.",
    },
    {
      name: "eps0",
      type: "number",
      default: undefined,
      auto: "0.1",
      min: 1e-6,
      doc: "First smoothing ε of the system.",
    },
    {
      name: "eta",
      type: "number",
      default: undefined,
      auto: "line search",
      min: 0,
      doc: "Step size on x of the published loop on the hyper-objective.",
    },
    {
      name: "inner",
      type: "integer",
      default: undefined,
      auto: "until stationary; 400 if eta is given",
      min: 1,
      doc: "Gradient steps for each update of the multipliers, with eta.",
    },
  ],
  init: (context) => {
    const { lower, problem } = context.oracle;
    const plain = lower.constraints.rows === 0 && problem.independentFollowers;
    return choice(context, "form", "auto") === "auto" && plain ? new AuglagHyper(context) : new AuglagSystem(context);
  },
  ...running,
};
