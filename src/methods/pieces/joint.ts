/**
 * The loop of methods that descend on a surrogate in x and y together, with step sizes of their own:
 *
 *   x <- P_X(x - a S_x),   y <- P_Y(y - b S_y),   a and b divided by the steepness of S; at once, or y after x
 *
 * Surrogates with y eliminated have S_y = 0 and move y themselves. The stationarity measure is the norm of both projected
 * gradients of S.
 */
import { claimTolerance, RelativeStop } from "../kit/claim.js";
import { type Running, StateFields } from "../kit/running.js";
import type { MethodContext } from "../method.js";
import type { OuterRule, Surrogate } from "./piece.js";

type Vector = Float64Array;

export class JointLoop extends StateFields implements Running {
  private readonly surrogate: Surrogate;
  private readonly Gx: Vector;
  private readonly Gy: Vector;
  private readonly ruleX: OuterRule;
  private readonly ruleY: OuterRule;
  private readonly stop: RelativeStop;
  private readonly lowerStop: RelativeStop;

  constructor(context: MethodContext, surrogate: Surrogate, ruleX: OuterRule, ruleY: OuterRule) {
    super(context.oracle);
    this.surrogate = surrogate;
    this.Gx = new Float64Array(context.oracle.n);
    this.Gy = new Float64Array(context.oracle.m);
    this.ruleX = ruleX;
    this.ruleY = ruleY;
    const tolerance = claimTolerance(context.tolerance);
    this.stop = new RelativeStop(tolerance);
    this.lowerStop = new RelativeStop(tolerance);
  }

  step(context: MethodContext): void {
    const { domainX, domainY } = context.oracle;
    const { x, y, Gx, Gy, surrogate, ruleX, ruleY } = this;
    const value = surrogate.evaluate(x, y, Gx, Gy);
    this.value = surrogate.upper ?? value;
    const steepness = surrogate.steepness ?? 1;
    if (steepness !== 1) {
      divide(Gx, steepness);
      divide(Gy, steepness);
    }
    const px = ruleX.measure(domainX, x, Gx);
    const py = ruleY.measure(domainY, y, Gy);
    this.stationarity = steepness * Math.sqrt(px * px + py * py);
    surrogate.note?.(this.extra);
    if (this.done()) return;
    ruleX.take(domainX, x, Gx);
    if (surrogate.afterX !== undefined) {
      surrogate.afterX(x, y, Gy);
      if (steepness !== 1) divide(Gy, steepness);
    }
    ruleY.take(domainY, y, Gy);
  }

  private done(): boolean {
    const { stop, surrogate, stationarity } = this;
    const residual = this.lowerStop.passes(surrogate.residual, 1e-300);
    const small = stop.passes(stationarity);
    if (!residual || surrogate.settled === false) return false;
    // Rounding errors are asked for only near the end.
    if (!small && !(stationarity <= 1e-6 * stop.largest && stationarity <= (surrogate.rounding ?? 0))) return false;
    this.finish("converged", surrogate.claim?.() ?? "The gradient of the surrogate is below the tolerance.");
    return true;
  }

  backOff(): boolean {
    this.ruleX.shrink();
    this.ruleY.shrink();
    this.surrogate.shrink();
    return true;
  }
}

function divide(v: Vector, by: number): void {
  for (let i = 0; i < v.length; i++) v[i] /= by;
}
