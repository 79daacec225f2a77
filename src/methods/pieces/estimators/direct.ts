/**
 * Estimator: H v = grad_y f by a dense factorisation, m products with H and O(m³) (Cholesky; the pseudo-inverse where H is
 * not positive definite).   G = grad_x f - J H⁻¹ grad_y f
 */
import { numberOr } from "../../kit/options.js";
import { DenseAdjoint } from "../../kit/projectedAdjoint.js";
import type { MethodContext, Parameter } from "../../method.js";
import { type AdjointRule, type AdjointSystem, implicitPiece } from "./adjoint.js";

const rcond: Parameter = {
  name: "rcond",
  type: "number",
  default: 1e-8,
  min: 0,
  max: 1,
  doc: "Eigenvalues below this share of the largest count as zero in the pseudo-inverse.",
};

function rule(context: MethodContext): AdjointRule {
  let system: AdjointSystem | undefined;
  const { m } = context.oracle;
  const dense = new DenseAdjoint(m, (v, out) => system?.hvp(v, out), numberOr(context, "rcond", 1e-8));
  return {
    solve(at, v) {
      system = at;
      dense.solve(at.b, v, 0, at.space);
      return dense.residual;
    },
    get notPositive() {
      return dense.notPositive;
    },
    reset: () => {},
  };
}

export const direct = implicitPiece(
  {
    id: "direct",
    title: "Adjoint by a dense factorisation",
    formulas: [
      "solve H v = ∇y f by Cholesky (pseudo-inverse where singular), on the tangent space of Y",
      "G = ∇x f - J v",
    ],
    reference: "Larsen and others, 1996; Bengio, Gradient-based optimization of hyperparameters, 2000, eq. (8)",
    parameters: [rcond],
  },
  rule,
);
