/**
 * Damped Newton's method on a smooth, dense function of m variables: steps with the Hessian shifted until it is positive
 * definite (Nocedal and Wright, 2nd ed., Algorithm 3.3), halved until the value decreases enough (Armijo) or, where
 * differences of values drown in rounding, until the slope along the step has fallen to 0.8 of its size. Values that are not
 * finite count as too large: barriers keep their interior by that.
 */
import { choleskySolveInto, shiftedCholeskyInto } from "../../num/cholesky.js";
import { dot, norm, normInf } from "../../num/vector.js";

type Vector = Float64Array;

export interface SmoothFunction {
  /** Value, with the gradient into `out`. */
  valueGradient(y: Vector, out: Vector): number;
  /** Dense symmetric Hessian (or a good approximation), row-major; at the y of the last `valueGradient`. */
  hessianInto(y: Vector, out: Vector): void;
}

export type NewtonEnd = "solved" | "floor" | "limit" | "unbounded" | "exhausted" | "not-finite";

const ITERATIONS = 100;
const TRIALS = 40;

export class Newton {
  residual = Number.NaN;
  value = Number.NaN;
  readonly gradient: Vector;
  private readonly H: Vector;
  private readonly L: Vector;
  private readonly d: Vector;
  private readonly trial: Vector;
  private readonly trialGradient: Vector;

  constructor(m: number) {
    this.gradient = new Float64Array(m);
    this.H = new Float64Array(m * m);
    this.L = new Float64Array(m * m);
    this.d = new Float64Array(m);
    this.trial = new Float64Array(m);
    this.trialGradient = new Float64Array(m);
  }

  /** From y, in place, until |gradient| <= tolerance or rounding allows no decrease. */
  minimise(fn: SmoothFunction, y: Vector, tolerance: number, exhausted: () => boolean): NewtonEnd {
    const { gradient, H, L, d } = this;
    const m = y.length;
    this.value = fn.valueGradient(y, gradient);
    this.residual = norm(gradient);
    if (!Number.isFinite(this.value) || !Number.isFinite(this.residual)) return "not-finite";
    const far = 1e12 * (1 + normInf(y));
    for (let k = 0; k < ITERATIONS; k++) {
      if (this.residual <= tolerance) return "solved";
      if (exhausted()) return "exhausted";
      fn.hessianInto(y, H);
      if (m === 1 && H[0] > 0) d[0] = -gradient[0] / H[0];
      else {
        for (let j = 0; j < m; j++) d[j] = -gradient[j];
        if (Number.isNaN(shiftedCholeskyInto(H, m, L))) return "not-finite";
        choleskySolveInto(L, m, d);
      }
      const before = this.residual;
      if (!this.search(fn, y)) return "floor";
      if (normInf(y) > far) return "unbounded";
      // No decrease of the value above rounding and none of the gradient: the floor.
      if (this.flat && this.residual > 0.5 * before) return "floor";
    }
    return "limit";
  }

  private flat = false;

  private search(fn: SmoothFunction, y: Vector): boolean {
    const { gradient, d, trial, trialGradient } = this;
    const slope = dot(gradient, d);
    if (!(slope < 0)) return false;
    const rounding = 1e-14 * Math.abs(this.value);
    let a = 1;
    for (let t = 0; t < TRIALS; t++) {
      for (let j = 0; j < y.length; j++) trial[j] = y[j] + a * d[j];
      const value = fn.valueGradient(trial, trialGradient);
      const end = dot(trialGradient, d);
      const finite = value - value === 0 && end - end === 0;
      const enough =
        finite &&
        (value <= this.value + 1e-4 * a * slope ||
          (value <= this.value + rounding && Math.abs(end) <= 0.8 * Math.abs(slope)));
      if (enough) {
        this.flat = this.value - value <= rounding;
        this.value = value;
        for (let j = 0; j < y.length; j++) {
          y[j] = trial[j];
          gradient[j] = trialGradient[j];
        }
        this.residual = norm(gradient);
        return true;
      }
      a *= finite ? Math.min(0.6, Math.max(0.1, slope / (slope - end) || 0.5)) : 0.3;
    }
    return false;
  }
}

/**
 * out = symmetrised central differences of a gradient in y, e = 6e-6 (1 + |y_j|): Hessians for methods that ask for first
 * derivatives only.
 */
export class DifferenceHessian {
  private readonly at: Vector;
  private readonly plus: Vector;
  private readonly minus: Vector;

  constructor(m: number) {
    this.at = new Float64Array(m);
    this.plus = new Float64Array(m);
    this.minus = new Float64Array(m);
  }

  into(gradient: (y: Vector, out: Vector) => void, y: Vector, out: Vector): void {
    const { at, plus, minus } = this;
    const m = y.length;
    for (let j = 0; j < m; j++) at[j] = y[j];
    for (let j = 0; j < m; j++) {
      const e = 6e-6 * (1 + Math.abs(y[j]));
      at[j] = y[j] + e;
      const up = at[j];
      gradient(at, plus);
      at[j] = y[j] - e;
      const width = up - at[j];
      gradient(at, minus);
      at[j] = y[j];
      for (let i = 0; i < m; i++) out[i * m + j] = (plus[i] - minus[i]) / width;
    }
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < i; j++) {
        const mean = 0.5 * (out[i * m + j] + out[j * m + i]);
        out[i * m + j] = mean;
        out[j * m + i] = mean;
      }
    }
  }
}
