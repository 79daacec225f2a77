/** Whether a level's objective and gradients are finite at a point (report/notFinite.ts names the sub-expression to blame). */
import { type Diagnostic, diagnostic } from "../base/diagnostic.js";
import { allFinite, copyInto } from "../num/vector.js";
import type { Oracle } from "../oracle/oracle.js";
import type { MethodState } from "./method.js";

/** No diagnostics if all is finite. Asks a fork, so that the counts of the run stay the method's own. */
export function troubleAtStart(
  oracle: Oracle,
  level: "upper" | "lower",
  x: Float64Array,
  y: Float64Array,
): Diagnostic[] {
  const gx = new Float64Array(oracle.n);
  const gy = new Float64Array(oracle.m);
  const value = oracle.fork()[level].valueGrad(x, y, gx, gy);
  const valueFinite = Number.isFinite(value);
  if (valueFinite && allFinite(gx) && allFinite(gy)) return [];
  const what = `the ${valueFinite ? "gradient of the " : ""}${level} objective`;
  return [diagnostic("BLO0901", { what })];
}

/** Puts the starting point in place of one where an objective is not finite: what a failed run returns can be evaluated. */
export function startWhereNotFinite(oracle: Oracle, state: MethodState): void {
  const { upper, lower } = oracle.fork();
  if (Number.isFinite(upper.value(state.x, state.y)) && Number.isFinite(lower.value(state.x, state.y))) return;
  copyInto(oracle.startX, state.x);
  copyInto(oracle.startY, state.y);
  state.value = Number.NaN;
  state.stationarity = Number.NaN;
}

/** Stands in where a method could not even be started. */
export function idleState(oracle: Oracle): MethodState {
  return {
    x: Float64Array.from(oracle.startX),
    y: Float64Array.from(oracle.startY),
    value: Number.NaN,
    stationarity: Number.NaN,
    finished: "no",
    reason: "",
    extra: {},
  };
}
