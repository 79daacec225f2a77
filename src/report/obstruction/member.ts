/** What can take part in a conflict: a row of a named constraint, or one side of a variable's bounds; with its place in the source. */
import type { Span } from "../../base/span.js";
import type { Problem, Variable } from "../../model/problem.js";
import type { Rows } from "../../reform/program.js";

export interface Member {
  /** `cap`, `cap[3]` for the third row of several, `lower bound of x[2]`. */
  readonly name: string;
  readonly level: "upper" | "lower";
  readonly span: Span;
}

/** One member a row of the program's row groups, in their order. */
export function rowMembers({ upper, lowers }: Problem, groups: readonly Rows[]): Member[] {
  const levels = { upper: [upper], lower: lowers } as const;
  return groups.flatMap(({ name, origin, body }): Member[] => {
    const level = origin === "upper" ? "upper" : "lower";
    const written = levels[level].flatMap((l) => l.constraints).find((c) => c.name === name);
    const owner = levels[level].flatMap((l) => l.variables).find((v) => name.endsWith(` of ${v.name}`));
    const span = written?.span ?? owner?.span ?? levels[level][0].span;
    const rows = body.shape[0];
    return Array.from({ length: rows }, (_, i) => ({ name: rows > 1 ? `${name}[${i + 1}]` : name, level, span }));
  });
}

/** The bound of entry j of (x, y). */
export function boundMember(problem: Problem, j: number, side: "lower" | "upper"): Member {
  const n = problem.x.size;
  const level = j < n ? "upper" : "lower";
  const at = j < n ? j : j - n;
  const variables: readonly Variable[] =
    level === "upper" ? problem.upper.variables : problem.lowers.flatMap((l) => l.variables);
  const variable = variables.find((v) => at >= v.offset && at < v.offset + v.size);
  if (variable === undefined) throw new Error(`no variable at ${j}`);
  return { name: `${side} bound of ${entryName(variable, at - variable.offset)}`, level, span: variable.span };
}

/** `x`, `x[3]`, `M[2, 1]` */
export function entryName({ name, shape }: Variable, at: number): string {
  if (shape.length === 0) return name;
  const index: number[] = [];
  let rest = at;
  for (const size of [...shape].reverse()) {
    index.unshift((rest % size) + 1);
    rest = Math.floor(rest / size);
  }
  return `${name}[${index.join(", ")}]`;
}
