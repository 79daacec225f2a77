/**
 * The activity of a sum: where  t_1 + ... + t_k  lies in [lo, hi], each term has the room that the others leave it,
 *
 *     lo - sum over others of sup t_j  <=  t_i  <=  hi - sum over others of inf t_j
 *
 * (Andersen and Andersen, Presolving in linear programming, Mathematical Programming 71, 1995, section 3.2). Rounded outward;
 * of infinite terms at most one gets a room.
 */
import { addDown, addUp } from "../num/interval.js";

const INF = Number.POSITIVE_INFINITY;

export class Rooms {
  private low = 0;
  private high = 0;
  private below = 0;
  private above = 0;

  /** Begins a sum. */
  reset(): void {
    this.low = 0;
    this.high = 0;
    this.below = 0;
    this.above = 0;
  }

  add(lo: number, hi: number): void {
    if (lo === -INF) this.below++;
    else this.low = addDown(this.low, lo);
    if (hi === INF) this.above++;
    else this.high = addUp(this.high, hi);
  }

  /** Bounds of the whole sum. */
  get inf(): number {
    return this.below > 0 ? -INF : this.low;
  }

  get sup(): number {
    return this.above > 0 ? INF : this.high;
  }

  /** The least value of a term with these bounds, where the sum is at least `least`. */
  least(least: number, hi: number): number {
    const own = hi === INF;
    if (this.above > (own ? 1 : 0)) return -INF;
    return addDown(least, -(own ? this.high : addUp(this.high, -hi)));
  }

  /** The greatest one, where the sum is at most `most`. */
  most(most: number, lo: number): number {
    const own = lo === -INF;
    if (this.below > (own ? 1 : 0)) return INF;
    return addUp(most, -(own ? this.low : addDown(this.low, -lo)));
  }
}
