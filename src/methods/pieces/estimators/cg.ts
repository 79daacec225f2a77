/**
 * Estimator: H v = grad_y f by conjugate gradients on the tangent space, M iterations, warm. Where a direction without
 * positive curvature shows H singular or indefinite: the minimum-norm least-squares solution.
 */
import { type CgOptions, cgWorkspace, conjugateGradient } from "../../../num/cg.js";
import { minimumNormSolve, minimumNormWorkspace } from "../../../num/minimumNorm.js";
import { flag, numberOr } from "../../kit/options.js";
import { adjointSteps, warmAdjoint } from "../../kit/stepParameters.js";
import type { MethodContext, Parameter } from "../../method.js";
import { type AdjointRule, implicitPiece } from "./adjoint.js";

const PUBLISHED = 20;

const cgTolerance: Parameter = {
  name: "cgTolerance",
  type: "number",
  default: 1e-8,
  min: 0,
  max: 1,
  doc: "CG of the published loop stops at this share of |∇y f| (or at the tolerance of the run, if that is smaller).",
};

function rule(context: MethodContext): AdjointRule {
  const { m } = context.oracle;
  const work = cgWorkspace(m);
  const least = minimumNormWorkspace(m);
  const most = numberOr(context, "M", PUBLISHED);
  // A convergent run needs the error of v to vanish with the hypergradient, hence the run's tolerance as a bound.
  const share = Math.min(numberOr(context, "cgTolerance", 1e-8), context.tolerance);
  const warm = flag(context, "warmAdjoint", true);
  const options: CgOptions = { tolerance: Number.NaN, maxIterations: most, warm, exhausted: undefined };
  let notPositive = false;
  return {
    solve(system, v, tolerance, exhausted) {
      const { apply, b, size } = system;
      options.maxIterations = tolerance === undefined ? most : 3 * m + 30;
      options.tolerance = (tolerance ?? share) * size;
      options.exhausted = exhausted;
      const result = conjugateGradient(apply, b, v, options, work);
      notPositive = result.negativeCurvature;
      if (!notPositive) return result.residual / size;
      return minimumNormSolve(apply, b, v, 1e-12, options.maxIterations, exhausted, least).residual / size;
    },
    get notPositive() {
      return notPositive;
    },
    reset: () => {},
  };
}

export const cg = implicitPiece(
  {
    id: "cg",
    title: "Adjoint by conjugate gradients",
    formulas: ["M steps of CG on H v = ∇y f, warm, on the tangent space of Y", "G = ∇x f - J v"],
    reference:
      "Pedregosa, ICML 2016; Grazzi and others, On the iteration complexity of hypergradient computation, ICML 2020, Algorithm 2",
    parameters: [adjointSteps("Iterations of CG", PUBLISHED), cgTolerance, warmAdjoint],
  },
  rule,
);
