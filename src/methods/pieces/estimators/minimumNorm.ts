/**
 * Estimator: v = H⁺ grad_y f, the minimum-norm least-squares solution, by conjugate gradients on H² v = H b from 0; for
 * singular H (lower solutions that are not isolated).
 *
 *   G = grad_x f - J H⁺ grad_y f,      R_ker = |b - H v| / |b|: the share of grad_y f in the kernel of H, out of reach
 */
import { minimumNormSolve } from "../../../num/minimumNorm.js";
import { numberOr } from "../../kit/options.js";
import { adjointSteps } from "../../kit/stepParameters.js";
import type { MethodContext } from "../../method.js";
import { type AdjointRule, implicitPiece } from "./adjoint.js";

const PUBLISHED = 20;
/** R_ker above this says that H is singular where it matters. */
const KERNEL = 1e-6;

function rule(context: MethodContext): AdjointRule {
  const { m } = context.oracle;
  const M = numberOr(context, "M", PUBLISHED);
  const limit = 0.01 * context.tolerance;
  let notPositive = false;
  return {
    solve({ apply, b, size }, v, tolerance, exhausted) {
      const most = tolerance === undefined ? M : 10 * m + 100;
      const found = minimumNormSolve(apply, b, v, tolerance ?? limit, most, exhausted);
      const share = found.residual / size;
      notPositive = found.converged && share > KERNEL;
      return share;
    },
    get notPositive() {
      return notPositive;
    },
    reset: () => {},
  };
}

export const minimumNorm = implicitPiece(
  {
    id: "minimum-norm",
    title: "Adjoint of minimum norm, for singular lower Hessians",
    formulas: ["v = H⁺ ∇y f by M steps of CG on H² v = H ∇y f from 0", "G = ∇x f - J v"],
    reference:
      "Arbel and Mairal, Non-convex bilevel games with critical point selection maps, NeurIPS 2022; Xiao, Lu and Chen, 2023, (10)",
    exactOnly: "the lower Hessian of a minibatch has a kernel of its own, wider than that of the whole",
    parameters: [adjointSteps("Iterations of CG on the normal equations", PUBLISHED)],
  },
  rule,
);
