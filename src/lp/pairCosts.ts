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
import type { PivotMemory } from "./pivotKernel.js";
import type { Separable } from "./separable.js";

type Vector = Float64Array;

/** Pairs not decided, tight (s_j = 0), without multiplier (z_j = 0). */
export const OPEN = 0;
export const TIGHT = 1;
export const LOOSE = 2;

const inf = Number.POSITIVE_INFINITY;
/** Pairs looked at before branching. */
const CANDIDATES = 50;
/** Multipliers are chosen anew after costs were solved for, up to so many times. */
const ROUNDS = 5;
/** Weight of a pair that costs nothing to make tight. */
const LEAST_WEIGHT = 1e-3;
/** Relative rises of the multipliers' cost count up to this one. */
const HIGHEST_RISE = 10;

/** Of each pair: no point of the node with the pair tight is better than `values`; `exact` 1 where that was solved for. */
export interface KnownCosts {
  readonly values: Vector;
  readonly exact: Uint8Array;
}

export function unknownCosts(pairs: number): KnownCosts {
  return { values: new Float64Array(pairs).fill(-inf), exact: new Uint8Array(pairs) };
}

export class PairCosts {
  solves = 0;
  /** No point of the node with this pair tight is better. */
  private readonly least: Vector;
  /**
   * The same by what this relaxation alone tells. Directions weigh pairs by these: costs known from relaxations further up, of
   * some pairs only, would make the others look cheap.
   */
  private readonly own: Vector;
  /** What is known of the node at hand: of this relaxation, and of those it came from. */
  private known: KnownCosts;
  private readonly probe: DenseSimplex;

  constructor(
    private readonly s: Separable,
    /** The relaxation of the node at hand, solved. */
    private readonly main: DenseSimplex,
    private readonly proof: DenseProof,
    private readonly directions: Directions,
    private readonly faces: Faces,
    private readonly incumbent: Incumbent,
    memory: PivotMemory,
  ) {
    this.probe = new DenseSimplex(s.primal, memory);
    this.least = new Float64Array(s.slack.length);
    this.own = new Float64Array(s.slack.length);
    this.known = unknownCosts(s.slack.length);
  }

  /** The node at hand, whose costs are kept in `known` from here on. */
  attach(known: KnownCosts): void {
    this.known = known;
  }

  /** The relaxation at hand has changed to one of a part of its points. */
  restricted(): void {
    this.known.exact.fill(0);
  }

  /** No point of the node with this pair tight is better. */
  of(j: number): number {
    return this.least[j];
  }

  /** No point of the node with one of these pairs tight is better; Infinity where there are none. */
  cheapest(clause: readonly number[]): number {
    return clause.reduce((least, j) => Math.min(least, this.least[j]), inf);
  }

  /** Lower bounds with each open pair tight, given what the node itself proves; pairs too dear are left without multiplier. */
  price(sides: Uint8Array, proved: number): void {
    const { main, s, faces, least, own, proof } = this;
    const { values, exact } = this.known;
    const base = proof.usesBorrowed(main) ? -inf : proved;
    for (let j = 0; j < sides.length; j++) {
      least[j] = sides[j] === LOOSE ? inf : proved;
      own[j] = least[j];
      if (sides[j] !== OPEN || faces.isTight(main, j)) continue;
      const v = s.slack[j];
      const rise = main.lower[v] === main.upper[v] ? inf : penalty(main, v, faces.target(j));
      own[j] = Math.max(proved, base > -inf ? base + rise : rise === inf ? inf : -inf);
      least[j] = Math.max(own[j], values[j]);
      if (exact[j] === 1) own[j] = least[j];
      this.excludeDear(sides, j);
    }
  }

  private excludeDear(sides: Uint8Array, j: number): boolean {
    if (!this.incumbent.cutOff(this.least[j])) return false;
    sides[j] = LOOSE;
    this.least[j] = inf;
    return true;
  }

  /** The share of what separates the relaxation from the best point that a tight pair costs. */
  private share(j: number): number {
    const { main, incumbent } = this;
    const from = main.objective;
    const most = incumbent.objective === inf ? 1 + Math.abs(from) : incumbent.cutoff - from;
    return Math.max(0, (this.own[j] - from) / most);
  }

  /** Directions that avoid pairs in proportion to what these cost. */
  weigh(sides: Uint8Array): void {
    const { main, directions, faces } = this;
    for (let j = 0; j < sides.length; j++) {
      const free = sides[j] === TIGHT || faces.isTight(main, j);
      directions.weigh(j, free ? 0 : sides[j] === LOOSE ? EXCLUDED : LEAST_WEIGHT + this.share(j));
    }
  }

  /** Solves for the cost of a pair. False where it is too dear. */
  private solveFor(sides: Uint8Array, j: number): boolean {
    const { probe, least, proof } = this;
    const { values, exact } = this.known;
    probe.copy(this.main);
    let found = inf;
    if (this.faces.tighten(probe, j)) {
      this.solves++;
      const status = probe.solve(this.incumbent.cutoff);
      if (status === "infeasible") found = proof.infeasible(probe) ? inf : -inf;
      else found = proof.bound(probe);
    }
    exact[j] = 1;
    values[j] = Math.max(values[j], found);
    least[j] = Math.max(least[j], found);
    this.own[j] = least[j];
    return !this.excludeDear(sides, j);
  }

  /** A clause whose cheapest pair is as dear as can be, and solved for; undefined where no clause can be kept. */
  narrow(from: number[], sides: Uint8Array): number[] | undefined {
    const { directions, least } = this;
    const { exact } = this.known;
    let clause = from;
    while (clause.length > 1) {
      const j = clause.reduce((a, b) => (least[b] < least[a] ? b : a));
      if (this.incumbent.cutOff(least[j])) return undefined;
      // is there a clause without it?
      const weight = directions.weights[j];
      directions.weigh(j, 0);
      const without = directions.clause((k) => sides[k] === LOOSE);
      if (directions.failed) return undefined;
      if (without !== undefined) clause = without;
      else {
        directions.weigh(j, weight);
        if (exact[j] === 1) return clause;
        if (this.solveFor(sides, j)) continue;
        directions.weigh(j, EXCLUDED);
        clause = clause.filter((k) => k !== j);
      }
    }
    return clause.length === 0 ? undefined : clause;
  }

  /** Of the pairs that multipliers of least cost make tight, the one whose children both rise. */
  choose(sides: Uint8Array): number | undefined {
    const { directions, own } = this;
    const { exact } = this.known;
    for (let round = 0; ; round++) {
      this.weigh(sides);
      const value = directions.solve();
      const candidates: number[] = [];
      for (let j = 0; j < sides.length; j++) {
        if (sides[j] === OPEN && directions.weights[j] > 0 && directions.multiplier(j) > 0) candidates.push(j);
      }
      candidates.sort((a, b) => own[b] - own[a]).splice(CANDIDATES);
      let fresh = 0;
      let dearer = false;
      for (const j of candidates) {
        if (exact[j] === 1) continue;
        fresh++;
        if (!this.solveFor(sides, j)) dearer = true;
      }
      // pairs may have turned out dearer
      if (dearer || (fresh > 0 && round < ROUNDS)) continue;
      let chosen: number | undefined;
      let highest = -1;
      for (const j of candidates) {
        const rise = Math.min(HIGHEST_RISE, (directions.heavier(j) - value) / value);
        const score = (this.share(j) + LEAST_WEIGHT) * rise;
        if (score > highest) {
          highest = score;
          chosen = j;
        }
      }
      return chosen;
    }
  }
}
