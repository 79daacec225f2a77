/**
 * The filter line search with second-order corrections (Wächter and Biegler 2006, Algorithm A, steps ): a step is
 * taken if it improves the violation or the barrier function against the current point and the filter; near feasibility and
 * along descent it must satisfy Armijo's condition on the barrier function.
 */
import { type Filter, GAMMA_PHI, GAMMA_THETA } from "./filter.js";
import type { Iterate } from "./iterate.js";
import type { Newton } from "./newton.js";

type Vector = Float64Array;

const ETA = 1e-8;
const S_THETA = 1.1;
const S_PHI = 2.3;
const CORRECTIONS = 4;
const ROUNDING = 10 * 2.220446049250313e-16;

export const oneNorm = (c: Vector): number => {
  let sum = 0;
  for (let i = 0; i < c.length; i++) sum += Math.abs(c[i]);
  return sum;
};

export class FilterSearch {
  readonly trial: Vector;
  readonly trialC: Vector;
  trialF = 0;
  /** The step that was accepted. */
  alpha = 0;
  readonly #corrected: Vector;
  #theta = 0;
  #phi = 0;
  #slope = 0;
  #trialTheta = 0;
  #trialPhi = 0;

  constructor(
    readonly at: Iterate,
    readonly newton: Newton,
  ) {
    this.trial = new Float64Array(at.form.size);
    this.trialC = new Float64Array(at.form.rows);
    this.#corrected = new Float64Array(at.form.rows);
  }

  /** Values at x + alpha dx. */
  move(alpha: number): boolean {
    const { at, newton, trial } = this;
    for (let j = 0; j < trial.length; j++) trial[j] = at.x[j] + alpha * newton.dx[j];
    this.trialF = at.form.value(trial);
    at.form.constraintsInto(trial, this.trialC);
    this.#trialTheta = oneNorm(this.trialC);
    this.#trialPhi = at.barrierValue(trial, this.trialF);
    return Number.isFinite(this.#trialPhi) && Number.isFinite(this.#trialTheta);
  }

  /** Searches along the direction; true leaves the accepted point in `trial` with its derivatives in the iterate. */
  run(filter: Filter, tau: number, thetaMin: number): boolean {
    const { at, newton } = this;
    this.#theta = oneNorm(at.c);
    this.#phi = at.barrierValue(at.x, at.f);
    this.#slope = 0;
    for (let j = 0; j < newton.dx.length; j++) this.#slope += newton.barrierGradient[j] * newton.dx[j];
    const longest = newton.primalStep(tau);
    const least = this.#leastStep(thetaMin);
    let alpha = longest;
    for (let first = true; first || alpha >= least; first = false) {
      const finite = this.move(alpha);
      if (finite && this.#accepted(filter, alpha, thetaMin)) return this.#take(filter, alpha);
      if (first && finite && this.#trialTheta >= this.#theta && this.#correct(filter, alpha, tau, thetaMin))
        return true;
      alpha *= 0.5;
    }
    return false;
  }

  /** Equation (23): below this step only restoration helps. */
  #leastStep(thetaMin: number): number {
    const theta = this.#theta;
    let least = GAMMA_THETA;
    if (this.#slope < 0) {
      least = Math.min(least, (GAMMA_PHI * theta) / -this.#slope);
      if (theta <= thetaMin) least = Math.min(least, theta ** S_THETA / (-this.#slope) ** S_PHI);
    }
    return Math.max(1e-12, 0.05 * least);
  }

  #switching(alpha: number): boolean {
    return this.#slope < 0 && alpha * (-this.#slope) ** S_PHI > this.#theta ** S_THETA;
  }

  #armijo(alpha: number): boolean {
    return this.#trialPhi - this.#phi <= ETA * alpha * this.#slope + ROUNDING * Math.abs(this.#phi);
  }

  #accepted(filter: Filter, alpha: number, thetaMin: number): boolean {
    if (!filter.accepts(this.#trialTheta, this.#trialPhi)) return false;
    const slack = ROUNDING * Math.abs(this.#phi);
    const improves =
      this.#theta <= thetaMin && this.#switching(alpha)
        ? this.#armijo(alpha)
        : this.#trialTheta <= (1 - GAMMA_THETA) * this.#theta ||
          this.#trialPhi - this.#phi <= -GAMMA_PHI * this.#theta + slack;
    return improves && this.at.differentiate(this.trial);
  }

  #take(filter: Filter, alpha: number): true {
    if (!(this.#switching(alpha) && this.#armijo(alpha))) filter.add(this.#theta, this.#phi);
    this.alpha = alpha;
    return true;
  }

  /** Full steps with the rows' values of the trial point added, while they shrink the violation. */
  #correct(filter: Filter, alpha: number, tau: number, thetaMin: number): boolean {
    const { at, newton } = this;
    const c = this.#corrected;
    for (let i = 0; i < c.length; i++) c[i] = alpha * at.c[i] + this.trialC[i];
    let before = Number.POSITIVE_INFINITY;
    let step = alpha;
    for (let count = 0; count < CORRECTIONS && this.#trialTheta <= 0.99 * before; count++) {
      before = this.#trialTheta;
      if (count > 0) for (let i = 0; i < c.length; i++) c[i] = step * c[i] + this.trialC[i];
      newton.solve(c);
      step = newton.primalStep(tau);
      if (!this.move(step)) break;
      // Tests use the length of the step that was corrected.
      if (this.#accepted(filter, alpha, thetaMin)) {
        this.#take(filter, alpha);
        this.alpha = step;
        return true;
      }
    }
    newton.solve(at.c);
    return false;
  }
}
