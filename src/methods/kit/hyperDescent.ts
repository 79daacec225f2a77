/**
 * Automatic runs of the named methods: the outer rule of aid-auto (L-BFGS on the free set, weak-Wolfe search on the
 * hyper-objective, restarts, floors) on an evaluator of the method's own: dense adjoints, unrolled maps, envelopes.
 */
import { type AidAutoState, aidAuto, descend } from "../implicit/aidAuto.js";
import type { MethodContext } from "../method.js";
import type { HyperObjective } from "./hyperPoint.js";
import { type Running, StateFields } from "./running.js";

export class HyperDescent extends StateFields implements Running {
  readonly inner: AidAutoState;
  /** The record of the inner state itself. */
  override readonly extra: Record<string, number>;

  constructor(context: MethodContext, evaluator: HyperObjective) {
    super(context.oracle);
    this.inner = descend(evaluator, context.tolerance);
    this.extra = this.inner.extra;
    this.publish();
  }

  step(context: MethodContext): void {
    aidAuto.step(this.inner, context);
    this.publish();
  }

  backOff(context: MethodContext): boolean {
    this.inner.x.set(this.x);
    this.inner.y.set(this.y);
    const mended = aidAuto.backOff?.(this.inner, context) === true;
    this.publish();
    return mended;
  }

  private publish(): void {
    const { inner } = this;
    this.x.set(inner.x);
    this.y.set(inner.y);
    this.value = inner.value;
    this.stationarity = inner.stationarity;
    this.finished = inner.finished;
    this.reason = inner.reason;
  }
}
