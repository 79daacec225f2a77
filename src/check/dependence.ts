/** Levels that do not see each other, and lower objectives that do not see their own variables. */
import { type Diagnostic, diagnostic } from "../base/diagnostic.js";
import type { Span } from "../base/span.js";
import type { LevelModel, Problem } from "../model/problem.js";
import { problemReads, readsAny } from "../model/reads.js";

export function checkDependence(
  problem: Problem,
  places: { readonly upper: Span; readonly lowers: readonly Span[] },
): Diagnostic[] {
  const { upper, lowers } = problem;
  const everything = (l: LevelModel) => problemReads(problem, [l.objective, ...l.constraints.map((r) => r.body)]);
  const found: Diagnostic[] = [];
  if (
    !readsAny(
      everything(upper),
      lowers.flatMap((l) => l.variables),
    )
  ) {
    found.push(diagnostic("BLO0317", {}, { span: places.upper }));
  }
  for (const [k, level] of lowers.entries()) {
    // `minimize 0` says that any feasible answer will do.
    if (level.objective.op === "constant" || level.priceOf !== undefined) continue;
    const span = places.lowers[k];
    if (!readsAny(problemReads(problem, [level.objective]), level.variables)) {
      found.push(diagnostic("BLO0315", { level: level.name }, { span }));
    } else if (!readsAny(everything(level), upper.variables)) {
      found.push(diagnostic("BLO0316", { level: level.name }, { span }));
    }
  }
  return found;
}
