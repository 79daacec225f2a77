/**
 * Kinks of the hyper-objective, where active sets of the lower solution change: the last hypergradients near a point, and
 * the shortest vector of their convex hull (Goldstein, 1977; Burke, Lewis and Overton, 2005). Where that vanishes the point is
 * stationary although no single hypergradient is small; where it does not, its negative is a direction of descent.
 */
import { shortestWeights } from "../../num/shortestVector.js";
import { axpyInto, copyInto, fillInto, norm } from "../../num/vector.js";
import type { HyperPoint } from "./hyperPoint.js";

type Vector = Float64Array;

export class KinkBundle {
  private readonly x: readonly Vector[];
  private readonly G: readonly Vector[];
  private next = 0;
  private used = 0;

  /** Room for 2n + 10 hypergradients, at most 100. */
  constructor(n: number) {
    const capacity = Math.min(100, 2 * n + 10);
    this.x = Array.from({ length: capacity }, () => new Float64Array(n));
    this.G = Array.from({ length: capacity }, () => new Float64Array(n));
  }

  clear(): void {
    this.used = 0;
    this.next = 0;
  }

  readonly add = (p: HyperPoint): void => {
    copyInto(p.x, this.x[this.next]);
    copyInto(p.G, this.G[this.next]);
    this.next = (this.next + 1) % this.x.length;
    this.used = Math.min(this.used + 1, this.x.length);
  };

  /**
   * d = minus the shortest convex combination of the hypergradients within radius (1 + |x_i|) of p in every coordinate, those held at bounds of x by the
   * combination left out. Returns its length.
   */
  directionInto(p: HyperPoint, radius: number, lower: Vector, upper: Vector, d: Vector): number {
    const n = d.length;
    const near = [p.G];
    for (let k = 0; k < this.used; k++) {
      if (this.x[k].every((v, i) => Math.abs(v - p.x[i]) <= radius * (1 + Math.abs(p.x[i])))) near.push(this.G[k]);
    }
    const cut = near.map((g) => g.slice());
    // Coordinates at a bound are taken out as long as the combination pushes them outwards.
    const held = new Uint8Array(n);
    for (let pass = 0; pass <= n; pass++) {
      const weights = shortestWeights(cut);
      fillInto(0, d);
      weights.forEach((w, k) => {
        axpyInto(-w, near[k], d);
      });
      let more = false;
      for (let i = 0; i < n; i++) {
        const outwards = (p.x[i] <= lower[i] && d[i] < 0) || (p.x[i] >= upper[i] && d[i] > 0);
        if (outwards && held[i] === 0) {
          held[i] = 1;
          more = true;
          for (const g of cut) g[i] = 0;
        }
        if (held[i] === 1) d[i] = 0;
      }
      if (!more) break;
    }
    return norm(d);
  }
}
