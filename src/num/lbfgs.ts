/**
 * Limited-memory BFGS: a ring of the last pairs (s, y), s a step and y the change of the gradient, and the two-loop product
 * with the inverse Hessian they define (Nocedal and Wright, 2nd ed., Algorithm 7.4; first scaling gamma = sᵀy / yᵀy, 7.20).
 */
import { copyInto, dot, norm, scaleInto } from "./vector.js";

type Vector = Float64Array;

export class LbfgsMemory {
  readonly capacity: number;
  readonly k: number;
  private readonly s: readonly Vector[];
  private readonly y: readonly Vector[];
  private readonly sy: Vector;
  private readonly alpha: Vector;
  private next = 0;
  private used = 0;

  /** Room for `capacity` pairs of vectors of length k. */
  constructor(k: number, capacity: number) {
    this.k = k;
    this.capacity = capacity;
    this.s = Array.from({ length: capacity }, () => new Float64Array(k));
    this.y = Array.from({ length: capacity }, () => new Float64Array(k));
    this.sy = new Float64Array(capacity);
    this.alpha = new Float64Array(capacity);
  }

  /** Pairs held. */
  get size(): number {
    return this.used;
  }

  clear(): void {
    this.used = 0;
  }

  /** Stores the pair if sᵀy > least |s| |y| (positive curvature, away from rounding); says whether it did. */
  push(s: Vector, y: Vector, least = 1e-10): boolean {
    const sy = dot(s, y);
    if (!(sy > least * norm(s) * norm(y))) return false;
    copyInto(s, this.s[this.next]);
    copyInto(y, this.y[this.next]);
    this.sy[this.next] = sy;
    this.next = this.next + 1 === this.capacity ? 0 : this.next + 1;
    if (this.used < this.capacity) this.used++;
    return true;
  }

  /** out = B v, B the inverse Hessian approximation (identity while empty). `out` may be v. Symmetric positive definite. */
  applyInto(v: Vector, out: Vector): void {
    this.twoLoop(v, undefined, out);
  }

  /**
   * The same restricted to coordinates with free[i] = 1: pairs and input are cut to them, pairs whose cut has no positive
   * curvature are skipped, and the other coordinates of `out` are 0.
   */
  applyFreeInto(v: Vector, free: Uint8Array, out: Vector): void {
    this.twoLoop(v, free, out);
  }

  private twoLoop(v: Vector, free: Uint8Array | undefined, out: Vector): void {
    const k = this.k;
    if (out !== v) copyInto(v, out);
    if (free !== undefined) for (let i = 0; i < k; i++) if (free[i] === 0) out[i] = 0;
    let gamma = Number.NaN;
    for (let c = 1; c <= this.used; c++) {
      const at = (this.next - c + this.capacity) % this.capacity;
      const s = this.s[at];
      const y = this.y[at];
      let sy = this.sy[at];
      let yy = 0;
      let sv = 0;
      if (free === undefined) {
        sv = dot(s, out);
        if (Number.isNaN(gamma)) yy = dot(y, y);
      } else {
        // `out` is zero off the free set, so only sᵀy and yᵀy need the cut.
        let ss = 0;
        sy = 0;
        for (let i = 0; i < k; i++) {
          if (free[i] === 0) continue;
          sy += s[i] * y[i];
          yy += y[i] * y[i];
          ss += s[i] * s[i];
          sv += s[i] * out[i];
        }
        if (!(sy > 1e-10 * Math.sqrt(ss * yy))) {
          this.alpha[at] = Number.NaN;
          continue;
        }
      }
      const a = sv / sy;
      this.alpha[at] = a;
      if (Number.isNaN(gamma)) gamma = sy / yy;
      if (free === undefined) for (let i = 0; i < k; i++) out[i] -= a * y[i];
      else for (let i = 0; i < k; i++) if (free[i] !== 0) out[i] -= a * y[i];
    }
    if (!Number.isNaN(gamma)) scaleInto(gamma, out, out);
    for (let c = this.used; c >= 1; c--) {
      const at = (this.next - c + this.capacity) % this.capacity;
      const a = this.alpha[at];
      if (Number.isNaN(a)) continue;
      const s = this.s[at];
      const y = this.y[at];
      let sy = this.sy[at];
      let yv = 0;
      if (free === undefined) yv = dot(y, out);
      else {
        sy = 0;
        for (let i = 0; i < k; i++) {
          if (free[i] === 0) continue;
          sy += s[i] * y[i];
          yv += y[i] * out[i];
        }
      }
      const b = a - yv / sy;
      if (free === undefined) for (let i = 0; i < k; i++) out[i] += b * s[i];
      else for (let i = 0; i < k; i++) if (free[i] !== 0) out[i] += b * s[i];
    }
  }
}
