/** What a method is: a record with its facts, `init` and `step`. The loop in run.ts owns everything else. */
import type { Problem } from "../model/problem.js";
import type { Random } from "../num/random.js";
import type { Oracle } from "../oracle/oracle.js";
import type { Theory } from "./theory.js";

export type ParameterValue = number | boolean | string;

/** A parameter, documented once: help, docs and reports are generated from this. `auto`: what happens when it is not given. */
export interface Parameter {
  readonly name: string;
  readonly type: "number" | "integer" | "boolean" | "choice";
  /** `undefined`: chosen by the rule that `auto` describes. */
  readonly default: ParameterValue | undefined;
  readonly auto?: string;
  readonly min?: number;
  readonly max?: number;
  readonly choices?: readonly string[];
  readonly doc: string;
}

/** What a method asks of a problem; what is missing becomes a diagnostic that names it. */
export interface Requirements {
  /** Highest order of derivatives asked for. */
  readonly order: 0 | 1 | 2;
  /** Lower-level problem class the theory needs, in words for people. */
  readonly class: string;
  /** Domains the method can keep by projection. */
  readonly upperDomain: boolean;
  readonly lowerDomain: boolean;
  readonly upperConstraints: boolean;
  /** Upper constraints are kept through an augmented Lagrangian around the method (kit/coupling.ts). */
  readonly augmented?: true;
  readonly lowerConstraints: boolean;
  /** Only for problems with f = -g. */
  readonly minimaxOnly: boolean;
  /** Reads minibatches of sums marked `batch`; other methods read every sum in full. */
  readonly stochastic?: boolean;
  /** Treats followers that depend on each other as a Nash game: each is stationary in its own variables. */
  readonly dependentFollowers?: true;
  /** Why the problem's expressions do not have the structure that the method needs, for people; undefined where they do. */
  readonly structure?: (problem: Problem) => string | undefined;
}

export interface MethodContext<P = Readonly<Record<string, ParameterValue | undefined>>> {
  readonly oracle: Oracle;
  readonly parameters: P;
  /** Relative tolerance on stationarity asked for by the user. */
  readonly tolerance: number;
  readonly random: Random;
  /** True once the budget is used up or the run was cancelled: long steps should return soon. */
  readonly exhausted: () => boolean;
}

/** How a method may end by itself. */
export type Finished = "no" | "converged" | "stalled" | "infeasible" | "unbounded";

/** What a step leaves behind. The loop reads it after `init` and after each `step`; the object is reused. */
export interface MethodState {
  /** Current upper and lower point: what would be returned now. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Upper objective (or surrogate) at the current point; NaN where the method does not know it. */
  value: number;
  /** Norm of the method's (projected) hypergradient estimate; NaN where unknown. */
  stationarity: number;
  /**
   * Set by the method when it can do no more: `converged` is its claim, to be certified; `stalled` says no progress is
   * possible. `infeasible` (no point satisfies all) and `unbounded` (the upper objective falls for ever along bilevel
   * feasible points) are only said by exact methods, with a proof.
   */
  finished: Finished;
  /** A sentence for people when finished is not `no`. */
  reason: string;
  /** A finding about the problem that stands whatever the verdict on the point, such as a jump nearby. */
  remark?: string;
  /** Further numbers for the trace, by name. */
  readonly extra: Record<string, number>;
  /** Multipliers of the lower constraint rows, where the method has them: of g + zᵀh with g minimised. */
  readonly multipliers?: Float64Array;
  /**
   * With `converged`, of exact methods: no bilevel feasible point has a smaller upper objective (to be minimised) than `bound`.
   * Certificates take it where x has too many neighbours to compare.
   */
  readonly proof?: Proof | undefined;
  /** With `unbounded`, where known: the direction in which the upper objective falls for ever from (x, y). */
  readonly ray?: { readonly x: Float64Array; readonly y: Float64Array } | undefined;
}

/** A global lower bound of the upper objective. */
export interface Proof {
  readonly bound: number;
  /** What it rests on, for people. */
  readonly words: string;
}

export interface Method<S extends MethodState = MethodState> {
  readonly id: string;
  readonly title: string;
  /** Paper, year, and the equation or algorithm number. */
  readonly reference: string;
  /** The algorithm as formulas, a line each; printed by `blo methods ID`. */
  readonly formulas: readonly string[];
  readonly assumptions: string;
  readonly failures: string;
  readonly requirements: Requirements;
  readonly parameters: readonly Parameter[];
  /** Parameters by the method's analysis, from the constants of a strongly convex lower level. */
  readonly theory?: Theory;
  /** The method looks for points where everything is finite by itself: the written start need not be one. */
  readonly anyStart?: true;
  /** Awaited once before runs: what the method needs to have loaded. */
  readonly prepare?: (problem: Problem) => Promise<void>;
  init(context: MethodContext): S;
  /** One outer iteration. Must leave the last finite point in place if it meets a non-finite value it can back off from. */
  step(state: S, context: MethodContext): void;
  /** Called by the loop after a non-finite or exploding state was replaced by the last good one: shrink steps, drop memory. Returns false if nothing can be shrunk. */
  backOff?(state: S, context: MethodContext): boolean;
}
