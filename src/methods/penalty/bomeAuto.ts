/**
 * Automatic BOME. Along the direction d = grad f + lambda q of the dynamic barrier, d is the gradient of
 *
 *   M(x, y) = f(x, y) + lambda (g(x, y) - g*(x))        (lambda of this iteration)
 *
 * so steps start at 1/(L_f + lambda L_g), grown from the last share that was accepted, and are halved until M falls by
 * 1e-4 of what its slope promises (Armijo). Where lambda grows as 1/|q| steps shrink with |q|: on badly conditioned lower levels
 * no step rule is known that reaches a solution. So after 2,000 calls, or where halving fails, the point is handed to
 * the continuation on the value gap (vPbgdAuto.ts), and the reason given at the end says so.
 */
import { calls } from "../../oracle/oracle.js";
import { claimTolerance, RelativeStop } from "../kit/claim.js";
import { type Running, StateFields } from "../kit/running.js";
import type { MethodContext } from "../method.js";
import { withStart } from "../start.js";
import { curvatureAt, DynamicBarrier } from "./dynamicBarrier.js";
import { automaticVPbgd } from "./vPbgdAuto.js";

type Vector = Float64Array;

const CALLS = 2000;
const HALVINGS = 30;
const DECREASE = 1e-4;

export class BomeAuto extends StateFields implements Running {
  private readonly barrier: DynamicBarrier;
  private readonly Gx: Vector;
  private readonly Gy: Vector;
  private readonly trialX: Vector;
  private readonly trialY: Vector;
  private readonly scratchZ: Vector;
  private readonly lowerL: number;
  private readonly upperL: number;
  private readonly stop: RelativeStop;
  private readonly gapStop: RelativeStop;
  private readonly before: number;
  private share = 1;
  /** Set once the point is handed over. */
  private next: { readonly context: MethodContext; readonly run: Running } | undefined;
  private spent = 0;

  constructor(context: MethodContext) {
    super(context.oracle);
    const { oracle } = context;
    const { n, m } = oracle;
    this.before = calls(oracle.counts);
    this.lowerL = curvatureAt(oracle.lower, this.x, this.y, context);
    this.upperL = curvatureAt(oracle.upper, this.x, this.y, context);
    this.barrier = new DynamicBarrier(context, this.lowerL);
    this.Gx = new Float64Array(n);
    this.Gy = new Float64Array(m);
    this.trialX = new Float64Array(n);
    this.trialY = new Float64Array(m);
    this.scratchZ = new Float64Array(m);
    this.stop = new RelativeStop(claimTolerance(context.tolerance));
    this.gapStop = new RelativeStop(claimTolerance(context.tolerance));
  }

  step(context: MethodContext): void {
    if (this.next !== undefined) {
      this.next.run.step(this.next.context);
      this.follow(this.next.run);
      return;
    }
    const { x, y, Gx, Gy, barrier } = this;
    barrier.evaluate(x, y, Gx, Gy);
    this.value = barrier.upper;
    barrier.note(this.extra);
    let square = 0;
    for (let i = 0; i < Gx.length; i++) square += Gx[i] * Gx[i];
    for (let j = 0; j < Gy.length; j++) square += Gy[j] * Gy[j];
    this.stationarity = Math.sqrt(square);
    const small = this.gapStop.passes(barrier.residual);
    if (this.stop.passes(this.stationarity) && small) {
      this.finish("converged", barrier.claim());
      return;
    }
    this.spent = calls(context.oracle.counts) - this.before;
    if (this.spent > CALLS || !this.search(context, square)) this.handOver(context);
  }

  /** Halves the step until M falls; takes it. */
  private search(context: MethodContext, square: number): boolean {
    const { upper, lower, domainX } = context.oracle;
    const { x, y, Gx, Gy, trialX, trialY, barrier } = this;
    const { lambda, z } = barrier;
    const start = barrier.upper + lambda * barrier.gap;
    const rounding = 1e-14 * (Math.abs(start) + lambda * Math.abs(lower.value(x, z)));
    const longest = 1 / (this.upperL + lambda * this.lowerL);
    this.share = Math.min(1e3, 2 * this.share);
    for (let k = 0; k < HALVINGS; k++) {
      const xi = this.share * longest;
      for (let i = 0; i < x.length; i++) trialX[i] = x[i] - xi * Gx[i];
      for (let j = 0; j < y.length; j++) trialY[j] = y[j] - xi * Gy[j];
      if (!domainX.free) domainX.project(trialX);
      const gap = lower.value(trialX, trialY) - this.least(context, trialX);
      const merit = upper.value(trialX, trialY) + lambda * gap;
      if (merit <= start - DECREASE * xi * square + rounding) {
        x.set(trialX);
        y.set(trialY);
        this.extra.xi = xi;
        return true;
      }
      this.share *= 0.5;
    }
    return false;
  }

  /** g*(x) at a trial point by K steps from z of the current one. */
  private least({ oracle }: MethodContext, x: Vector): number {
    const { scratchZ, barrier } = this;
    scratchZ.set(barrier.z);
    barrier.solveInto(x, scratchZ);
    return oracle.lower.value(x, scratchZ);
  }

  private handOver(context: MethodContext): void {
    const next = { ...context, oracle: withStart(context.oracle, this.x, this.y) };
    this.next = { context: next, run: automaticVPbgd(next) };
    this.follow(this.next.run);
  }

  private follow(run: Running): void {
    this.x.set(run.x);
    this.y.set(run.y);
    this.value = run.value;
    this.stationarity = run.stationarity;
    Object.assign(this.extra, run.extra);
    if (run.finished === "no") return;
    this.finish(
      run.finished,
      `The dynamic barrier had not settled after ${this.spent} calls; the continuation on the value gap went on from there. ${run.reason}`,
    );
  }

  backOff(context: MethodContext): boolean {
    if (this.next !== undefined) {
      this.next.run.x.set(this.x);
      this.next.run.y.set(this.y);
      return this.next.run.backOff(this.next.context);
    }
    this.share *= 0.1;
    this.barrier.shrink();
    if (this.share < 1e-6) this.handOver(context);
    return true;
  }
}

export function automaticBome(context: MethodContext): Running {
  return new BomeAuto(context);
}
