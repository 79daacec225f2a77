/** What callers ask of a comparison, with its defaults. */
import type { Problem } from "../model/problem.js";
import type { OracleOptions } from "../oracle/compile.js";
import { type AskedLimits, checkedLimit, toleranceOf } from "../solve/limits.js";
import type { ComparePlan, Entrant } from "./compare.js";
import type { CompareProgress } from "./types.js";

/** Of each run, where no limit is given; the limit on seconds also beside others, so that a comparison ends. */
export const defaultCalls = 1e4;
export const defaultSeconds = 60;
const defaultSeeds: readonly number[] = [1, 2, 3, 4, 5];

/** Limits are the budget of each run: 10,000 oracle calls where none is given; and 60 seconds, unless given. */
export interface CompareOptions extends OracleOptions, AskedLimits {
  /** Ids, or methods with options and labels of their own; default: every method that fits. */
  readonly methods?: readonly Entrant[] | undefined;
  /** Default 1 to 5. */
  readonly seeds?: readonly number[] | undefined;
  readonly tolerance?: number | undefined;
  /** Starts are drawn around the written one with this standard deviation, times max(1, |entry|); default 0. */
  readonly spread?: number | undefined;
  /** May the upper objective of the problem's `expect` block serve as the reference? Default true. */
  readonly expectations?: boolean | undefined;
  readonly signal?: { readonly aborted: boolean } | undefined;
  readonly onProgress?: ((progress: CompareProgress) => void) | undefined;
}

/** Throws a BloError for limits that are none. */
export function planOf(problem: Problem, options: CompareOptions): ComparePlan {
  const calls = checkedLimit("calls", options.calls);
  const seconds = checkedLimit("seconds", options.seconds);
  const iterations = checkedLimit("iterations", options.iterations);
  const unlimited = calls === undefined && seconds === undefined && iterations === undefined;
  return {
    entrants: options.methods,
    seeds: options.seeds ?? defaultSeeds,
    limits: { calls: unlimited ? defaultCalls : calls, seconds: seconds ?? defaultSeconds, iterations },
    tolerance: toleranceOf(problem, options.tolerance),
    spread: options.spread ?? 0,
    expectations: options.expectations ?? true,
    now: () => performance.now(),
    signal: options.signal,
  };
}
