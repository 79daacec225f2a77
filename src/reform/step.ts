/**
 * A reformulation as an invertible step: it says whether it applies to a problem and why not, makes another problem of it, and
 * maps solutions (and multipliers, where the target has them) back. Reformulations that replace a bilevel problem by one program,
 * and presolve steps that make a smaller bilevel problem, have the same contract.
 */
import type { Problem } from "../model/problem.js";

/** Why a step does not apply. */
export interface Obstacle {
  /** One sentence for people that names the constraint, term or property in the way. */
  readonly message: string;
}

/** What a step made of a problem. */
export interface Applied<Target, From, To> {
  readonly target: Target;
  /** The solution of the problem that a solution of the target stands for. */
  invert(solution: From): To;
}

export interface Reformulation<Target, From, To> {
  /** Unique, in lower case: `kkt`, `strong-duality`, `value-function`, `penalty` ... */
  readonly id: string;
  readonly title: string;
  /** Paper, year, section or equation. */
  readonly reference: string;
  /** What becomes of the problem, one formula a line, as plain text. */
  readonly formulas: readonly string[];
  /** Empty where the step applies: same solutions (or, where `note` says so, what it keeps and what it may lose). */
  accepts(problem: Problem): readonly Obstacle[];
  /** Assumes that `accepts` found no obstacle. */
  apply(problem: Problem): Applied<Target, From, To>;
  /** What the step keeps: global solutions, local solutions, only values ... */
  readonly keeps: string;
}
