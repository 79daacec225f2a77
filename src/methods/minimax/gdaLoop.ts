/**
 * The loop of gradient descent-ascent with two constant step sizes, simultaneous or alternating:
 *
 *   x <- P_X(x - eta_x grad_x f(x, y)),   y <- P_Y(y + eta_y grad_y f(x, y))       (alternating: y steps at the new x)
 *
 * and the constants that the two-timescale steps come from. Shared by gda and tt-gda.
 */
import type { Random } from "../../num/random.js";
import { addScaledInto, hypotenuse, type LinearMap, norm } from "../../num/vector.js";
import type { Oracle } from "../../oracle/oracle.js";
import { claimTolerance, RelativeStop } from "../kit/claim.js";
import { differenceProducts, estimateCurvature } from "../kit/constants.js";
import { projectedNorm } from "../kit/lowerGradient.js";
import { type Running, StateFields } from "../kit/running.js";
import type { MethodContext } from "../method.js";

type Vector = Float64Array;

export interface GdaSteps {
  readonly etaX: number;
  readonly etaY: number;
  readonly alternating: boolean;
}

export class GdaLoop extends StateFields implements Running {
  private readonly gx: Vector;
  private readonly gy: Vector;
  private readonly scratchX: Vector;
  private readonly scratchY: Vector;
  private readonly stop: RelativeStop;
  private readonly alternating: boolean;
  private etaX: number;
  private etaY: number;

  constructor(context: MethodContext, steps: GdaSteps) {
    super(context.oracle);
    const { n, m } = context.oracle;
    this.gx = new Float64Array(n);
    this.gy = new Float64Array(m);
    this.scratchX = new Float64Array(n);
    this.scratchY = new Float64Array(m);
    this.stop = new RelativeStop(claimTolerance(context.tolerance));
    this.alternating = steps.alternating;
    this.etaX = steps.etaX;
    this.etaY = steps.etaY;
    this.publish();
  }

  step(context: MethodContext): void {
    const { upper, domainX, domainY } = context.oracle;
    const { x, y, gx, gy } = this;
    this.value = upper.valueGrad(x, y, gx, gy);
    for (let j = 0; j < y.length; j++) gy[j] = -gy[j];
    const px = projectedNorm(domainX, x, gx, this.scratchX);
    const py = projectedNorm(domainY, y, gy, this.scratchY);
    this.stationarity = hypotenuse(px, py);
    if (this.stop.passes(this.stationarity)) {
      this.finish("converged", "The projected gradients of both players are below the tolerance.");
      return;
    }
    for (let i = 0; i < x.length; i++) x[i] -= this.etaX * gx[i];
    if (!domainX.free) domainX.project(x);
    if (this.alternating) {
      upper.gradY(x, y, gy);
      for (let j = 0; j < y.length; j++) gy[j] = -gy[j];
    }
    for (let j = 0; j < y.length; j++) y[j] -= this.etaY * gy[j];
    if (!domainY.free) domainY.project(y);
  }

  backOff(): boolean {
    this.etaX *= 0.5;
    this.etaY *= 0.5;
    this.publish();
    return true;
  }

  private publish(): void {
    this.extra.etaX = this.etaX;
    this.extra.etaY = this.etaY;
  }
}

/** What the step sizes 1/L and 1/(16 (kappa + 1)² L) are made of: L of all of grad f, mu of -f in y, at the starting point. */
export interface GameConstants {
  readonly L: number;
  readonly kappa: number;
}

/** The Hessian of f in (x, y) together, by central differences of gradients (first derivatives only), and -d²f/dy². */
export function gameConstants(oracle: Oracle, random: Random): GameConstants {
  const { n, m, startX, startY } = oracle;
  const { L } = estimateCurvature(jointProducts(oracle), n + m, random.split("joint"));
  const lower = estimateCurvature(differenceProducts(oracle.lower, startX, startY), m, random.split("lower"));
  // rounding of differences is about 1e-9 of L: what is not clearly positive tells nothing of strong concavity
  return { L, kappa: lower.mu > 1e-8 * L ? L / lower.mu : 1 };
}

function jointProducts({ n, m, upper, startX, startY }: Oracle): LinearMap {
  const start = new Float64Array(n + m);
  start.set(startX);
  start.set(startY, n);
  const at = new Float64Array(n + m);
  const x = at.subarray(0, n);
  const y = at.subarray(n);
  const plus = new Float64Array(n + m);
  const minus = new Float64Array(n + m);
  return (v, out) => {
    const e = (6e-6 * (1 + norm(start))) / (norm(v) || 1);
    addScaledInto(start, e, v, at);
    upper.valueGrad(x, y, plus.subarray(0, n), plus.subarray(n));
    addScaledInto(start, -e, v, at);
    upper.valueGrad(x, y, minus.subarray(0, n), minus.subarray(n));
    for (let i = 0; i < out.length; i++) out[i] = (plus[i] - minus[i]) / (2 * e);
  };
}
