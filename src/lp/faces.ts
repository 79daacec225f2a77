/**
 * Good points of separable programs with pairs: multipliers z tell which pairs are tight, the best point with these tight is a
 * point of the problem (a face of its polyhedron), and z may be chosen anew there. Pairs that hold the objective back are
 * then released one by one, each time with other multipliers: a pivoting local search.
 */
import { createRandom } from "../num/random.js";
import { DenseSimplex } from "./denseSimplex.js";
import { type Directions, EXCLUDED } from "./directions.js";
import type { PivotMemory } from "./pivotKernel.js";
import type { Separable } from "./separable.js";

type Vector = Float64Array;

/** The best point with some pairs tight that may carry all multipliers. */
export interface FacePoint {
  readonly tight: Uint8Array;
  readonly objective: number;
}

/** A slack below this share of 1 + |limit| is zero. */
const TIGHT = 1e-8;
const OLD = 200;
const ROUNDS = 10;
/** Pairs released in one search, at most. */
const RELEASES = 300;
/** Random weights: the logarithm of the largest one; and the least slack that they multiply. */
const SPREAD = 2;
const LEAST_SLACK = 1e-3;

export class Faces {
  solves = 0;
  private readonly face: DenseSimplex;
  private readonly probe: DenseSimplex;
  private readonly random = createRandom(1).split("faces");

  constructor(
    private readonly s: Separable,
    private readonly lower: Vector,
    private readonly upper: Vector,
    private readonly directions: Directions,
    memory: PivotMemory,
  ) {
    this.face = new DenseSimplex(s.primal, memory);
    this.probe = new DenseSimplex(s.primal, memory);
  }

  /** The limit that a tight pair stands at. */
  target(j: number): number {
    const v = this.s.slack[j];
    return this.s.side[j] > 0 ? this.s.upper[v] : this.s.lower[v];
  }

  slack(lp: DenseSimplex, j: number): number {
    return (this.target(j) - lp.x[this.s.slack[j]]) * this.s.side[j];
  }

  isTight(lp: DenseSimplex, j: number): boolean {
    return this.slack(lp, j) <= TIGHT * (1 + Math.abs(this.target(j)));
  }

  /** Makes a pair tight; false where another pair holds the same variable elsewhere. */
  tighten(lp: DenseSimplex, j: number): boolean {
    const v = this.s.slack[j];
    const to = this.target(j);
    if (lp.lower[v] === lp.upper[v]) return lp.lower[v] === to;
    lp.limit(v, to, to);
    return true;
  }

  /** The best point below `cutoff` that is found from multipliers at hand and a tableau. Weights of the directions are lost. */
  search(from: DenseSimplex, cutoff: number, margin: number): FacePoint | undefined {
    const { face, probe, directions } = this;
    let best: FacePoint | undefined;
    let tight = directions.support();
    for (let round = 0; round < ROUNDS; round++) {
      probe.copy(from);
      this.release(probe);
      if (!this.onto(probe, tight, best === undefined ? cutoff : best.objective - margin)) break;
      best = { tight, objective: probe.objective };
      face.copy(probe);
      this.weighBySlack(face, -1);
      directions.solve();
      tight = directions.support();
    }
    return best === undefined ? undefined : this.improved(best, margin);
  }

  /** Searches from random multipliers. */
  searchAround(from: DenseSimplex, margin: number, starts: number): FacePoint | undefined {
    const { directions, random } = this;
    let best: FacePoint | undefined;
    for (let start = 0; start < starts; start++) {
      for (let j = 0; j < this.s.slack.length; j++) {
        const scale = start % 2 === 0 ? 1 : Math.max(LEAST_SLACK, this.slack(from, j));
        directions.weigh(j, scale * Math.exp(SPREAD * (2 * random.uniform() - 1)));
      }
      directions.solve();
      const found = this.search(from, Number.POSITIVE_INFINITY, margin);
      if (found !== undefined && !(found.objective >= (best?.objective ?? Number.POSITIVE_INFINITY))) best = found;
    }
    return best;
  }

  private improved(start: FacePoint, margin: number): FacePoint {
    const { face, probe, directions, s } = this;
    let best = start;
    let left = RELEASES;
    for (;;) {
      let better: FacePoint | undefined;
      for (const j of this.holding(best.tight)) {
        if (left-- <= 0) return best;
        this.weighBySlack(face, j);
        directions.solve();
        const tight = directions.support();
        if (tight[j] === 1) continue;
        probe.copy(face);
        for (let k = 0; k < tight.length; k++) {
          const v = s.slack[k];
          if (best.tight[k] === 1 && tight[k] === 0) probe.limit(v, this.lower[v], this.upper[v]);
        }
        if (!this.onto(probe, tight, best.objective - margin)) continue;
        better = { tight, objective: probe.objective };
        break;
      }
      if (better === undefined) return best;
      best = better;
      face.copy(probe);
      if (face.age > OLD) face.load(face.basis());
    }
  }

  /** Tight pairs whose release lowers the objective, the steepest first. */
  private holding(tight: Uint8Array): number[] {
    const { face, s } = this;
    const found: { readonly j: number; readonly slope: number }[] = [];
    for (let j = 0; j < tight.length; j++) {
      const p = face.place[s.slack[j]];
      if (tight[j] === 0 || p >= 0) continue;
      const slope = face.d[-1 - p] * s.side[j];
      if (slope > 1e-9) found.push({ j, slope });
    }
    return found.sort((a, b) => b.slope - a.slope).map(({ j }) => j);
  }

  private onto(lp: DenseSimplex, tight: Uint8Array, cutoff: number): boolean {
    for (let j = 0; j < tight.length; j++) if (tight[j] === 1 && !this.tighten(lp, j)) return false;
    this.solves++;
    return lp.solve(cutoff) === "optimal" && lp.objective < cutoff;
  }

  private release(lp: DenseSimplex): void {
    const { lower, upper } = this;
    for (let v = 0; v < lower.length; v++)
      if (lp.lower[v] !== lower[v] || lp.upper[v] !== upper[v]) lp.limit(v, lower[v], upper[v]);
  }

  private weighBySlack(lp: DenseSimplex, without: number): void {
    for (let j = 0; j < this.s.slack.length; j++) {
      this.directions.weigh(j, j === without ? EXCLUDED : this.isTight(lp, j) ? 0 : this.slack(lp, j));
    }
  }
}
