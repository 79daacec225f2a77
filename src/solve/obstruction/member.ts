/** What can take part in a conflict: a row of a named constraint, or one side of a variable's bounds; with its place in the source. */
import type { Span } from "../../base/span.js";
import type { Problem, Variable } from "../../model/problem.js";
import type { Rows } from "../../reform/program.js";
import { rowBounds } from "../../reform/rowBounds.js";

/** Variables and constraint rows together of problems whose conflicts are looked for by linear and nonlinear programs. */
export const LARGEST = 400;

export interface Member {
  /** `cap`, `cap[3]` for the third row of several, `lower bound of x[2]`. */
  readonly name: string;
  readonly level: "upper" | "lower";
  readonly span: Span;
  /** Of a variable's domain. */
  readonly bound?: true;
}

/** Constraints in the order of the source, then bounds of variables. */
export function inOrder(members: readonly Member[]): Member[] {
  const rank = ({ bound }: Member): number => (bound === true ? 1 : 0);
  return [...members].sort((a, b) => rank(a) - rank(b) || a.span.start - b.span.start);
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
  return (
    holding(problem, level, at, side) ?? {
      name: `${side} bound of ${entryName(variable, at - variable.offset)}`,
      level,
      bound: true,
      span: variable.span,
    }
  );
}

/** The row of a constraint that is a bound in disguise and the tightest one of that entry, if the domain's is not. */
function holding(problem: Problem, level: "upper" | "lower", at: number, side: "lower" | "upper"): Member | undefined {
  const sign = side === "upper" ? 1 : -1;
  const levels = level === "upper" ? [problem.upper] : problem.lowers;
  let tightest = Number.POSITIVE_INFINITY;
  for (const { domain, offset, size } of levels.flatMap((l) => l.variables)) {
    if (at < offset || at >= offset + size) continue;
    if (domain.kind === "box") tightest = sign * domain[side][at - offset];
    else if (domain.kind === "simplex" && side === "lower") tightest = 0;
  }
  let found: Member | undefined;
  const bounds = rowBounds(problem);
  for (const constraint of levels.flatMap((l) => l.constraints)) {
    const { name, rows, span } = constraint;
    const held = bounds.get(constraint);
    held?.at.forEach((entry, r) => {
      if (entry !== at || held.side[r] !== side || !(sign * held.value[r] < tightest)) return;
      tightest = sign * held.value[r];
      found = { name: rows > 1 ? `${name}[${r + 1}]` : name, level, span };
    });
  }
  return found;
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
