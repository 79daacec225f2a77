/** Variables, or entries of them, that nothing depends on. */
import { type Diagnostic, diagnostic } from "../base/diagnostic.js";
import type { Problem, Variable } from "../model/problem.js";
import { problemReads, variableReads } from "../model/reads.js";

export function checkVariables(problem: Problem): Diagnostic[] {
  const levels = [problem.upper, ...problem.lowers];
  const reads = problemReads(
    problem,
    levels.flatMap((l) => [l.objective, ...l.constraints.map((r) => r.body)]),
  );
  return levels
    .flatMap((l) => l.variables)
    .flatMap((v): Diagnostic[] => {
      const read = variableReads(reads, v);
      if (!read.includes(0)) return [];
      if (!read.includes(1)) return [diagnostic("BLO0313", { name: v.name }, { span: v.span })];
      const unread = Array.from(read.keys()).filter((k) => read[k] === 0);
      return [diagnostic("BLO0314", { name: v.name, entries: entriesOf(v, unread) }, { span: v.span })];
    });
}

const shown = 5;

function entriesOf(v: Variable, positions: readonly number[]): string {
  const names = positions.slice(0, shown).map((k) => entryName(v, k));
  const more = positions.length - names.length;
  const list = more > 0 ? `${names.join(", ")} and ${more} more` : names.join(", ");
  return `the ${positions.length === 1 ? "entry" : "entries"} ${list}`;
}

function entryName(v: Variable, k: number): string {
  return v.shape.length === 2 ? `[${Math.floor(k / v.shape[1]) + 1}, ${(k % v.shape[1]) + 1}]` : `${k + 1}`;
}
