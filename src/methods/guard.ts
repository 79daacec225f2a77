/**
 * Watches that a run stays finite and bounded, and keeps the last good and the best point.
 *
 * A state is bad if x or y is not finite or |x| > 1e8 (1 + |x0|) (the same for y), or if the value is infinite or,
 * once 20 values are known, |value| > 1e4 max(median of the last 20 |values|, largest of the first 20) + 1.
 */
import { copyInto } from "../num/vector.js";
import type { MethodState } from "./method.js";

type Vector = Float64Array;

const WINDOW = 20;

export class Guard {
  readonly goodX: Vector;
  readonly goodY: Vector;
  readonly bestX: Vector;
  readonly bestY: Vector;
  /** Smallest stationarity measure of a good state; Infinity while none was known. */
  best = Number.POSITIVE_INFINITY;
  /** What the last bad state suffered from. */
  trouble: "not-finite" | "diverged" = "not-finite";
  private goodValue: number;
  private goodStationarity: number;
  private readonly limitX: number;
  private readonly limitY: number;
  private readonly recent = new Float64Array(WINDOW);
  private next = 0;
  private first = 0;
  /** The largest double until the window is full: then only infinite values are bad. */
  private limitValue = Number.MAX_VALUE;

  constructor(state: MethodState) {
    this.goodX = Float64Array.from(state.x);
    this.goodY = Float64Array.from(state.y);
    this.bestX = Float64Array.from(state.x);
    this.bestY = Float64Array.from(state.y);
    this.goodValue = state.value;
    this.goodStationarity = state.stationarity;
    if (state.stationarity < this.best) this.best = state.stationarity;
    this.limitX = bound(state.x);
    this.limitY = bound(state.y);
  }

  /** True if the state is good; then it becomes the last good one. */
  accept(state: MethodState): boolean {
    const { x, y, value } = state;
    let sizeX = 0;
    for (let i = 0; i < x.length; i++) sizeX += x[i] * x[i];
    let sizeY = 0;
    for (let i = 0; i < y.length; i++) sizeY += y[i] * y[i];
    // Written so that NaN fails as well.
    if (!(sizeX <= this.limitX && sizeY <= this.limitY)) return this.reject(state);
    const size = Math.abs(value);
    if (size > this.limitValue && !this.fits(size)) return this.reject(state);
    if (size < Number.POSITIVE_INFINITY) {
      this.recent[this.next] = size;
      if (++this.next === WINDOW) {
        this.next = 0;
        if (this.limitValue === Number.MAX_VALUE) this.arm();
      }
    }
    copyInto(x, this.goodX);
    copyInto(y, this.goodY);
    this.goodValue = value;
    this.goodStationarity = state.stationarity;
    if (state.stationarity < this.best) {
      this.best = state.stationarity;
      copyInto(x, this.bestX);
      copyInto(y, this.bestY);
    }
    return true;
  }

  /** Puts the last good point back into the state. */
  restore(state: MethodState): void {
    copyInto(this.goodX, state.x);
    copyInto(this.goodY, state.y);
    state.value = this.goodValue;
    state.stationarity = this.goodStationarity;
    state.finished = "no";
    state.reason = "";
  }

  /** Puts the best point back: what is returned when the run failed. */
  restoreBest(state: MethodState): void {
    this.restore(state);
    if (this.best === Number.POSITIVE_INFINITY) return;
    copyInto(this.bestX, state.x);
    copyInto(this.bestY, state.y);
    state.stationarity = this.best;
    state.value = Number.NaN;
  }

  private reject(state: MethodState): false {
    let finite = !(Math.abs(state.value) === Number.POSITIVE_INFINITY);
    for (const v of state.x) if (v - v !== 0) finite = false;
    for (const v of state.y) if (v - v !== 0) finite = false;
    this.trouble = finite ? "diverged" : "not-finite";
    return false;
  }

  /** The first values are known: from now on the limit holds. */
  private arm(): void {
    for (let i = 0; i < WINDOW; i++) if (this.recent[i] > this.first) this.first = this.recent[i];
    this.limitValue = 1e4 * this.first + 1;
  }

  /** Whether a value above the limit is still in line with the last ones: the limit is brought up to date only when it is hit. */
  private fits(size: number): boolean {
    if (this.limitValue === Number.MAX_VALUE) return false;
    const median = Float64Array.from(this.recent).sort()[WINDOW >> 1];
    this.limitValue = 1e4 * Math.max(this.first, median) + 1;
    return size <= this.limitValue;
  }
}

/** Square of 1e8 (1 + |v|). */
function bound(v: Vector): number {
  let sum = 0;
  for (let i = 0; i < v.length; i++) sum += v[i] * v[i];
  const size = 1e8 * (1 + Math.sqrt(sum));
  return size * size;
}
