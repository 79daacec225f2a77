/** The limits of a run: as the caller says, else as `solve { }` says; where neither says anything, a minute, or 20 seconds. */
import { BloError, diagnostic } from "../base/diagnostic.js";
import type { Limits } from "../methods/budget.js";
import type { Problem } from "../model/problem.js";

const defaultSeconds = 60;
/** Plain runs of problems with bounds or constraints, which are small as a rule: a portfolio that ends by itself. */
const constrainedSeconds = 20;

export interface AskedLimits {
  readonly iterations?: number | undefined;
  readonly calls?: number | undefined;
  readonly seconds?: number | undefined;
}

/** Throws a BloError (BLO0904) for a limit that is not above zero. */
export function limitsOf(problem: Problem, options: AskedLimits, portfolio = false): Limits {
  const limit = (name: keyof AskedLimits): number | undefined => {
    const value = options[name] ?? problem.solve[name];
    if (value !== undefined && !(value > 0)) {
      throw new BloError([diagnostic("BLO0904", { limit: name, value: String(value) })]);
    }
    return value;
  };
  const [iterations, calls, seconds] = [limit("iterations"), limit("calls"), limit("seconds")];
  const unlimited = iterations === undefined && calls === undefined && seconds === undefined;
  return { iterations, calls, seconds: unlimited ? (portfolio ? constrainedSeconds : defaultSeconds) : seconds };
}
