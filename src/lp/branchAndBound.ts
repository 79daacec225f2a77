/**
 * Global minimum of a linear or convex quadratic program with complementarity pairs z_j >= 0, s_j(u) >= 0, z_j s_j = 0, by
 * branch and bound on the pairs: no bound on the multipliers is assumed (Bard and Moore, SIAM J. Sci. Stat. Comput. 11,
 * 1990, for the bilevel case). A node fixes some pairs to s_j = 0 or to z_j = 0 and relaxes the others; its relaxation is
 * solved from the last basis. Nodes of the lowest bound first, with dives from each; branching on the pair of the largest
 * min(z_j, s_j). Points whose pairs all hold are solved again with every pair fixed, so that they hold exactly.
 */
import { solveNonlinear } from "../nlp/solve.js";
import { asNonlinear } from "./asNonlinear.js";
import type { Conflict, LinearModel, LinearStatus } from "./linearModel.js";
import { NodeHeap } from "./nodeHeap.js";
import type { QuadraticProgram } from "./quadratic.js";
import { fallingDirection } from "./recession.js";
import type { Pairs, Search, SearchStatus } from "./search.js";
import { modelOf } from "./smallModel.js";

type Vector = Float64Array;

const UNDECIDED = 0;
const SLACK_ZERO = 1;
const MULTIPLIER_ZERO = 2;

interface Node {
  readonly fixed: Uint8Array;
  readonly bound: number;
}

/** A pair holds where the smaller of the two is below this share of 1 + the larger one. */
const HOLDS = 1e-9;
/** Nodes whose bound is not better than this share below the incumbent are cut off. */
const GAP = 1e-9;
/** By this share the sharpened objective may lie above HiGHS' own, which may violate rows a little. */
const SHARPER = 1e-6;
/** Solutions with larger entries may be those of a program that has none. */
const FAR = 1e5;

export class BranchAndBound implements Search {
  status: SearchStatus = "searching";
  /** The best point found. */
  u: Vector | undefined;
  objective = Number.POSITIVE_INFINITY;
  nodes = 0;
  programs = 0;
  conflict: Conflict | undefined;
  ray: Vector | undefined;
  private readonly model: LinearModel;
  private readonly heap = new NodeHeap<Node>();
  private current: Node | undefined;
  /** The sides that the best point's pairs were fixed to. */
  private pattern: Uint8Array | undefined;
  /** What the model's limits are set to. */
  private readonly applied: Uint8Array;

  constructor(
    private readonly program: QuadraticProgram,
    private readonly pairs: Pairs,
    /** A pattern that may be feasible near u, by side of each pair (1: s_j = 0, 2: z_j = 0); undefined where there is none. */
    private readonly suggest: (u: Vector) => Uint8Array | undefined = () => undefined,
  ) {
    this.model = modelOf(program);
    this.applied = new Uint8Array(pairs.slackRow.length);
    this.current = { fixed: new Uint8Array(pairs.slackRow.length), bound: Number.NEGATIVE_INFINITY };
  }

  /** No point is better than this. */
  get bound(): number {
    if (this.status === "optimal") return this.objective;
    const open = Math.min(this.current?.bound ?? Number.POSITIVE_INFINITY, this.heap.least);
    return Math.min(open, this.objective);
  }

  /** Difference of the objective and the bound over 1 + |objective|. */
  get gap(): number {
    return (this.objective - this.bound) / (1 + Math.abs(this.objective));
  }

  dispose(): void {
    this.model.dispose();
  }

  /** Looks at one node. */
  step(): void {
    if (this.status !== "searching") return;
    const node = this.current ?? this.heap.pop();
    this.current = undefined;
    if (node === undefined || this.cutOff(node.bound)) {
      // the heap is in order of bounds: where its best is cut off, all are
      if (node !== undefined && !this.cutOff(this.heap.least)) return;
      this.sharpen();
      this.status = this.u === undefined ? "infeasible" : "optimal";
      return;
    }
    this.nodes++;
    const status = this.relax(node.fixed);
    if (status === "infeasible") {
      if (this.nodes === 1) this.conflict = this.model.conflict();
      return;
    }
    if (status === "unbounded" || this.falls(status, node.fixed)) this.unbounded(node);
    else if (status === "optimal") this.bounded(node);
    else this.undecided(node);
  }

  /** The relaxation was not solved: its pairs are decided one by one with the bound as it was. */
  private undecided(node: Node): void {
    const open = node.fixed.indexOf(UNDECIDED);
    if (open < 0) {
      this.status = "failed";
      return;
    }
    this.heap.push(child(node, open, SLACK_ZERO));
    this.current = child(node, open, MULTIPLIER_ZERO);
  }

  private bounded(node: Node): void {
    const { u, rowValues } = this.model.solution();
    const bound = Math.max(node.bound, this.model.objective);
    if (this.cutOff(bound)) return;
    const pair = this.violated(node.fixed, u, rowValues);
    if (pair < 0) this.accept(u, rowValues, node.fixed);
    else this.branch({ fixed: node.fixed, bound }, pair, u, rowValues);
  }

  /** Quadratic programs that fall for ever: HiGHS, which regularises Q, fails there or stops far away. */
  private falls(status: LinearStatus, fixed: Uint8Array): boolean {
    if (this.program.hessian === undefined || status === "infeasible") return false;
    if (status === "optimal" && !this.model.solution().u.some((v) => Math.abs(v) > FAR)) return false;
    return fallingDirection(this.limited(fixed)) !== undefined;
  }

  /** The relaxation falls for ever: with all pairs decided the problem does; else some pair is decided first. */
  private unbounded(node: Node): void {
    const open = node.fixed.indexOf(UNDECIDED);
    const ray = fallingDirection(this.limited(node.fixed));
    const point = this.feasible();
    if (point === undefined) return;
    if (open < 0) {
      this.status = "unbounded";
      this.ray = ray;
      this.u = point;
      return;
    }
    const { slackRow, multiplier } = this.pairs;
    // a pair that the ray runs against, if one can be told
    let chosen = open;
    let largest = -1;
    if (ray !== undefined) {
      for (let j = 0; j < slackRow.length; j++) {
        const along = ray[multiplier[j]];
        if (node.fixed[j] === UNDECIDED && along > largest) {
          largest = along;
          chosen = j;
        }
      }
    }
    this.heap.push(child(node, chosen, SLACK_ZERO));
    this.current = child(node, chosen, MULTIPLIER_ZERO);
  }

  /** A point of the relaxation as it stands, if there is one: a falling direction alone does not say so. */
  private feasible(): Vector | undefined {
    const { n } = this.program;
    const model = modelOf({ ...this.limited(this.applied), cost: new Float64Array(n), hessian: undefined });
    const point = model.solve() === "optimal" ? model.solution().u : undefined;
    model.dispose();
    return point;
  }

  /** The program with pairs fixed in its limits. */
  private limited(fixed: Uint8Array): QuadraticProgram {
    const { program, pairs } = this;
    const rowLower = program.rowLower.slice();
    const upper = program.upper.slice();
    fixed.forEach((side, j) => {
      if (side === SLACK_ZERO) rowLower[pairs.slackRow[j]] = program.rowUpper[pairs.slackRow[j]];
      else if (side === MULTIPLIER_ZERO) upper[pairs.multiplier[j]] = 0;
    });
    return { ...program, rowLower, upper };
  }

  /** The undecided pair with the largest min(z_j, s_j); -1 where all hold. */
  private violated(fixed: Uint8Array, u: Vector, rowValues: Vector): number {
    let worst = -1;
    let most = 0;
    for (let j = 0; j < fixed.length; j++) {
      if (fixed[j] !== UNDECIDED) continue;
      const z = u[this.pairs.multiplier[j]];
      const s = this.slack(j, rowValues);
      const least = Math.min(z, s);
      if (least > HOLDS * (1 + Math.max(z, s)) && least > most) {
        most = least;
        worst = j;
      }
    }
    return worst;
  }

  private slack(j: number, rowValues: Vector): number {
    const row = this.pairs.slackRow[j];
    return this.program.rowUpper[row] - rowValues[row];
  }

  private branch(node: Node, pair: number, u: Vector, rowValues: Vector): void {
    // dive towards the side that is nearer
    const nearSlack = this.slack(pair, rowValues) <= u[this.pairs.multiplier[pair]];
    const near = child(node, pair, nearSlack ? SLACK_ZERO : MULTIPLIER_ZERO);
    this.heap.push(child(node, pair, nearSlack ? MULTIPLIER_ZERO : SLACK_ZERO));
    this.current = near;
    // whatever the relaxation says of its pairs is tried as a whole, once in a while
    if (this.nodes === 1 || this.nodes % 10 === 0) this.guess(u, rowValues);
  }

  /** All pairs as the point, or the caller, suggests: often a feasible point. */
  private guess(u: Vector, rowValues: Vector): void {
    const suggested = this.suggest(u);
    if (suggested !== undefined) this.accept(u, rowValues, suggested.slice());
    else this.accept(u, rowValues, new Uint8Array(this.applied.length));
  }

  /** Solves with every pair fixed to the side that is smaller here, and keeps the point if it is the best. */
  private accept(u: Vector, rowValues: Vector, fixed: Uint8Array): void {
    const all = fixed.map((f, j) =>
      f !== UNDECIDED ? f : this.slack(j, rowValues) <= u[this.pairs.multiplier[j]] ? SLACK_ZERO : MULTIPLIER_ZERO,
    );
    if (this.relax(all) !== "optimal") return;
    const { objective } = this.model;
    if (objective >= this.objective) return;
    this.objective = objective;
    this.u = this.model.solution().u;
    this.pattern = all;
  }

  /**
   * The best point of quadratic programs once more by the interior point method, every pair fixed as there: HiGHS
   * regularises Q by 1e-7, which shows in the seventh digit.
   */
  private sharpen(): void {
    const { program, pattern, u } = this;
    if (u === undefined || pattern === undefined || program.hessian === undefined) return;
    const found = solveNonlinear(asNonlinear(this.limited(pattern)), u, { tolerance: 1e-11 });
    const usable = found.status === "solved" || found.status === "acceptable";
    if (
      !usable ||
      found.residuals.violation > 1e-9 ||
      !(found.f <= this.objective + SHARPER * (1 + Math.abs(this.objective)))
    )
      return;
    this.u = found.u;
    this.objective = found.f;
  }

  private relax(fixed: Uint8Array): LinearStatus {
    const { program, pairs, applied, model } = this;
    for (let j = 0; j < fixed.length; j++) {
      if (fixed[j] === applied[j]) continue;
      const row = pairs.slackRow[j];
      const column = pairs.multiplier[j];
      const limit = program.rowUpper[row];
      if ((fixed[j] === SLACK_ZERO) !== (applied[j] === SLACK_ZERO)) {
        model.setRow(row, fixed[j] === SLACK_ZERO ? limit : program.rowLower[row], limit);
      }
      if ((fixed[j] === MULTIPLIER_ZERO) !== (applied[j] === MULTIPLIER_ZERO)) {
        model.setColumn(column, program.lower[column], fixed[j] === MULTIPLIER_ZERO ? 0 : program.upper[column]);
      }
      applied[j] = fixed[j];
    }
    this.programs++;
    return model.solve();
  }

  private cutOff(bound: number): boolean {
    return bound >= this.objective - GAP * (1 + Math.abs(this.objective));
  }
}

function child({ fixed, bound }: Node, pair: number, side: number): Node {
  const next = fixed.slice();
  next[pair] = side;
  return { fixed: next, bound };
}
