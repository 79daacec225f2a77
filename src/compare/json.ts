/** The JSON document of a comparison, described by schema/compare.schema.json. Objectives are in the sense the source wrote. */
import { version } from "../base/version.js";
import { type DocumentExtra, type Json, plain } from "../report/json.js";
import type { ComparedRun, Comparison } from "./types.js";

/** What changes from one time to the next for the same seeds: only the fields named `seconds`. */
export function comparisonDocument(
  comparison: Comparison,
  extra: DocumentExtra = {},
): { readonly [key: string]: Json } {
  const { sign, reference, start, budget } = comparison;
  // 0 + v: the negation of zero is zero.
  const written = (v: number): number => 0 + sign * v;
  const run = ({ points, value, label, counts, calls, ...rest }: ComparedRun) => ({
    method: label,
    ...rest,
    objective: written(value),
    calls,
    counts,
    points: points.map(({ value: at, claim, ...p }) => ({ ...p, objective: written(at), claim })),
  });
  return plain({
    problem: comparison.problem,
    file: extra.file ?? null,
    source: extra.sha256 ?? null,
    version,
    tolerance: comparison.tolerance,
    budget: { calls: budget.calls, seconds: budget.seconds, iterations: budget.iterations },
    seeds: comparison.seeds,
    spread: comparison.spread,
    interrupted: comparison.interrupted,
    start: { objective: written(start.value), hypergradient: start.hypergradient },
    reference: {
      objective: written(reference.value),
      from: reference.from,
      method: reference.label ?? null,
      seed: reference.seed ?? null,
    },
    scale: comparison.scale,
    methods: comparison.methods.map(({ label, method, given, ...rest }) => ({
      method: label,
      id: method,
      options: given,
      ...rest,
    })),
    skipped: comparison.skipped,
    runs: comparison.runs.map(run),
  }) as { readonly [key: string]: Json };
}
