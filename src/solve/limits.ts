/** The limits of a run: as the caller says, else as `solve { }` says; where neither says anything, a minute, or 20 seconds. */
import { BloError, diagnostic } from "../base/diagnostic.js";
import type { Limits } from "../methods/budget.js";
import { DEFAULT_TOLERANCE } from "../methods/run.js";
import type { Problem } from "../model/problem.js";

const defaultSeconds = 60;
/** Plain runs of problems with bounds or constraints, which are small as a rule: a portfolio that ends by itself. */
const constrainedSeconds = 20;

export interface AskedLimits {
  /** Outer iterations. */
  readonly iterations?: number | undefined;
  /** Oracle calls: a gradient counts one, a second-order product two. */
  readonly calls?: number | undefined;
  readonly seconds?: number | undefined;
}

/** Throws a BloError (BLO0904) for a limit that is not above zero. */
export function limitsOf(problem: Problem, options: AskedLimits, portfolio = false): Limits {
  const limit = (name: keyof AskedLimits): number | undefined =>
    checkedLimit(name, options[name] ?? problem.solve[name]);
  const [iterations, calls, seconds] = [limit("iterations"), limit("calls"), limit("seconds")];
  const unlimited = iterations === undefined && calls === undefined && seconds === undefined;
  return { iterations, calls, seconds: unlimited ? (portfolio ? constrainedSeconds : defaultSeconds) : seconds };
}

/** The value itself; throws a BloError (BLO0904) where it is no limit. */
export function checkedLimit(limit: keyof AskedLimits, value: number | undefined): number | undefined {
  if (value !== undefined && !(value > 0)) {
    throw new BloError([diagnostic("BLO0904", { limit, value: String(value) })]);
  }
  return value;
}

/** As the caller says, else as `solve { }` says. */
export const toleranceOf = (problem: Problem, asked: number | undefined): number =>
  asked ?? problem.solve.tolerance ?? DEFAULT_TOLERANCE;
