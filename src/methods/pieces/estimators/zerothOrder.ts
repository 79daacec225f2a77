/**
 * Estimator: the response of the lower iterates by differences (PZOBO, Sow, Ji and Liang, 2022, (5)-(6)),
 *
 *   G = grad_x f + 1/Q Σ_q u_q ⟨(y_K(x + mu u_q) - y_K(x)) / mu, grad_y f⟩,   u_q standard normal
 *
 * every run of the lower map from the same y_0. Asks for no second derivatives. E u uᵀ = I makes it unbiased for the
 * response of y_K up to O(mu); its variance grows with n. Points x + mu u may lie outside the upper domain.
 */
import { addScaledInto, axpyInto, copyInto } from "../../../num/vector.js";
import { numberOr } from "../../kit/options.js";
import type { MethodContext, Parameter } from "../../method.js";
import type { Estimator, EstimatorPiece, LowerMap } from "../piece.js";

type Vector = Float64Array;

const directions: Parameter = {
  name: "Q",
  type: "integer",
  default: 10,
  min: 1,
  doc: "Directions in x, each with a run of the lower map.",
};

const smoothing: Parameter = {
  name: "smoothing",
  type: "number",
  default: 0.01,
  min: 1e-12,
  doc: "Length μ of the differences in x.",
};

class ZerothOrder implements Estimator {
  readonly residual = Number.NaN;
  private readonly context: MethodContext;
  private readonly map: LowerMap;
  private readonly random: MethodContext["random"];
  private readonly gradY: Vector;
  private readonly start: Vector;
  private readonly there: Vector;
  private readonly u: Vector;
  private readonly at: Vector;

  constructor(context: MethodContext, map: LowerMap) {
    const { n, m } = context.oracle;
    this.context = context;
    this.map = map;
    this.random = context.random.split("directions");
    this.gradY = new Float64Array(m);
    this.start = new Float64Array(m);
    this.there = new Float64Array(m);
    this.u = new Float64Array(n);
    this.at = new Float64Array(n);
  }

  estimate(x: Vector, y: Vector, G: Vector): number {
    const { context, map, random, gradY, start, there, u, at } = this;
    const Q = numberOr(context, "Q", 10);
    const length = numberOr(context, "smoothing", 0.01);
    const value = context.oracle.upper.valueGrad(x, y, G, gradY);
    const K = map.steps;
    copyInto(map.iterate(0), start);
    for (let q = 0; q < Q; q++) {
      for (let i = 0; i < u.length; i++) u[i] = random.normal();
      addScaledInto(x, length, u, at);
      copyInto(start, there);
      map.run(at, there, K, false);
      let slope = 0;
      for (let j = 0; j < y.length; j++) slope += (there[j] - y[j]) * gradY[j];
      axpyInto(slope / (length * Q), u, G);
    }
    return value;
  }

  reset(): void {}
}

export const zerothOrder: EstimatorPiece = {
  kind: "estimator",
  id: "zeroth-order",
  title: "The response of the lower iterates by differences (PZOBO)",
  formulas: ["u_q standard normal, q = 1 … Q", "G = ∇x f + 1/Q Σ_q u_q ⟨(y_K(x + μ u_q) - y_K(x))/μ, ∇y f⟩"],
  reference: "Sow, Ji and Liang, On the convergence theory for Hessian-free bilevel algorithms, NeurIPS 2022, (5)-(6)",
  parameters: [directions, smoothing],
  order: 1,
  keepsPath: true,
  maps: "all",
  bias: "measures the response of y along random directions, so that single steps are noisy",
  make: (context, map) => new ZerothOrder(context, map),
};
