/**
 * The points of a run that a comparison measures: the start, the last, and between them at most about POINTS_PER_DECADE for
 * each tenfold of oracle calls or of iterations. What is kept depends on counts only, not on the clock.
 */

type Vector = Float64Array;

export interface KeptPoint {
  readonly iteration: number;
  readonly calls: number;
  readonly seconds: number;
  readonly claim: number;
  readonly x: Vector;
  readonly y: Vector;
}

const POINTS_PER_DECADE = 16;
const RATIO = 10 ** (1 / POINTS_PER_DECADE);

export class PointKeeper {
  readonly points: KeptPoint[] = [];
  private dueCalls = 0;
  private dueIteration = 0;

  /** True where a point after so many calls and iterations is to be kept. */
  wants(calls: number, iteration: number): boolean {
    return calls >= this.dueCalls || iteration >= this.dueIteration;
  }

  /** Keeps copies of x and y. */
  add(point: KeptPoint): void {
    const { calls, iteration } = point;
    this.points.push({ ...point, x: point.x.slice(), y: point.y.slice() });
    // Within a run either count may lag the other for ever (methods that only ask values): both move on together.
    this.dueCalls = calls > 0 ? calls * RATIO : Number.MIN_VALUE;
    this.dueIteration = iteration > 0 ? Math.max(iteration + 1, iteration * RATIO) : 1;
  }

  /** The last point, unless it is the one kept last already. */
  finish(last: KeptPoint): readonly KeptPoint[] {
    const { points } = this;
    const kept = points.at(-1);
    // A run that failed returns an earlier point than its last: then both are told.
    const same =
      kept !== undefined && kept.iteration === last.iteration && equal(kept.x, last.x) && equal(kept.y, last.y);
    if (!same) points.push(last);
    return points;
  }
}

function equal(a: Vector, b: Vector): boolean {
  return a.every((v, i) => v === b[i]);
}
