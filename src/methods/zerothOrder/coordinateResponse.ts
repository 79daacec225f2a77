/**
 * Estimator: the response of the lower iterates by central differences along the coordinates of x,
 *
 *   G_i = d f/dx_i + ⟨y_K(x + h e_i) - y_K(x - h e_i), grad_y f⟩ / 2h,   h = 1e-4 (1 + |x_i|)
 *
 * all runs of the lower map from the same y_0 with the same K: the difference of two equal maps at nearby x, so that only
 * rounding (about 1e-12 relative) and O(h²) are lost. Costs 2 n runs of the map; no second derivatives. Points are kept in
 * the upper domain by projection, which makes the differences one-sided at bounds.
 */
import type { MethodContext } from "../method.js";
import type { Estimator, EstimatorPiece, LowerMap } from "../pieces/piece.js";

type Vector = Float64Array;

const STEP = 1e-4;

class CoordinateResponse implements Estimator {
  readonly residual = Number.NaN;
  private readonly context: MethodContext;
  private readonly map: LowerMap;
  private readonly gradY: Vector;
  private readonly start: Vector;
  private readonly plus: Vector;
  private readonly minus: Vector;
  private readonly at: Vector;

  constructor(context: MethodContext, map: LowerMap) {
    const { n, m } = context.oracle;
    this.context = context;
    this.map = map;
    this.gradY = new Float64Array(m);
    this.start = new Float64Array(m);
    this.plus = new Float64Array(m);
    this.minus = new Float64Array(m);
    this.at = new Float64Array(n);
  }

  estimate(x: Vector, _y: Vector, G: Vector): number {
    const { gradY, plus, minus, map } = this;
    const value = this.context.oracle.upper.valueGrad(x, _y, G, gradY);
    const K = map.steps;
    this.start.set(map.iterate(0));
    for (let i = 0; i < x.length; i++) {
      const h = STEP * (1 + Math.abs(x[i]));
      const width = this.respond(x, i, h, K, plus) - this.respond(x, i, -h, K, minus);
      if (!(width > 0)) continue;
      let slope = 0;
      for (let j = 0; j < plus.length; j++) slope += (plus[j] - minus[j]) * gradY[j];
      G[i] += slope / width;
    }
    return value;
  }

  reset(): void {}

  /** y_K at x + t e_i; returns how far x_i was moved. */
  private respond(x: Vector, i: number, t: number, K: number, y: Vector): number {
    const { at, map, context } = this;
    const { domainX } = context.oracle;
    at.set(x);
    at[i] += t;
    if (!domainX.free) domainX.project(at);
    y.set(this.start);
    map.run(at, y, K, false);
    return at[i] - x[i];
  }
}

export const coordinateResponse: EstimatorPiece = {
  kind: "estimator",
  id: "coordinate-response",
  title: "The response of the lower iterates by central differences",
  formulas: ["G_i = ∂f/∂x_i + ⟨y_K(x + h e_i) - y_K(x - h e_i), ∇y f⟩ / 2h"],
  reference: "Sow, Ji and Liang, On the convergence theory for Hessian-free bilevel algorithms, NeurIPS 2022, (5)",
  parameters: [],
  order: 1,
  keepsPath: true,
  maps: "all",
  make: (context, map) => new CoordinateResponse(context, map),
};
