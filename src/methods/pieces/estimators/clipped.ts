/**
 * Estimator: the adjoint through the lower Hessian with its eigenvalues clipped into [muClip, LClip] (Huang, 2023, (9)),
 *
 *   v = S(H)⁻¹ grad_y f,   S(U diag(d) Uᵀ) = U diag(min(max(d, muClip), LClip)) Uᵀ,   G = grad_x f - J v
 *
 * dense: m products and O(m³). A bias wherever an eigenvalue that matters is clipped; |b - H v| / |b| shows it.
 */
import { EigenSpace } from "../../../num/eigen.js";
import { fillInto } from "../../../num/vector.js";
import { given } from "../../kit/options.js";
import { ReducedHessian } from "../../kit/projectedAdjoint.js";
import type { MethodContext, Parameter } from "../../method.js";
import { type AdjointRule, implicitPiece, relativeResidual } from "./adjoint.js";

/** Share of the largest eigenvalue below which eigenvalues are raised where muClip is not given. */
const SHARE = 1e-8;

const muClip: Parameter = {
  name: "muClip",
  type: "number",
  default: undefined,
  auto: "1e-8 of the largest eigenvalue",
  min: 0,
  doc: "Eigenvalues of the lower Hessian below this are raised to it.",
};

const LClip: Parameter = {
  name: "LClip",
  type: "number",
  default: undefined,
  auto: "no bound",
  min: 0,
  doc: "Eigenvalues of the lower Hessian above this are lowered to it.",
};

function rule(context: MethodContext): AdjointRule {
  const { m } = context.oracle;
  const eigen = new EigenSpace(m);
  const matrix = new ReducedHessian(m);
  const { values, vectors } = eigen;
  const scratch = new Float64Array(m);
  const least = given(context, "muClip");
  const most = given(context, "LClip") ?? Number.POSITIVE_INFINITY;
  let notPositive = false;
  return {
    solve(system, v) {
      const { b, space } = system;
      matrix.assemble(system.hvp, space);
      eigen.decompose(matrix.K);
      const low = least ?? SHARE * Math.max(Math.abs(values[0]), Math.abs(values[m - 1]));
      notPositive = values[0] < low;
      fillInto(0, v);
      for (let e = 0; e < m; e++) {
        let s = 0;
        for (let j = 0; j < m; j++) s += vectors[j * m + e] * b[j];
        s /= Math.min(Math.max(values[e], low), most) || 1;
        for (let j = 0; j < m; j++) v[j] += s * vectors[j * m + e];
      }
      if (!space.whole) space.projectInto(v);
      return relativeResidual(system, v, scratch);
    },
    get notPositive() {
      return notPositive;
    },
    reset: () => {},
  };
}

export const clipped = implicitPiece(
  {
    id: "clipped",
    title: "Adjoint through clipped eigenvalues of the lower Hessian",
    formulas: ["v = S(H)⁻¹ ∇y f,  S clips eigenvalues into [muClip, LClip]", "G = ∇x f - J v"],
    reference:
      "Huang, On momentum-based gradient methods for bilevel optimization with nonconvex lower-level, 2023, (9)",
    parameters: [muClip, LClip],
  },
  rule,
);
