/** Flags of the command line as options of `solve`, and a run that reports wrong options as diagnostics. */
import { type PieceIds, type SolveOptions, solve } from "../api.js";
import { BloError, type Diagnostic } from "../base/diagnostic.js";
import type { Result } from "../methods/result.js";
import type { Problem } from "../model/problem.js";
import type { NoiseModel } from "../oracle/sampledNoise.js";
import type { FlagValues } from "./command.js";
import { UsageError } from "./exit.js";

/** The method of `--method`, or the pieces of `--lower`, `--estimator`, `--outer` … */
function methodAsked(flags: FlagValues): string | PieceIds | undefined {
  const { lower, estimator, outer, surrogate, field, sampling } = flags;
  const ids = { lower, estimator, outer, surrogate, field, sampling } as PieceIds;
  if (Object.values(ids).every((id) => id === undefined)) return flags.method as string | undefined;
  if (flags.method !== undefined) {
    throw new UsageError(
      "--method names a whole method; --lower, --estimator, --outer, --surrogate, --field and --sampling put one together: give one or the other",
    );
  }
  return ids;
}

/** What was asked for; a flag that was not given leaves the choice to the source, then to the defaults. */
export function solveOptions(flags: FlagValues): SolveOptions {
  const options = flags.opt as ReadonlyMap<string, number | boolean | string> | undefined;
  return {
    method: methodAsked(flags),
    quick: flags.quick as boolean | undefined,
    options: options && Object.fromEntries(options),
    theory: flags.theory as boolean | undefined,
    presolve: flags.presolve as boolean | undefined,
    seed: flags.seed as number | undefined,
    tolerance: flags.tol as number | undefined,
    seconds: flags.time as number | undefined,
    iterations: flags.iterations as number | undefined,
    calls: flags.calls as number | undefined,
    measures: flags.measures as readonly string[] | undefined,
    measureEvery: flags.measureEvery as number | undefined,
    noise: flags.noise as NoiseModel | undefined,
    ...(flags.backend === undefined ? {} : { backend: flags.backend as "generated" | "interpreted" }),
  };
}

/** The result, or what was wrong with the options. */
export async function attempt(
  problem: Problem,
  options: SolveOptions,
): Promise<{ readonly result: Result } | { readonly diagnostics: readonly Diagnostic[] }> {
  try {
    return { result: await solve(problem, options) };
  } catch (error) {
    if (error instanceof BloError) return { diagnostics: error.diagnostics };
    throw error;
  }
}
