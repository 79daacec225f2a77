/**
 * Lower variables that their level moves to a bound whatever x is: the lower objective rises with v over the whole domain, and no lower
 * constraint is helped by a larger v. From any other lower point, v at its lower bound keeps the constraints and is better. Where the
 * objective may be flat, v goes to its bound only if the upper level does not see it. The mirror image holds for falling objectives.
 */
import { work } from "../constants/bounds.js";
import { affineBounds } from "../curvature/affineRows.js";
import { impliedWithout } from "../curvature/implied.js";
import { gradient, jacobianRows } from "../diff/index.js";
import type { Constraint, Variable } from "../model/problem.js";
import { problemReads } from "../model/reads.js";
import type { Intervals } from "../ops/operator.js";
import { summary } from "./fixedVariables.js";
import { entryName } from "./names.js";
import { MOST_WORK } from "./quadraticPart.js";
import { rangesOver } from "./ranges.js";
import { reductionOf } from "./reduction.js";
import { type PresolveStep, presolveStep } from "./step.js";

/** Larger problems are not looked at: the slopes of all rows are bounded entry by entry. */
const MOST = 200;

export const monotoneVariables: PresolveStep = presolveStep({
  id: "monotone-variables",
  title: "Lower variables that go to a bound",
  reference: "Andersen and Andersen, Presolving in linear programming, 1995, section 3.3 (dominated columns)",
  formulas: ["dg/dv > 0 and dc/dv >= 0 over the domains:  v* = l"],
  keeps: "Solutions: v* is unique, or the upper level does not see it.",
  find: (problem) => {
    const { builder: b, x, y, upper, lowers, lowerObjective } = problem;
    if (!problem.independentFollowers) return [{ message: "The followers depend on each other." }];
    if (problem.samples.length > 0) return [{ message: "Sums are sampled." }];
    if (y.size === 0 || x.size + y.size > MOST)
      return [{ message: "The problem has no lower variables, or is large." }];
    const boxed = lowers.flatMap((l) => l.variables).filter((v) => v.domain.kind === "box");
    if (boxed.length === 0) return [{ message: "No lower variable has bounds." }];
    const constraints = lowers.flatMap((l) => l.constraints);
    const large = constraints.some((c) => c.rows * work([c.body]) > MOST_WORK) || work([lowerObjective]) > MOST_WORK;
    if (large) return [{ message: "The lower level is large." }];
    // domains and lower rows only: the lower level is the same for every x of the domain
    const without = new Map(upper.constraints.map((c) => [c, true as const]));
    const found = impliedWithout(problem, without, true);
    const boxes = new Map([
      [x, found.x],
      [y, found.y],
    ]);
    const [slopes, ...jacobians] = rangesOver(
      [gradient(b, lowerObjective, [y])[0], ...constraints.map((c) => jacobianRows(b, b.reshape(c.body, [c.rows]), y))],
      boxes,
    );
    const rows = constraints.map((c, i): Intervals => affineBounds(problem, c)?.b ?? jacobians[i]);
    const seen = problemReads(problem, [upper.objective, ...upper.constraints.map((c) => c.body)]).y;
    const values = new Map<number, number>();
    const changes: string[] = [];
    for (const v of boxed) {
      for (let k = 0; k < v.size; k++) {
        const at = v.offset + k;
        const way = direction(at, slopes, seen[at] === 1);
        const value = boundOf(v, k, way);
        if (value === undefined) continue;
        const rises = way > 0;
        if (constraints.some((c, i) => helped(c, rows[i], at, y.size, rises))) continue;
        values.set(at, value);
        changes.push(
          `${entryName(problem, "lower", at).text} = ${value}: the lower objective ${rises ? "rises" : "falls"} with it throughout.`,
        );
      }
    }
    if (values.size === 0) return [{ message: "No lower variable goes to a bound throughout." }];
    return reductionOf(problem, { y: values }, summary(changes));
  },
});

/** Whether some row of a constraint may be kept better away from the bound. */
function helped(c: Constraint, { lo, hi, flags }: Intervals, at: number, m: number, rises: boolean): boolean {
  for (let e = at; e < c.rows * m; e += m) {
    if (flags[e] !== 0) return true;
    if (c.kind === "eq" ? lo[e] !== 0 || hi[e] !== 0 : rises ? lo[e] < 0 : hi[e] > 0) return true;
  }
  return false;
}

/** 1: the objective rises with the entry throughout, -1: it falls; 0: neither is proved. */
function direction(at: number, { lo, hi, flags }: Intervals, seen: boolean): -1 | 0 | 1 {
  if (flags[at] !== 0) return 0;
  if (lo[at] > 0 || (!seen && lo[at] === 0)) return 1;
  return hi[at] < 0 || (!seen && hi[at] === 0) ? -1 : 0;
}

function boundOf({ domain }: Variable, k: number, way: -1 | 0 | 1): number | undefined {
  if (way === 0 || domain.kind !== "box") return undefined;
  const value = way > 0 ? domain.lower[k] : domain.upper[k];
  return Number.isFinite(value) ? value : undefined;
}
