/** What searches over complementarity pairs have in common. */
import type { Conflict } from "./linearModel.js";

type Vector = Float64Array;

/** Rows of A whose slack below the upper limit is s_j, and columns that are z_j. */
export interface Pairs {
  readonly slackRow: Int32Array;
  readonly multiplier: Int32Array;
}

/**
 * - `optimal`: `u` is a global minimum up to `gap`.
 * - `infeasible`: no point satisfies all; `conflict` where already the relaxation has none.
 * - `unbounded`: the objective falls for ever along `ray` from the feasible point `u`.
 * - `failed`: a relaxation could not be solved; nothing is proved.
 */
export type SearchStatus = "searching" | "optimal" | "infeasible" | "unbounded" | "failed";

export interface Search {
  readonly status: SearchStatus;
  /** The best point found, of all variables of the program. */
  readonly u: Vector | undefined;
  readonly objective: number;
  /** No point is better than this. */
  readonly bound: number;
  /** Difference of the objective and the bound over 1 + |objective|. */
  readonly gap: number;
  readonly nodes: number;
  /** Linear or quadratic programs solved so far. */
  readonly programs: number;
  readonly conflict?: Conflict | undefined;
  readonly ray?: Vector | undefined;
  /** Looks at one node. */
  step(): void;
  dispose(): void;
}
