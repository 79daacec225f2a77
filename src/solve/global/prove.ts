/**
 * Whether an answer of a small problem is global: interval branch and bound shows for each of the programs in pieces.ts that no feasible
 * point is better by more than the gap. Where one meets a better point whose y is no lower solution, the true one there makes a cut and
 * the proof goes on; where y is one, the answer is not global. The work is a number of boxes that depends on the problem only.
 */
import { curvatureOf, isConvex } from "../../curvature/index.js";
import type { Box } from "../../interval/boxes.js";
import { boxOf, followersOf } from "../../interval/followers.js";
import type { IntervalLevel } from "../../interval/level.js";
import { type MinimiseOptions, type Minimum, minimise } from "../../interval/minimise.js";
import type { Problem } from "../../model/problem.js";
import { norm } from "../../num/vector.js";
import { compileOracle } from "../../oracle/compile.js";
import type { Oracle } from "../../oracle/oracle.js";
import { presolve } from "../../presolve/presolve.js";
import { type Pieces, piecesOf } from "./pieces.js";

type Vector = Float64Array;

/** Variables of both levels up to which it is tried. */
export const PROVABLE = 5;
/** What a better answer must be better by, times 1 + |f|. */
export const GAP = 1e-4;
/** Entries that bounds of boxes may take in all, a program's local solves being as dear as so many boxes; boxes of one program; cuts. */
const TOTAL = 5e5;
const LOCAL = 50;
const BOXES = 3000;
const CUTS = 8;
/** Times 1 + |g|: y is a lower solution. */
const LOWER = 1e-6;

/** Whether a proof may be tried for the problem. */
export function provable({ problem, n, m }: Oracle): boolean {
  // oracles written by hand carry no graph
  const written = problem.builder !== undefined && problem.lowerObjective !== undefined;
  return written && n + m <= PROVABLE && problem.independentFollowers && problem.samples.length === 0;
}

/** True: no bilevel feasible point has f below f(x, y) - GAP (1 + |f|), with proof. Pauses between programs. */
export function* provedGlobal(
  oracle: Oracle,
  x: Vector,
  y: Vector,
  exhausted: () => boolean,
): Generator<void, boolean> {
  if (!provable(oracle)) return false;
  const presolved = presolve(oracle.problem);
  const at = presolved.restrict({ x, y });
  return yield* new GlobalProof(presolved.problem, at.x, at.y, oracle.fork().upper.value(x, y), exhausted).run();
}

class GlobalProof {
  private readonly oracle: Oracle;
  private readonly convex: boolean;
  private readonly pieces: Pieces | undefined;
  /** Entries left. */
  private left = TOTAL;

  constructor(
    problem: Problem,
    private readonly x: Vector,
    private readonly y: Vector,
    private readonly f: number,
    private readonly exhausted: () => boolean,
  ) {
    this.oracle = compileOracle(problem).fork();
    this.convex = problem.y.size === 0 || curvatureOf(problem).lowers.every((l) => isConvex(l.objective.own));
    const slope = new Float64Array(problem.y.size);
    this.oracle.lower.gradY(x, y, slope);
    this.pieces = piecesOf(problem, this.convex, norm(slope));
    if (!this.convex) this.pieces?.cut(y);
  }

  *run(): Generator<void, boolean> {
    const { pieces, f } = this;
    if (pieces === undefined) return false;
    const cutoff = f - GAP * (1 + Math.abs(f));
    let cuts = 0;
    for (let k = 0; k < pieces.count; ) {
      if (this.left <= 0 || this.exhausted()) return false;
      const start = Float64Array.of(...this.x, ...this.y);
      const { status, y: u } = this.search(pieces.piece(k), pieces.domain, { cutoff, target: cutoff, starts: [start] });
      yield;
      if (status === "infeasible") k++;
      else if (status !== "better" || this.convex || ++cuts > CUTS || !this.refuted(pieces, u!)) return false;
    }
    return true;
  }

  private search(level: IntervalLevel, domain: Box, options: MinimiseOptions): Minimum {
    const boxes = Math.min(BOXES, Math.ceil(this.left / level.work));
    const found = minimise(level, domain, { tolerance: 0, ...options, boxes, cancelled: this.exhausted });
    this.left -= (found.boxes > 0 ? found.boxes + LOCAL : 1) * level.work;
    return found;
  }

  /** Adds a cut that rules the point out, where its y is no lower solution. */
  private refuted(pieces: Pieces, u: Vector): boolean {
    const { problem, n, m, lower } = this.oracle;
    const x = u.slice(0, n);
    const y = u.slice(n, n + m);
    const lowest = y.slice();
    const { lo, hi } = pieces.domain;
    for (const follower of followersOf(problem)) {
      const { level, entries } = follower;
      level.prepare([[problem.x, x]]);
      const box = boxOf(follower, y, lo.subarray(n), hi.subarray(n));
      const found = this.search(level, box, { tolerance: 1e-7, starts: [y, this.y] });
      if (found.y !== undefined) for (const j of entries) lowest[j] = found.y[j];
    }
    const g = lower.value(x, y);
    return g - lower.value(x, lowest) > LOWER * (1 + Math.abs(g)) && pieces.cut(lowest);
  }
}
