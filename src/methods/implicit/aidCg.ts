/**
 * aid-cg: approximate implicit differentiation with conjugate gradients. Published loop: K lower steps, M iterations of CG
 * per outer step; automatic: the hyper-objective descent of kit/hyperDescent.ts with a CG adjoint.
 */
import { norm } from "../../num/vector.js";
import { HyperDescent } from "../kit/hyperDescent.js";
import { HyperEvaluator } from "../kit/hyperPoint.js";
import { ImplicitPaper } from "../kit/implicitPaper.js";
import { anyGiven, flag, numberOr } from "../kit/options.js";
import { TangentCg } from "../kit/projectedAdjoint.js";
import { type Running, running } from "../kit/running.js";
import { ScaledProblem } from "../kit/scaledProblem.js";
import { estimateScaling } from "../kit/scaling.js";
import type { Method, MethodContext } from "../method.js";

function paper(context: MethodContext): Running {
  const maxIterations = numberOr(context, "M", 20);
  const share = numberOr(context, "cgTolerance", 1e-8);
  const warm = flag(context, "warm", true);
  return new ImplicitPaper(context, 10, (tangent) => {
    const cg = new TangentCg(context.oracle.m, tangent);
    return (c, map, gradY, v) => {
      // The share is of |b|; a convergent run needs its error to vanish with the hypergradient, hence the floor by tolerance.
      const tolerance = Math.min(share, c.tolerance) * norm(gradY);
      return cg.solve(map, gradY, v, { tolerance, maxIterations, warm, exhausted: c.exhausted }).residual;
    };
  });
}

function automatic(context: MethodContext): Running {
  const problem = new ScaledProblem(context.oracle, estimateScaling(context.oracle, context.random.split("scaling")));
  return new HyperDescent(context, new HyperEvaluator(problem, context.exhausted));
}

export const aidCg: Method<Running> = {
  id: "aid-cg",
  title: "Approximate implicit differentiation with conjugate gradients",
  reference:
    "Pedregosa, ICML 2016; Grazzi and others, On the iteration complexity of hypergradient computation, ICML 2020, Algorithm 2; Ji, Yang and Liang, ICML 2021",
  formulas: [
    "y ← P_Y(y - α ∇y g(x, y))                      K times, warm",
    "M steps of CG on H v = ∇y f, warm, on the tangent space of Y",
    "G = ∇x f - J v",
    "x ← P_X(x - η G)",
    "auto: y to the tolerance by L-BFGS, v by CG to the same; L-BFGS with Wolfe's conditions on x",
  ],
  assumptions: "g strongly convex in y (or a regular projected fixed point), twice differentiable.",
  failures:
    "Negative curvature ends CG early; where H is singular y keeps its start's kernel component (R_ker shows it).",
  requirements: {
    order: 2,
    class: "lower level strongly convex; box, ball or simplex domains by projection",
    upperDomain: true,
    lowerDomain: true,
    upperConstraints: false,
    lowerConstraints: false,
    minimaxOnly: false,
  },
  parameters: [
    {
      name: "K",
      type: "integer",
      default: undefined,
      auto: "lower level solved to the tolerance; 10 if another step option is given",
      min: 1,
      doc: "Lower gradient steps per outer step. Giving K, M, alpha or eta selects the published loop.",
    },
    {
      name: "M",
      type: "integer",
      default: undefined,
      auto: "CG to the tolerance; 20 if another step option is given",
      min: 1,
      doc: "Iterations of CG per outer step.",
    },
    { name: "alpha", type: "number", default: undefined, auto: "1/L, L by Lanczos", min: 0, doc: "Lower step size." },
    {
      name: "eta",
      type: "number",
      default: undefined,
      auto: "adaptive (Malitsky and Mishchenko)",
      min: 0,
      doc: "Upper step size of the published loop.",
    },
    {
      name: "cgTolerance",
      type: "number",
      default: 1e-8,
      min: 0,
      max: 1,
      doc: "CG of the published loop stops at this share of |∇y f| (or at the tolerance of the run, if that is smaller).",
    },
    { name: "warm", type: "boolean", default: true, doc: "Start CG of the published loop from the last adjoint." },
  ],
  init: (context) => (anyGiven(context, ["K", "M", "alpha", "eta"]) ? paper(context) : automatic(context)),
  ...running,
};
