/**
 * Estimator of DARTS: a virtual lower step, the identity in place of H⁻¹, and J by central differences of gradients,
 *
 *   y' = P_Y(y - xi grad_y g(x, y)),   v = grad_y f(x, y'),   e = epsilon / |v|
 *   J v ~ (grad_x g(x, y + e v) - grad_x g(x, y - e v)) / 2e,   G = grad_x f(x, y') - xi J v
 *
 * (Liu, Simonyan and Yang, ICLR 2019, (7)-(8)): the exact gradient of f(x, y - xi grad_y g(x, y)) up to O(epsilon²). For xi = 0
 * it is grad_x f alone.
 */
import { addScaledInto, norm } from "../../../num/vector.js";
import { lowerStepOf } from "../../kit/lowerStep.js";
import { given, numberOr } from "../../kit/options.js";
import type { MethodContext, Parameter } from "../../method.js";
import type { Estimator, EstimatorPiece } from "../piece.js";

type Vector = Float64Array;

const xi: Parameter = {
  name: "xi",
  type: "number",
  default: undefined,
  auto: "alpha where that is given, else 1/L",
  min: 0,
  doc: "Length of the virtual lower step; 0 leaves the implicit term out.",
};

const epsilon: Parameter = {
  name: "epsilon",
  type: "number",
  default: 0.01,
  min: 1e-12,
  doc: "Length of the difference in y: e = epsilon/|v|.",
};

class Difference implements Estimator {
  readonly residual = Number.NaN;
  private readonly context: MethodContext;
  private readonly ahead: Vector;
  private readonly v: Vector;
  private readonly plus: Vector;
  private readonly minus: Vector;

  constructor(context: MethodContext) {
    const { n, m } = context.oracle;
    this.context = context;
    this.ahead = new Float64Array(m);
    this.v = new Float64Array(m);
    this.plus = new Float64Array(n);
    this.minus = new Float64Array(n);
  }

  estimate(x: Vector, y: Vector, G: Vector): number {
    const { context, ahead, v, plus, minus } = this;
    const { upper, lower, domainY } = context.oracle;
    const step = given(context, "xi") ?? lowerStepOf(context);
    lower.gradY(x, y, v);
    addScaledInto(y, -step, v, ahead);
    if (!domainY.free) domainY.project(ahead);
    const value = upper.valueGrad(x, ahead, G, v);
    const size = norm(v);
    if (step === 0 || size === 0) return value;
    const e = numberOr(context, "epsilon", 0.01) / size;
    addScaledInto(y, e, v, ahead);
    lower.gradX(x, ahead, plus);
    addScaledInto(y, -e, v, ahead);
    lower.gradX(x, ahead, minus);
    for (let i = 0; i < G.length; i++) G[i] -= (step * (plus[i] - minus[i])) / (2 * e);
    return value;
  }

  reset(): void {}
}

export const difference: EstimatorPiece = {
  kind: "estimator",
  id: "difference",
  title: "One virtual lower step, differentiated by central differences (DARTS)",
  formulas: [
    "y' = P_Y(y - ξ ∇y g(x, y)),  v = ∇y f(x, y'),  e = ε/|v|",
    "G = ∇x f(x, y') - ξ (∇x g(x, y + e v) - ∇x g(x, y - e v)) / 2e",
  ],
  reference: "Liu, Simonyan and Yang, DARTS: Differentiable architecture search, ICLR 2019, (7)-(8)",
  parameters: [xi, epsilon],
  order: 1,
  keepsPath: false,
  maps: "all",
  bias: "looks one lower step ahead and ignores how later steps depend on x",
  make: (context) => new Difference(context),
};
