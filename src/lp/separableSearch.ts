/**
 * Global minimum of a separable program with pairs (separable.ts) by branch and bound without bounds on the multipliers. A
 * node makes some pairs tight (s_j = 0) and leaves others without multiplier (z_j = 0). Its relaxation is the primal program
 * alone; at its optimum either multipliers exist on the tight pairs, or a clause of directions.ts says of which pairs one must
 * be tight. In this way
 *
 *     bound of the node  =  max over clauses of  min over the clause's pairs of  (relaxation with that pair tight),
 *
 * by leaving cheap pairs out of the clause as long as it exists and solving for the cheapest that stays (strong branching,
 * Applegate et al. 1995); pairs that cost more than the incumbent get no multiplier in the node. Branching is on the pair of
 * the multipliers of least cost whose two children rise most (product rule). Nodes of the lowest bound first, with dives.
 * Bounds that prune are computed again from the data (denseProof.ts); incumbents are solved again in the whole program.
 */
import { DenseProof, residual } from "./denseProof.js";
import { type Basis, DenseSimplex } from "./denseSimplex.js";
import { implyLimits, loadOptimal } from "./denseStart.js";
import { Directions } from "./directions.js";
import { Faces } from "./faces.js";
import { Incumbent } from "./incumbent.js";
import { NodeHeap } from "./nodeHeap.js";
import { type KnownCosts, LOOSE, OPEN, PairCosts, TIGHT, unknownCosts } from "./pairCosts.js";
import { type PivotMemory, pivotMemory } from "./pivotKernel.js";
import type { QuadraticProgram } from "./quadratic.js";
import type { Pairs, Search, SearchStatus } from "./search.js";
import { type Separable, separable } from "./separable.js";

type Vector = Float64Array;

interface Node {
  readonly sides: Uint8Array;
  readonly basis: Basis;
  readonly bound: number;
  readonly known: KnownCosts;
}

const inf = Number.POSITIVE_INFINITY;
/** Tableaus of the primal program: of nodes, of pairs' costs, and two of faces. */
const TABLEAUS = 4;
/** By this share of 1 + |bound| a tableau's objective may differ from what the data prove. */
const DRIFT = 1e-9;
/** By this share a point may be worse than the relaxation that it is the optimum of. */
const SAME = 1e-6;
/** Pivots after which a tableau is made anew, and the residual that asks for it earlier. */
const OLD = 300;
const RESIDUAL = 1e-8;
/** Points are looked for at every one of the first nodes, then at every so-many-th. */
const FIRST = 50;
const EVERY = 20;
/** Random starts at the first node, and every so many nodes two more. */
const STARTS = 40;
const RARELY = 100;

export class SeparableSearch implements Search {
  status: SearchStatus = "searching";
  nodes = 0;
  private readonly memory: PivotMemory;
  private readonly main: DenseSimplex;
  private readonly proof: DenseProof;
  private readonly directions: Directions;
  private readonly faces: Faces;
  private readonly costs: PairCosts;
  private readonly incumbent: Incumbent;
  private readonly heap = new NodeHeap<Node>();
  private current: Node | undefined;
  /** The tableau of `main` is that of the current node. */
  private loaded = true;
  /** Limits of the primal program with what they imply. */
  private readonly lower: Vector;
  private readonly upper: Vector;
  private readonly root: Basis;
  private readonly offset: number;
  private solves = 0;

  /** Undefined where the program is not separable or has no bounded relaxation. */
  static of(program: QuadraticProgram, pairs: Pairs): SeparableSearch | undefined {
    const found = separable(program, pairs);
    const search = found && new SeparableSearch(program, pairs, found);
    if (search?.status === "searching") return search;
    search?.dispose();
    return undefined;
  }

  private constructor(
    program: QuadraticProgram,
    pairs: Pairs,
    private readonly s: Separable,
  ) {
    const { primal, directions } = s;
    const memory = pivotMemory(TABLEAUS * primal.n * primal.rows + 2 * directions.n * directions.rows);
    this.memory = memory;
    this.offset = program.offset;
    this.main = new DenseSimplex(primal, memory);
    this.proof = new DenseProof(primal.n, primal.rows);
    this.main.lower.set(s.lower);
    this.main.upper.set(s.upper);
    this.directions = new Directions(s, memory);
    this.incumbent = new Incumbent(program, pairs);
    if (this.directions.usable) this.proof.borrowed = implyLimits(this.main);
    if (!this.directions.usable || !loadOptimal(this.main)) this.status = "failed";
    this.lower = this.main.lower.slice();
    this.upper = this.main.upper.slice();
    this.faces = new Faces(s, this.lower, this.upper, this.directions, memory);
    this.costs = new PairCosts(s, this.main, this.proof, this.directions, this.faces, this.incumbent, memory);
    this.root = this.main.basis();
    const count = s.slack.length;
    this.current = { sides: new Uint8Array(count), basis: this.root, bound: -inf, known: unknownCosts(count) };
  }

  get u(): Vector | undefined {
    return this.incumbent.u;
  }

  get objective(): number {
    return this.incumbent.objective + this.offset;
  }

  get bound(): number {
    const { incumbent } = this;
    const open = Math.min(this.current?.bound ?? inf, this.heap.least, incumbent.floor);
    return Math.min(open, incumbent.objective) + this.offset;
  }

  get gap(): number {
    return this.objective === inf ? inf : (this.objective - this.bound) / (1 + Math.abs(this.objective));
  }

  get programs(): number {
    return this.solves + this.directions.solves + this.faces.solves + this.costs.solves + this.incumbent.solves;
  }

  dispose(): void {
    this.memory.release();
  }

  step(): void {
    if (this.status !== "searching") return;
    const node = this.current ?? this.heap.pop();
    if (this.current === undefined) this.loaded = false;
    this.current = undefined;
    if (node === undefined) {
      this.status = this.u === undefined ? "infeasible" : "optimal";
      return;
    }
    if (this.incumbent.cutOff(node.bound)) return;
    this.nodes++;
    const sides = node.sides.slice();
    if (this.loaded && this.main.age <= OLD ? true : this.load(node)) {
      // what follows a node needs another tableau, unless it is its child
      this.loaded = false;
      this.costs.attach(node.known);
      this.examine(sides, node.bound, node.known);
    }
  }

  /** Rounding errors have the last word on a node: it is split with the bound as it was, on a pair not decided. */
  private undecided(sides: Uint8Array, bound: number, known: KnownCosts): void {
    this.directions.restart();
    this.current = undefined;
    const open = sides.indexOf(OPEN);
    if (open < 0) {
      this.status = "failed";
      this.incumbent.floor = Math.min(this.incumbent.floor, bound);
    } else {
      for (const side of [LOOSE, TIGHT]) {
        const child = sides.slice();
        child[open] = side;
        this.heap.push({ sides: child, basis: this.root, bound, known: copied(known, false) });
      }
    }
  }

  /** The tableau of a node, made from the data. False where pairs contradict each other. */
  private load({ sides, basis }: Node): boolean {
    const { main, s, faces } = this;
    main.lower.set(this.lower);
    main.upper.set(this.upper);
    for (let j = 0; j < sides.length; j++) {
      if (sides[j] !== TIGHT) continue;
      const v = s.slack[j];
      const to = faces.target(j);
      if (main.lower[v] === main.upper[v] && main.lower[v] !== to) return false;
      main.lower[v] = to;
      main.upper[v] = to;
    }
    // the root's basis is never singular
    return main.load(basis) || main.load(this.root);
  }

  /** Solves the relaxation; the bound that the data prove, Infinity where it is infeasible, NaN where nothing is proved. */
  private relax(sides: Uint8Array, known: KnownCosts): number {
    const { main, proof } = this;
    for (let attempt = 0; attempt < 2; attempt++) {
      this.solves++;
      const status = main.solve(this.incumbent.cutoff);
      if (status === "infeasible" && proof.infeasible(main)) return inf;
      const bound = proof.bound(main);
      const agrees =
        bound === -inf ? proof.usesBorrowed(main) : Math.abs(bound - main.objective) <= DRIFT * (1 + Math.abs(bound));
      if (status === "optimal" && agrees && residual(main) <= RESIDUAL) return bound;
      if (attempt === 0) this.load({ sides, basis: main.basis(), bound, known });
    }
    return Number.NaN;
  }

  private examine(sides: Uint8Array, parent: number, known: KnownCosts): void {
    const { main, directions, costs, incumbent } = this;
    let bound = parent;
    for (;;) {
      const base = this.relax(sides, known);
      if (Number.isNaN(base)) this.undecided(sides, bound, known);
      if (!(base < inf)) return;
      bound = Math.max(bound, base);
      if (incumbent.cutOff(bound)) return;
      let clause = this.clause(sides, base);
      if (clause !== undefined && clause.length > 0 && (this.nodes <= FIRST || this.nodes % EVERY === 0)) {
        this.look();
        if (incumbent.cutOff(bound)) return;
        clause = this.clause(sides, base);
      }
      if (clause === undefined) {
        // its optimum is a point of the problem
        const point = directions.failed ? inf : incumbent.accept(directions.support());
        if (point === -inf) this.status = "failed";
        else if (point <= base + SAME * (1 + Math.abs(base))) incumbent.floor = Math.min(incumbent.floor, bound);
        else this.undecided(sides, bound, known);
        return;
      }
      clause = clause.length === 0 ? undefined : costs.narrow(clause, sides);
      if (directions.failed) {
        this.undecided(sides, bound, known);
        return;
      }
      if (clause === undefined) return;
      bound = Math.max(bound, costs.cheapest(clause));
      if (incumbent.cutOff(bound)) return;
      if (clause.length > 1) {
        this.branch(clause, sides, bound, known);
        return;
      }
      // the only one left must be tight: the node stays one
      sides[clause[0]] = TIGHT;
      costs.restricted();
      if (!this.faces.tighten(main, clause[0])) return;
    }
  }

  /** Looks for better points: from the multipliers at hand, and at the root and once in a while from random ones. */
  private look(): void {
    const { main, incumbent, faces } = this;
    const better = [faces.search(main, incumbent.cutoff, incumbent.margin)];
    if (this.nodes === 1) better.push(faces.searchAround(main, incumbent.margin, STARTS));
    else if (this.nodes % RARELY === 0) better.push(faces.searchAround(main, incumbent.margin, 2));
    for (const found of better)
      if (found !== undefined && found.objective < incumbent.cutoff) incumbent.accept(found.tight);
  }

  private clause(sides: Uint8Array, base: number): number[] | undefined {
    this.costs.price(sides, base);
    this.costs.weigh(sides);
    return this.directions.clause((j) => sides[j] === LOOSE);
  }

  private branch(clause: readonly number[], sides: Uint8Array, bound: number, known: KnownCosts): void {
    const { main, costs, incumbent } = this;
    const chosen = costs.choose(sides) ?? clause.find((j) => sides[j] !== LOOSE);
    if (this.directions.failed) {
      this.undecided(sides, bound, known);
      return;
    }
    // all of the clause turned out too dear
    if (chosen === undefined) return;
    const loose = sides.slice();
    loose[chosen] = LOOSE;
    const above = Math.max(bound, costs.cheapest(clause.filter((j) => j !== chosen)));
    if (!incumbent.cutOff(above)) {
      // the same relaxation
      this.heap.push({ sides: loose, basis: main.basis(), bound: above, known: copied(known, true) });
    }
    const below = Math.max(bound, costs.of(chosen));
    sides[chosen] = TIGHT;
    if (!this.faces.tighten(main, chosen)) return;
    costs.restricted();
    this.current = { sides, basis: main.basis(), bound: below, known };
    this.loaded = true;
  }
}

function copied({ values, exact }: KnownCosts, same: boolean): KnownCosts {
  return { values: values.slice(), exact: same ? exact.slice() : new Uint8Array(exact.length) };
}
