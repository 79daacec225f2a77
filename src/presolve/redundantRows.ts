/**
 * Rows of constraints that say nothing: inequalities that hold for all values within the variables' domains (bounds by interval
 * arithmetic, so with proof), rows that repeat another one of their level times a positive number or more loosely, and upper rows that
 * repeat lower ones, which lower solutions keep. Their multipliers are 0.
 */
import { keyOf, type Polynomial, scaled, type Term } from "../expr/polynomial.js";
import { inverse, negated, type Rational, toNumber } from "../expr/polynomialNumber.js";
import { polynomialsOf } from "../expr/polynomialOf.js";
import type { Constraint, Problem } from "../model/problem.js";
import { summary } from "./fixedVariables.js";
import { rowsText } from "./names.js";
import { domainBoxes, rangesOver } from "./ranges.js";
import { reductionOf } from "./reduction.js";
import { withoutRows } from "./rows.js";
import { type PresolveStep, presolveStep } from "./step.js";

interface Seen {
  readonly constraint: Constraint;
  readonly row: number;
  /** The row is direction + offset <= 0 or = 0. */
  readonly offset: number;
}

class Redundancy {
  readonly gone = new Map<Constraint, Set<number>>();
  readonly changes: string[] = [];

  drop(c: Constraint, row: number): void {
    let rows = this.gone.get(c);
    if (rows === undefined) this.gone.set(c, (rows = new Set()));
    rows.add(row);
  }

  has(c: Constraint, row: number): boolean {
    return this.gone.get(c)?.has(row) === true;
  }

  /** Inequalities that hold throughout. */
  always(problem: Problem, constraints: readonly Constraint[]): void {
    const candidates = constraints.filter((c) => c.kind === "le");
    const ranges = rangesOver(
      candidates.map((c) => c.body),
      domainBoxes(problem),
    );
    candidates.forEach((c, i) => {
      const { hi, flags } = ranges[i];
      const rows = [...hi.keys()].filter((r) => hi[r] <= 0 && flags[r] === 0);
      for (const r of rows) this.drop(c, r);
      if (rows.length > 0)
        this.changes.push(`${rowsText(c.name, rows, c.rows)} holds for all values of the variables: removed.`);
    });
  }

  /** Rows with the direction of an earlier one; `only`: those that may go. */
  repeated(constraints: readonly Constraint[], only: ReadonlySet<Constraint>): void {
    const seen = new Map<string, Seen>();
    for (const c of constraints) {
      (directions(c) ?? []).forEach((found, row) => {
        if (found === undefined || this.has(c, row)) return;
        const key = `${c.kind} ${found.key}`;
        const before = seen.get(key);
        if (before === undefined) {
          seen.set(key, { constraint: c, row, offset: found.offset });
          return;
        }
        const loose = c.kind === "le" ? found.offset <= before.offset : found.offset === before.offset;
        if (loose && only.has(c)) {
          this.drop(c, row);
          this.changes.push(`${rowsText(c.name, [row], c.rows)} repeats ${before.constraint.name}: removed.`);
        } else if (c.kind === "le" && found.offset > before.offset) {
          if (only.has(before.constraint)) {
            this.drop(before.constraint, before.row);
            this.changes.push(
              `${rowsText(before.constraint.name, [before.row], before.constraint.rows)} is looser than ${c.name}: removed.`,
            );
          }
          seen.set(key, { constraint: c, row, offset: found.offset });
        }
      });
    }
  }
}

/** The largest constraints and rows looked at. */
const MOST_ROWS = 400;

/** Each row without its constant, times the number that makes the first coefficient 1 or -1 (1 for equalities). */
function directions(c: Constraint): readonly ({ key: string; offset: number } | undefined)[] | undefined {
  if (c.rows > MOST_ROWS) return undefined;
  const rows = polynomialsOf(c.body, { expand: true, entries: MOST_ROWS });
  return rows?.map((p) => {
    const constant = p.terms.find((t: Term) => t.powers.length === 0)?.coefficient ?? { n: 0n, d: 1n };
    const rest: Polynomial = { terms: p.terms.filter((t) => t.powers.length > 0) };
    if (rest.terms.length === 0) return undefined;
    const lead = rest.terms[0].coefficient;
    const size: Rational = c.kind === "le" && lead.n < 0n ? negated(lead) : lead;
    const unit = inverse(size);
    const offset = scaled({ terms: [{ key: "", coefficient: constant, powers: [] }] }, unit).terms[0];
    return { key: keyOf(scaled(rest, unit)), offset: offset === undefined ? 0 : toNumber(offset.coefficient) };
  });
}

export const redundantRows: PresolveStep = presolveStep({
  id: "redundant-rows",
  title: "Constraints that say nothing",
  reference: "Andersen and Andersen, Presolving in linear programming, 1995, sections 3.1 and 3.4",
  formulas: ["sup of c(x, y) over the domains <= 0", "c_i = t c_j with t > 0"],
  keeps: "All solutions.",
  find: (problem) => {
    const { upper, lowers } = problem;
    if (lowers.some((l) => l.priceOf !== undefined))
      return [{ message: "A multiplier of a constraint is a variable." }];
    const found = new Redundancy();
    const below = lowers.flatMap((l) => l.constraints);
    if (upper.constraints.length + below.length === 0) return [{ message: "There are no constraints." }];
    found.always(problem, [...below, ...upper.constraints]);
    for (const l of lowers) found.repeated(l.constraints, new Set(l.constraints));
    found.repeated(upper.constraints, new Set(upper.constraints));
    // lower solutions keep lower constraints: what the upper level repeats of them says nothing
    found.repeated([...below, ...upper.constraints], new Set(upper.constraints));
    if (found.gone.size === 0) return [{ message: "Every constraint may matter." }];
    return reductionOf(problem, { rows: withoutRows(found.gone) }, summary(found.changes));
  },
});
