/**
 * Inequalities that the others imply, with the domains: the largest value of a row over the bounds that all other rows leave is
 * at most 0. Rows are looked at one after the other, each over bounds that come without it and without those that went before; rows in one
 * variable stay, as they make bounds. A lower row goes only where the lower rows and the domains imply it, so that the lower level
 * stays the same for every x; an upper row may go by rows of both levels, which every answer keeps. Their multipliers are 0.
 */
import { work } from "../constants/bounds.js";
import { affineBounds, affineRows, single } from "../curvature/affineRows.js";
import { impliedWithout, type Without } from "../curvature/implied.js";
import { Rooms } from "../curvature/rooms.js";
import type { Constraint, Problem } from "../model/problem.js";
import { mul, type Range } from "../num/interval.js";
import type { Intervals } from "../ops/operator.js";
import { summary } from "./fixedVariables.js";
import { rowsText } from "./names.js";
import { MOST_WORK } from "./quadraticPart.js";
import { rangesOver } from "./ranges.js";
import { reductionOf } from "./reduction.js";
import { withoutRows } from "./rows.js";
import { type PresolveStep, presolveStep } from "./step.js";

/** More rows, or variables, are not looked at: each row asks for bounds from all others. */
const MOST_ROWS = 60;
const MOST_VARIABLES = 200;

export const impliedRows: PresolveStep = presolveStep({
  id: "implied-rows",
  title: "Constraints that others imply",
  reference:
    "Andersen and Andersen, Presolving in linear programming, 1995, section 3.2; Achterberg et al., INFORMS J. Comput. 32, 2020, section 3.1",
  formulas: ["sup of c(x, y) over the bounds that the other rows leave <= 0"],
  keeps: "All solutions.",
  find: (problem) => {
    const { upper, lowers, x, y } = problem;
    if (lowers.some((l) => l.priceOf !== undefined))
      return [{ message: "A multiplier of a constraint is a variable." }];
    const below = lowers.flatMap((l) => l.constraints);
    const rows = [...upper.constraints, ...below].reduce((sum, c) => sum + c.rows, 0);
    if (rows < 2) return [{ message: "There are not two constraint rows." }];
    if (rows > MOST_ROWS || x.size + y.size > MOST_VARIABLES) return [{ message: "The problem is large." }];
    if (rows * work([...upper.constraints, ...below].map((c) => c.body)) > MOST_WORK)
      return [{ message: "The constraints are large." }];
    const gone = new Map<Constraint, Set<number>>();
    const look = (level: "upper" | "lower", constraints: readonly Constraint[]): void => {
      for (const c of constraints.toReversed())
        for (const row of candidates(problem, c))
          if (isImplied(problem, level, c, row, gone)) gone.set(c, (gone.get(c) ?? new Set()).add(row));
    };
    look("upper", upper.constraints);
    look("lower", below);
    if (gone.size === 0) return [{ message: "No constraint follows from the others." }];
    const changes = [...gone].map(
      ([c, own]) => `${rowsText(c.name, [...own], c.rows)} follows from the others: removed.`,
    );
    return reductionOf(problem, { rows: withoutRows(gone) }, summary(changes));
  },
});

/** Rows that may go: inequalities in several variables. */
function candidates(problem: Problem, c: Constraint): number[] {
  if (c.kind !== "le") return [];
  const rows = Array.from({ length: c.rows }, (_, row) => row);
  const affine = affineRows(problem, c);
  if (affine === undefined) return rows;
  return rows.filter((row) => single(Float64Array.of(...affine[row].a, ...affine[row].b)) === undefined);
}

function isImplied(
  problem: Problem,
  level: "upper" | "lower",
  c: Constraint,
  row: number,
  gone: ReadonlyMap<Constraint, ReadonlySet<number>>,
): boolean {
  const own = new Set(gone.get(c)).add(row);
  const without: Map<Constraint, true | ReadonlySet<number>> = new Map<Constraint, true | ReadonlySet<number>>(
    gone,
  ).set(c, own);
  if (level === "lower") for (const other of problem.upper.constraints) without.set(other, true);
  const found = impliedWithout(problem, without as Without, level === "lower");
  if (found.empty !== undefined) return false;
  const [x, y] = [found.x, level === "lower" ? found.y : found.jointY];
  return largest(problem, c, row, x, y) <= 0;
}

/** An upper bound of the row over the boxes; Infinity where it may have no value. */
function largest(problem: Problem, c: Constraint, row: number, x: Intervals, y: Intervals): number {
  const affine = affineBounds(problem, c);
  if (affine === undefined) {
    const [{ hi, flags }] = rangesOver(
      [c.body],
      new Map([
        [problem.x, x],
        [problem.y, y],
      ]),
    );
    return flags[row] === 0 ? hi[row] : Number.POSITIVE_INFINITY;
  }
  const rooms = new Rooms();
  const term: Range = { lo: 0, hi: 0, flags: 0 };
  rooms.add(affine.c.lo[row], affine.c.hi[row]);
  for (const [slopes, box] of [
    [affine.a, x],
    [affine.b, y],
  ] as const) {
    const from = row * box.lo.length;
    for (let k = 0; k < box.lo.length; k++) {
      mul(term, slopes.lo[from + k], slopes.hi[from + k], box.lo[k], box.hi[k]);
      rooms.add(term.lo, term.hi);
    }
  }
  return rooms.sup;
}
