/** Constraints where they belong: none on nothing, none in a lower level that this level cannot influence. */
import { type Diagnostic, diagnostic } from "../base/diagnostic.js";
import type { Constraint, LevelModel, Problem, Variable } from "../model/problem.js";
import { problemReads, readsAny } from "../model/reads.js";
import { evaluate } from "../ops/evaluate.js";

export function placeConstraints(problem: Problem): { problem: Problem; diagnostics: Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const raised: Constraint[] = [];
  const all = [problem.upper, ...problem.lowers].flatMap((l) => l.variables);
  const restricts = (constraint: Constraint, variables: readonly Variable[]): boolean =>
    readsAny(problemReads(problem, [constraint.body]), variables);
  const sound = (constraint: Constraint): boolean => {
    if (restricts(constraint, all)) return true;
    diagnostics.push(diagnostic("BLO0311", { truth: truthOf(constraint) }, { span: constraint.span }));
    return false;
  };
  const lowers = problem.lowers.map((level): LevelModel => {
    const kept = level.constraints.filter(sound).filter((constraint) => {
      if (restricts(constraint, level.variables)) return true;
      raised.push(constraint);
      if (!problem.minimax) diagnostics.push(misplaced(problem, constraint, all));
      return false;
    });
    return { ...level, constraints: kept };
  });
  const upper = { ...problem.upper, constraints: [...problem.upper.constraints.filter(sound), ...raised] };
  return { problem: { ...problem, upper, lowers }, diagnostics };
}

function truthOf({ body, kind }: Constraint): string {
  const [rows] = evaluate([body]);
  const holds = rows.map((v) => (kind === "le" ? (v <= 0 ? 1 : 0) : v === 0 ? 1 : 0));
  return holds.every((h) => h === 1) ? "true" : "false";
}

function misplaced(problem: Problem, constraint: Constraint, all: readonly Variable[]): Diagnostic {
  const reads = problemReads(problem, [constraint.body]);
  const names = all.filter((v) => readsAny(reads, [v]));
  return diagnostic(
    "BLO0312",
    { variables: names.map((v) => `\`${v.name}\``).join(", ") },
    {
      span: constraint.span,
      related: names.map((v) => ({ span: v.span, message: `\`${v.name}\` is decided here` })),
    },
  );
}
