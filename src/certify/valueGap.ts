/**
 * How far g(x, y) lies above the lowest value of the lower objective that can be found at x, and how far that is evidence for a
 * GLOBAL minimum: none has to be looked for where the lower level is convex; else a proof by interval branch and bound is tried for
 * few variables, and without one the lower level is solved from other starts. Shared by both kinds of lower levels, which differ in
 * their solvers, starts and scales only.
 */
import type { Certificate } from "../methods/result.js";
import type { Oracle } from "../oracle/oracle.js";
import { type Checks, short } from "./checks.js";
import { proveLower } from "./lowerProof.js";

type Vector = Float64Array;

export interface Solved {
  readonly y: Vector;
  /** g; Infinity where y does not count. */
  readonly value: number;
}

export interface GapQuestion {
  readonly oracle: Oracle;
  readonly x: Vector;
  /** g(x, y) at the point in question. */
  readonly value: number;
  /** What the certificate's solver reached from there. */
  readonly near: Solved;
  /** The solver was accurate enough; without that nothing is looked for, and there is no evidence. */
  readonly solved: boolean;
  /** Nothing is looked for although it was. */
  readonly flat?: boolean;
  readonly convex: boolean;
  /** What values are measured against, given the lowest one and where it is. */
  readonly scaleOf: (least: number, lowest: Vector) => number;
  readonly tolerance: number;
  /** Asked for where they are needed. */
  readonly starts: () => readonly Vector[];
  /** Pauses as it goes. */
  readonly solve: (start: Vector) => Generator<void, Solved, void>;
  readonly exhausted: () => boolean;
  readonly checks: Checks;
}

export interface GapAnswer {
  readonly gap: number;
  readonly evidence: Certificate["lowerEvidence"];
  /** The lowest point that was met. */
  readonly lowest: Vector;
  /** The solution next to y is no higher than whatever was met. */
  readonly local: boolean;
}

/** Adds the check of the value gap; pauses between solves. */
export function* valueGap(question: GapQuestion): Generator<void, GapAnswer, void> {
  const { oracle, x, value, near, solved, flat = false, convex, scaleOf, tolerance, exhausted, checks } = question;
  const open = solved && !flat && !convex;
  let best = Math.min(value, near.value);
  let lowest = near.y;
  const take = (found: Solved): void => {
    if (!(found.value < best)) return;
    best = found.value;
    lowest = found.y;
  };
  const proof = open ? proveLower(oracle, x, near.y, 0.5 * tolerance * scaleOf(best, near.y), exhausted) : undefined;
  yield;
  if (proof?.status === "better") take({ y: proof.y, value: oracle.lower.value(x, proof.y) });
  const proved = convex || proof?.status === "proved";
  let tried = 0;
  let finished = 0;
  if (open && !proved) {
    for (const start of question.starts()) {
      if (exhausted()) break;
      tried++;
      const other = yield* question.solve(start);
      if (!exhausted()) finished++;
      yield;
      take(other);
    }
  }
  const gap = value - best;
  const allowed = tolerance * scaleOf(best, lowest);
  const holds = checks.atMost(
    "value gap",
    gap,
    allowed,
    "No lower solve found a lower value of the lower objective.",
    `Another y has a lower objective smaller by ${short(gap)} at the same x.`,
  );
  const all = tried > 1 && finished === tried;
  return {
    gap,
    evidence: !solved || !holds ? "none" : proved ? "global (proved)" : all ? "global (multistart)" : "local",
    lowest,
    local: near.value <= best + allowed,
  };
}
