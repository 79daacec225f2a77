/**
 * The switching subgradient method in stages, without constants to be given: the step on f is halved from stage to stage,
 * the steps back on g have Polyak's length, so that kinks of g (weak sharpness) cost no accuracy:
 *
 *   first: g alone,  y <- P_Y(y - t dg/|dg|), t halved every STEPS steps;  ĝ = the lowest g met, also later
 *   stage s, t = t0 2^-s:  if g(x, y) - ĝ <= theta:  y <- P_Y(y - t df/|df|);  else y <- P_Y(y - (g - ĝ) dg/|dg|²)
 *   theta of a stage: a tenth of the largest rise of g by one step on f in the stage before
 *   answer: y after steps back on g until g - ĝ is at most the last theta
 *
 * Switching: Chen, Xu and Zhang 2023, Algorithm 1; Polyak, Introduction to optimization, 1987, section 5.3; linear rates by
 * geometric steps under sharpness: Goffin, On convergence rates of subgradient optimization methods, 1977.
 */
import { norm } from "../../num/vector.js";
import type { Oracle } from "../../oracle/oracle.js";

type Vector = Float64Array;

const STEPS = 40;
const STAGES = 30;
/** Steps back on g after one step on f. */
const MOST_BACK = 60;

export class StagedSubgradient {
  /** Lowest g met, and g at the answer. */
  lowest = Number.NaN;
  value = Number.NaN;
  stage = 0;
  readonly stages = STAGES;
  private readonly oracle: Oracle;
  private readonly exhausted: () => boolean;
  private readonly gradient: Vector;
  private readonly best: Vector;
  private theta = 0;
  private t0 = 1;

  constructor(oracle: Oracle, exhausted: () => boolean) {
    this.oracle = oracle;
    this.exhausted = exhausted;
    this.gradient = new Float64Array(oracle.m);
    this.best = new Float64Array(oracle.m);
  }

  /** The whole run: y holds the start and then the answer. Returns f there. */
  solve(x: Vector, y: Vector): number {
    this.begin(x, y);
    while (this.stage < STAGES && !this.exhausted()) this.step(x, y);
    return this.oracle.upper.value(x, y);
  }

  /** g alone; y <- the lowest point. */
  begin(x: Vector, y: Vector): void {
    const { lower, domainY } = this.oracle;
    const { gradient, best } = this;
    this.t0 = 0.25 * (1 + norm(y));
    if (domainY.boxes) {
      let width = 0;
      for (let j = 0; j < y.length; j++) width = Math.max(width, domainY.upper[j] - domainY.lower[j]);
      if (width < Number.POSITIVE_INFINITY) this.t0 = Math.min(this.t0, 0.5 * width);
    }
    this.lowest = Number.POSITIVE_INFINITY;
    for (let k = 0; k < STAGES * STEPS; k++) {
      const g = lower.valueGradY(x, y, gradient);
      if (g < this.lowest) {
        this.lowest = g;
        best.set(y);
      }
      const size = norm(gradient);
      if (!(size > 0) || this.exhausted()) break;
      this.move(y, (this.t0 * 2 ** -Math.floor(k / STEPS)) / size);
    }
    y.set(best);
    this.value = this.lowest;
    this.theta = Number.POSITIVE_INFINITY;
    this.stage = 0;
  }

  /** One stage. */
  step(x: Vector, y: Vector): void {
    const { upper } = this.oracle;
    const { gradient } = this;
    const t = this.t0 * 2 ** -this.stage++;
    let rise = 0;
    for (let k = 0; k < STEPS && !this.exhausted(); k++) {
      upper.gradY(x, y, gradient);
      const size = norm(gradient);
      if (!(size > 0)) break;
      this.move(y, t / size);
      const before = this.value;
      this.value = this.lower(x, y);
      rise = Math.max(rise, this.value - before);
      this.back(x, y, Math.min(this.theta, 0.1 * rise));
    }
    this.theta = 0.1 * rise;
  }

  /** Steps on g until g - ĝ <= theta; `gradient` holds dg on entry. */
  private back(x: Vector, y: Vector, theta: number): void {
    const { gradient } = this;
    for (let k = 0; k < MOST_BACK && this.value - this.lowest > theta; k++) {
      const size = norm(gradient);
      if (!(size > 0)) return;
      this.move(y, (this.value - this.lowest) / (size * size));
      this.value = this.lower(x, y);
    }
  }

  /** g, with dg in `gradient`; keeps the lowest. */
  private lower(x: Vector, y: Vector): number {
    const g = this.oracle.lower.valueGradY(x, y, this.gradient);
    if (g < this.lowest) this.lowest = g;
    return g;
  }

  private move(y: Vector, length: number): void {
    const { domainY } = this.oracle;
    const { gradient } = this;
    for (let j = 0; j < y.length; j++) y[j] -= length * gradient[j];
    if (!domainY.free) domainY.project(y);
  }
}
