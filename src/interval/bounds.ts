/**
 * What one box can hold of a program's better points: the box shrinks to where constraints and a better value are possible,
 * and the objective gets a lower bound on what remains. Forms (Hansen and Walster, Global Optimization Using Interval
 * Analysis, 2004, chapters 11-14):
 *   natural       g(Y)
 *   mean value    L(c) + L'(Y) (Y - c)
 *   second order  L(c) + sum over i of  min { L'_i(c) d + (H_ii - sum over j of |H_ij|) d² / 2 },   d in Y_i - c_i
 * the last by Gershgorin's circles, so that a box on which L is convex has about the bound of its tangent. L = g + z c is
 * the Lagrangian with fixed z, z >= 0 for inequalities: a lower bound of g on the feasible set whose slope vanishes near a
 * solution with these multipliers, which g's does not. Derivatives count only where nothing is flagged.
 */
import { addDown, addUp, down, mul, type Range, sub, up } from "../num/interval.js";
import type { Intervals } from "../ops/operator.js";
import type { IntervalLevel } from "./level.js";

type Vector = Float64Array;

const NONE = Number.POSITIVE_INFINITY;
const r: Range = { lo: 0, hi: 0, flags: 0 };

export class BoxBounds {
  private readonly level: IntervalLevel;
  private readonly domainLo: Vector;
  private readonly domainHi: Vector;
  private readonly center: Vector;
  private readonly faceLo: Vector;
  private readonly faceHi: Vector;
  /** Bounds at the centre: L and its slope, and the rows. */
  private readonly centreSlope: Intervals;
  private readonly centreRows: Intervals;
  private centreValue = 0;
  /** Lower bounds of a linear form's terms. */
  private readonly termLo: Vector;
  private readonly rowsHi: Vector;
  private readonly negLo: Vector;
  private readonly negHi: Vector;
  /** True where the last box surely keeps all constraints. */
  private inside = false;

  constructor(level: IntervalLevel, domainLo: Vector, domainHi: Vector) {
    const { m, rows } = level;
    const of = (size: number): Intervals => ({
      lo: new Float64Array(size),
      hi: new Float64Array(size),
      flags: new Float64Array(size),
    });
    this.level = level;
    this.domainLo = domainLo;
    this.domainHi = domainHi;
    this.center = new Float64Array(m);
    this.faceLo = new Float64Array(m);
    this.faceHi = new Float64Array(m);
    this.centreSlope = of(m);
    this.centreRows = of(rows);
    this.termLo = new Float64Array(m);
    this.rowsHi = new Float64Array(rows);
    this.negLo = new Float64Array(m);
    this.negHi = new Float64Array(m);
  }

  /**
   * A lower bound of g over the feasible points of the box with g <= best; Infinity where there are none. Shrinks the box.
   * Stops early once the bound is at least `enough`.
   */
  bound(lo: Vector, hi: Vector, best: number, enough: number): number {
    let bound = this.natural(lo, hi);
    if (bound >= enough) return bound;
    if (this.level.rows > 0 && !this.inside) {
      if (!this.contractRows(lo, hi)) return NONE;
    }
    const { lagrangian } = this.level;
    if (!this.centreOf(lo, hi)) return bound;
    lagrangian.over(lo, hi);
    const [value, slope] = lagrangian.outputs;
    if (value.flags[0] !== 0) return bound;
    bound = Math.max(bound, value.lo[0], this.meanValue(lo, hi, slope));
    if (bound >= enough) return bound;
    if (!this.contractLinear(lo, hi, this.centreValue, best, slope.lo, slope.hi, 0)) return NONE;
    if (this.inside && !this.monotone(lo, hi)) return NONE;
    return Math.max(bound, this.secondOrder(lo, hi));
  }

  /** The natural extension; Infinity where a constraint cannot hold. */
  natural(lo: Vector, hi: Vector): number {
    const { values, rows, equality } = this.level;
    values.over(lo, hi);
    const [g, c] = values.outputs;
    this.inside = true;
    for (let i = 0; i < rows; i++) {
      if (c.lo[i] > 0 || (equality[i] === 1 && c.hi[i] < 0)) return NONE;
      if (c.hi[i] > 0 || equality[i] === 1 || c.flags[i] !== 0) this.inside = false;
    }
    return g.lo[0];
  }

  /** Bounds of all rows at the centre, and the box cut by each row's mean value form; false where nothing is left. */
  contractRows(lo: Vector, hi: Vector): boolean {
    const { values, slopes, rows, equality, m } = this.level;
    if (!finitePointInto(lo, hi, this.center)) return true;
    values.over(lo, hi);
    const { flags } = this.centreRows;
    flags.set(values.outputs[1].flags);
    this.rowsHi.set(values.outputs[1].hi);
    slopes.over(lo, hi);
    const J = slopes.outputs[1];
    values.over(this.center, this.center);
    this.centreRows.lo.set(values.outputs[1].lo);
    this.centreRows.hi.set(values.outputs[1].hi);
    for (let i = 0; i < rows; i++) {
      if (flags[i] !== 0 || values.outputs[1].flags[i] !== 0) continue;
      if (equality[i] === 0 && this.rowsHi[i] <= 0) continue;
      if (!this.contractLinear(lo, hi, this.centreRows.lo[i], 0, J.lo, J.hi, i * m)) return false;
      if (equality[i] === 1 && !this.contractAbove(lo, hi, this.centreRows.hi[i], J, i * m)) return false;
    }
    return true;
  }

  /** The same for value + J d >= 0, as -value - J d <= 0. */
  private contractAbove(lo: Vector, hi: Vector, value: number, J: Intervals, from: number): boolean {
    const { m } = this.level;
    for (let j = 0; j < m; j++) {
      this.negLo[j] = -J.hi[from + j];
      this.negHi[j] = -J.lo[from + j];
    }
    return this.contractLinear(lo, hi, -value, 0, this.negLo, this.negHi, 0);
  }

  /**
   * Cuts the box to where  value + sum of [sLo, sHi]_j (y_j - c_j) <= limit  is possible, slopes from position `from`.
   * False where it is impossible.
   */
  private contractLinear(
    lo: Vector,
    hi: Vector,
    value: number,
    limit: number,
    sLo: Vector,
    sHi: Vector,
    from: number,
  ): boolean {
    const { m } = this.level;
    let infinite = 0;
    let sum = value;
    for (let j = 0; j < m; j++) {
      this.term(lo, hi, j, sLo[from + j], sHi[from + j]);
      if (this.termLo[j] === Number.NEGATIVE_INFINITY) infinite++;
      else sum = addDown(sum, this.termLo[j]);
    }
    if (infinite === 0 && sum > limit) return false;
    for (let j = 0; j < m; j++) {
      const own = this.termLo[j] === Number.NEGATIVE_INFINITY;
      if (infinite > (own ? 1 : 0)) continue;
      const low = sLo[from + j];
      const high = sHi[from + j];
      if (low <= 0 && high >= 0) continue;
      // s d <= room
      const room = own ? addUp(limit, -sum) : addUp(addUp(limit, -sum), this.termLo[j]);
      if (!Number.isFinite(room)) continue;
      if (low > 0) {
        const end = addUp(this.center[j], up(room >= 0 ? room / low : room / high));
        if (end < lo[j]) return false;
        if (end < hi[j]) hi[j] = end;
      } else {
        const end = addDown(this.center[j], down(room >= 0 ? room / high : room / low));
        if (end > hi[j]) return false;
        if (end > lo[j]) lo[j] = end;
      }
    }
    return true;
  }

  /** The j-th term of a linear form: slope times (y_j - c_j). */
  private term(lo: Vector, hi: Vector, j: number, sLo: number, sHi: number): void {
    sub(r, lo[j], hi[j], this.center[j], this.center[j]);
    mul(r, sLo, sHi, r.lo, r.hi);
    this.termLo[j] = r.lo;
  }

  /** L and its slope at the centre of the box; false where they are not known there. */
  private centreOf(lo: Vector, hi: Vector): boolean {
    const { lagrangian } = this.level;
    if (!finitePointInto(lo, hi, this.center)) return false;
    lagrangian.over(this.center, this.center);
    const [value, slope] = lagrangian.outputs;
    this.centreValue = value.lo[0];
    this.centreSlope.lo.set(slope.lo);
    this.centreSlope.hi.set(slope.hi);
    this.centreSlope.flags.set(slope.flags);
    return value.flags[0] === 0;
  }

  private meanValue(lo: Vector, hi: Vector, slope: Intervals): number {
    let sum = this.centreValue;
    for (let j = 0; j < this.level.m; j++) {
      if (lo[j] === hi[j]) continue;
      this.term(lo, hi, j, slope.lo[j], slope.hi[j]);
      sum = addDown(sum, this.termLo[j]);
    }
    return sum;
  }

  /** How much L may change along coordinate j over the last box, by its slope there. */
  influence(lo: Vector, hi: Vector, j: number): number {
    const slope = this.level.lagrangian.outputs[1];
    return (hi[j] - lo[j]) * Math.max(Math.abs(slope.lo[j]), Math.abs(slope.hi[j]));
  }

  /** Moves the box to faces where g is monotone; false where these are inner ones, across which g falls further. */
  private monotone(lo: Vector, hi: Vector): boolean {
    const { slopes, values, m } = this.level;
    slopes.over(lo, hi);
    const [slope] = slopes.outputs;
    for (let j = 0; j < m; j++) {
      if (lo[j] === hi[j] || slope.flags[j] !== 0) continue;
      const rises = slope.lo[j] > 0;
      if (!rises && !(slope.hi[j] < 0)) continue;
      const face = rises ? lo[j] : hi[j];
      lo[j] = face;
      hi[j] = face;
      if (face === (rises ? this.domainLo[j] : this.domainHi[j])) continue;
      // A thin slice around the face: g must fall across it, too.
      const thin = 1e-12 * (1 + Math.abs(face));
      this.faceLo.set(lo);
      this.faceHi.set(hi);
      this.faceLo[j] = Math.max(this.domainLo[j], face - thin);
      this.faceHi[j] = Math.min(this.domainHi[j], face + thin);
      const wasInside = this.inside;
      this.natural(this.faceLo, this.faceHi);
      const smooth = this.inside && values.outputs[0].flags[0] === 0;
      this.inside = wasInside;
      slopes.over(this.faceLo, this.faceHi);
      const [thinSlope] = slopes.outputs;
      const falls = rises ? thinSlope.lo[j] > 0 : thinSlope.hi[j] < 0;
      if (smooth && thinSlope.flags[j] === 0 && falls) return false;
      slopes.over(lo, hi);
    }
    return true;
  }

  private secondOrder(lo: Vector, hi: Vector): number {
    const { lagrangian, curvature, m } = this.level;
    if (!this.centreOf(lo, hi)) return -NONE;
    lagrangian.over(lo, hi);
    for (let j = 0; j < m; j++)
      if (lagrangian.outputs[1].flags[j] !== 0 || this.centreSlope.flags[j] !== 0) return -NONE;
    curvature.over(lo, hi);
    const [H] = curvature.outputs;
    let sum = this.centreValue;
    for (let i = 0; i < m; i++) {
      if (lo[i] === hi[i]) continue;
      let bend = H.lo[i * m + i];
      if (H.flags[i * m + i] !== 0) return -NONE;
      for (let j = 0; j < m; j++) {
        if (j === i || lo[j] === hi[j]) continue;
        if (H.flags[i * m + j] !== 0) return -NONE;
        bend = addDown(bend, -Math.max(Math.abs(H.lo[i * m + j]), Math.abs(H.hi[i * m + j])));
      }
      sum = addDown(sum, this.parabola(i, lo[i], hi[i], bend));
    }
    return sum;
  }

  /** A lower bound of  s d + bend d² / 2  over d in [lo, hi] - c_i and s in the centre's slope. */
  private parabola(i: number, lo: number, hi: number, bend: number): number {
    if (!Number.isFinite(bend)) return -NONE;
    const sLo = this.centreSlope.lo[i];
    const sHi = this.centreSlope.hi[i];
    const dLo = addDown(lo, -this.center[i]);
    const dHi = addUp(hi, -this.center[i]);
    const ends = Math.min(this.parabolaAt(dLo, sLo, sHi, bend), this.parabolaAt(dHi, sLo, sHi, bend));
    return bend > 0 ? Math.min(ends, this.vertex(sLo, sHi, bend, dLo, dHi)) : ends;
  }

  private parabolaAt(d: number, sLo: number, sHi: number, bend: number): number {
    mul(r, d, d, d, d);
    mul(r, r.lo, r.hi, down(bend / 2), down(bend / 2));
    const quadratic = r.lo;
    mul(r, d, d, sLo, sHi);
    return addDown(r.lo, quadratic);
  }

  /** -s² / (2 bend) over all d, for slopes whose vertex may lie in the box. */
  private vertex(sLo: number, sHi: number, bend: number, dLo: number, dHi: number): number {
    const possible = up(-sLo / bend) >= dLo && down(-sHi / bend) <= dHi;
    if (!possible) return NONE;
    const s = Math.max(Math.abs(sLo), Math.abs(sHi));
    return -up(up(s * s) / down(2 * bend));
  }
}

/** The middle, or a finite point where the box has none; false for an empty box. */
export function finitePointInto(lo: Vector, hi: Vector, out: Vector): boolean {
  for (let j = 0; j < lo.length; j++) {
    if (!(lo[j] <= hi[j])) return false;
    const a = Math.max(lo[j], -Number.MAX_VALUE);
    const b = Math.min(hi[j], Number.MAX_VALUE);
    out[j] =
      lo[j] > Number.NEGATIVE_INFINITY && hi[j] < Number.POSITIVE_INFINITY
        ? Math.min(b, Math.max(a, a / 2 + b / 2))
        : lo[j] > Number.NEGATIVE_INFINITY
          ? lo[j]
          : hi[j] < Number.POSITIVE_INFINITY
            ? hi[j]
            : 0;
  }
  return true;
}
