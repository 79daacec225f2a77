/**
 * Estimator: the adjoint by M steps of the fixed-point iteration, warm:   v <- v - c (H v - grad_y f).
 *
 * Error (1 - c mu)^M of the start's; started warm it has no bias. On restricted domains the iteration is that of the
 * projected lower step, v <- P' (v - c (H v - b)) (Grazzi and others 2020, (12)), in the symmetric form of kit/tangent.ts.
 */
import { axpyInto, copyInto, dot, fillInto } from "../../../num/vector.js";
import { flag, numberOr } from "../../kit/options.js";
import { adjointStep, adjointSteps, warmAdjoint } from "../../kit/stepParameters.js";
import type { MethodContext } from "../../method.js";
import { type AdjointRule, implicitPiece } from "./adjoint.js";
import { AdjointStep } from "./stepSize.js";

const PUBLISHED = 20;
const MOST = 20_000;
/** Iterations with a tolerance end where so many have not brought the residual down by a tenth. */
const PATIENCE = 500;

function rule(context: MethodContext): AdjointRule {
  const { m } = context.oracle;
  const r = new Float64Array(m);
  const last = new Float64Array(m);
  const step = new AdjointStep(context);
  const M = numberOr(context, "M", PUBLISHED);
  const warm = flag(context, "warmAdjoint", true);
  return {
    notPositive: false,
    solve(system, v, tolerance, exhausted) {
      const { b, size } = system;
      let c = step.for(system);
      if (!warm) fillInto(0, v);
      const most = tolerance === undefined ? M : MOST;
      let residual = Number.POSITIVE_INFINITY;
      let mark = Number.POSITIVE_INFINITY;
      let marked = 0;
      copyInto(v, last);
      for (let k = 0; k < most; k++) {
        system.apply(v, r);
        for (let j = 0; j < m; j++) r[j] = b[j] - r[j];
        const next = Math.sqrt(dot(r, r)) / size;
        if (k === 0 && next > 1 && tolerance !== undefined) {
          // A start worse than zero.
          fillInto(0, v);
          copyInto(b, r);
        } else if (k > 0 && next > 1.001 * residual && !step.chosen) {
          step.shorten();
          c = step.for(system);
          copyInto(last, v);
          continue;
        }
        residual = k === 0 && tolerance !== undefined ? Math.min(1, next) : next;
        if (tolerance !== undefined) {
          if (residual <= tolerance || exhausted()) break;
          if (residual < 0.9 * mark) {
            mark = residual;
            marked = k;
          } else if (k - marked > PATIENCE) break;
        }
        copyInto(v, last);
        axpyInto(c, r, v);
      }
      return residual;
    },
    reset: () => {},
  };
}

export const fixedPoint = implicitPiece(
  {
    id: "fixed-point",
    title: "Adjoint by the fixed-point iteration of the lower step",
    formulas: ["v ← v - c (H v - ∇y f)                        M times, warm", "G = ∇x f - J v"],
    reference: "Grazzi and others, On the iteration complexity of hypergradient computation, ICML 2020, (12)",
    parameters: [adjointSteps("Adjoint steps", PUBLISHED), adjointStep, warmAdjoint],
  },
  rule,
);
