/**
 * The search direction with inertia correction (Wächter and Biegler 2006, Algorithm IC): a multiple of the identity is
 * added to the Hessian until the reduced Hessian is positive definite, and a small dual shift when the rows depend on each
 * other. Both are shrunk from one iteration to the next.
 */
import { allFinite } from "../num/vector.js";
import type { Iterate } from "./iterate.js";

type Vector = Float64Array;

const FIRST_SHIFT = 1e-4;
const LEAST_SHIFT = 1e-20;
const GREATEST_SHIFT = 1e40;

export class Newton {
  readonly dx: Vector;
  readonly dLambda: Vector;
  readonly dLower: Vector;
  readonly dUpper: Vector;
  readonly barrierGradient: Vector;
  readonly #right: Vector;
  readonly #zero: Vector;
  /** Shift of the Hessian in the last step. */
  shift = 0;
  #lastShift = 0;
  #dependent = 0;

  constructor(readonly at: Iterate) {
    const { size, rows } = at.form;
    this.dx = new Float64Array(size);
    this.dLambda = new Float64Array(rows);
    this.dLower = new Float64Array(size);
    this.dUpper = new Float64Array(size);
    this.barrierGradient = new Float64Array(size);
    this.#right = new Float64Array(size);
    this.#zero = new Float64Array(rows);
  }

  /** Fills the direction at the current point; false if no shift makes the system usable. `floor` is the least shift. */
  compute(floor: number): boolean {
    const { form, kkt, x, lambda } = this.at;
    form.hessianInto(x, 1, lambda, kkt.hessian, kkt.columnHessian);
    if (!allFinite(kkt.hessian)) return false;
    this.at.sigmaInto();
    this.at.barrierGradientInto(this.barrierGradient);
    this.#right.set(this.barrierGradient);
    this.at.addJacobianTransposed(lambda, this.#right);

    let dw = floor;
    // Rows found dependent again and again keep their shift from the start.
    let dc = this.#dependent >= 3 ? this.#dualShift() : 0;
    let poor = 0;
    for (;;) {
      const inertia = kkt.factor(dw, dc);
      if (inertia === "right") {
        if (this.solve(this.at.c) || poor >= 3) break;
        poor++;
      }
      if (inertia !== "wrong" && dc === 0 && form.rows > 0) {
        dc = this.#dualShift();
        this.#dependent++;
        continue;
      }
      if (dw === 0) dw = this.#lastShift === 0 ? FIRST_SHIFT : Math.max(LEAST_SHIFT, this.#lastShift / 3);
      else dw *= this.#lastShift === 0 ? 100 : 8;
      if (dw > GREATEST_SHIFT) return false;
    }
    if (dw > 0) this.#lastShift = dw;
    this.shift = dw;
    return allFinite(this.dx) && allFinite(this.dLambda);
  }

  #dualShift(): number {
    return 1e-8 * this.at.mu ** 0.25;
  }

  /** Direction for these row values with the current factors (again with other values in second-order corrections). */
  solve(c: Vector): boolean {
    const { kkt, form, x, mu, zLower, zUpper, hasLower, hasUpper } = this.at;
    const good = kkt.solveInto(this.#right, c, this.dx, this.dLambda);
    for (let j = 0; j < x.length; j++) {
      if (hasLower[j]) {
        const s = x[j] - form.lower[j];
        this.dLower[j] = mu / s - zLower[j] - (zLower[j] / s) * this.dx[j];
      }
      if (hasUpper[j]) {
        const s = form.upper[j] - x[j];
        this.dUpper[j] = mu / s - zUpper[j] + (zUpper[j] / s) * this.dx[j];
      }
    }
    return good;
  }

  /**
   * Multipliers that fit the current gradient and bound multipliers in the least-squares sense (section 3.6), or 0 where
   * they would exceed `top`.
   */
  estimateMultipliers(top: number): void {
    const { kkt, form, gradient, lambda, zLower, zUpper, hasLower, hasUpper } = this.at;
    lambda.fill(0);
    if (form.rows === 0) return;
    kkt.hessian.fill(0);
    kkt.columnHessian.fill(0);
    kkt.sigma.fill(1);
    const right = this.#right;
    for (let j = 0; j < right.length; j++)
      right[j] = gradient[j] - (hasLower[j] ? zLower[j] : 0) + (hasUpper[j] ? zUpper[j] : 0);
    if (kkt.factor(0, 0) !== "right") kkt.factor(0, 1e-8);
    kkt.solveInto(right, this.#zero, this.dx, this.dLambda);
    let size = 0;
    for (let i = 0; i < form.rows; i++) {
      const v = Math.abs(this.dLambda[i]);
      if (!(v <= size)) size = v;
    }
    if (size <= top) lambda.set(this.dLambda);
  }

  /** Largest step in (0, 1] that keeps the fraction 1 - tau of every distance to a bound. */
  primalStep(tau: number): number {
    return longest(this.at, this.dx, tau);
  }

  /** The same for the bound multipliers. */
  dualStep(tau: number): number {
    const { zLower, zUpper, hasLower, hasUpper } = this.at;
    let alpha = 1;
    for (let j = 0; j < zLower.length; j++) {
      if (hasLower[j] && this.dLower[j] < 0) alpha = Math.min(alpha, (-tau * zLower[j]) / this.dLower[j]);
      if (hasUpper[j] && this.dUpper[j] < 0) alpha = Math.min(alpha, (-tau * zUpper[j]) / this.dUpper[j]);
    }
    return alpha;
  }
}

function longest(at: Iterate, dx: Vector, tau: number): number {
  const { x, form, hasLower, hasUpper } = at;
  let alpha = 1;
  for (let j = 0; j < x.length; j++) {
    const d = dx[j];
    if (d < 0 && hasLower[j]) alpha = Math.min(alpha, (-tau * (x[j] - form.lower[j])) / d);
    else if (d > 0 && hasUpper[j]) alpha = Math.min(alpha, (tau * (form.upper[j] - x[j])) / d);
  }
  return alpha;
}
