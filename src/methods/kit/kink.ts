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
    // Shortest vector of hull + normal cone of the box by its active set: a coordinate at a bound is left out while the
    // combination pushes it outwards. At most a few passes: what cycles is decided by the last one, on the safe side.
    const held = new Uint8Array(n);
    const cut = near.map((g) => g.slice());
    for (let pass = 0; pass <= 2 * n; pass++) {
      const weights = shortestWeights(cut);
      fillInto(0, d);
      weights.forEach((w, k) => {
        axpyInto(-w, near[k], d);
      });
      let changed = false;
      for (let i = 0; i < n; i++) {
        const outwards = (p.x[i] <= lower[i] && d[i] < 0) || (p.x[i] >= upper[i] && d[i] > 0);
        if (outwards === (held[i] === 1)) continue;
        // Releasing needs a clear pull inwards.
        if (held[i] === 1 && Math.abs(d[i]) <= 1e-12 * norm(near[0])) continue;
        held[i] = outwards ? 1 : 0;
        changed = true;
        cut.forEach((g, k) => {
          g[i] = outwards ? 0 : near[k][i];
        });
      }
      if (!changed) break;
    }
    for (let i = 0; i < n; i++) if ((p.x[i] <= lower[i] && d[i] < 0) || (p.x[i] >= upper[i] && d[i] > 0)) d[i] = 0;
    return norm(d);
  }
}
