/**
 * The primal-dual point of the interior method with its values, its barrier function
 *
 *     phi(x) = f - mu sum log(x - lower) - mu sum log(upper - x) + kappa mu (distance to the only bound, where there is one)
 *
 * and its optimality error E(mu), Wächter and Biegler (2006), equations (3), (5) and section 3.7.
 */
import { allFinite } from "../num/vector.js";
import { KktSystem } from "./kkt.js";
import type { SlackForm } from "./slackForm.js";

type Vector = Float64Array;

/** Weight of the linear damping of variables with one bound. */
const DAMPING = 1e-5;
/** Multipliers stay within this factor of mu / distance: equation (16). */
const KAPPA_SIGMA = 1e10;
const SCALE_TOP = 100;

/** Maxima in scaled units. */
export interface Errors {
  dual: number;
  /** The part of the program's own variables. */
  dualBase: number;
  primal: number;
  complementarity: number;
  /** Largest product of a row's residual and its multiplier: what closing that residual would change in the objective. */
  worth: number;
  /** E(mu) with the scales s_d and s_c. */
  total: number;
}

/** A copy of a primal-dual point. */
export interface Snapshot {
  readonly x: Vector;
  readonly lambda: Vector;
  readonly zLower: Vector;
  readonly zUpper: Vector;
  readonly c: Vector;
  f: number;
}

export class Iterate {
  readonly x: Vector;
  readonly lambda: Vector;
  readonly zLower: Vector;
  readonly zUpper: Vector;
  readonly gradient: Vector;
  readonly c: Vector;
  f = 0;
  mu = 0.1;
  readonly kkt: KktSystem;
  readonly hasLower: Uint8Array;
  readonly hasUpper: Uint8Array;
  readonly errors: Errors = { dual: 0, dualBase: 0, primal: 0, complementarity: 0, worth: 0, total: 0 };
  readonly #work: Vector;
  readonly #bounds: number;

  constructor(
    readonly form: SlackForm,
    linear?: "dense" | "sparse",
  ) {
    const { size, rows } = form;
    this.x = new Float64Array(size);
    this.lambda = new Float64Array(rows);
    this.zLower = new Float64Array(size);
    this.zUpper = new Float64Array(size);
    this.gradient = new Float64Array(size);
    this.c = new Float64Array(rows);
    this.#work = new Float64Array(size);
    this.hasLower = Uint8Array.from(form.lower, (v) => (v > Number.NEGATIVE_INFINITY ? 1 : 0));
    this.hasUpper = Uint8Array.from(form.upper, (v) => (v < Number.POSITIVE_INFINITY ? 1 : 0));
    let bounds = 0;
    for (let j = 0; j < size; j++) bounds += this.hasLower[j] + this.hasUpper[j];
    this.#bounds = bounds;
    this.kkt = new KktSystem(form, linear);
  }

  snapshot(): Snapshot {
    const { size, rows } = this.form;
    const vector = (length: number) => new Float64Array(length);
    return { x: vector(size), lambda: vector(rows), zLower: vector(size), zUpper: vector(size), c: vector(rows), f: 0 };
  }

  saveInto(to: Snapshot): void {
    copy(this, to);
  }

  /** Back to a saved point, derivatives included. */
  load(from: Snapshot): void {
    copy(from, this);
    this.differentiate(this.x);
  }

  /** Values at x. */
  evaluate(): boolean {
    this.f = this.form.value(this.x);
    this.form.constraintsInto(this.x, this.c);
    return Number.isFinite(this.f) && allFinite(this.c);
  }

  /** First derivatives at `x` (the point itself or a trial point about to be accepted). */
  differentiate(x: Vector): boolean {
    this.form.gradientInto(x, this.gradient);
    this.form.jacobianInto(x, this.kkt.jacobian);
    return allFinite(this.gradient) && allFinite(this.kkt.jacobian);
  }

  /** out += Jᵀ lambda over all variables. */
  addJacobianTransposed(lambda: Vector, out: Vector): void {
    const { jacobian, columnRow, columnValue, base } = this.form;
    for (let e = 0; e < jacobian.rows.length; e++)
      out[jacobian.columns[e]] += this.kkt.jacobian[e] * lambda[jacobian.rows[e]];
    for (let k = 0; k < columnRow.length; k++) out[base + k] += columnValue[k] * lambda[columnRow[k]];
  }

  /** Gradient of phi at x into `out`. */
  barrierGradientInto(out: Vector): void {
    const { lower, upper } = this.form;
    const { x, mu, hasLower, hasUpper } = this;
    for (let j = 0; j < x.length; j++) {
      let g = this.gradient[j];
      if (hasLower[j]) g -= mu / (x[j] - lower[j]);
      if (hasUpper[j]) g += mu / (upper[j] - x[j]);
      if (hasLower[j] !== hasUpper[j]) g += hasLower[j] ? DAMPING * mu : -DAMPING * mu;
      out[j] = g;
    }
  }

  /** phi at a point with objective value f; NaN or infinite outside of the bounds. */
  barrierValue(x: Vector, f: number): number {
    const { lower, upper } = this.form;
    let logs = 0;
    let damping = 0;
    for (let j = 0; j < x.length; j++) {
      if (this.hasLower[j]) logs += Math.log(x[j] - lower[j]);
      if (this.hasUpper[j]) logs += Math.log(upper[j] - x[j]);
      if (this.hasLower[j] !== this.hasUpper[j]) damping += this.hasLower[j] ? x[j] - lower[j] : upper[j] - x[j];
    }
    return f - this.mu * logs + DAMPING * this.mu * damping;
  }

  /** Sigma = z / distance, into the Newton system. */
  sigmaInto(): void {
    const { lower, upper } = this.form;
    const { x, hasLower, hasUpper } = this;
    for (let j = 0; j < x.length; j++) {
      let s = 0;
      if (hasLower[j]) s += this.zLower[j] / (x[j] - lower[j]);
      if (hasUpper[j]) s += this.zUpper[j] / (upper[j] - x[j]);
      this.kkt.sigma[j] = s;
    }
  }

  /** The errors of (x, lambda, z) for the barrier parameter mu, from the current derivatives. */
  measure(mu: number): Errors {
    const { lower, upper } = this.form;
    const { x, zLower, zUpper, hasLower, hasUpper, errors } = this;
    const r = this.#work;
    r.set(this.gradient);
    this.addJacobianTransposed(this.lambda, r);
    let dual = 0;
    let complementarity = 0;
    let zSum = 0;
    for (let j = 0; j < x.length; j++) {
      if (hasLower[j]) {
        r[j] -= zLower[j];
        zSum += zLower[j];
        complementarity = Math.max(complementarity, Math.abs((x[j] - lower[j]) * zLower[j] - mu));
      }
      if (hasUpper[j]) {
        r[j] += zUpper[j];
        zSum += zUpper[j];
        complementarity = Math.max(complementarity, Math.abs((upper[j] - x[j]) * zUpper[j] - mu));
      }
      dual = Math.max(dual, Math.abs(r[j]));
      if (j === this.form.base - 1) errors.dualBase = dual;
    }
    let lambdaSum = 0;
    let primal = 0;
    let worth = 0;
    for (let i = 0; i < this.c.length; i++) {
      lambdaSum += Math.abs(this.lambda[i]);
      primal = Math.max(primal, Math.abs(this.c[i]));
      worth = Math.max(worth, Math.abs(this.c[i] * this.lambda[i]));
    }
    const duals = this.c.length + this.#bounds;
    const dualScale = Math.max(SCALE_TOP, (lambdaSum + zSum) / Math.max(1, duals)) / SCALE_TOP;
    const zScale = Math.max(SCALE_TOP, zSum / Math.max(1, this.#bounds)) / SCALE_TOP;
    errors.dual = dual;
    errors.primal = primal;
    errors.complementarity = complementarity;
    errors.worth = worth;
    errors.total = Math.max(dual / dualScale, primal, complementarity / zScale);
    return errors;
  }

  /** Largest violation of the program's rows in their own units. */
  unscaledViolation(): number {
    let worst = 0;
    for (let i = 0; i < this.c.length; i++) worst = Math.max(worst, Math.abs(this.c[i]) / this.form.rowScale[i]);
    return worst;
  }

  /** Largest term that has to cancel in the stationarity condition: gradient, rows and bounds. */
  stationarityScale(): number {
    const { jacobian } = this.form;
    let top = this.form.objectiveScale;
    for (let j = 0; j < this.form.base; j++)
      top = Math.max(top, Math.abs(this.gradient[j]), this.zLower[j], this.zUpper[j]);
    for (let e = 0; e < jacobian.rows.length; e++)
      top = Math.max(top, Math.abs(this.kkt.jacobian[e] * this.lambda[jacobian.rows[e]]));
    return top;
  }

  /** Keeps the bound multipliers within a factor of mu / distance, and the distances above rounding. */
  safeguard(): void {
    const { lower, upper } = this.form;
    const { x, mu, zLower, zUpper } = this;
    for (let j = 0; j < x.length; j++) {
      if (this.hasLower[j]) {
        if (x[j] - lower[j] < 1e-15 * Math.max(1, Math.abs(lower[j])))
          lower[j] = x[j] - 1e-13 * Math.max(1, Math.abs(lower[j]));
        const central = mu / (x[j] - lower[j]);
        zLower[j] = Math.max(Math.min(zLower[j], KAPPA_SIGMA * central), central / KAPPA_SIGMA);
      }
      if (this.hasUpper[j]) {
        if (upper[j] - x[j] < 1e-15 * Math.max(1, Math.abs(upper[j])))
          upper[j] = x[j] + 1e-13 * Math.max(1, Math.abs(upper[j]));
        const central = mu / (upper[j] - x[j]);
        zUpper[j] = Math.max(Math.min(zUpper[j], KAPPA_SIGMA * central), central / KAPPA_SIGMA);
      }
    }
  }

  /** Moves x into the interior: by kappa max(1, |bound|), at most kappa times the width (section 3.6). */
  push(kappa: number): void {
    const { lower, upper } = this.form;
    for (let j = 0; j < this.x.length; j++) {
      const low = lower[j];
      const high = upper[j];
      let from = low + kappa * Math.max(1, Math.abs(low));
      let to = high - kappa * Math.max(1, Math.abs(high));
      if (this.hasLower[j] && this.hasUpper[j]) {
        from = Math.min(from, low + kappa * (high - low));
        to = Math.max(to, high - kappa * (high - low));
      }
      if (this.hasLower[j] && this.x[j] < from) this.x[j] = from;
      if (this.hasUpper[j] && this.x[j] > to) this.x[j] = to;
    }
  }

  /** Slacks of inequalities at the values of their rows (then `push`). For forms whose columns are slacks alone. */
  setSlacks(): void {
    const { base, columnRow, columnValue } = this.form;
    for (let k = 0; k < columnRow.length; k++) this.x[base + k] = 0;
    this.form.constraintsInto(this.x, this.c);
    for (let k = 0; k < columnRow.length; k++) this.x[base + k] = -this.c[columnRow[k]] / columnValue[k];
  }
}

function copy(from: Snapshot, to: Snapshot): void {
  to.x.set(from.x);
  to.lambda.set(from.lambda);
  to.zLower.set(from.zLower);
  to.zUpper.set(from.zUpper);
  to.c.set(from.c);
  to.f = from.f;
}
