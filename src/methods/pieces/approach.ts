/**
 * Repeating a lower map until the lower residual is small: K steps, looked at, 2K more, and so on. Where the residual grows
 * the map's steps were too long for the curvature there: they are shortened and the steps taken back; so they are where the
 * residual stands because the steps go to and fro.
 */
import { normInf } from "../../num/vector.js";
import type { LowerEnd } from "../kit/lowerSolver.js";
import { overshoots } from "../kit/overshoot.js";
import type { LowerMap } from "./piece.js";

type Vector = Float64Array;

const FIRST_STEPS = 16;
const MOST_AT_ONCE = 1 << 14;
const MOST = 1 << 20;
const MOST_SHRINKS = 40;
/** A block of steps that leaves more than this share of the residual gains nothing; three of them: the floor. */
const NO_PROGRESS = 0.9;
const PATIENCE = 3;
/** The residual of a map with momentum may rise a little on its way down. */
const GROWTH = 4;

export class Approach {
  /** |P grad_y g| at the last y returned, and the steps that led to it. */
  residual = Number.NaN;
  steps = 0;
  private readonly map: LowerMap;
  /** False for maps that mix in the upper objective: their residual may grow at first. */
  private readonly descends: boolean;
  private readonly start: Vector;
  private readonly between: Vector;
  private first = FIRST_STEPS;

  constructor(map: LowerMap, m: number, descends: boolean) {
    this.map = map;
    this.descends = descends;
    this.start = new Float64Array(m);
    this.between = new Float64Array(m);
  }

  /** Moves y until its residual, `residual` on entry, is at most `target`. */
  run(x: Vector, y: Vector, residual: number, target: number, exhausted: () => boolean): LowerEnd {
    const { map, start } = this;
    const far = 1e12 * (1 + normInf(y));
    let K = this.first;
    let idle = 0;
    let shrinks = 0;
    this.residual = residual;
    this.steps = 0;
    for (;;) {
      if (this.residual <= target) return this.settle("solved");
      if (!(this.residual < Number.POSITIVE_INFINITY)) return "not-finite";
      if (exhausted()) return "exhausted";
      if (this.steps >= MOST) return this.settle("limit");
      start.set(y);
      map.run(x, y, K, false);
      const next = map.residual(x, y);
      if (!(next < Number.POSITIVE_INFINITY) || (this.descends && next > GROWTH * this.residual)) {
        y.set(start);
        if (++shrinks > MOST_SHRINKS) return "not-finite";
        map.shrink();
        continue;
      }
      this.steps += K;
      if (next > NO_PROGRESS * this.residual) idle++;
      else idle = 0;
      this.residual = next;
      if (normInf(y) > far) return "unbounded";
      if (idle >= PATIENCE && this.descends) {
        if (!this.goesToAndFro(x, y) || ++shrinks > MOST_SHRINKS) return this.settle("floor");
        map.shrink();
        idle = 0;
      }
      K = Math.min(2 * K, MOST_AT_ONCE);
    }
  }

  /** Two further steps, one by one. */
  private goesToAndFro(x: Vector, y: Vector): boolean {
    const { map, start, between } = this;
    start.set(y);
    map.run(x, y, 1, false);
    between.set(y);
    map.run(x, y, 1, false);
    this.steps += 2;
    this.residual = map.residual(x, y);
    return overshoots(start, between, y);
  }

  /** The next approach begins with about half of what this one took. */
  private settle(end: LowerEnd): LowerEnd {
    if (this.steps > 0) this.first = Math.max(FIRST_STEPS, Math.min(MOST_AT_ONCE, this.steps >> 1));
    return end;
  }
}
