/**
 * Anderson acceleration of a fixed-point map z = T(z) (Walker and Ni 2011, type II, window of `depth` differences):
 *
 *   r = T(z) - z;  c = argmin |r - dR c|;  candidate = z + r - (dZ + dR) c
 *
 * The least-squares problem is solved by the pseudo-inverse of its small Gram matrix, scaled to a unit diagonal. Whether
 * the candidate is taken is the caller's decision (a safeguard: proved only for contractions).
 */
import { pseudoSolveInto, symmetricEigen } from "../../num/eigen.js";
import { dot } from "../../num/vector.js";

type Vector = Float64Array;

export class Anderson {
  private readonly depth: number;
  private readonly dZ: Vector[];
  private readonly dR: Vector[];
  private readonly lastZ: Vector;
  private readonly lastR: Vector;
  private used = 0;
  private next = 0;
  private started = false;

  constructor(k: number, depth: number) {
    this.depth = depth;
    this.dZ = Array.from({ length: depth }, () => new Float64Array(k));
    this.dR = Array.from({ length: depth }, () => new Float64Array(k));
    this.lastZ = new Float64Array(k);
    this.lastR = new Float64Array(k);
  }

  clear(): void {
    this.used = 0;
    this.next = 0;
    this.started = false;
  }

  /** Takes z and r = T(z) - z; writes the candidate and returns true, or false while there is no history. */
  propose(z: Vector, r: Vector, candidate: Vector): boolean {
    const k = z.length;
    const { dZ, dR, lastZ, lastR } = this;
    if (this.started) {
      const Z = dZ[this.next];
      const R = dR[this.next];
      for (let i = 0; i < k; i++) {
        Z[i] = z[i] - lastZ[i];
        R[i] = r[i] - lastR[i];
      }
      this.next = (this.next + 1) % this.depth;
      if (this.used < this.depth) this.used++;
    }
    this.started = true;
    lastZ.set(z);
    lastR.set(r);
    const p = this.used;
    if (p === 0) return false;
    const gram = new Float64Array(p * p);
    const right = new Float64Array(p);
    const scale = new Float64Array(p);
    for (let a = 0; a < p; a++) {
      const size = Math.sqrt(dot(dR[a], dR[a]));
      scale[a] = size > 0 ? 1 / size : 0;
    }
    for (let a = 0; a < p; a++) {
      right[a] = scale[a] * dot(dR[a], r);
      for (let b = 0; b < p; b++) gram[a * p + b] = scale[a] * scale[b] * dot(dR[a], dR[b]);
    }
    const c = new Float64Array(p);
    pseudoSolveInto(symmetricEigen(gram, p), right, 1e-13, c);
    for (let i = 0; i < k; i++) {
      let s = z[i] + r[i];
      for (let a = 0; a < p; a++) s -= scale[a] * c[a] * (dZ[a][i] + dR[a][i]);
      candidate[i] = s;
    }
    for (let i = 0; i < k; i++) if (!Number.isFinite(candidate[i])) return false;
    return true;
  }
}
