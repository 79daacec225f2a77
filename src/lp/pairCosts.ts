/**
 * What it costs to make each open pair of a node tight, from below, and what follows: pairs too dear to be tight, clauses whose
 * cheapest pair is as dear as can be, the pair to branch on. (Strong branching:
 * Applegate, Bixby, Chvátal and Cook, The Traveling Salesman Problem, 2006; product rule: Achterberg, Koch and Martin, Oper.
 * Res. Lett. 33, 2005.)
 */
import type { DenseProof } from "./denseProof.js";
import { DenseSimplex } from "./denseSimplex.js";
import { type Directions, EXCLUDED } from "./directions.js";
import type { Faces } from "./faces.js";
import type { Incumbent } from "./incumbent.js";
import { penalty } from "./penalty.js";
import type { Separable } from "./separable.js";

type Vector = Float64Array;

/** Pairs not decided, tight (s_j = 0), without multiplier (z_j = 0). */
export const OPEN = 0;
export const TIGHT = 1;
export const LOOSE = 2;

const inf = Number.POSITIVE_INFINITY;
/** Pairs looked at before branching. */
const CANDIDATES = 20;
/** Weight of a pair that costs nothing to make tight. */
const LEAST_WEIGHT = 1e-3;
/** Relative rises of the multipliers' cost count up to this one. */
const HIGHEST_RISE = 10;

export class PairCosts {
  solves = 0;
  /** What it costs to make a pair tight, at least; `exact` 1 where that was solved for. */
  private readonly gain: Vector;
  private readonly exact: Uint8Array;
  private readonly probe: DenseSimplex;

  constructor(
    private readonly s: Separable,
    /** The relaxation of the node at hand, solved. */
    private readonly main: DenseSimplex,
    private readonly proof: DenseProof,
    private readonly directions: Directions,
    private readonly faces: Faces,
    private readonly incumbent: Incumbent,
  ) {
    this.probe = new DenseSimplex(s.primal);
    this.gain = new Float64Array(s.slack.length);
    this.exact = new Uint8Array(s.slack.length);
  }

  of(j: number): number {
    return this.gain[j];
  }

  /** The least cost within a clause; Infinity where it is empty. */
  cheapest(clause: readonly number[]): number {
    return clause.reduce((least, j) => Math.min(least, this.gain[j]), inf);
  }

  /** Lower bounds of what it costs to make each open pair tight; too dear ones are left without multiplier. */
  price(sides: Uint8Array, base: number): void {
    const { main, s, faces, gain, exact } = this;
    for (let j = 0; j < sides.length; j++) {
      exact[j] = 0;
      gain[j] = 0;
      if (sides[j] === LOOSE) gain[j] = inf;
      if (sides[j] !== OPEN || faces.isTight(main, j)) continue;
      const v = s.slack[j];
      gain[j] = main.lower[v] === main.upper[v] ? inf : penalty(main, v, faces.target(j));
      this.excludeDear(sides, base, j);
    }
  }

  private excludeDear(sides: Uint8Array, base: number, j: number): boolean {
    if (!this.incumbent.cutOff(base + this.gain[j])) return false;
    sides[j] = LOOSE;
    this.gain[j] = inf;
    return true;
  }

  /** Directions that avoid pairs in proportion to what these cost. */
  weigh(sides: Uint8Array, base: number): void {
    const { main, directions, faces, gain } = this;
    const most = this.incumbent.objective === inf ? 1 + Math.abs(base) : this.incumbent.cutoff - base;
    for (let j = 0; j < sides.length; j++) {
      const free = sides[j] === TIGHT || faces.isTight(main, j);
      directions.weigh(j, free ? 0 : sides[j] === LOOSE ? EXCLUDED : LEAST_WEIGHT + gain[j] / most);
    }
  }

  /** Solves for the cost of a pair. False where it is too dear. */
  private solveFor(sides: Uint8Array, base: number, j: number): boolean {
    const { probe, gain, exact, proof } = this;
    probe.copy(this.main);
    let found = inf;
    if (this.faces.tighten(probe, j)) {
      this.solves++;
      const status = probe.solve(this.incumbent.cutoff);
      if (status === "infeasible") found = proof.infeasible(probe) ? inf : 0;
      else found = proof.bound(probe) - base;
    }
    exact[j] = 1;
    gain[j] = Math.max(gain[j], found);
    return !this.excludeDear(sides, base, j);
  }

  /** A clause whose cheapest pair is as dear as can be, and solved for; undefined where no clause can be kept. */
  narrow(from: number[], sides: Uint8Array, base: number): number[] | undefined {
    const { directions, gain, exact } = this;
    let clause = from;
    while (clause.length > 1) {
      const j = clause.reduce((a, b) => (gain[b] < gain[a] ? b : a));
      if (this.incumbent.cutOff(base + gain[j])) return undefined;
      // is there a clause without it?
      const weight = directions.weights[j];
      directions.weigh(j, 0);
      const without = directions.clause((k) => sides[k] === LOOSE);
      if (directions.failed) return undefined;
      if (without !== undefined) clause = without;
      else {
        directions.weigh(j, weight);
        if (exact[j] === 1) return clause;
        if (this.solveFor(sides, base, j)) continue;
        directions.weigh(j, EXCLUDED);
        clause = clause.filter((k) => k !== j);
      }
    }
    return clause.length === 0 ? undefined : clause;
  }

  /** Of the pairs that multipliers of least cost make tight, the one whose children both rise. */
  choose(sides: Uint8Array, base: number): number | undefined {
    const { directions, gain, exact } = this;
    for (;;) {
      this.weigh(sides, base);
      const value = directions.solve();
      const candidates: number[] = [];
      for (let j = 0; j < sides.length; j++) {
        if (sides[j] === OPEN && directions.weights[j] > 0 && directions.multiplier(j) > 0) candidates.push(j);
      }
      candidates.sort((a, b) => gain[b] - gain[a]);
      const most = this.incumbent.objective === inf ? 1 + Math.abs(base) : this.incumbent.cutoff - base;
      let chosen: number | undefined;
      let highest = -1;
      let dearer = false;
      for (const j of candidates.slice(0, CANDIDATES)) {
        if (exact[j] === 0 && !this.solveFor(sides, base, j)) {
          dearer = true;
          continue;
        }
        const rise = Math.min(HIGHEST_RISE, (directions.without(j) - value) / value);
        const score = (gain[j] / most + LEAST_WEIGHT) * rise;
        if (score > highest) {
          highest = score;
          chosen = j;
        }
      }
      // multipliers on pairs that turned out too dear are chosen anew
      if (!dearer) return chosen;
    }
  }
}
