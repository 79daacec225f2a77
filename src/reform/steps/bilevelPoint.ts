/**
 * What solutions of single-level programs are mapped back to. Signs of multipliers: z belongs to the Lagrangian g + zᵀ h of the
 * minimised lower objective with rows h <= 0 (z >= 0) or h == 0 (z free), in the order of the problem's rows, follower by
 * follower; of a follower in a game it is the Lagrangian of its own objective. What the domain of y contributes is not kept:
 * -(∇y g + h_yᵀ z) lies in the normal cone of the domain.
 */
import type { Problem } from "../../model/problem.js";
import type { Reformulation } from "../step.js";

type Vector = Float64Array;

export interface BilevelPoint {
  readonly x: Vector;
  readonly y: Vector;
  /** Of the rows of all lower constraints. */
  readonly multipliers: Vector;
}

/** A reformulation by one program; solutions of the program are what its solver returns. */
export type SingleLevelStep<Target, Solution> = Reformulation<Target, Solution, BilevelPoint>;

/** Number of rows of all lower constraints. */
export function lowerRowCount({ lowers }: Problem): number {
  return lowers.reduce((sum, level) => sum + level.constraints.reduce((rows, c) => rows + c.rows, 0), 0);
}
