/**
 * The state of stochastic methods: what moves (x, y), what is returned (the same, or tail averages), and what is known of
 * them: means over the last 50 estimates of f, of the projected hypergradient and of further residuals. A claim of
 * convergence asks for small means, relative to the largest ones.
 */

import { claimTolerance } from "../kit/claim.js";
import { StateFields } from "../kit/running.js";
import type { MethodContext } from "../method.js";
import { MovingAverage, TailAverage } from "../pieces/sampling/average.js";

type Vector = Float64Array;

/** Numbers that the means are over. */
export const averagingWindow = 50;

/** Of the largest slope: residuals of other variables that never were above this are rounding errors. */
const roundingShare = 1e-8;

/** A residual, the mean of its last values, and the test of that against the largest mean. */
class Watched {
  private readonly mean = new MovingAverage(averagingWindow);
  largest = 0;
  private first = Number.NaN;
  private exploded = false;
  passed = false;

  constructor(private readonly tolerance: number) {}

  /** The mean relative to the largest one; 1 before anything is known. */
  get relative(): number {
    return this.largest > 0 ? this.mean.mean / this.largest : 1;
  }

  add(value: number): number {
    if (Number.isNaN(this.first)) this.first = value;
    this.mean.add(value);
    const mean = this.mean.mean;
    if (mean > this.largest && !this.exploded) this.largest = mean;
    this.passed = this.mean.full && mean <= this.tolerance * this.largest;
    return mean;
  }

  /** After an explosion: its sizes are no measure of what is small, those of the start are. */
  reset(): void {
    this.mean.reset();
    this.passed = false;
    this.exploded = this.first > 0;
    this.largest = this.exploded ? this.first : 0;
  }
}

export class NoisyState extends StateFields {
  /** The moving point; `x` and `y` of the state are what is returned. */
  readonly moving: { readonly x: Vector; readonly y: Vector };
  private readonly averages: { readonly x: TailAverage; readonly y: TailAverage } | undefined;
  private readonly values = new MovingAverage(averagingWindow);
  private readonly slope: Watched;
  private readonly residuals = new Map<string, Watched>();
  private readonly tolerance: number;

  constructor(context: MethodContext, average: boolean) {
    super(context.oracle);
    const { n, m } = context.oracle;
    this.tolerance = claimTolerance(context.tolerance);
    this.moving = { x: this.x.slice(), y: this.y.slice() };
    this.averages = average ? { x: new TailAverage(n), y: new TailAverage(m) } : undefined;
    this.slope = new Watched(this.tolerance);
  }

  /** Takes in the estimates of one step: f, the norm of the projected hypergradient. */
  observe(value: number, stationarity: number): void {
    this.values.add(value);
    this.value = this.values.mean;
    this.stationarity = this.slope.add(stationarity);
  }

  /** The same of another residual, which goes into the trace by its name. */
  watch(name: string, residual: number): void {
    let watched = this.residuals.get(name);
    if (!watched) {
      watched = new Watched(this.tolerance);
      this.residuals.set(name, watched);
    }
    this.extra[name] = watched.add(residual);
  }

  /**
   * How far x is ahead of the other variables: its mean residual over the largest of theirs, each relative to its largest
   * one, at most 1. Small where x moves faster than they can follow. Residuals that are rounding errors do not count.
   */
  get pace(): number {
    let behind = 0;
    for (const watched of this.residuals.values()) {
      if (watched.largest > roundingShare * this.slope.largest) behind = Math.max(behind, watched.relative);
    }
    return behind > 0 ? Math.min(1, this.slope.relative / behind) : 1;
  }

  /** True where all means are below the tolerance. */
  get settled(): boolean {
    if (!this.slope.passed) return false;
    for (const watched of this.residuals.values()) if (!watched.passed) return false;
    return true;
  }

  /** Makes the moving point, or the averages with it, what is returned. `count` false: not part of the averages yet. */
  publish(count = true): void {
    const { moving, averages } = this;
    if (averages === undefined || !count) {
      this.x.set(moving.x);
      this.y.set(moving.y);
      return;
    }
    averages.x.add(moving.x);
    averages.y.add(moving.y);
    this.x.set(averages.x.mean);
    this.y.set(averages.y.mean);
  }

  /** After the loop put the last good point back: moves on from there, averages begin anew. */
  restore(): void {
    this.moving.x.set(this.x);
    this.moving.y.set(this.y);
    this.averages?.x.reset();
    this.averages?.y.reset();
    this.values.reset();
    this.slope.reset();
    for (const watched of this.residuals.values()) watched.reset();
  }
}
