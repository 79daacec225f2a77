/**
 * Estimator: the truncated Neumann series of H⁻¹,
 *
 *   v = c Σ_{j=0}^{M} (I - c H)^j grad_y f,       |v - H⁻¹ b| <= (1 - c mu)^{M+1} |H⁻¹ b|
 *
 * by M products. The truncation is a bias that outer convergence does not remove; with a tolerance terms are added until
 * the last is below it.
 */
import { axpyInto, copyInto, dot, scaleInto } from "../../../num/vector.js";
import { numberOr } from "../../kit/options.js";
import { adjointStep, adjointSteps } from "../../kit/stepParameters.js";
import type { MethodContext } from "../../method.js";
import { type AdjointRule, implicitPiece } from "./adjoint.js";
import { AdjointStep } from "./stepSize.js";

const PUBLISHED = 20;
const MOST = 20_000;
/** Terms with a tolerance end where so many have not shrunk by a tenth. */
const PATIENCE = 500;

function rule(context: MethodContext): AdjointRule {
  const { m } = context.oracle;
  const term = new Float64Array(m);
  const product = new Float64Array(m);
  const step = new AdjointStep(context);
  const M = numberOr(context, "M", PUBLISHED);
  return {
    notPositive: false,
    solve(system, v, tolerance, exhausted) {
      const { b, size } = system;
      let c = step.for(system);
      const most = tolerance === undefined ? M : MOST;
      copyInto(b, term);
      scaleInto(c, b, v);
      let residual = 1;
      let mark = 1;
      let marked = 0;
      for (let k = 1; k <= most; k++) {
        system.apply(term, product);
        axpyInto(-c, product, term);
        const next = Math.sqrt(dot(term, term)) / size;
        if (next > 1.001 * residual && !step.chosen) {
          step.shorten();
          c = step.for(system);
          copyInto(b, term);
          scaleInto(c, b, v);
          residual = mark = 1;
          continue;
        }
        residual = next;
        axpyInto(c, term, v);
        if (tolerance === undefined) continue;
        if (residual <= tolerance || exhausted()) break;
        if (residual < 0.9 * mark) {
          mark = residual;
          marked = k;
        } else if (k - marked > PATIENCE) break;
      }
      return residual;
    },
    reset: () => {},
  };
}

export const neumann = implicitPiece(
  {
    id: "neumann",
    title: "Adjoint by a truncated Neumann series",
    formulas: ["v = c Σ_{j=0}^{M} (I - c H)^j ∇y f", "G = ∇x f - J v"],
    reference: "Lorraine, Vicol and Duvenaud, AISTATS 2020, Algorithm 3; Ghadimi and Wang, 2018",
    parameters: [adjointSteps("Products with H in the series", PUBLISHED), adjointStep],
  },
  rule,
);
