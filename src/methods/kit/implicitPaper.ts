/**
 * The common outer loop of implicit methods as published (methods with fixed inner numbers and step sizes):
 *
 *   K projected gradient steps on g(x, ·);  v from H v = grad_y f on the tangent space of Y;
 *   G = grad_x f - J v;  x <- P_X(x - eta G)
 *
 * The adjoint solver is the caller's: conjugate gradients, dense, fixed point, Neumann series.
 */
import { addScaledInto, norm } from "../../num/vector.js";
import type { Linearization } from "../../oracle/oracle.js";
import type { MethodContext } from "../method.js";
import { claimTolerance, RelativeStop } from "./claim.js";
import { estimateCurvature, exactProducts } from "./constants.js";
import { lowerGradientInto, projectedNorm } from "./lowerGradient.js";
import { given, numberOr } from "./options.js";
import { OuterStep } from "./outerStep.js";
import { type Running, StateFields } from "./running.js";
import { Tangent } from "./tangent.js";

type Vector = Float64Array;

/** Leaves the adjoint for `gradY` in `v`, which holds the last one on entry; returns its residual. */
export type AdjointSolver = (context: MethodContext, map: Linearization, gradY: Vector, v: Vector) => number;

export class ImplicitPaper extends StateFields implements Running {
  readonly v: Vector;
  readonly tangent: Tangent;
  private readonly gradX: Vector;
  private readonly gradY: Vector;
  private readonly lowerGradient: Vector;
  private readonly G: Vector;
  private readonly Jv: Vector;
  private readonly scratch: Vector;
  private readonly outer: OuterStep;
  private readonly stop: RelativeStop;
  private readonly lowerStop: RelativeStop;
  private readonly K: number;
  private readonly solver: AdjointSolver;
  alpha: number;

  constructor(context: MethodContext, defaultK: number, solver: (tangent: Tangent, alpha: number) => AdjointSolver) {
    super(context.oracle);
    const { oracle } = context;
    const { n, m } = oracle;
    this.v = new Float64Array(m);
    this.tangent = new Tangent(oracle.domainY, m);
    this.gradX = new Float64Array(n);
    this.gradY = new Float64Array(m);
    this.lowerGradient = new Float64Array(m);
    this.G = new Float64Array(n);
    this.Jv = new Float64Array(n);
    this.scratch = new Float64Array(m);
    this.outer = new OuterStep(n, given(context, "eta"));
    this.stop = new RelativeStop(claimTolerance(context.tolerance));
    this.lowerStop = new RelativeStop(claimTolerance(context.tolerance));
    this.K = numberOr(context, "K", defaultK);
    const products = exactProducts(oracle.lower, this.x, this.y);
    this.alpha = given(context, "alpha") ?? 1 / estimateCurvature(products, m, context.random.split("constants")).L;
    this.solver = solver(this.tangent, this.alpha);
  }

  step(context: MethodContext): void {
    const { upper, lower, domainX, domainY } = context.oracle;
    const { x, y, G, v } = this;
    lowerGradientInto(lower, domainY, x, y, this.alpha, this.K, this.lowerGradient);
    this.value = upper.valueGrad(x, y, this.gradX, this.gradY);
    lower.gradY(x, y, this.lowerGradient);
    this.tangent.update(y, this.lowerGradient, this.alpha);
    const map = lower.linearize(x, y);
    this.extra.adjointResidual = this.solver(context, map, this.gradY, v);
    map.jvp(v, this.Jv);
    addScaledInto(this.gradX, -1, this.Jv, G);
    this.stationarity = this.outer.measure(domainX, x, G);
    const residual = projectedNorm(domainY, y, this.lowerGradient, this.scratch);
    this.extra.lowerResidual = residual;
    this.extra.eta = this.outer.eta;
    const small = this.stop.passes(this.stationarity, 1e-14 * (norm(this.gradX) + norm(this.Jv)));
    if (this.lowerStop.passes(residual, 1e-14 * norm(this.gradY)) && small) {
      this.finish("converged", "The projected hypergradient and the lower gradient are below the tolerance.");
      return;
    }
    this.outer.take(domainX, x, G);
  }

  backOff(): boolean {
    this.outer.shrink();
    this.v.fill(0);
    return true;
  }
}
