/** Constants in formulas are finite: `inf` belongs into domains. */
import { type Diagnostic, diagnostic } from "../base/diagnostic.js";
import { topological } from "../expr/walk.js";
import type { Problem } from "../model/problem.js";

export function checkFinite(problem: Problem): Diagnostic[] {
  const levels = [problem.upper, ...problem.lowers];
  const roots = levels.flatMap((l) => [l.objective, ...l.constraints.map((r) => r.body)]);
  return topological(roots).flatMap((node): Diagnostic[] => {
    const values = node.attributes.tensor?.values ?? [node.attributes.value ?? 0];
    const wrong = values.findIndex((v) => !Number.isFinite(v));
    if (wrong < 0) return [];
    const found = Number.isNaN(values[wrong]) ? "a value that is not a number" : "an infinite value";
    const problemText = `${found} stands in a formula; \`inf\` is for bounds of variables`;
    return [diagnostic("BLO0601", { problem: problemText }, { span: node.origin })];
  });
}
