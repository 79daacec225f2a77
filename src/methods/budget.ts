/**
 * The budget of a run: oracle calls, seconds, cancellation. The clock is read rarely: how often adapts to the pace, so
 * that reading it costs less than a percent of the time and a limit is still kept to a few milliseconds.
 */
import { type Counts, calls } from "../oracle/oracle.js";

export interface Limits {
  readonly iterations?: number | undefined;
  /** `calls(counts)` of the oracle. */
  readonly calls?: number | undefined;
  readonly seconds?: number | undefined;
}

export interface Cancellation {
  readonly aborted: boolean;
}

/** Milliseconds from any fixed origin, never going back. */
export type Clock = () => number;

export class Budget {
  readonly maxIterations: number;
  readonly maxCalls: number;
  /** The last reading, and when the run started, in milliseconds. */
  time: number;
  readonly start: number;
  /** Set once time is up or the run was cancelled. */
  spent: "time-limit" | "interrupted" | undefined = undefined;
  private readonly counts: Counts;
  private readonly clock: Clock;
  private readonly signal: Cancellation | undefined;
  private deadline: number;
  private asked = 0;
  private askEvery = 1;

  constructor(counts: Counts, limits: Limits, clock: Clock, signal: Cancellation | undefined, used = 0) {
    this.counts = counts;
    this.clock = clock;
    this.signal = signal;
    this.maxIterations = limits.iterations ?? Number.POSITIVE_INFINITY;
    this.maxCalls = limits.calls ?? Number.POSITIVE_INFINITY;
    this.time = clock();
    this.start = this.time - 1000 * used;
    this.deadline = this.start + 1000 * (limits.seconds ?? Number.POSITIVE_INFINITY);
  }

  get seconds(): number {
    return (this.time - this.start) / 1000;
  }

  /** Another limit in place of the one on seconds. */
  allow(seconds: number): void {
    this.deadline = this.start + 1000 * seconds;
    if (this.spent === "time-limit" && this.time < this.deadline) this.spent = undefined;
  }

  /** Reads the clock and the signal; the milliseconds since the last reading. */
  read(): number {
    const before = this.time;
    this.time = this.clock();
    if (this.signal?.aborted === true) this.spent = "interrupted";
    else if (this.time >= this.deadline) this.spent = "time-limit";
    return this.time - before;
  }

  /** What methods ask inside long steps. */
  readonly exhausted = (): boolean => {
    if (this.spent !== undefined || calls(this.counts) >= this.maxCalls) return true;
    if (++this.asked < this.askEvery) return false;
    this.asked = 0;
    const passed = this.read();
    if (passed < 0.2) this.askEvery = Math.min(2 * this.askEvery, 4096);
    else if (passed > 2) this.askEvery = Math.max(1, this.askEvery >> 2);
    return this.spent !== undefined;
  };
}
