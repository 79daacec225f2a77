/**
 * The first-order conditions of the lower level at a point (y, z) for an active set: residuals, and what of the set they contradict.
 * Rows have prices: a multiplier that would exceed its row's stays there and the row is violated (see elasticLower.ts).
 */
import type { Counts } from "../../oracle/oracle.js";
import type { LowerSensitivity } from "../../reform/lowerSensitivity.js";
import { ActiveKkt, type ActiveSet } from "./activeKkt.js";

type Vector = Float64Array;

/** Violations and multipliers of the wrong sign, relative to their scales, that change the active set. */
const SIGN = 1e-10;
/** The price of a violated row, relative to the sizes of the objective's and the row's gradients at the first solve. */
const PRICE = 1e4;

export class KktConditions {
  readonly y: Vector;
  /** Multipliers of rows and of bounds: signs as in nlp/program.ts. */
  readonly z: Vector;
  readonly w: Vector;
  readonly active: ActiveSet;
  readonly kkt: ActiveKkt;
  /** Largest entry of each row's gradient. */
  readonly size: Vector;
  /** Weight of the upper objective in what is minimised. */
  weight = 0;
  protected readonly price: Vector;
  protected readonly g: Vector;
  /** Rows less their limits. */
  protected readonly c: Vector;
  protected readonly right: Vector;
  /** Sizes of the gradients that balance each other, and of y. */
  protected slope = 1;
  protected reach = 1;
  /** Largest entry of the Hessian of the Lagrangian. */
  protected curvature = 0;
  /** Jᵀ z */
  protected readonly pull: Vector;
  /** Whether derivatives that never change were evaluated: the Jacobian, and the Hessian with this weight. */
  private jacobianKnown = false;
  private hessianAt = Number.NaN;

  constructor(
    protected readonly model: LowerSensitivity,
    private readonly counts: Counts,
    start: Vector,
  ) {
    const { n: m, rows } = model.program;
    this.y = start.slice();
    this.z = new Float64Array(rows);
    this.w = new Float64Array(m);
    this.active = { rows: new Uint8Array(rows), bounds: new Int8Array(m) };
    this.kkt = new ActiveKkt(model.program);
    this.g = new Float64Array(m);
    this.c = new Float64Array(rows);
    this.pull = new Float64Array(m);
    this.right = new Float64Array(m + rows);
    this.size = new Float64Array(rows);
    this.price = new Float64Array(rows).fill(Number.POSITIVE_INFINITY);
  }

  protected get constant(): boolean {
    return this.weight === 0 ? this.model.constantHessian : this.model.constantWeighted;
  }

  protected holdBounds(): void {
    const { y, active } = this;
    const { lower, upper } = this.model.program;
    for (let j = 0; j < y.length; j++) {
      if (lower[j] === upper[j]) active.bounds[j] = -1;
      if (active.bounds[j] !== 0) y[j] = active.bounds[j] < 0 ? lower[j] : upper[j];
    }
  }

  protected derivatives(): void {
    const { model, kkt, y, z, g, c, counts } = this;
    const { program } = model;
    program.gradientInto(y, g);
    program.constraintsInto(y, c);
    counts.lowerGradient++;
    counts.constraintValue++;
    if (!this.jacobianKnown || !model.constantJacobian) {
      this.jacobianKnown = true;
      program.jacobianInto(y, kkt.jacobian);
      counts.constraintJacobian++;
      this.size.fill(0);
      const { rows } = program.jacobian;
      for (let e = 0; e < rows.length; e++)
        this.size[rows[e]] = Math.max(this.size[rows[e]], Math.abs(kkt.jacobian[e]));
    }
    if (this.hessianAt !== this.weight || !this.constant) {
      this.hessianAt = this.constant ? this.weight : Number.NaN;
      program.hessianInto(y, 1, z, kkt.hessian);
      counts.lowerHvp += program.products?.hessian ?? 1;
      this.curvature = kkt.hessian.reduce((top, v) => Math.max(top, Math.abs(v)), 0);
    }
    for (let i = 0; i < c.length; i++) c[i] -= program.rowUpper[i];
  }

  /** Right-hand side and bound multipliers at the current point; returns the relative residual of the conditions on the active set. */
  protected measure(): number {
    const { program } = this.model;
    const { y, z, w, g, c, pull, right, active, kkt } = this;
    const { rows, columns } = program.jacobian;
    const m = y.length;
    pull.fill(0);
    for (let e = 0; e < rows.length; e++) pull[columns[e]] += kkt.jacobian[e] * z[rows[e]];
    this.scales();
    const { slope, reach } = this;
    let worst = 0;
    for (let j = 0; j < m; j++) {
      const r = -(g[j] + pull[j]);
      w[j] = active.bounds[j] === 0 ? 0 : r;
      right[j] = active.bounds[j] === 0 ? r : 0;
      const v = Math.abs(right[j]) / slope;
      if (!(v <= worst)) worst = v;
    }
    for (let i = 0; i < z.length; i++) {
      right[m + i] = active.rows[i] === 1 ? -c[i] : 0;
      const v = Math.abs(right[m + i]) / ((this.size[i] || 1) * reach);
      if (!(v <= worst)) worst = v;
    }
    return worst;
  }

  /** Sizes of y and of what balances in the gradient: of its terms, and of curvature times y. */
  protected scales(): void {
    const { y, g, pull } = this;
    let slope = 1e-300;
    let reach = 1;
    for (let j = 0; j < y.length; j++) {
      slope = Math.max(slope, Math.abs(g[j]), Math.abs(pull[j]));
      reach = Math.max(reach, Math.abs(y[j]));
    }
    this.reach = reach;
    this.slope = Math.max(slope, 1e-2 * this.curvature * reach);
  }

  /** A row left out: violated ones at their price, the others without a multiplier. */
  protected leave(i: number): void {
    const { program } = this.model;
    const equality = program.rowLower[i] === program.rowUpper[i];
    const over = equality ? Math.abs(this.c[i]) : this.c[i];
    const violated = over > 10 * SIGN * (this.size[i] || 1) * this.reach;
    this.z[i] = violated ? Math.sign(this.c[i]) * this.price[i] : 0;
    if (violated) this.active.rows[i] = 2;
  }

  protected priceAt(y: Vector): void {
    const { model, price, size, kkt, g } = this;
    if (price.length === 0 || price[0] < Number.POSITIVE_INFINITY) return;
    const { program } = model;
    program.gradientInto(y, g);
    program.jacobianInto(y, kkt.jacobian);
    const { rows } = program.jacobian;
    size.fill(0);
    for (let e = 0; e < rows.length; e++) size[rows[e]] = Math.max(size[rows[e]], Math.abs(kkt.jacobian[e]));
    const slope = g.reduce((top, v) => Math.max(top, Math.abs(v)), 1e-3);
    for (let i = 0; i < price.length; i++) price[i] = (PRICE * slope) / (size[i] || 1);
  }

  /** Inactive, active or violated at its price (0, 1, 2): what the row's value and multiplier ask for. */
  protected nextState(i: number): number {
    const { z, c, size, slope, reach, price, active } = this;
    const { program } = this.model;
    const equality = program.rowLower[i] === program.rowUpper[i];
    const room = 10 * SIGN * (size[i] || 1) * reach;
    switch (active.rows[i]) {
      case 0:
        return (equality ? Math.abs(c[i]) : c[i]) > room ? 1 : 0;
      case 1:
        if (Math.abs(z[i]) > price[i] * (1 + SIGN) && (equality || z[i] > 0)) return 2;
        return equality || z[i] * size[i] >= -SIGN * slope ? 1 : 0;
      default:
        return Math.sign(z[i]) * c[i] < -room ? 1 : 2;
    }
  }

  /** Counts what contradicts the active set, and with `apply` changes it: all of it, or only the last one. */
  protected changes(apply: boolean, single: boolean): number {
    const { y, z, w, active, slope, reach } = this;
    const { program } = this.model;
    let count = 0;
    for (let i = z.length - 1; i >= 0; i--) {
      const next = this.nextState(i);
      if (next === active.rows[i]) continue;
      count++;
      if (!apply) continue;
      if (next !== 1) z[i] = next === 2 ? Math.sign(z[i]) * this.price[i] : 0;
      active.rows[i] = next;
      if (single) return count;
    }
    for (let j = y.length - 1; j >= 0; j--) {
      const at = active.bounds[j];
      let next = at;
      if (at !== 0) {
        if (program.lower[j] !== program.upper[j] && at * w[j] < -SIGN * slope) next = 0;
      } else if (y[j] < program.lower[j] - SIGN * reach) next = -1;
      else if (y[j] > program.upper[j] + SIGN * reach) next = 1;
      if (next === at) continue;
      count++;
      if (apply) {
        active.bounds[j] = next;
        if (single) return count;
      }
    }
    return count;
  }
}
