/**
 * The lower level with all its constraints, and optionally a share of the upper objective, to the limit of float64:
 *
 *   min_y q = g + w f   subject to  c(x, y) <= 0, e(x, y) = 0      (Y among the rows, see lowerRows.ts)
 *
 * by the augmented Lagrangian with a penalty ρ_r for each row (Rockafellar, 1973; Nocedal and Wright, 2nd ed., 17.4),
 *
 *   L(y) = q + Σ ([z_r + ρ_r c_r]_+² - z_r²)/(2 ρ_r),   z <- [z + ρ c]_+   (equalities without [·]_+)
 *
 * minimised by Newton's method with Hessians by differences of gradients; y and z are warm from call to call. ρ_r starts at 10³
 * times the curvature of q over |∇c_r|², so that a few multiplier steps do; it grows where the violation stays. With singular
 * Hessians the solution is the one Newton's steps lead to, near the given y. Linear programmes end after finitely many steps.
 */
import { norm } from "../../num/vector.js";
import type { Oracle } from "../../oracle/oracle.js";
import { LowerRows } from "./lowerRows.js";
import { DifferenceHessian, Newton, type SmoothFunction } from "./newton.js";

type Vector = Float64Array;

const ROUNDS = 60;
const ACCURACY = 1e-13;

export type ProgramEnd = "solved" | "inaccurate" | "unbounded" | "exhausted" | "not-finite";

export class LowerProgram implements SmoothFunction {
  /** Multipliers of all rows: the constraints' first, then those of the domain. */
  readonly z: Vector;
  readonly rows: LowerRows;
  /**
   * Largest multiplier of each row. Where a row would need a larger one (always where no y is feasible) it is violated at the
   * price `limit` for a unit: the elastic problem min q + Σ limit_r [c_r]_+.
   */
  readonly limit: Vector;
  /** q at the last y, and its value with the multipliers' part: accurate to the square of the violation. */
  value = Number.NaN;
  lagrangian = Number.NaN;
  /** Of the rows, relative to their gradients; and the gradient of the Lagrangian. */
  violation = Number.NaN;
  stationarity = Number.NaN;
  private readonly oracle: Oracle;
  private readonly newton: Newton;
  private readonly differences: DifferenceHessian;
  private readonly c: Vector;
  private readonly shifted: Vector;
  private readonly rho: Vector;
  private readonly size: Vector;
  private readonly jacobian: Vector;
  private readonly fy: Vector;
  private readonly scratch: Vector;
  private readonly moved: Vector;
  private readonly there: Vector;
  private readonly pull: Vector;
  private readonly fixed: Vector;
  private readonly start: Vector;
  private readonly given: Vector;
  private x: Vector;
  private weight = 0;
  private boost = 1;
  /** The last change of the multipliers over ρ |∇c|: violation and complementarity in units of y. */
  private change = Number.NaN;

  constructor(oracle: Oracle) {
    const { m } = oracle;
    const rows = new LowerRows(oracle);
    const k = rows.count;
    this.oracle = oracle;
    this.rows = rows;
    this.z = new Float64Array(k);
    this.limit = new Float64Array(k).fill(Number.POSITIVE_INFINITY);
    this.newton = new Newton(m);
    this.differences = new DifferenceHessian(m);
    this.c = new Float64Array(k);
    this.shifted = new Float64Array(k);
    this.rho = new Float64Array(k).fill(1);
    this.size = new Float64Array(k).fill(1);
    this.jacobian = new Float64Array(k * m);
    this.fy = new Float64Array(m);
    this.scratch = new Float64Array(m);
    this.moved = new Float64Array(m);
    this.there = new Float64Array(m);
    this.pull = new Float64Array(m);
    this.fixed = new Float64Array(k);
    this.start = new Float64Array(m);
    this.given = new Float64Array(m);
    this.x = oracle.startX;
  }

  /** Overwrites y by the solution; `z` holds the multipliers. */
  solve(x: Vector, y: Vector, weight: number, exhausted: () => boolean): ProgramEnd {
    this.x = x;
    this.weight = weight;
    this.given.set(y);
    const warm = this.attempt(x, y, exhausted);
    if (warm === "solved" || warm === "exhausted") return warm;
    // Multipliers of another x can mislead: once more from none.
    const first = warm;
    y.set(this.given);
    this.z.fill(0);
    this.boost = 1;
    const end = this.attempt(x, y, exhausted);
    return end === "solved" || first !== "inaccurate" ? end : "inaccurate";
  }

  private attempt(x: Vector, y: Vector, exhausted: () => boolean): ProgramEnd {
    const { rows, z, c, rho, size, newton, scratch } = this;
    this.oracle.domainY.project(y);
    this.prepare(y);
    const q = this.objective(y, scratch);
    const slope = norm(scratch);
    if (!Number.isFinite(q) || !Number.isFinite(slope)) return "not-finite";
    let violation = Number.POSITIVE_INFINITY;
    let inner = "solved";
    for (let round = 0; round < ROUNDS; round++) {
      inner = newton.minimise(this, y, ACCURACY * (slope + norm(z) + 1e-3), exhausted);
      if (inner === "exhausted" || inner === "not-finite") return inner;
      const away = inner === "unbounded";
      rows.value(x, y, c);
      let worst = 0;
      for (let r = 0; r < z.length; r++) {
        const next = this.clamp(r, z[r] + rho[r] * c[r]);
        worst = Math.max(worst, Math.abs(next - z[r]) / (rho[r] * size[r]));
        if (!away) z[r] = next;
      }
      this.change = worst;
      this.stationarity = newton.residual;
      if (!away && worst <= 1e-13 * (1 + norm(y))) break;
      if (away || worst > 0.1 * violation) {
        if (this.boost < 1e6) {
          this.boost *= 10;
          for (let r = 0; r < rho.length; r++) rho[r] *= 10;
        } else if (away || !this.limited) break;
        if (away) y.set(this.start);
      }
      violation = worst;
    }
    return this.conclude(y, slope, inner === "unbounded");
  }

  private conclude(y: Vector, slope: number, away: boolean): ProgramEnd {
    if (away) return "unbounded";
    const { z, c, scratch } = this;
    this.value = this.objective(y, scratch);
    const scale = slope + norm(scratch) + norm(z);
    this.rows.addPullY(this.x, y, z, scratch, this.pull);
    this.stationarity = norm(scratch);
    this.lagrangian = this.value;
    this.violation = 0;
    for (let r = 0; r < z.length; r++) {
      this.lagrangian += z[r] * c[r];
      const over = this.rows.equality[r] === 1 ? Math.abs(c[r]) : c[r];
      this.violation = Math.max(this.violation, over / this.size[r]);
    }
    const accurate = this.change <= 1e-10 * (1 + norm(y)) && this.stationarity <= 1e-9 * (scale + 1e-3);
    return accurate ? "solved" : "inaccurate";
  }

  /** The multiplier's range: [0, limit], or [-limit, limit] for equalities. */
  private clamp(r: number, raw: number): number {
    const { limit } = this;
    const least = this.rows.equality[r] === 1 ? -limit[r] : 0;
    return raw < least ? least : raw > limit[r] ? limit[r] : raw;
  }

  private get limited(): boolean {
    return this.limit.length > 0 && this.limit[0] < Number.POSITIVE_INFINITY;
  }

  /** Penalties from the curvature at y. */
  private prepare(y: Vector): void {
    const { rows, jacobian, rho, size, boost } = this;
    const m = y.length;
    this.start.set(y);
    if (rows.count === 0) return;
    rows.jacobianInto(this.x, y, jacobian);
    const curvature = this.curvature(y);
    for (let r = 0; r < rho.length; r++) {
      let sum = 0;
      for (let j = 0; j < m; j++) sum += jacobian[r * m + j] ** 2;
      size[r] = Math.sqrt(sum) || 1;
      rho[r] = (boost * 1e3 * curvature) / (size[r] * size[r]);
    }
  }

  /** |d²q/dy²| along the gradient, or for linear q the size of its gradient over that of y. */
  private curvature(y: Vector): number {
    const { scratch, moved, there } = this;
    const m = y.length;
    this.objective(y, scratch);
    const slope = norm(scratch);
    if (!(slope > 0)) return 1;
    const e = (1e-4 * (1 + norm(y))) / slope;
    for (let j = 0; j < m; j++) moved[j] = y[j] - e * scratch[j];
    this.oracle.domainY.project(moved);
    this.objective(moved, there);
    let sum = 0;
    let length = 0;
    for (let j = 0; j < m; j++) {
      sum += (there[j] - scratch[j]) ** 2;
      length += (moved[j] - y[j]) ** 2;
    }
    const top = length > 0 && Number.isFinite(sum) ? Math.sqrt(sum / length) : 0;
    return Math.min(1e12, Math.max(top, (1e-2 * slope) / (1 + norm(y)), 1e-8));
  }

  /** q with its gradient. */
  private objective(y: Vector, out: Vector): number {
    const { oracle, x, weight, fy } = this;
    let value = oracle.lower.valueGradY(x, y, out);
    if (weight === 0) return value;
    value += weight * oracle.upper.valueGradY(x, y, fy);
    for (let j = 0; j < y.length; j++) out[j] += weight * fy[j];
    return value;
  }

  /** The augmented Lagrangian. */
  valueGradient(y: Vector, out: Vector): number {
    const { rows, z, rho, c, shifted } = this;
    let value = this.objective(y, out);
    rows.value(this.x, y, c);
    for (let r = 0; r < z.length; r++) {
      const raw = z[r] + rho[r] * c[r];
      const s = this.clamp(r, raw);
      shifted[r] = s;
      value += s === raw ? c[r] * (z[r] + 0.5 * rho[r] * c[r]) : s * c[r] - (s - z[r]) ** 2 / (2 * rho[r]);
    }
    rows.addPullY(this.x, y, shifted, out, this.pull);
    return value;
  }

  hessianInto(y: Vector, out: Vector): void {
    const { rows, z, rho, c, fixed, jacobian } = this;
    const m = y.length;
    rows.value(this.x, y, c);
    for (let r = 0; r < z.length; r++) {
      fixed[r] = this.clamp(r, z[r] + rho[r] * c[r]);
    }
    this.differences.into(this.lagrangianGradient, y, out);
    if (rows.count > 0) rows.jacobianInto(this.x, y, jacobian);
    for (let r = 0; r < z.length; r++) {
      if (fixed[r] !== z[r] + rho[r] * c[r]) continue;
      for (let i = 0; i < m; i++) {
        const a = rho[r] * jacobian[r * m + i];
        if (a !== 0) for (let j = 0; j < m; j++) out[i * m + j] += a * jacobian[r * m + j];
      }
    }
  }

  /** The gradient of q + fixedᵀ c. */
  private readonly lagrangianGradient = (y: Vector, out: Vector): void => {
    const { oracle, x, weight, fy } = this;
    oracle.lower.gradY(x, y, out);
    if (weight !== 0) {
      oracle.upper.gradY(x, y, fy);
      for (let j = 0; j < y.length; j++) out[j] += weight * fy[j];
    }
    this.rows.addPullY(x, y, this.fixed, out, this.pull);
  };
}
