/**
 * The lower Hessian on its range: H = U diag(d) Uᵀ with the eigenvalues below 1e-10 of the largest counted as zero, H⁺ and
 * the projection on the kernel from it. Up to DENSE lower variables; made anew only where H has changed, which one product
 * with a fixed random vector tells (for a quadratic lower level: made once).
 */
import { EigenSpace } from "../../num/eigen.js";
import type { Random } from "../../num/random.js";
import { copyInto, distance, fillInto, type LinearMap, norm } from "../../num/vector.js";

type Vector = Float64Array;

/** Up to this many lower variables H is decomposed, beyond that only multiplied with. */
export const DENSE = 128;
const RCOND = 1e-10;
/** Relative change of the probe's product that is rounding. */
const SAME = 1e-14;

export class LowerRange {
  /** Largest |eigenvalue|. */
  top = 0;
  /** An eigenvalue that counts is negative. */
  negative = false;
  private readonly m: number;
  private readonly hvp: LinearMap;
  private readonly probe: Vector;
  private readonly product: Vector;
  private readonly last: Vector;
  private readonly H: Vector;
  private readonly unit: Vector;
  private readonly part: Vector;
  private readonly eigen: EigenSpace;
  private known = false;

  /** `hvp` multiplies with H at the point of interest, whichever that is when `refresh` is called. */
  constructor(m: number, hvp: LinearMap, random: Random) {
    this.m = m;
    this.hvp = hvp;
    this.probe = Float64Array.from({ length: m }, () => random.normal());
    this.product = new Float64Array(m);
    this.last = new Float64Array(m);
    this.H = new Float64Array(m * m);
    this.unit = new Float64Array(m);
    this.part = new Float64Array(m);
    this.eigen = new EigenSpace(m);
  }

  /** Brings the decomposition up to date; 1 product, and m more where H has changed. False where H is not finite. */
  refresh(): boolean {
    const { m, H, unit, part, probe, product, last } = this;
    this.hvp(probe, product);
    const size = norm(product);
    if (!(size < Number.POSITIVE_INFINITY)) return false;
    if (this.known && distance(product, last) <= SAME * size) return true;
    this.known = false;
    for (let j = 0; j < m; j++) {
      unit[j] = 1;
      this.hvp(unit, part);
      unit[j] = 0;
      for (let i = 0; i < m; i++) H[i * m + j] = part[i];
    }
    if (!(norm(H) < Number.POSITIVE_INFINITY)) return false;
    copyInto(product, last);
    const { eigen } = this;
    eigen.decompose(H);
    this.known = true;
    this.top = 0;
    for (let e = 0; e < m; e++) this.top = Math.max(this.top, Math.abs(eigen.values[e]));
    this.negative = false;
    for (let e = 0; e < m; e++) if (eigen.values[e] < -RCOND * this.top) this.negative = true;
    return true;
  }

  /** out = H⁺ b, or with the eigenvalues' sizes in their place. Returns the norm of the part of b in the range. */
  solveInto(b: Vector, out: Vector, sizes: boolean): number {
    const { m, eigen, top } = this;
    if (!this.known) throw new Error("the range needs a decomposition: refresh first");
    const { values, vectors } = eigen;
    fillInto(0, out);
    let square = 0;
    for (let e = 0; e < m; e++) {
      const value = sizes ? Math.abs(values[e]) : values[e];
      if (!(Math.abs(value) > RCOND * top)) continue;
      let s = 0;
      for (let i = 0; i < m; i++) s += vectors[i * m + e] * b[i];
      square += s * s;
      s /= value;
      for (let i = 0; i < m; i++) out[i] += s * vectors[i * m + e];
    }
    return Math.sqrt(square);
  }
}
