/**
 * What the stages of the portfolio share: the models, the box that starts come from, the best point, and THE FILTER. A
 * candidate replaces the best point only if it keeps all constraints to 1e-6 and survives an independent solve of the lower
 * level, local from its y and, where the lower level is not convex, from several other starts:
 *
 *   g(x, y) <= min g(x, .) + 1e-6 (1 + |g|)
 *
 * If it does not, the lower solution found at its x is offered instead.
 */
import type { Backend } from "../../../codegen/kernel.js";
import { domainBoxes } from "../../../curvature/boxes.js";
import { Ranges } from "../../../curvature/ranges.js";
import { norm } from "../../../num/vector.js";
import { backendOf } from "../../../oracle/backendOf.js";
import type { Oracle } from "../../../oracle/oracle.js";
import { KktModel } from "../kktModel.js";
import { ProgramSolver } from "../programSolver.js";
import { type Box, noBox } from "./box.js";
import { LowerLevel, type LowerSolution, type Preferred } from "./lowerLevel.js";

type Vector = Float64Array;

/** Largest violation, and largest gap over 1 + |g|. */
export const FEASIBLE = 1e-6;
/** A candidate must be better by this times 1 + |f| to be looked at. */
const BETTER = 1e-9;
/** A gap above this (over 1 + |g|) is none of rounding: what it gains above may be nothing but the tolerance. */
const ROUNDING = 1e-12;
/** Lower solutions are compared with that keep their value to this. */
const TIGHT = 1e-9;
/** By this times 1 + |f| a point whose gap is more than rounding must be better than one without. */
const DOUBT = 1e-4;
/** An advantage over them of more than this times 1 + |f| is owed to the tolerance. */
const OWED = 1e-6;
/** Values this near, times 1 + |f|, are the same answer. */
const AGREES = 1e-5;
/** f of a lower solution this times the leak away belongs to the same one. */
const MOVED = 4;
/** So does one this near, relative to 1 + |y|. */
const NEAR = 2e-3;
/** What a first-order point may be off the lower solution it stands for, relative to 1 + |y|. */
const SHARPENED = 1e-4;
/** Lower solutions that are kept as starts for others. */
const REMEMBERED = 4;
/** Points beyond this times 1 + |start| are not taken. */
const FAR = 1e6;

export interface Incumbent {
  readonly x: Vector;
  readonly y: Vector;
  readonly f: number;
  /** How much lower f is than it would be without the tolerances that the point was found with. */
  readonly leak: number;
  /** (x, y, z, v), with the multipliers that the candidate came with, or with least-squares ones. */
  readonly u: Vector;
  /** No lower value was met that is below that of y by more than rounding. */
  readonly exact: boolean;
  /** It came with multipliers. */
  readonly firstOrder: boolean;
  /** Stage that found it. */
  readonly stage: string;
}

export class Search {
  readonly model: KktModel;
  readonly lower: LowerLevel;
  readonly solver: ProgramSolver;
  best: Incumbent | undefined;
  readonly backend: Backend;
  box: Box = noBox;
  stage = "";
  /** Candidates so far from the start that the objective seems to fall without bound there. */
  far = 0;
  /** Starts whose paths ended at the best value, since it was last improved. */
  agreed = 0;
  /** Candidates that the filter refused. */
  rejected = 0;
  /** A lower bound of f over all domains, by intervals. */
  private readonly floor: number;
  private readonly solutions: Vector[] = [];
  private readonly upperRows: Vector;
  private readonly lowerRows: Vector;

  constructor(
    readonly oracle: Oracle,
    exhausted: () => boolean,
  ) {
    this.backend = backendOf(oracle);
    this.solver = new ProgramSolver(oracle, exhausted);
    this.model = new KktModel(oracle);
    this.lower = new LowerLevel(oracle, this.backend, this.solver);
    const { x, y, upper } = oracle.problem;
    const boxes = domainBoxes(oracle.problem);
    const ranges = new Ranges(
      new Map([
        [x, boxes.x],
        [y, boxes.y],
      ]),
    );
    this.floor = ranges.hull(upper.objective).lo;
    this.upperRows = new Float64Array(oracle.upper.constraints.rows);
    this.lowerRows = new Float64Array(oracle.lower.constraints.rows);
  }

  /** No point of the domains has a lower f than the best one. */
  get attained(): boolean {
    const { best, floor } = this;
    return best?.exact === true && best.f <= floor + BETTER * (1 + Math.abs(floor));
  }

  /** In place: the nearest x within its domain and its constraints that are bounds, which therefore hold exactly. */
  projectX(x: Vector): void {
    const { lower, upper } = this.model.pairs.compiled;
    this.oracle.domainX.project(x);
    for (let i = 0; i < x.length; i++) x[i] = Math.min(upper[i], Math.max(lower[i], x[i]));
  }

  /** Largest violation of any constraint or domain. */
  violation(x: Vector, y: Vector): number {
    const { oracle, upperRows, lowerRows } = this;
    let worst = 0;
    for (const [level, rows] of [
      [oracle.upper, upperRows],
      [oracle.lower, lowerRows],
    ] as const) {
      if (rows.length === 0) continue;
      level.constraints.value(x, y, rows);
      rows.forEach((c, r) => {
        worst = Math.max(worst, level.constraints.equality[r] === 1 ? Math.abs(c) : c);
      });
    }
    for (const [domain, v] of [
      [oracle.domainX, x],
      [oracle.domainY, y],
    ] as const) {
      if (domain.free) continue;
      const inside = v.slice();
      domain.project(inside);
      inside.forEach((p, j) => {
        worst = Math.max(worst, Math.abs(p - v[j]));
      });
    }
    return worst;
  }

  /** Tells where the path of a start ended; undefined: nowhere. */
  ended(f: number | undefined, before: Incumbent | undefined): void {
    const { best } = this;
    if (best === undefined || f === undefined) return;
    const close = AGREES * (1 + Math.abs(best.f));
    if (before !== undefined && best.f < before.f - close) this.agreed = 0;
    if (Math.abs(f - best.f) <= close) this.agreed++;
  }

  /** Whether f is enough below the best value to be worth a look. */
  promising(f: number): boolean {
    const { best } = this;
    return Number.isFinite(f) && (best === undefined || f < best.f + best.leak - BETTER * (1 + Math.abs(best.f)));
  }

  private within(x: Vector, y: Vector): boolean {
    const { startX, startY } = this.oracle;
    return norm(x) <= FAR * (1 + norm(startX)) && norm(y) <= FAR * (1 + norm(startY));
  }

  /**
   * Where tolerances moved y off an isolated lower solution, that solution takes its place, or the candidate is refused if it
   * owes its advantage to them.
   */
  private take(
    x: Vector,
    y: Vector,
    f: number,
    leak: number,
    u: Vector | undefined,
    exact: boolean,
    sharpened = false,
  ): boolean {
    const sharp = sharpened ? undefined : this.lower.local(x, y);
    if (sharp !== undefined) {
      const there = this.oracle.upper.value(x, sharp.y);
      const away = distance(sharp.y, y) / (1 + norm(y));
      const change = Math.abs(there - f);
      const same =
        leak > 0 ? change <= MOVED * leak || away <= NEAR : away <= SHARPENED && change <= AGREES * (1 + Math.abs(f));
      if (same && this.violation(x, sharp.y) <= FEASIBLE) {
        return this.promising(there) && this.take(x, sharp.y, there, 0, leak > 0 ? undefined : u, true, true);
      }
    }
    this.best = {
      x: x.slice(),
      y: y.slice(),
      f,
      leak,
      u: u ?? this.model.start(x, y),
      exact,
      firstOrder: u !== undefined,
      stage: this.stage,
    };
    return true;
  }

  /**
   * Takes the point if it is better and passes the filter; else what can be made of it at the same x. `leak`: by how much f
   * may be too low because of tolerances; a point without leak replaces one with a leak if it is better than f + leak.
   */
  offer(x: Vector, y: Vector, u?: Vector, leak = 0): boolean {
    const { oracle, lower } = this;
    const f = oracle.upper.value(x, y);
    if (!this.promising(f + leak) || !(this.violation(x, y) <= FEASIBLE)) return false;
    const lowest = lower.lowest(x, y, this.solutions);
    if (lowest === undefined) return false;
    this.remember(lowest.y);
    const g = oracle.lower.value(x, y);
    const gap = (g - lowest.g) / (1 + Math.abs(g));
    if (gap <= FEASIBLE) {
      if (!this.within(x, y)) {
        this.far++;
        return false;
      }
      return this.accept(x, y, f, leak, u, lowest, gap);
    }
    this.rejected++;
    return this.offerLower(x, lowest);
  }

  /**
   * For a point whose g is within tolerance of a lower value that is known to be lower: the lower solution in earnest that
   * the upper level prefers, where that is clearly worse for it; else undefined.
   */
  private withoutTolerance(x: Vector, y: Vector, f: number, lowest: LowerSolution): Preferred | undefined {
    const { lower, oracle } = this;
    const preferred = lower.optimistic(x, { y, g: lowest.g }, TIGHT) ?? lower.optimistic(x, lowest, TIGHT);
    if (preferred === undefined) return undefined;
    const owed = OWED * (1 + Math.abs(f));
    const isolated = preferred.leak > owed ? lower.local(x, preferred.y) : undefined;
    const exact = isolated === undefined ? preferred : { y: isolated.y, leak: 0 };
    return oracle.upper.value(x, exact.y) - f > owed + exact.leak ? exact : undefined;
  }

  private accept(
    x: Vector,
    y: Vector,
    f: number,
    leak: number,
    u: Vector | undefined,
    lowest: LowerSolution,
    gap: number,
  ): boolean {
    const doubtful = gap > ROUNDING;
    const { best } = this;
    if (doubtful && best?.exact === true && f + DOUBT * (1 + Math.abs(f)) >= best.f) return false;
    const exact = doubtful ? this.withoutTolerance(x, y, f, lowest) : undefined;
    return exact === undefined ? this.take(x, y, f, leak, u, !doubtful) : this.offerExact(x, exact);
  }

  private offerExact(x: Vector, { y, leak }: Preferred): boolean {
    const f = this.oracle.upper.value(x, y);
    if (!this.promising(f + leak) || !(this.violation(x, y) <= FEASIBLE)) return false;
    return this.take(x, y, f, leak, undefined, false);
  }

  /** The lower solution that the upper level prefers, or the one given, as a candidate. */
  offerLower(x: Vector, lowest: LowerSolution): boolean {
    const { oracle } = this;
    if (!this.within(x, lowest.y)) return false;
    const plain = { y: lowest.y, leak: 0 };
    const preferred = this.lower.optimistic(x, lowest);
    for (const { y, leak } of preferred === undefined ? [plain] : [preferred, plain]) {
      const f = oracle.upper.value(x, y);
      if (!this.promising(f + leak) || !(this.violation(x, y) <= FEASIBLE)) continue;
      const g = oracle.lower.value(x, y);
      const gap = (g - lowest.g) / (1 + Math.abs(g));
      if (gap <= FEASIBLE) return this.accept(x, y, f, leak, undefined, lowest, gap);
    }
    return false;
  }

  /** The lowest lower solution at x, warm from y and from solutions met before. */
  lowest(x: Vector, y: Vector): LowerSolution | undefined {
    const found = this.lower.lowest(x, y, this.solutions);
    if (found !== undefined) this.remember(found.y);
    return found;
  }

  private remember(y: Vector): void {
    const { solutions } = this;
    const near = solutions.some((s) => Math.hypot(...s.map((v, j) => v - y[j])) <= 1e-3 * (1 + Math.hypot(...y)));
    if (near) return;
    solutions.push(y.slice());
    if (solutions.length > REMEMBERED) solutions.shift();
  }
}

function distance(a: Vector, b: Vector): number {
  return Math.hypot(...a.map((v, j) => v - b[j]));
}
