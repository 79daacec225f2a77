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
import { norm } from "../../../num/vector.js";
import { backendOf } from "../../../oracle/backendOf.js";
import type { Oracle } from "../../../oracle/oracle.js";
import { KktModel } from "../kktModel.js";
import { ProgramSolver } from "../programSolver.js";
import { type Box, noBox } from "./box.js";
import { LowerLevel, type LowerSolution } from "./lowerLevel.js";

type Vector = Float64Array;

/** Largest violation, and largest gap over 1 + |g|. */
export const FEASIBLE = 1e-6;
/** A candidate must be better by this times 1 + |f| to be looked at. */
const BETTER = 1e-9;
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
  /** (x, y, z, v) where the candidate came with multipliers. */
  readonly u: Vector;
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
    this.upperRows = new Float64Array(oracle.upper.constraints.rows);
    this.lowerRows = new Float64Array(oracle.lower.constraints.rows);
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
  private take(x: Vector, y: Vector, f: number, leak: number, u: Vector | undefined, sharpened = false): boolean {
    const sharp = sharpened ? undefined : this.lower.local(x, y);
    if (sharp !== undefined) {
      const exact = this.oracle.upper.value(x, sharp.y);
      const away = distance(sharp.y, y) / (1 + norm(y));
      const change = Math.abs(exact - f);
      const same =
        leak > 0 ? change <= MOVED * leak || away <= NEAR : away <= SHARPENED && change <= AGREES * (1 + Math.abs(f));
      if (same && this.violation(x, sharp.y) <= FEASIBLE) {
        return this.promising(exact) && this.take(x, sharp.y, exact, 0, leak > 0 ? undefined : u, true);
      }
    }
    this.best = { x: x.slice(), y: y.slice(), f, leak, u: u ?? this.model.start(x, y), stage: this.stage };
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
    if (!this.within(x, y)) {
      this.far++;
      return false;
    }
    const lowest = lower.lowest(x, y, this.solutions);
    if (lowest === undefined) return false;
    this.remember(lowest.y);
    const g = oracle.lower.value(x, y);
    if (g <= lowest.g + FEASIBLE * (1 + Math.abs(g))) return this.take(x, y, f, leak, u);
    this.rejected++;
    return this.offerLower(x, lowest);
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
      if (g <= lowest.g + FEASIBLE * (1 + Math.abs(g))) return this.take(x, y, f, leak, undefined);
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
