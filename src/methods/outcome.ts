/** What a run leaves behind. */
import type { Diagnostic } from "../base/diagnostic.js";
import type { Counts } from "../oracle/oracle.js";
import type { MethodState, ParameterValue } from "./method.js";
import type { Status, TraceRow } from "./result.js";

/** What the loop knows at the end. `converged` is the method's claim: only a certificate makes it a fact. */
export interface RunOutcome {
  readonly status: Status;
  readonly reason: string;
  /** What the method found out about the problem, whatever the verdict. */
  readonly remark?: string | undefined;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly value: number;
  readonly stationarity: number;
  readonly extra: Readonly<Record<string, number>>;
  /** Of the lower constraint rows; undefined where the method has none or the run failed. */
  readonly multipliers?: Float64Array | undefined;
  readonly ray?: MethodState["ray"];
  readonly proof?: MethodState["proof"];
  readonly iterations: number;
  readonly seconds: number;
  readonly counts: Readonly<Counts>;
  readonly backOffs: number;
  readonly parameters: Readonly<Record<string, ParameterValue | undefined>>;
  readonly seed: number;
  readonly trace: readonly TraceRow[];
  readonly diagnostics: readonly Diagnostic[];
}
