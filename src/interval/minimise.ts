/**
 * Global minimisation with proof: interval branch and bound (Hansen and Walster, Global Optimization Using Interval
 * Analysis, 2004; Skelboe's order, least lower bound first). Lower bounds hold for all points of the domain that keep the
 * constraints exactly and where everything is defined; upper bounds are values at points that keep them within `accuracy`.
 * So "proved" says: no feasible point has a value below `lower`, and value - lower <= gap.
 */
import { BoxBounds, finitePointInto } from "./bounds.js";
import { type Box, BoxQueue, clusters, hullInto, type QueuedBox } from "./boxes.js";
import type { IntervalLevel } from "./level.js";
import { localSolve } from "./localSolve.js";

type Vector = Float64Array;

export interface MinimiseOptions {
  /** Relative gap: value - lower <= tolerance (1 + |value|); default 1e-6. */
  readonly tolerance?: number;
  /** The same absolute; the larger of the two counts. Default 0. */
  readonly gap?: number;
  /** What counts as keeping a constraint at points; default 1e-9. */
  readonly accuracy?: number;
  /** Boxes looked at before giving up; default 20000. */
  readonly boxes?: number;
  /** Asked at every second box: true ends the search. */
  readonly cancelled?: () => boolean;
  /** Points to begin with, feasible or not. */
  readonly starts?: readonly Vector[];
  /** After the proof, boxes that may hold minimisers are halved until no wider than this share of the domain; default: they stay. */
  readonly isolate?: number;
  /** Stop as soon as a feasible point has a value below this. */
  readonly target?: number;
  /** Only values below this count: a search that meets none ends `infeasible`. */
  readonly cutoff?: number;
}

export interface Minimum {
  /**
   * proved: the gap is closed. infeasible: proved that no point keeps the constraints (and has a value below `cutoff`). better: a value below the target
   * was met. budget: boxes or time ran out. unbounded: the domain has no finite box and none could be proved to suffice.
   */
  readonly status: "proved" | "infeasible" | "better" | "budget" | "unbounded";
  /** A proved lower bound, whatever the status. */
  readonly lower: number;
  /** The best value at a point that keeps the constraints, and the point; Infinity and undefined where there is none. */
  readonly value: number;
  readonly y: Vector | undefined;
  /** Where proved: boxes that hold all global minimisers, one for each group that touches. */
  readonly minimisers: readonly Box[];
  /** Boxes bounded. */
  readonly boxes: number;
}

const KEPT = 500;
const BOXES = 20000;

export function minimise(level: IntervalLevel, domain: Box, options: MinimiseOptions = {}): Minimum {
  return new Search(level, domain, options).run();
}

class Search {
  private readonly level: IntervalLevel;
  private readonly options: MinimiseOptions;
  private readonly accuracy: number;
  private readonly lo: Vector;
  private readonly hi: Vector;
  private readonly queue = new BoxQueue();
  private readonly kept: Box[] = [];
  private best: number;
  private y: Vector | undefined;
  /** The least bound among boxes that were dropped for it or cannot be split. */
  private dropped = Number.POSITIVE_INFINITY;
  private boxes = 0;

  constructor(level: IntervalLevel, domain: Box, options: MinimiseOptions) {
    this.level = level;
    this.options = options;
    this.accuracy = options.accuracy ?? 1e-9;
    this.best = options.cutoff ?? Number.POSITIVE_INFINITY;
    this.lo = domain.lo.slice();
    this.hi = domain.hi.slice();
  }

  run(): Minimum {
    const { level, options } = this;
    const bounds = new BoxBounds(level, this.lo.slice(), this.hi.slice());
    for (let k = 0; k < 4 * level.m && level.rows > 0; k++) {
      const before = [...this.lo, ...this.hi];
      if (!bounds.contractRows(this.lo, this.hi)) return this.result("infeasible");
      if ([...this.lo, ...this.hi].every((v, j) => v === before[j])) break;
    }
    if (options.cutoff !== undefined) {
      // often there is nothing below it, and no local solve is needed to see that
      const enough = this.enough();
      if (bounds.bound(this.lo.slice(), this.hi.slice(), this.best, enough) >= enough) return this.result("infeasible");
    }
    for (const start of options.starts ?? []) this.improve(start);
    const middle = new Float64Array(level.m);
    finitePointInto(this.lo, this.hi, middle);
    this.improve(middle);
    this.enclose(bounds);
    if (![...this.lo, ...this.hi].every(Number.isFinite)) return this.result("unbounded", Number.NEGATIVE_INFINITY);
    this.add(bounds, this.lo.slice(), this.hi.slice(), 0);
    while (this.queue.size > 0) {
      if (this.best < (options.target ?? Number.NEGATIVE_INFINITY)) return this.result("better");
      if (this.queue.least >= this.enough()) break;
      if (this.boxes >= (options.boxes ?? BOXES)) return this.result("budget");
      if (options.cancelled?.() === true) return this.result("budget");
      this.split(bounds, this.queue.pop()!);
    }
    if (this.y === undefined) return this.result(this.least >= this.enough() ? "infeasible" : "budget");
    for (const box of this.queue.rest()) this.keep(box, box.bound);
    if (this.least < this.enough()) return this.result("budget");
    const proved = this.result("proved");
    return options.isolate === undefined ? proved : { ...proved, minimisers: this.isolated(bounds, options.isolate) };
  }

  /**
   * Cuts infinite sides at growing distances where the half space beyond breaks a constraint or has only larger values than
   * the best point, by the natural extension; cut sides help to cut others.
   */
  private enclose(bounds: BoxBounds): void {
    const { m } = this.level;
    for (let pass = 0; pass < m; pass++) {
      for (let j = 0; j < m; j++) {
        const size = 1 + Math.abs(this.y?.[j] ?? 0);
        for (let factor = 1; factor < 1e9; factor *= 4) {
          const lo = this.lo.slice();
          const hi = this.hi.slice();
          if (this.hi[j] === Number.POSITIVE_INFINITY) {
            lo[j] = Math.max(this.lo[j], factor * size);
            if (this.excludes(bounds, lo, hi)) this.hi[j] = lo[j];
            lo[j] = this.lo[j];
          }
          if (this.lo[j] === Number.NEGATIVE_INFINITY) {
            hi[j] = Math.min(this.hi[j], -factor * size);
            if (this.excludes(bounds, lo, hi)) this.lo[j] = hi[j];
          }
        }
      }
    }
  }

  private excludes(bounds: BoxBounds, lo: Vector, hi: Vector): boolean {
    const bound = bounds.natural(lo, hi);
    return bound === Number.POSITIVE_INFINITY || bound > this.best;
  }

  /** Halves what was kept, as long as boxes are left to be looked at. */
  private isolated(bounds: BoxBounds, share: number): Box[] {
    const open = this.kept.splice(0).map((box) => ({ lo: box.lo.slice(), hi: box.hi.slice() }));
    const done: Box[] = [];
    for (let box = open.pop(); box !== undefined; box = open.pop()) {
      this.boxes++;
      if (bounds.bound(box.lo, box.hi, this.best, Number.POSITIVE_INFINITY) > this.best) continue;
      let widest = 0;
      let j = 0;
      for (let k = 0; k < box.lo.length; k++) {
        const width = (box.hi[k] - box.lo[k]) / Math.max(Number.MIN_VALUE, this.hi[k] - this.lo[k]);
        if (width > widest) [widest, j] = [width, k];
      }
      if (!(widest > share) || this.boxes >= (this.options.boxes ?? BOXES)) {
        done.push(box);
        continue;
      }
      const middle = box.lo[j] / 2 + box.hi[j] / 2;
      const upper = { lo: box.lo.slice(), hi: box.hi };
      const lower = { lo: box.lo, hi: box.hi.slice() };
      upper.lo[j] = middle;
      lower.hi[j] = middle;
      open.push(upper, lower);
    }
    return clusters(done);
  }

  /** The least bound of all boxes, those that were dropped included. */
  private get least(): number {
    return Math.min(this.dropped, this.queue.least);
  }

  /** Bounds from here on close the gap. */
  private enough(): number {
    const { best, options } = this;
    if (best === Number.POSITIVE_INFINITY) return best;
    return best - Math.max(options.gap ?? 0, (options.tolerance ?? 1e-6) * (1 + Math.abs(best)));
  }

  private split(bounds: BoxBounds, box: QueuedBox): void {
    const { m } = this.level;
    const j = this.axis(bounds, box);
    const middle = new Float64Array(m);
    finitePointInto(box.lo, box.hi, middle);
    this.tryPoint(middle);
    if (j < 0) {
      this.dropped = Math.min(this.dropped, box.bound);
      this.keep(box, box.bound);
      return;
    }
    const upper = box.hi.slice();
    const lower = box.lo.slice();
    upper[j] = middle[j];
    lower[j] = middle[j];
    this.add(bounds, box.lo, upper, box.depth + 1);
    this.add(bounds, lower, box.hi, box.depth + 1);
  }

  /** The coordinate to halve: the one the bound depends on most, every third time the widest; -1 where none can be. */
  private axis(bounds: BoxBounds, { lo, hi, depth }: QueuedBox): number {
    let chosen = -1;
    let most = -1;
    const bySlope = depth % 3 !== 2;
    if (bySlope) this.level.lagrangian.over(lo, hi);
    for (let j = 0; j < lo.length; j++) {
      const middle = lo[j] / 2 + hi[j] / 2;
      if (!(middle > lo[j] && middle < hi[j])) continue;
      const width = (hi[j] - lo[j]) / (this.hi[j] - this.lo[j]);
      const slope = bySlope ? bounds.influence(lo, hi, j) : Number.NaN;
      const score = Number.isFinite(slope) ? slope : width;
      if (score > most) {
        most = score;
        chosen = j;
      }
    }
    return chosen;
  }

  /** Bounds a box and queues it unless its bound is high enough. Takes over the arrays. */
  private add(bounds: BoxBounds, lo: Vector, hi: Vector, depth: number): void {
    this.boxes++;
    if ((this.boxes & (this.boxes - 1)) === 0 && this.boxes > 4) {
      const middle = new Float64Array(this.level.m);
      finitePointInto(lo, hi, middle);
      this.improve(middle);
    }
    const enough = this.enough();
    const bound = bounds.bound(lo, hi, this.best, enough);
    if (bound === Number.POSITIVE_INFINITY) return;
    if (bound < enough) this.queue.push({ lo, hi, bound, depth });
    else {
      this.dropped = Math.min(this.dropped, bound);
      this.keep({ lo, hi }, bound);
    }
  }

  /** Boxes that may hold minimisers. Beyond many, the last one grows. */
  private keep(box: Box, bound: number): void {
    if (bound > this.best) return;
    if (this.kept.length < KEPT) this.kept.push({ lo: box.lo.slice(), hi: box.hi.slice() });
    else hullInto(this.kept[KEPT - 1], box);
  }

  /** Takes a feasible point if it is better; says whether. */
  private tryPoint(y: Vector): boolean {
    const { values, rows, equality } = this.level;
    values.over(y, y);
    const [g, c] = values.outputs;
    if (g.flags[0] !== 0 && !(Number.isFinite(g.lo[0]) && Number.isFinite(g.hi[0]))) return false;
    if (!(g.hi[0] < this.best)) return false;
    for (let i = 0; i < rows; i++) {
      if (!(c.hi[i] <= this.accuracy) || (equality[i] === 1 && !(c.lo[i] >= -this.accuracy))) return false;
    }
    this.best = g.hi[0];
    this.y = y.slice();
    return true;
  }

  /** The same after a local solve from there, whose multipliers then serve the bounds. */
  private improve(start: Vector): void {
    this.tryPoint(start);
    const before = this.best;
    const { y, z } = localSolve(this.level, this.lo, this.hi, start, this.accuracy);
    this.tryPoint(y);
    if (this.best < before || this.y === undefined) this.level.setMultipliers(multipliersOf(this.level, z));
  }

  private result(status: Minimum["status"], lower?: number): Minimum {
    return {
      status,
      lower: lower ?? Math.min(this.least, this.best),
      value: this.y === undefined ? Number.POSITIVE_INFINITY : this.best,
      y: this.y,
      minimisers: status === "proved" ? clusters(this.kept) : [],
      boxes: this.boxes,
    };
  }
}

/** Finite, and not negative where they must not be. */
function multipliersOf(level: IntervalLevel, z: Vector): Vector {
  return z.map((v, i) => (!Number.isFinite(v) ? 0 : level.equality[i] === 1 ? v : Math.max(0, v)));
}
