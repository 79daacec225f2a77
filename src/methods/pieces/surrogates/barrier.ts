/**
 * The value-function barrier (Liu, Liu, Yuan, Zeng and Zhang, A value-function-based interior-point method for non-convex
 * bi-level optimization, ICML 2021, (6)-(8)):
 *
 *   g*(x) = min_z ĝ(x, z) + (μ1/2)|z|² + μ2
 *   φ(x, y) = f(x, y) + (θ/2)|y|² - τ ln(g*(x) - ĝ(x, y)) + τ Σ b(h, e, Y) + τ Σ b(C(x, y))
 *   ĝ = g + τ Σ b(h, e, Y),   b(h) = -ln(-h),   for equalities e²/(2 τ²)     (C: the upper constraints)
 *   dφ/dx = ∇x f + τ (∇x ĝ(x, y) - ∇x ĝ(x, z))/(g* - ĝ) + ∇x of the barriers at y
 *
 * Lower constraints and the domain of y enter BOTH lower objectives by the same barrier, so that y = z is strictly interior by
 * μ2. Below -h = τ/100 the logarithm is continued by its quadratic model (Ben-Tal and Zibulevsky, 1997): infeasible points have
 * finite values and are led back; the barrier at y makes the upper level pay for x without feasible lower points.
 */
import { copyInto, norm } from "../../../num/vector.js";
import type { Oracle } from "../../../oracle/oracle.js";
import { LowerRows } from "../../constrained/lowerRows.js";
import { DifferenceHessian, Newton, type SmoothFunction } from "../../constrained/newton.js";
import { numberOr } from "../../kit/options.js";
import type { MethodContext, Parameter } from "../../method.js";
import type { Surrogate } from "../piece.js";

type Vector = Float64Array;

const EXTENSION = 0.01;

/** τ Σ b over rows of a level, with weights for derivatives. */
class RowBarrier {
  readonly rows: LowerRows;
  /** d/dc and d²/dc² of τ b at the last point. */
  readonly first: Vector;
  readonly second: Vector;
  private readonly c: Vector;

  constructor(oracle: Oracle, level: "lower" | "upper") {
    this.rows = new LowerRows(oracle, level);
    this.first = new Float64Array(this.rows.count);
    this.second = new Float64Array(this.rows.count);
    this.c = new Float64Array(this.rows.count);
  }

  value(x: Vector, y: Vector, tau: number): number {
    const { rows, c, first, second } = this;
    if (rows.count === 0) return 0;
    rows.value(x, y, c);
    const delta = EXTENSION * tau;
    let value = 0;
    for (let r = 0; r < c.length; r++) {
      const t = -c[r];
      if (rows.equality[r] === 1) {
        value += (t * t) / (2 * tau);
        first[r] = -t / tau;
        second[r] = 1 / tau;
      } else if (t >= delta) {
        value -= tau * Math.log(t);
        first[r] = tau / t;
        second[r] = tau / (t * t);
      } else {
        const s = (delta - t) / delta;
        value += tau * (-Math.log(delta) + s + 0.5 * s * s);
        first[r] = (tau * (1 + s)) / delta;
        second[r] = tau / (delta * delta);
      }
    }
    return value;
  }
}

export class Barrier implements Surrogate {
  tau: number;
  mu1: number;
  mu2: number;
  theta: number;
  residual = Number.NaN;
  /** The regularised lower solution, and f, the gap g* - ĝ at the last y. */
  readonly z: Vector;
  f = Number.NaN;
  gap = Number.NaN;
  readonly lowerRows: RowBarrier;
  private readonly upperRows: RowBarrier;
  private readonly oracle: Oracle;
  private readonly newton: Newton;
  private readonly newtonY: Newton;
  private readonly differences: DifferenceHessian;
  private readonly jacobian: Vector;
  private readonly upperJacobian: Vector;
  private readonly fixed: Vector;
  private readonly fixedUpper: Vector;
  private readonly lowerSlope: Vector;
  private readonly pull: Vector;
  private readonly spareX: Vector;
  private readonly gxZ: Vector;
  private readonly mixedY: Vector;
  private x: Vector;
  private top = Number.NaN;
  /** The rows' part of ĝ at the last y. */
  private rowPart = 0;

  constructor(oracle: Oracle, { tau, mu1, mu2, theta }: { tau: number; mu1: number; mu2: number; theta: number }) {
    const { n, m } = oracle;
    this.oracle = oracle;
    this.tau = tau;
    this.mu1 = mu1;
    this.mu2 = mu2;
    this.theta = theta;
    this.z = oracle.startY.slice();
    this.lowerRows = new RowBarrier(oracle, "lower");
    this.upperRows = new RowBarrier(oracle, "upper");
    this.newton = new Newton(m);
    this.newtonY = new Newton(m);
    this.differences = new DifferenceHessian(m);
    this.jacobian = new Float64Array(this.lowerRows.rows.count * m);
    this.upperJacobian = new Float64Array(this.upperRows.rows.count * m);
    this.fixed = new Float64Array(this.lowerRows.rows.count);
    this.fixedUpper = new Float64Array(this.upperRows.rows.count);
    this.lowerSlope = new Float64Array(m);
    this.pull = new Float64Array(m);
    this.spareX = new Float64Array(n);
    this.gxZ = new Float64Array(n);
    this.mixedY = new Float64Array(m);
    this.x = oracle.startX;
  }

  /** ĝ with its gradient in y. */
  private lowerAt(y: Vector, out: Vector): number {
    const { oracle, x, lowerRows, tau } = this;
    this.rowPart = lowerRows.value(x, y, tau);
    const value = oracle.lower.valueGradY(x, y, out) + this.rowPart;
    lowerRows.rows.addPullY(x, y, lowerRows.first, out, this.pull);
    return value;
  }

  private readonly regularised: SmoothFunction = {
    valueGradient: (z, out) => {
      let value = this.lowerAt(z, out);
      for (let j = 0; j < z.length; j++) {
        value += 0.5 * this.mu1 * z[j] * z[j];
        out[j] += this.mu1 * z[j];
      }
      return value;
    },
    hessianInto: (z, out) => {
      copyInto(this.lowerRows.first, this.fixed);
      this.differences.into(this.lowerLagrangian, z, out);
      this.addRows(this.lowerRows, z, this.jacobian, 1, out);
      for (let j = 0; j < z.length; j++) out[j * z.length + j] += this.mu1;
    },
  };

  /** ∇y g + fixedᵀ c_y */
  private readonly lowerLagrangian = (y: Vector, out: Vector): void => {
    this.oracle.lower.gradY(this.x, y, out);
    this.lowerRows.rows.addPullY(this.x, y, this.fixed, out, this.pull);
  };

  /** φ(x, ·) */
  readonly inY: SmoothFunction = {
    valueGradient: (y, out) => {
      const { oracle, x, lowerRows, upperRows, lowerSlope, tau, theta } = this;
      const gap = this.top - this.lowerAt(y, lowerSlope);
      this.gap = gap;
      if (!(gap > 0)) return Number.POSITIVE_INFINITY;
      this.f = oracle.upper.valueGradY(x, y, out);
      let value = this.f - tau * Math.log(gap) + this.rowPart + upperRows.value(x, y, tau);
      for (let j = 0; j < y.length; j++) {
        value += 0.5 * theta * y[j] * y[j];
        out[j] += theta * y[j] + (tau / gap) * lowerSlope[j];
      }
      lowerRows.rows.addPullY(x, y, lowerRows.first, out, this.pull);
      upperRows.rows.addPullY(x, y, upperRows.first, out, this.pull);
      return value;
    },
    hessianInto: (y, out) => {
      const { lowerSlope, tau, theta, upperRows, lowerRows } = this;
      const m = y.length;
      const weight = tau / this.gap;
      copyInto(lowerRows.first, this.fixed);
      copyInto(upperRows.first, this.fixedUpper);
      this.weight = weight;
      this.differences.into(this.mixedLagrangian, y, out);
      this.addRows(lowerRows, y, this.jacobian, weight + 1, out);
      this.addRows(upperRows, y, this.upperJacobian, 1, out);
      for (let i = 0; i < m; i++) {
        out[i * m + i] += theta;
        const a = (weight / this.gap) * lowerSlope[i];
        for (let j = 0; j < m; j++) out[i * m + j] += a * lowerSlope[j];
      }
    },
  };
  private weight = 0;
  /** ∇y f + weight (∇y g + fixedᵀ c_y) + fixedUpperᵀ C_y */
  private readonly mixedLagrangian = (y: Vector, out: Vector): void => {
    this.lowerLagrangian(y, out);
    this.oracle.upper.gradY(this.x, y, this.mixedY);
    for (let j = 0; j < y.length; j++) out[j] = this.mixedY[j] + this.weight * out[j];
    this.lowerRows.rows.addPullY(this.x, y, this.fixed, out, this.pull);
    this.upperRows.rows.addPullY(this.x, y, this.fixedUpper, out, this.pull);
  };

  private addRows(barrier: RowBarrier, y: Vector, jacobian: Vector, weight: number, out: Vector): void {
    const { rows, second } = barrier;
    const m = y.length;
    if (rows.count === 0) return;
    rows.jacobianInto(this.x, y, jacobian);
    for (let r = 0; r < rows.count; r++) {
      for (let i = 0; i < m; i++) {
        const a = weight * second[r] * jacobian[r * m + i];
        if (a !== 0) for (let j = 0; j < m; j++) out[i * m + j] += a * jacobian[r * m + j];
      }
    }
  }

  /** z and g* at x, warm; false where the budget ran out or numbers were not finite. */
  prepare(x: Vector, exhausted: () => boolean): boolean {
    this.x = x;
    const end = this.newton.minimise(this.regularised, this.z, 1e-14 * (1 + norm(this.z)), exhausted);
    this.residual = this.newton.residual;
    this.top = this.newton.value + this.mu2;
    return end === "solved" || end === "floor" || end === "limit";
  }

  /** y <- argmin φ(x, ·) from y where that is strictly interior, else from z; after `prepare`. */
  minimiseInto(y: Vector, exhausted: () => boolean): boolean {
    const { newtonY } = this;
    if (!(this.top - this.lowerAt(y, this.lowerSlope) > 0.01 * this.mu2)) copyInto(this.z, y);
    const end = newtonY.minimise(this.inY, y, 1e-13, exhausted);
    this.residual = Math.max(this.newton.residual, newtonY.residual);
    return end === "solved" || end === "floor" || end === "limit";
  }

  /** φ(x, y) and both gradients; after `prepare`. Infinity where y is not interior. */
  gradientInto(x: Vector, y: Vector, Gx: Vector, Gy: Vector): number {
    const { oracle, tau, z, spareX, gxZ, lowerRows, upperRows, pull } = this;
    // At z first: the weights of the rows at y are wanted last.
    lowerRows.value(x, z, tau);
    oracle.lower.gradX(x, z, gxZ);
    lowerRows.rows.pullInto(x, z, lowerRows.first, spareX, pull);
    for (let i = 0; i < gxZ.length; i++) gxZ[i] += spareX[i];
    const value = this.inY.valueGradient(y, Gy);
    oracle.upper.gradX(x, y, Gx);
    const weight = tau / this.gap;
    for (let i = 0; i < Gx.length; i++) Gx[i] -= weight * gxZ[i];
    lowerRows.rows.pullInto(x, y, lowerRows.first, spareX, pull);
    for (let i = 0; i < Gx.length; i++) Gx[i] += (weight + 1) * spareX[i];
    oracle.lower.gradX(x, y, gxZ);
    for (let i = 0; i < Gx.length; i++) Gx[i] += weight * gxZ[i];
    upperRows.rows.pullInto(x, y, upperRows.first, spareX, pull);
    for (let i = 0; i < Gx.length; i++) Gx[i] += spareX[i];
    return value;
  }

  evaluate(x: Vector, y: Vector, Gx: Vector, Gy: Vector): number {
    this.prepare(x, () => false);
    return this.gradientInto(x, y, Gx, Gy);
  }

  shrink(): void {
    this.z.set(this.oracle.startY);
  }
}

export const barrierParameters: readonly Parameter[] = [
  {
    name: "tau",
    type: "number",
    default: undefined,
    auto: "1, then × 0.09 from stage to stage; 0.01 in the published loop",
    min: 1e-12,
    doc: "Barrier parameter τ; the bias is of the order of its square root.",
  },
  {
    name: "mu2",
    type: "number",
    default: undefined,
    auto: "tau",
    min: 1e-14,
    doc: "Relaxation μ2 of the lower value.",
  },
  { name: "mu1", type: "number", default: undefined, auto: "tau/10", min: 0, doc: "Regularisation μ1 of z." },
  {
    name: "theta",
    type: "number",
    default: 0,
    min: 0,
    doc: "Regularisation θ of y, relative to tau in automatic runs.",
  },
];

export function makeBarrier(context: MethodContext, fallback: number): Barrier {
  const tau = numberOr(context, "tau", fallback);
  return new Barrier(context.oracle, {
    tau,
    mu1: numberOr(context, "mu1", 0.1 * tau),
    mu2: numberOr(context, "mu2", tau),
    theta: numberOr(context, "theta", 0),
  });
}
