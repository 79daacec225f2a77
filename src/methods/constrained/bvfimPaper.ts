/**
 * The published loop of BVFIM with fixed parameters: y minimises the barrier function to rounding (warm, strictly interior),
 * x <- P_X(x - η dφ/dx). With `shrink` below 1 the parameters τ, μ1, μ2 and θ are multiplied by it every `every` steps.
 */
import { claimTolerance, RelativeStop } from "../kit/claim.js";
import { given, numberOr } from "../kit/options.js";
import { OuterStep } from "../kit/outerStep.js";
import { type Running, StateFields } from "../kit/running.js";
import type { MethodContext } from "../method.js";
import { type Barrier, makeBarrier } from "../pieces/surrogates/barrier.js";

type Vector = Float64Array;

export class BvfimPaper extends StateFields implements Running {
  readonly multipliers: Vector;
  private readonly barrier: Barrier;
  private readonly outer: OuterStep;
  private readonly shrink: number;
  private readonly every: number;
  private readonly G: Vector;
  private readonly gy: Vector;
  private readonly stop: RelativeStop;
  private iteration = 0;

  constructor(context: MethodContext) {
    super(context.oracle);
    const { n, m, lower } = context.oracle;
    this.barrier = makeBarrier(context, 0.01);
    this.outer = new OuterStep(n, given(context, "eta"));
    this.shrink = numberOr(context, "shrink", 1);
    this.every = numberOr(context, "every", 100);
    this.G = new Float64Array(n);
    this.gy = new Float64Array(m);
    this.multipliers = new Float64Array(lower.constraints.rows);
    this.stop = new RelativeStop(claimTolerance(context.tolerance));
  }

  step(context: MethodContext): void {
    const { barrier, x, y, G, gy, outer } = this;
    const { domainX } = context.oracle;
    if (!barrier.prepare(x, context.exhausted) || !barrier.minimiseInto(y, context.exhausted)) {
      if (!context.exhausted()) this.value = Number.POSITIVE_INFINITY;
      return;
    }
    barrier.gradientInto(x, y, G, gy);
    this.value = barrier.f;
    for (let r = 0; r < this.multipliers.length; r++) this.multipliers[r] = barrier.lowerRows.first[r];
    this.stationarity = outer.measure(domainX, x, G);
    this.extra.tau = barrier.tau;
    this.extra.gap = barrier.gap;
    if (this.stop.passes(this.stationarity) && this.shrink === 1) {
      this.finish(
        "converged",
        `The gradient of the barrier function with tau = ${barrier.tau} is below the tolerance; its solution is biased by the order of the square root of tau.`,
      );
      return;
    }
    outer.take(domainX, x, G);
    this.iteration++;
    if (this.iteration % this.every === 0 && this.shrink < 1) {
      barrier.tau *= this.shrink;
      barrier.mu1 *= this.shrink;
      barrier.mu2 *= this.shrink;
      barrier.theta *= this.shrink;
    }
  }

  backOff(): boolean {
    this.outer.shrink();
    this.barrier.shrink();
    return true;
  }
}
