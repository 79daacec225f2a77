/**
 * Estimator: GALET's shadow variable (Xiao, Lu and Chen, 2023, Algorithm 1, (11)-(13)); w there is -v here:
 *
 *   w <- w - rho H (grad_y f + H w)       M times      ("hessian": gradient descent on ½ |grad_y f + H w|²)
 *   w <- w - rho (grad_y f + H w)         M times      ("sc": (15) of the paper, for strongly convex lower levels)
 *   G = grad_x f + J w
 *
 * rho = 0.9 / |H|² (0.9 / |H| for "sc") by power iteration at every outer step unless given: a fixed rho diverges where |H|
 * grows. Its residual is that of the normal equations, |H (b - H v)| / |H b|: it vanishes where H is singular as well.
 */
import { dot, fillInto, norm, scaleInto } from "../../../num/vector.js";
import { choice, flag, given, numberOr } from "../../kit/options.js";
import { adjointSteps, warmAdjoint } from "../../kit/stepParameters.js";
import type { MethodContext, Parameter } from "../../method.js";
import { type AdjointRule, type AdjointSystem, implicitPiece } from "./adjoint.js";

const PUBLISHED = 1;
const MOST = 20_000;
const FIRST_POWERS = 20;
const POWERS = 4;

const rho: Parameter = {
  name: "adjointStep",
  type: "number",
  default: undefined,
  auto: "0.9/|H|² (0.9/|H| for update = sc) by power iteration at every outer step",
  min: 0,
  doc: "Step size ρ of the shadow variable.",
};

const update: Parameter = {
  name: "update",
  type: "choice",
  default: "hessian",
  choices: ["hessian", "sc"],
  doc: "Step of the shadow variable: along H(∇y f + H w), or along ∇y f + H w (strongly convex lower levels).",
};

/** |H| by power iterations that go on from one point to the next. */
class Size {
  private readonly u: Float64Array;
  private readonly Hu: Float64Array;
  private started = false;

  constructor(context: MethodContext) {
    const { m } = context.oracle;
    const random = context.random.split("power iteration");
    this.u = Float64Array.from({ length: m }, () => random.normal());
    this.Hu = new Float64Array(m);
  }

  of(system: AdjointSystem): number {
    const { u, Hu } = this;
    let size = 0;
    for (let k = this.started ? POWERS : FIRST_POWERS; k > 0; k--) {
      scaleInto(1 / norm(u), u, u);
      system.apply(u, Hu);
      const next = norm(Hu);
      // u lies in the kernel, or H has vanished: the last u stands.
      if (!(next > 0)) break;
      size = Math.max(size, next);
      // A share of the old direction keeps every eigenvector in reach.
      for (let j = 0; j < u.length; j++) u[j] = Hu[j] / next + 1e-3 * u[j];
    }
    this.started = true;
    return size;
  }
}

function rule(context: MethodContext): AdjointRule {
  const { m } = context.oracle;
  const r = new Float64Array(m);
  const Hr = new Float64Array(m);
  const Hb = new Float64Array(m);
  const size = new Size(context);
  const fixed = given(context, "adjointStep");
  const M = numberOr(context, "M", PUBLISHED);
  const warm = flag(context, "warmAdjoint", true);
  const squared = choice(context, "update", "hessian") === "hessian";
  return {
    notPositive: false,
    solve(system, v, tolerance, exhausted) {
      const { b } = system;
      if (!warm) fillInto(0, v);
      let step = fixed;
      if (step === undefined) {
        const top = size.of(system);
        step = top > 0 ? 0.9 / (squared ? top * top : top) : 0;
      }
      system.apply(b, Hb);
      const scale = norm(Hb);
      const most = tolerance === undefined ? M : MOST;
      let residual = 0;
      for (let k = 0; k < most; k++) {
        system.apply(v, r);
        for (let j = 0; j < m; j++) r[j] = b[j] - r[j];
        if (squared || tolerance !== undefined) {
          system.apply(r, Hr);
          if (tolerance !== undefined || k === most - 1) residual = scale > 0 ? Math.sqrt(dot(Hr, Hr)) / scale : 0;
        } else if (k === most - 1) residual = norm(r) / system.size;
        if (tolerance !== undefined && (residual <= tolerance || exhausted())) break;
        const along = squared ? Hr : r;
        for (let j = 0; j < m; j++) v[j] += step * along[j];
      }
      return residual;
    },
    reset: () => {},
  };
}

export const shadow = implicitPiece(
  {
    id: "shadow",
    title: "Adjoint by descent on the residual of its equation (GALET)",
    formulas: ["w ← w - ρ H(∇y f + H w)   or   w ← w - ρ(∇y f + H w)      M times, warm", "G = ∇x f + J w"],
    reference:
      "Xiao, Lu and Chen, An alternating optimization method for bilevel problems under the PL condition, NeurIPS 2023, Algorithm 1",
    exactOnly: "it squares the lower Hessian, and the mean square of minibatches is not the square of the mean",
    parameters: [adjointSteps("Steps of the shadow variable (T of the paper)", PUBLISHED), rho, update, warmAdjoint],
  },
  rule,
);
