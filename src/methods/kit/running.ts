/**
 * Methods with two ways of running, the published loop and the automatic one, keep their state as an object that knows how
 * to step itself; `running` makes the `step` and `backOff` of the method's record from it.
 */
import type { Oracle } from "../../oracle/oracle.js";
import type { Finished, MethodContext, MethodState } from "../method.js";

export interface Running extends MethodState {
  step(context: MethodContext): void;
  /** Smaller steps after a non-finite or exploding state; x and y are the last good point again. */
  backOff(context: MethodContext): boolean;
}

export const running = {
  step: (state: Running, context: MethodContext): void => state.step(context),
  backOff: (state: Running, context: MethodContext): boolean => state.backOff(context),
};

/** The fields that every state has, at the starting point. */
export class StateFields implements MethodState {
  readonly x: Float64Array;
  readonly y: Float64Array;
  value = Number.NaN;
  stationarity = Number.NaN;
  finished: Finished = "no";
  reason = "";
  remark?: string;
  readonly extra: Record<string, number> = {};

  constructor(oracle: Oracle) {
    this.x = oracle.startX.slice();
    this.y = oracle.startY.slice();
  }

  finish(how: Exclude<Finished, "no">, reason: string): void {
    this.finished = how;
    this.reason = reason;
  }
}
