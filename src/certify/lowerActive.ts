/**
 * The certificate's lower solver next to a known or claimed solution, under rows and bounds on y: Newton's method on the
 * first-order conditions with an active set, read off the start,
 *
 *   [ H_FF A_Wᵀ; A_W 0 ] (dy, dz) = -(∇y L, c_W),     H the Hessian of the Lagrangian, F the entries of y off their bounds
 *
 * Rows enter where violated, leave where their multiplier is negative, and stay violated where it would exceed a price: so ends an x
 * without feasible y. A small dual shift serves rows that depend on each other (proximal multipliers). Derivatives and factors are kept from point to point
 * (simplified Newton), so that the many neighbours of x that certificates look at cost a few products each. Gives up, where
 * lowerConstrained.ts must answer, if the steps do not settle or the matrix has not the inertia of a strict minimum.
 */
import { equilibrateInto } from "../num/equilibrate.js";
import { factorSymmetricInto, type SymmetricFactor, symmetricFactor, symmetricSolveInto } from "../num/ldlt.js";
import { norm } from "../num/vector.js";
import type { Oracle } from "../oracle/oracle.js";
import type { ConstrainedSolution } from "./lowerConstrained.js";
import { stationarityOf } from "./lowerModel.js";

type Vector = Float64Array;

/** Largest number of lower variables and rows. */
export const MOST_ACTIVE = 1200;
const STEPS = 40;
const BLOCKS = 8;
const KEPT = 12;
/** Rows and entries of y this close to their limits, relative to the sizes of gradients and of y, start as active. */
const NEAR = 1e-6;
const SIGN = 1e-9;
const ACCURACY = 1e-12;
/** Largest multipliers, relative to the sizes of gradients; and the shift, relative to the rows of the matrix. */
const PRICE = 1e6;
const SHIFT = 1e-9;

interface Factors {
  readonly free: Int32Array;
  readonly rows: Int32Array;
  readonly scale: Vector;
  readonly factor: SymmetricFactor;
  readonly strict: boolean;
}

export class ActiveLower {
  private readonly applies: boolean;
  private readonly H: Vector;
  private readonly A: Vector;
  private readonly size: Vector;
  private readonly z: Vector;
  private readonly c: Vector;
  private readonly slope: Vector;
  private readonly extra: Vector;
  private readonly spareX: Vector;
  private readonly known = new Map<string, Factors | undefined>();
  /** Active rows and bounds (-1, 0, 1) of the first solution, from which neighbours start. */
  private home: { readonly rows: Uint8Array; readonly bounds: Int8Array; readonly z: Vector } | undefined;
  private linear = false;
  private curvature = 0;
  private price = 0;

  constructor(private readonly oracle: Oracle) {
    const { n, m, lower } = oracle;
    const { rows } = lower.constraints;
    this.applies = ActiveLower.takes(oracle);
    this.H = new Float64Array(this.applies ? m * m : 0);
    this.A = new Float64Array(this.applies ? rows * m : 0);
    this.size = new Float64Array(rows);
    this.z = new Float64Array(rows);
    this.c = new Float64Array(rows);
    this.slope = new Float64Array(m);
    this.extra = new Float64Array(m);
    this.spareX = new Float64Array(n);
  }

  static takes({ m, lower, domainY }: Oracle): boolean {
    return domainY.boxes && m + lower.constraints.rows <= MOST_ACTIVE;
  }

  /** Neighbours start from this active set (rows 0 or 1, bounds -1, 0, 1) with these multipliers of rows. */
  startFrom(rows: Uint8Array, bounds: Int8Array, z: Vector): void {
    this.home = { rows: rows.slice(), bounds: bounds.slice(), z: z.slice() };
  }

  /** The solution of min g + weight f next to y; undefined where the steps do not lead to one. */
  solve(x: Vector, start: Vector, weight: number, exhausted: () => boolean): ConstrainedSolution | undefined {
    if (!this.applies) return undefined;
    const { oracle, z, c, slope, size } = this;
    const { lower, upper } = oracle.domainY;
    const { constraints } = oracle.lower;
    const m = start.length;
    const y = start.slice();
    oracle.domainY.project(y);
    if (!this.linear) this.linearise(x, y, weight);
    const rows = this.home?.rows.slice() ?? new Uint8Array(c.length);
    const bounds = this.home?.bounds.slice() ?? new Int8Array(m);
    z.set(this.home?.z ?? new Float64Array(c.length));
    if (this.home === undefined) this.readActive(x, y, rows, bounds);
    let fewest = Number.POSITIVE_INFINITY;
    let blocks = BLOCKS;
    let before = Number.POSITIVE_INFINITY;
    let slow = 0;
    for (let k = 0; k < STEPS && !exhausted(); k++) {
      for (let j = 0; j < m; j++) if (bounds[j] !== 0) y[j] = bounds[j] < 0 ? lower[j] : upper[j];
      constraints.value(x, y, c);
      const balance = this.gradientInto(x, y, weight, slope);
      const reach = y.reduce((top, v) => Math.max(top, Math.abs(v)), 1);
      let worst = 0;
      for (let j = 0; j < m; j++) if (bounds[j] === 0) worst = Math.max(worst, Math.abs(slope[j]) / balance);
      for (let r = 0; r < c.length; r++) {
        if (rows[r] === 1) worst = Math.max(worst, Math.abs(c[r]) / (size[r] * reach));
      }
      if (!Number.isFinite(worst)) return undefined;
      if (this.price === 0) this.price = PRICE * balance;
      let changed = 0;
      const single = blocks < 0;
      for (let r = 0; k > 0 && r < c.length && !(single && changed > 0); r++) {
        const next = this.nextState(rows[r], r, SIGN * balance, SIGN * size[r] * reach);
        if (next === rows[r]) continue;
        changed++;
        rows[r] = next;
        z[r] = next === 0 ? 0 : (Math.sign(z[r]) * Math.min(Math.abs(z[r]) * size[r], this.price)) / size[r];
      }
      for (let j = 0; k > 0 && j < m && !(single && changed > 0); j++) {
        const at = bounds[j];
        let next = at;
        if (at !== 0 && lower[j] !== upper[j] && at * slope[j] > SIGN * balance) next = 0;
        else if (at === 0 && y[j] < lower[j] - SIGN * reach) next = -1;
        else if (at === 0 && y[j] > upper[j] + SIGN * reach) next = 1;
        if (next === at) continue;
        changed++;
        bounds[j] = next;
      }
      if (changed === 0 && k > 0 && (worst <= ACCURACY || (worst <= 1e-9 && worst > 0.5 * before))) {
        if (this.factors(rows, bounds)?.strict !== true) return undefined;
        if (!rows.includes(2)) this.home ??= { rows: rows.slice(), bounds: bounds.slice(), z: z.slice() };
        return this.solution(x, y, weight);
      }
      if (changed > 0) {
        if (changed < fewest) {
          fewest = changed;
          blocks = BLOCKS;
        } else blocks--;
        before = Number.POSITIVE_INFINITY;
        for (let j = 0; j < m; j++) if (bounds[j] !== 0) y[j] = bounds[j] < 0 ? lower[j] : upper[j];
        constraints.value(x, y, c);
        this.gradientInto(x, y, weight, slope);
      } else {
        // Slow steps: derivatives of another point do not serve here, or a row contradicts the others.
        if (k > 0 && worst > 0.3 * before) {
          slow++;
          if (slow === 1) this.linearise(x, y, weight);
          else {
            this.giveUp(rows, reach);
            this.gradientInto(x, y, weight, slope);
          }
        }
        before = worst;
      }
      const found = this.factors(rows, bounds);
      if (found === undefined) return undefined;
      this.stepInto(found, y);
    }
    return undefined;
  }

  /** slope = gradient of the Lagrangian at z; returns the size of its terms, which cancel at solutions. */
  private gradientInto(x: Vector, y: Vector, weight: number, slope: Vector): number {
    const { oracle, z, extra, spareX } = this;
    oracle.lower.gradY(x, y, slope);
    if (weight > 0) {
      oracle.upper.gradY(x, y, extra);
      for (let j = 0; j < slope.length; j++) slope[j] += weight * extra[j];
    }
    let size = 1e-2 * this.curvature * y.reduce((top, v) => Math.max(top, Math.abs(v)), 1) + 1e-300;
    for (const v of slope) size = Math.max(size, Math.abs(v));
    oracle.lower.constraints.vjp(x, y, z, spareX, extra);
    for (let j = 0; j < slope.length; j++) slope[j] += extra[j];
    return size;
  }

  /** The worst of the active rows is violated at its price from now on. */
  private giveUp(rows: Uint8Array, reach: number): void {
    const { c, z, size, price } = this;
    let worst = -1;
    let most = ACCURACY * reach;
    for (let r = 0; r < c.length; r++) {
      const over = Math.abs(c[r]) / size[r];
      if (rows[r] !== 1 || !(over > most)) continue;
      most = over;
      worst = r;
    }
    if (worst < 0) return;
    rows[worst] = 2;
    z[worst] = (Math.sign(c[worst]) * price) / size[worst];
  }

  /** Inactive, active or violated at its price (0, 1, 2): what the row's value and multiplier ask for. */
  private nextState(state: number, r: number, least: number, room: number): number {
    const { z, c, size, price } = this;
    const equality = this.oracle.lower.constraints.equality[r] === 1;
    if (state === 0) return (equality ? Math.abs(c[r]) : c[r]) > room ? 1 : 0;
    if (state === 2) return Math.sign(z[r]) * c[r] < -room ? 1 : 2;
    if (equality || z[r] > 0) return Math.abs(z[r]) * size[r] > price ? 2 : 1;
    return z[r] * size[r] < -least ? 0 : 1;
  }

  private readActive(x: Vector, y: Vector, rows: Uint8Array, bounds: Int8Array): void {
    const { oracle, c, size } = this;
    const { lower, upper } = oracle.domainY;
    oracle.lower.constraints.value(x, y, c);
    const near = NEAR * y.reduce((top, v) => Math.max(top, Math.abs(v)), 1);
    for (let r = 0; r < c.length; r++) {
      rows[r] = oracle.lower.constraints.equality[r] === 1 || c[r] >= -near * size[r] ? 1 : 0;
    }
    for (let j = 0; j < y.length; j++) {
      bounds[j] = y[j] <= lower[j] + near ? -1 : y[j] >= upper[j] - near ? 1 : 0;
    }
  }

  /** Second derivatives and the rows' gradients at (x, y, z). */
  private linearise(x: Vector, y: Vector, weight: number): void {
    const { oracle, H, A, z, size, extra } = this;
    const { lower, upper } = oracle;
    const m = y.length;
    this.known.clear();
    this.linear = true;
    lower.hessianYY(x, y, H);
    if (weight > 0) {
      const F = new Float64Array(m * m);
      upper.hessianYY(x, y, F);
      for (let e = 0; e < F.length; e++) H[e] += weight * F[e];
    }
    if (z.some((v) => v !== 0)) {
      const e = new Float64Array(m);
      for (let j = 0; j < m; j++) {
        e.fill(0);
        e[j] = 1;
        lower.constraints.hvpYY(x, y, z, e, extra);
        for (let i = 0; i < m; i++) H[i * m + j] += extra[i];
      }
    }
    this.curvature = H.reduce((top, v) => Math.max(top, Math.abs(v)), 0);
    if (size.length === 0) return;
    lower.constraints.jacobian(x, y, new Float64Array(size.length * oracle.n), A);
    for (let r = 0; r < size.length; r++) {
      size[r] = 0;
      for (let j = 0; j < m; j++) size[r] = Math.max(size[r], Math.abs(A[r * m + j]));
      if (size[r] === 0) size[r] = 1;
    }
  }

  /** Factors of an active set, kept; undefined where the matrix is singular. */
  private factors(active: Uint8Array, bounds: Int8Array): Factors | undefined {
    const key = `${active.join("")} ${bounds.join("")}`;
    if (this.known.has(key)) return this.known.get(key);
    if (this.known.size >= KEPT) this.known.clear();
    const { H, A } = this;
    const m = bounds.length;
    const free = Int32Array.from([...bounds.keys()].filter((j) => bounds[j] === 0));
    const rows = Int32Array.from([...active.keys()].filter((r) => active[r] === 1));
    const f = free.length;
    const k = f + rows.length;
    const factor = symmetricFactor(k);
    const { LD } = factor;
    for (let a = 0; a < f; a++) for (let b = 0; b <= a; b++) LD[a * k + b] = H[free[a] * m + free[b]];
    rows.forEach((r, i) => {
      for (let b = 0; b < f; b++) LD[(f + i) * k + b] = A[r * m + free[b]];
    });
    const scale = equilibrateInto(LD, k);
    for (let i = f; i < k; i++) LD[i * k + i] -= SHIFT;
    factorSymmetricInto(factor);
    const strict = factor.positive === f && factor.negative === rows.length;
    const found = factor.zero > 0 ? undefined : { free, rows, scale, factor, strict };
    this.known.set(key, found);
    return found;
  }

  /** y and z by one step. */
  private stepInto({ free, rows, scale, factor }: Factors, y: Vector): void {
    const { slope, c, z } = this;
    const f = free.length;
    const d = new Float64Array(f + rows.length);
    for (let a = 0; a < f; a++) d[a] = -slope[free[a]] * scale[a];
    for (let i = 0; i < rows.length; i++) d[f + i] = -c[rows[i]] * scale[f + i];
    symmetricSolveInto(factor, d);
    for (let a = 0; a < f; a++) y[free[a]] += d[a] * scale[a];
    for (let i = 0; i < rows.length; i++) z[rows[i]] += d[f + i] * scale[f + i];
  }

  private solution(x: Vector, y: Vector, weight: number): ConstrainedSolution {
    const { oracle, z, c, slope } = this;
    oracle.domainY.project(y);
    const { constraints } = oracle.lower;
    constraints.value(x, y, c);
    let violation = 0;
    for (let r = 0; r < c.length; r++)
      violation = Math.max(violation, constraints.equality[r] === 1 ? Math.abs(c[r]) : c[r]);
    this.gradientInto(x, y, weight, slope);
    const L = Math.max(this.curvature, 1e-12);
    return {
      y,
      value: oracle.lower.value(x, y) + (weight > 0 ? weight * oracle.upper.value(x, y) : 0),
      multipliers: z.map((v, r) => (constraints.equality[r] === 1 ? v : Math.max(0, v))),
      violation,
      stationarity: stationarityOf(oracle.domainY, y, slope, 1 / Math.max(L, 1)),
      L,
      unbounded: false,
      feasible: violation <= 1e-7 * (1 + norm(y)),
    };
  }
}
