/**
 * Inequalities in a single variable of their own level become bounds: a v + c <= 0 is v <= -c/a or v >= -c/a. Bounds are kept by
 * projection, so that methods without constraints apply. Lower ones only where the lower objective is known to be strongly convex:
 * methods for other constrained lower levels do more with rows.
 */

import { affineRows, isZeroVector, single } from "../curvature/affineRows.js";
import type { Constraint, Domain, Problem, Variable } from "../model/problem.js";
import { stronglyConvexBelow } from "./convex.js";
import { summary } from "./fixedVariables.js";
import { entryName, variableAt } from "./names.js";
import { reductionOf } from "./reduction.js";
import { rowPositions, withoutRows } from "./rows.js";
import { type SingletonRow, singletonMultipliers } from "./singletons.js";
import { type PresolveStep, presolveStep } from "./step.js";

interface Bounds {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

class Bounding {
  readonly bounds = new Map<Variable, Bounds>();
  readonly gone = new Map<Constraint, Set<number>>();
  readonly rows: SingletonRow[] = [];
  readonly changes: string[] = [];

  constructor(private readonly problem: Problem) {}

  look(level: "upper" | "lower", constraints: readonly Constraint[]): void {
    const { problem } = this;
    for (const c of constraints) {
      if (c.kind !== "le") continue;
      for (const { row, a, b, c: constant } of affineRows(problem, c) ?? []) {
        const [own, other] = level === "upper" ? [a, b] : [b, a];
        const at = isZeroVector(other) ? single(own) : undefined;
        if (at === undefined) continue;
        const value = constant === 0 ? 0 : -constant / own[at];
        const side = own[at] > 0 ? "upper" : "lower";
        if (!this.tighten(level, at, value, side)) continue;
        let rows = this.gone.get(c);
        if (rows === undefined) this.gone.set(c, (rows = new Set()));
        rows.add(row);
        const name = entryName(problem, level, at).text;
        this.changes.push(`${name} ${side === "upper" ? "<=" : ">="} ${value}: the constraint ${c.name} as a bound.`);
        if (level === "lower")
          this.rows.push({ position: rowPositions(problem, c)[row], entry: at, slope: own[at], kind: "le" });
      }
    }
  }

  /** False where the variable cannot have the bound, or where it would leave nothing. */
  private tighten(level: "upper" | "lower", at: number, value: number, side: "upper" | "lower"): boolean {
    const v = variableAt(this.problem, level, at);
    const { domain, offset, size } = v;
    if (domain.kind === "ball" || domain.kind === "simplex" || !Number.isFinite(value)) return false;
    const before = this.bounds.get(v);
    const lower =
      before?.lower ??
      (domain.kind === "box" ? domain.lower.slice() : new Float64Array(size).fill(Number.NEGATIVE_INFINITY));
    const upper =
      before?.upper ??
      (domain.kind === "box" ? domain.upper.slice() : new Float64Array(size).fill(Number.POSITIVE_INFINITY));
    const k = at - offset;
    const [low, high] =
      side === "lower" ? [Math.max(lower[k], value), upper[k]] : [lower[k], Math.min(upper[k], value)];
    if (low > high) return false;
    lower[k] = low;
    upper[k] = high;
    this.bounds.set(v, { lower, upper });
    return true;
  }
}

export const boundRows: PresolveStep = presolveStep({
  id: "bound-rows",
  title: "Constraints that are bounds",
  reference: "Andersen and Andersen, Presolving in linear programming, 1995, section 3.1",
  formulas: ["a v + c <= 0 gives v <= -c/a (a > 0) or v >= -c/a (a < 0)"],
  keeps: "All solutions.",
  find: (problem) => {
    const bounding = new Bounding(problem);
    bounding.look("upper", problem.upper.constraints);
    const below = problem.lowers.flatMap((l) => l.constraints);
    if (problem.independentFollowers && below.length > 0 && stronglyConvexBelow(problem)) bounding.look("lower", below);
    if (bounding.gone.size === 0) return [{ message: "No constraint is a bound." }];
    const domains = new Map(
      [...bounding.bounds].map(([v, { lower, upper }]) => [v, { kind: "box", lower, upper } as Domain]),
    );
    const cut = { domains, rows: withoutRows(bounding.gone) };
    return reductionOf(problem, cut, summary(bounding.changes), singletonMultipliers(problem, bounding.rows));
  },
});
