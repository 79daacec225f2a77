/** The kept part of a run's trace: at most `capacity` rows, evenly thinned by doubling the stride when full. */
import type { TraceRow } from "./result.js";

export class TraceKeeper {
  private readonly capacity: number;
  private rows: TraceRow[] = [];
  private stride = 1;
  /** The next iteration whose row is wanted. */
  due = 0;

  constructor(capacity: number) {
    this.capacity = Math.max(2, capacity);
  }

  /** Call when `iteration >= due`. */
  add(row: TraceRow): void {
    this.rows.push(row);
    if (this.rows.length >= this.capacity) {
      this.rows = this.rows.filter((_, i) => i % 2 === 0);
      this.stride *= 2;
    }
    this.due = this.rows[this.rows.length - 1].iteration + this.stride;
  }

  /** All kept rows, ending with `last` whether or not it was due. */
  finish(last: TraceRow | undefined): readonly TraceRow[] {
    if (last === undefined) return this.rows;
    if (this.rows.at(-1)?.iteration === last.iteration) this.rows.pop();
    this.rows.push(last);
    return this.rows;
  }
}
