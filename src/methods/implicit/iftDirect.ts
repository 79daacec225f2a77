/**
 * ift-direct: the implicit function theorem with a dense lower Hessian. Published loop: K lower steps and one factorisation
 * per outer step; automatic: the hyper-objective descent of kit/hyperDescent.ts with a dense adjoint.
 */
import { norm } from "../../num/vector.js";
import type { Linearization } from "../../oracle/oracle.js";
import { HyperDescent } from "../kit/hyperDescent.js";
import { HyperEvaluator } from "../kit/hyperPoint.js";
import { ImplicitPaper } from "../kit/implicitPaper.js";
import { anyGiven, numberOr } from "../kit/options.js";
import { DenseAdjoint } from "../kit/projectedAdjoint.js";
import { type Running, running } from "../kit/running.js";
import { ScaledProblem } from "../kit/scaledProblem.js";
import { estimateScaling } from "../kit/scaling.js";
import type { Method, MethodContext } from "../method.js";

function paper(context: MethodContext): Running {
  const { m } = context.oracle;
  const rcond = numberOr(context, "rcond", 1e-8);
  return new ImplicitPaper(context, 100, (tangent) => {
    let map: Linearization | undefined;
    const adjoint = new DenseAdjoint(m, (v, out) => map?.hvp(v, out), rcond);
    return (_context, at, gradY, v) => {
      map = at;
      adjoint.solve(gradY, v, 0, tangent);
      return adjoint.residual * norm(gradY);
    };
  });
}

function automatic(context: MethodContext): Running {
  const { oracle } = context;
  const problem = new ScaledProblem(oracle, estimateScaling(oracle, context.random.split("scaling")));
  const adjoint = new DenseAdjoint(oracle.m, (v, out) => problem.hvp(v, out), numberOr(context, "rcond", 1e-8));
  return new HyperDescent(context, new HyperEvaluator(problem, context.exhausted, adjoint));
}

export const iftDirect: Method<Running> = {
  id: "ift-direct",
  title: "Implicit differentiation with a dense lower Hessian",
  reference:
    "Implicit function theorem; Larsen and others 1996; Bengio, Gradient-based optimization of hyperparameters, 2000, eq. (8)",
  formulas: [
    "y ← P_Y(y - α ∇y g(x, y))                      K times, warm",
    "solve H v = ∇y f by Cholesky (pseudo-inverse where singular), on the tangent space of Y",
    "G = ∇x f - J v",
    "x ← P_X(x - η G)",
    "auto: y to the tolerance by L-BFGS; L-BFGS with Wolfe's conditions on x",
  ],
  assumptions:
    "g strongly convex in y (or a regular projected fixed point), twice differentiable; m up to a few hundred.",
  failures:
    "Where H is singular y keeps the component in the kernel of H that it started with: a GALET-stationary point that is not optimistic (R_ker shows it). Memory m².",
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
      auto: "lower level solved to the tolerance; 100 if another step option is given",
      min: 1,
      doc: "Lower gradient steps per outer step. Giving K, alpha or eta selects the published loop.",
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
      name: "rcond",
      type: "number",
      default: 1e-8,
      min: 0,
      max: 1,
      doc: "Eigenvalues below this share of the largest count as zero in the pseudo-inverse.",
    },
  ],
  init: (context) => (anyGiven(context, ["K", "alpha", "eta"]) ? paper(context) : automatic(context)),
  ...running,
};
