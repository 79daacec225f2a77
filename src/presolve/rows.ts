/** Where rows of constraints stand, and rows to remove. */
import type { Constraint, Problem } from "../model/problem.js";

/** Positions of a lower constraint's rows among all lower rows. */
export function rowPositions(problem: Problem, constraint: Constraint): number[] {
  let row = 0;
  for (const c of problem.lowers.flatMap((l) => l.constraints)) {
    if (c === constraint) return Array.from({ length: c.rows }, (_, r) => row + r);
    row += c.rows;
  }
  return [];
}

/** For a cut: no row of these constraints stays. */
export function removedRows(constraints: readonly Constraint[]): ReadonlyMap<Constraint, readonly number[]> {
  return new Map(constraints.map((c) => [c, []]));
}

/** Rows that stay when some go. */
export function withoutRows(
  gone: ReadonlyMap<Constraint, ReadonlySet<number>>,
): ReadonlyMap<Constraint, readonly number[]> {
  return new Map(
    [...gone].map(([c, rows]) => [c, Array.from({ length: c.rows }, (_, r) => r).filter((r) => !rows.has(r))]),
  );
}
