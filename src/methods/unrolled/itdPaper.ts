/** The published loop of iterative differentiation: K fixed steps, the reverse sweep, a gradient step on x (see itd.ts). */
import { norm } from "../../num/vector.js";
import { claimTolerance, RelativeStop } from "../kit/claim.js";
import { estimateCurvature, exactProducts } from "../kit/constants.js";
import { flag, given, numberOr } from "../kit/options.js";
import { OuterStep } from "../kit/outerStep.js";
import { type Running, StateFields } from "../kit/running.js";
import { Unrolled } from "../kit/unrolled.js";
import type { MethodContext } from "../method.js";

type Vector = Float64Array;

export class ItdPaper extends StateFields implements Running {
  private readonly map: Unrolled;
  private readonly G: Vector;
  private readonly adjoint: Vector;
  private readonly outer: OuterStep;
  private readonly stop: RelativeStop;
  private readonly K: number;
  private readonly depth: number;
  private readonly momentum: number;
  private readonly warm: boolean;
  private alpha: number;

  constructor(context: MethodContext, defaultK: number) {
    super(context.oracle);
    const { oracle } = context;
    this.map = new Unrolled(oracle.n, oracle.m);
    this.G = new Float64Array(oracle.n);
    this.adjoint = new Float64Array(oracle.m);
    this.outer = new OuterStep(oracle.n, given(context, "eta"));
    this.stop = new RelativeStop(claimTolerance(context.tolerance));
    this.K = numberOr(context, "K", defaultK);
    this.depth = numberOr(context, "D", this.K);
    this.momentum = numberOr(context, "momentum", 0);
    this.warm = flag(context, "warm");
    const products = exactProducts(oracle.lower, this.x, this.y);
    this.alpha =
      given(context, "alpha") ?? 1 / estimateCurvature(products, oracle.m, context.random.split("constants")).L;
  }

  step(context: MethodContext): void {
    const { oracle } = context;
    const { upper, lower, domainX, domainY } = oracle;
    const { x, y, G, adjoint, alpha, momentum } = this;
    if (!this.warm) y.set(oracle.startY);
    this.map.forward(lower, domainY, x, y, this.K, alpha, momentum);
    this.value = upper.valueGrad(x, y, G, adjoint);
    const size = norm(adjoint);
    const floor = 1e-14 * norm(G);
    const leftover = this.map.reverse(lower, domainY, x, adjoint, G, alpha, momentum, this.depth);
    this.extra.leftover = size > 0 ? leftover / size : 0;
    this.stationarity = this.outer.measure(domainX, x, G);
    this.extra.eta = this.outer.eta;
    if (this.stop.passes(this.stationarity, floor)) {
      this.finish("converged", `The gradient of f(x, y_K(x)) with K = ${this.K} lower steps is below the tolerance.`);
      return;
    }
    this.outer.take(domainX, x, G);
  }

  backOff(): boolean {
    this.outer.shrink();
    this.alpha *= 0.5;
    return true;
  }
}
