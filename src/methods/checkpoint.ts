/** Checkpoints: the point of a run as plain JSON, from which a later run of the same method goes on. */
import { fail } from "../base/diagnostic.js";
import type { Counts, Oracle } from "../oracle/oracle.js";
import type { Status } from "./result.js";
import { withStart } from "./start.js";

/**
 * The memory of the method (pairs, multipliers, momentum) is not kept: a resumed run starts afresh at the kept point with
 * the kept budget, and draws from a stream of its own.
 */
export interface Checkpoint {
  readonly version: 1;
  readonly method: string;
  readonly seed: number;
  readonly iteration: number;
  readonly seconds: number;
  readonly counts: Readonly<Counts>;
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** Ends of a run after which a later one may go on. */
export const resumable: ReadonlySet<Status> = new Set<Status>([
  "iteration-limit",
  "call-limit",
  "time-limit",
  "interrupted",
]);

export function checkpointOf(run: {
  readonly method: string;
  readonly seed: number;
  readonly iteration: number;
  readonly seconds: number;
  readonly counts: Counts;
  readonly x: Float64Array;
  readonly y: Float64Array;
}): Checkpoint {
  return { version: 1, ...run, counts: { ...run.counts }, x: Array.from(run.x), y: Array.from(run.y) };
}

/** An oracle that starts where the checkpoint stands and goes on counting from there. Fails with BLO0905 where it does not fit. */
export function resumeFrom(checkpoint: Checkpoint, method: string, oracle: Oracle): Oracle {
  const misfit = (reason: string): never => fail("BLO0905", { reason });
  if (checkpoint.version !== 1) misfit(`its version is ${String(checkpoint.version)}, not 1`);
  if (checkpoint.method !== method) misfit(`it is of method "${checkpoint.method}", not "${method}"`);
  if (checkpoint.x.length !== oracle.n || checkpoint.y.length !== oracle.m) {
    misfit(
      `it has ${checkpoint.x.length} upper and ${checkpoint.y.length} lower variables, the problem ${oracle.n} and ${oracle.m}`,
    );
  }
  if (![...checkpoint.x, ...checkpoint.y].every(Number.isFinite)) misfit("its point is not finite");
  Object.assign(oracle.counts, checkpoint.counts);
  return withStart(oracle, checkpoint.x, checkpoint.y);
}
