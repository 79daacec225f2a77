/**
 * The published loops on a surrogate with variables (x, y) and auxiliary ones of its own:
 *
 *   (x, y) <- P((x, y) - α (Gx, Gy)),   P onto C (LV-HBA) or onto X x Y (BiC-GAFFA)
 *
 * with the auxiliary variables moved by the surrogate once per evaluation.
 */
import { claimTolerance, RelativeStop } from "../kit/claim.js";
import { type Running, StateFields } from "../kit/running.js";
import type { MethodContext } from "../method.js";
import type { Surrogate } from "../pieces/piece.js";

type Vector = Float64Array;

export interface LoopParts {
  readonly surrogate: Surrogate;
  /** Of the lower rows; shared with the surrogate. */
  readonly multipliers: Vector;
  readonly alpha: number;
  project(x: Vector, y: Vector): void;
  /** The weight of the lower level, for the trace. */
  weight(): number;
  /** What is to be said of the solution's bias when the loop claims convergence. */
  readonly bias: string;
}

export class SurrogateLoop extends StateFields implements Running {
  readonly multipliers: Vector;
  private alpha: number;
  private readonly parts: LoopParts;
  private readonly gx: Vector;
  private readonly gy: Vector;
  private readonly nextX: Vector;
  private readonly nextY: Vector;
  private readonly stop: RelativeStop;
  private readonly innerStop: RelativeStop;

  constructor(context: MethodContext, parts: LoopParts) {
    super(context.oracle);
    const { n, m } = context.oracle;
    this.parts = parts;
    this.multipliers = parts.multipliers;
    this.alpha = parts.alpha;
    this.gx = new Float64Array(n);
    this.gy = new Float64Array(m);
    this.nextX = new Float64Array(n);
    this.nextY = new Float64Array(m);
    this.stop = new RelativeStop(claimTolerance(context.tolerance));
    this.innerStop = new RelativeStop(claimTolerance(context.tolerance));
  }

  step(): void {
    const { x, y, gx, gy, nextX, nextY, alpha, parts } = this;
    this.value = parts.surrogate.evaluate(x, y, gx, gy);
    let moved = 0;
    for (let i = 0; i < x.length; i++) nextX[i] = x[i] - alpha * gx[i];
    for (let j = 0; j < y.length; j++) nextY[j] = y[j] - alpha * gy[j];
    parts.project(nextX, nextY);
    for (let i = 0; i < x.length; i++) moved += (nextX[i] - x[i]) ** 2;
    for (let j = 0; j < y.length; j++) moved += (nextY[j] - y[j]) ** 2;
    this.stationarity = Math.sqrt(moved) / alpha;
    this.extra.c = parts.weight();
    this.extra.innerResidual = parts.surrogate.residual;
    const inner = this.innerStop.passes(parts.surrogate.residual, 1e-300);
    if (this.stop.passes(this.stationarity) && inner) {
      this.finish("converged", `The steps on f/c + gap have become smaller than the tolerance; ${parts.bias}`);
      return;
    }
    for (let i = 0; i < x.length; i++) x[i] = nextX[i];
    for (let j = 0; j < y.length; j++) y[j] = nextY[j];
  }

  backOff(): boolean {
    this.alpha *= 0.5;
    this.parts.surrogate.shrink();
    return true;
  }
}
