/**
 * The loop of methods that descend on a surrogate in x and y together, with step sizes of their own:
 *
 *   x <- P_X(x - a S_x),   y <- P_Y(y - b S_y),   a and b divided by the steepness of S; at once, or y after x
 *
 * Surrogates with y eliminated have S_y = 0 and move y themselves. Those that are meant on a set C of x and y have
 * (x, y) <- P_C(x - a S_x, y - b S_y) in place of both projections. The stationarity measure is the norm of both projected
 * gradients of S.
 */

import type { DomainOracle } from "../../oracle/oracle.js";
import { claimTolerance, RelativeStop } from "../kit/claim.js";
import { type Running, StateFields } from "../kit/running.js";
import type { MethodContext } from "../method.js";
import type { OuterRule, Surrogate } from "./piece.js";

type Vector = Float64Array;

export interface JointParts {
  readonly surrogate: Surrogate;
  readonly ruleX: OuterRule;
  readonly ruleY: OuterRule;
  /** y moves after x, at the new point. */
  readonly afterX: boolean;
}

/** The domain with nothing restricted: where a set of both variables takes its place. */
function unrestricted(domain: DomainOracle): DomainOracle {
  return { ...domain, free: true, boxes: true, project: () => {}, projectTangent: () => {} };
}

export class JointLoop extends StateFields implements Running {
  readonly multipliers?: Vector;
  private readonly parts: JointParts;
  private readonly Gx: Vector;
  private readonly Gy: Vector;
  private readonly trialX: Vector;
  private readonly trialY: Vector;
  private readonly domainX: DomainOracle;
  private readonly domainY: DomainOracle;
  private readonly stop: RelativeStop;
  private readonly lowerStop: RelativeStop;

  constructor(context: MethodContext, parts: JointParts) {
    super(context.oracle);
    const { n, m, domainX, domainY } = context.oracle;
    const { surrogate } = parts;
    this.parts = parts;
    if (surrogate.multipliers) this.multipliers = surrogate.multipliers;
    this.Gx = new Float64Array(n);
    this.Gy = new Float64Array(m);
    this.trialX = new Float64Array(n);
    this.trialY = new Float64Array(m);
    const joint = surrogate.project !== undefined;
    this.domainX = joint ? unrestricted(domainX) : domainX;
    this.domainY = joint ? unrestricted(domainY) : domainY;
    const tolerance = claimTolerance(context.tolerance);
    this.stop = new RelativeStop(tolerance);
    this.lowerStop = new RelativeStop(tolerance);
  }

  step(): void {
    const { x, y, Gx, Gy, domainX, domainY } = this;
    const { surrogate, ruleX, ruleY, afterX } = this.parts;
    const value = surrogate.evaluate(x, y, Gx, Gy);
    this.value = surrogate.upper ?? value;
    const steepness = surrogate.steepness ?? 1;
    if (steepness !== 1) {
      divide(Gx, steepness);
      divide(Gy, steepness);
    }
    const px = ruleX.measure(domainX, x, Gx);
    const py = ruleY.measure(domainY, y, Gy);
    this.stationarity = steepness * (surrogate.project ? this.jointMeasure() : Math.sqrt(px * px + py * py));
    surrogate.note?.(this.extra);
    if (this.done()) return;
    ruleX.take(domainX, x, Gx);
    if (afterX && surrogate.afterX !== undefined) {
      surrogate.afterX(x, y, Gy);
      if (steepness !== 1) divide(Gy, steepness);
    }
    ruleY.take(domainY, y, Gy);
    surrogate.project?.(x, y);
  }

  /** |z - P_C(z - s S)| / s for the step s of x, or 1 where that is unknown or longer. */
  private jointMeasure(): number {
    const { x, y, Gx, Gy, trialX, trialY, parts } = this;
    const { eta } = parts.ruleX;
    const s = eta > 0 && eta < 1 ? eta : 1;
    for (let i = 0; i < x.length; i++) trialX[i] = x[i] - s * Gx[i];
    for (let j = 0; j < y.length; j++) trialY[j] = y[j] - s * Gy[j];
    parts.surrogate.project?.(trialX, trialY);
    let sum = 0;
    for (let i = 0; i < x.length; i++) sum += (x[i] - trialX[i]) ** 2;
    for (let j = 0; j < y.length; j++) sum += (y[j] - trialY[j]) ** 2;
    return Math.sqrt(sum) / s;
  }

  private done(): boolean {
    const { stop, stationarity } = this;
    const { surrogate } = this.parts;
    const residual = this.lowerStop.passes(surrogate.residual, 1e-300);
    const small = stop.passes(stationarity);
    if (!residual || surrogate.settled === false) return false;
    // Rounding errors are asked for only near the end.
    if (!small && !(stationarity <= 1e-6 * stop.largest && stationarity <= (surrogate.rounding ?? 0))) return false;
    this.finish("converged", surrogate.claim?.() ?? "The gradient of the surrogate is below the tolerance.");
    return true;
  }

  backOff(): boolean {
    this.parts.ruleX.shrink();
    this.parts.ruleY.shrink();
    this.parts.surrogate.shrink();
    return true;
  }
}

function divide(v: Vector, by: number): void {
  for (let i = 0; i < v.length; i++) v[i] /= by;
}
