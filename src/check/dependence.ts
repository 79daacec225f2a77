/** Levels that do not see each other, and lower objectives that do not see their own variables. */
import { type Diagnostic, diagnostic } from "../base/diagnostic.js";
import type { LevelModel, Problem } from "../model/problem.js";
import { problemReads, readsAny } from "../model/reads.js";

export function checkDependence(problem: Problem): Diagnostic[] {
  const { upper, lowers } = problem;
  const everything = (l: LevelModel) => problemReads(problem, [l.objective, ...l.constraints.map((r) => r.body)]);
  const found: Diagnostic[] = [];
  if (
    !readsAny(
      everything(upper),
      lowers.flatMap((l) => l.variables),
    )
  ) {
    found.push(diagnostic("BLO0317", {}, { span: upper.objective.origin ?? upper.span }));
  }
  for (const level of lowers) {
    // `minimize 0` says that any feasible answer will do.
    if (level.objective.op === "constant") continue;
    const span = level.objective.origin ?? level.span;
    if (!readsAny(problemReads(problem, [level.objective]), level.variables)) {
      found.push(diagnostic("BLO0315", { level: level.name }, { span }));
    } else if (!readsAny(everything(level), upper.variables)) {
      found.push(diagnostic("BLO0316", { level: level.name }, { span }));
    }
  }
  return found;
}
