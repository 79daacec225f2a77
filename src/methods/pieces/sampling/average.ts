/**
 * Averages along a run: the tail average of iterates (suffix averaging, Rakhlin, Shamir and Sridharan, ICML 2012), whose
 * variance is that of many iterates while early ones are forgotten, and the moving average that noisy runs are stopped by.
 */
type Vector = Float64Array;

/**
 * The mean of the iterates s + 1, …, t, where s is the largest power of two with 2 s <= t (0 for t < 2): between the last
 * half and the last three quarters, without knowing how long the run will be.
 */
export class TailAverage {
  /** The average of what was added. */
  readonly mean: Vector;
  /** Mean from s + 1 and, begun later, from 2 s + 1. */
  private readonly next: Vector;
  private t = 0;
  private s = 0;
  private nextFrom = 1;

  constructor(size: number) {
    this.mean = new Float64Array(size);
    this.next = new Float64Array(size);
  }

  add(v: Vector): void {
    const t = ++this.t;
    update(this.mean, v, t - this.s);
    if (t > this.nextFrom) update(this.next, v, t - this.nextFrom);
    if (t === 2 * this.nextFrom) {
      this.mean.set(this.next);
      this.s = this.nextFrom;
      this.nextFrom = t;
      this.next.fill(0);
    }
  }

  reset(): void {
    this.t = 0;
    this.s = 0;
    this.nextFrom = 1;
    this.mean.fill(0);
    this.next.fill(0);
  }
}

function update(mean: Vector, v: Vector, count: number): void {
  for (let i = 0; i < mean.length; i++) mean[i] += (v[i] - mean[i]) / count;
}

/** The mean of the last `window` numbers. */
export class MovingAverage {
  private readonly values: Float64Array;
  private count = 0;

  constructor(window: number) {
    this.values = new Float64Array(window);
  }

  /** True once `window` numbers were added. */
  get full(): boolean {
    return this.count >= this.values.length;
  }

  add(value: number): void {
    this.values[this.count++ % this.values.length] = value;
  }

  get mean(): number {
    const kept = Math.min(this.count, this.values.length);
    let sum = 0;
    for (let k = 0; k < kept; k++) sum += this.values[k];
    return kept === 0 ? Number.NaN : sum / kept;
  }

  reset(): void {
    this.count = 0;
  }
}
