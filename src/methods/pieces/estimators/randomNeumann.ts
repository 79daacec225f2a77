/**
 * Estimator: one random term of the Neumann series in place of its sum (Ghadimi and Wang, 2018, section 3, "HIA"): N' uniform on
 * {0, …, M - 1},
 *
 *   v = M c (I - c H)^{N'} grad_y f,       E v = c Σ_{j=0}^{M-1} (I - c H)^j grad_y f
 *
 * Half the products of the sum in the mean, and a variance of the order M² |c b|².
 */
import { axpyInto, copyInto, scaleInto } from "../../../num/vector.js";
import { numberOr } from "../../kit/options.js";
import { adjointStep } from "../../kit/stepParameters.js";
import type { MethodContext, Parameter } from "../../method.js";
import { type AdjointRule, implicitPiece } from "./adjoint.js";
import { AdjointStep } from "./stepSize.js";

const terms: Parameter = {
  name: "M",
  type: "integer",
  default: 10,
  min: 1,
  doc: "Terms of the Neumann series one of which is drawn.",
};

function rule(context: MethodContext): AdjointRule {
  const { m } = context.oracle;
  const product = new Float64Array(m);
  const step = new AdjointStep(context);
  const random = context.random.split("random Neumann series");
  const M = numberOr(context, "M", 10);
  return {
    notPositive: false,
    solve(system, v) {
      const c = step.for(system);
      copyInto(system.b, v);
      for (let left = random.integer(M); left > 0; left--) {
        system.apply(v, product);
        axpyInto(-c, product, v);
      }
      scaleInto(M * c, v, v);
      return Number.NaN;
    },
    reset: () => {},
  };
}

export const randomNeumann = implicitPiece(
  {
    id: "random-neumann",
    title: "Adjoint by a random term of the Neumann series",
    formulas: ["N' uniform on {0, …, M - 1},  v = M c (I - c H)^{N'} ∇y f", "G = ∇x f - J v"],
    reference: "Ghadimi and Wang, Approximation methods for bilevel programming, 2018, section 3",
    parameters: [terms, adjointStep],
    bias: "draws one term of a truncated series, so that single steps are noisy and their mean misses the rest of the series",
  },
  rule,
);
