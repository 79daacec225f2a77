/**
 * Nonlinear constraints that cannot be satisfied together near a point, by the elastic filter (Chinneck and Dravnieks,
 * ORSA J. Comput. 3, 1991): every row may be violated at a price,
 *
 *     min sum (p + q)   subject to   limits on c(u) + p - q,   bounds on u,   p, q >= 0;
 *
 * rows that have to pay are then held, and the rest is solved again, until what is held cannot be kept. The deletion filter
 * takes away what was held without need. A local answer where the rows are not convex: nothing is proved.
 */
import type { NonlinearProgram } from "../../nlp/program.js";
import { solveNonlinear } from "../../nlp/solve.js";
import { deletionFilter } from "./deletionFilter.js";

type Vector = Float64Array;

const inf = Number.POSITIVE_INFINITY;
const ROUNDS = 12;
const MOST = 24;
const ITERATIONS = 300;

export interface Elastic {
  /** Smallest sum of violations found, over all rows. */
  readonly violation: number;
  /** The point where it is that small. */
  readonly u: Vector;
  /** Rows that conflict there; empty where the violation is below the tolerance. */
  readonly rows: readonly number[];
}

type Rule = "elastic" | "held" | "free";

/** Violations up to `tolerance` count as none. */
export function elasticFilter(program: NonlinearProgram, start: Vector, tolerance: number): Elastic | undefined {
  const { rows } = program;
  const rules: Rule[] = Array.from({ length: rows }, () => "elastic");
  const first = least(program, rules, start);
  if (first === undefined) return undefined;
  if (first.total <= tolerance) return { violation: first.total, u: first.u, rows: [] };
  let paying = first.paying(tolerance);
  for (let round = 0; round < ROUNDS && paying.length > 0; round++) {
    for (const row of paying) rules[row] = "held";
    const next = least(program, rules, start);
    if (next === undefined) break;
    paying = next.paying(tolerance);
    if (next.total <= tolerance) return { violation: next.total, u: next.u, rows: [] };
  }
  const held = rules.flatMap((rule, i) => (rule === "held" ? [i] : []));
  const conflicts = (kept: readonly number[]): boolean => {
    const among = new Set(kept);
    const found = least(
      program,
      rules.map((_, i) => (among.has(i) ? "elastic" : "free")),
      start,
    );
    return found !== undefined && found.total > tolerance;
  };
  const irreducible = held.length <= MOST && conflicts(held) ? deletionFilter(held, conflicts) : held;
  return { violation: first.total, u: first.u, rows: irreducible };
}

interface Least {
  readonly u: Vector;
  readonly total: number;
  readonly paying: (tolerance: number) => number[];
}

/** The elastic program; undefined where it was not solved, as where the held rows cannot be kept. */
function least(program: NonlinearProgram, rules: readonly Rule[], start: Vector): Least | undefined {
  const { n, rows } = program;
  const price = (rule: Rule): number => (rule === "elastic" ? inf : 0);
  const slack = (values: (rule: Rule) => number): number[] => rules.map(values);
  const p = Array.from({ length: rows }, (_, i) => i);
  const limit = (values: Vector, free: number): Vector => values.map((v, i) => (rules[i] === "free" ? free : v));
  const wrapped: NonlinearProgram = {
    n: n + 2 * rows,
    rows,
    lower: Float64Array.from([...program.lower, ...slack(() => 0), ...slack(() => 0)]),
    upper: Float64Array.from([...program.upper, ...slack(price), ...slack(price)]),
    rowLower: limit(program.rowLower, -inf),
    rowUpper: limit(program.rowUpper, inf),
    value: (u) => u.subarray(n).reduce((sum, v) => sum + v, 0),
    gradientInto: (_u, out) => {
      out.fill(0, 0, n);
      out.fill(1, n);
    },
    constraintsInto: (u, out) => {
      program.constraintsInto(u.subarray(0, n), out);
      for (let i = 0; i < rows; i++) out[i] += u[n + i] - u[n + rows + i];
    },
    jacobian: {
      rows: Int32Array.from([...program.jacobian.rows, ...p, ...p]),
      columns: Int32Array.from([...program.jacobian.columns, ...p.map((i) => n + i), ...p.map((i) => n + rows + i)]),
    },
    jacobianInto: (u, values) => {
      const own = program.jacobian.rows.length;
      program.jacobianInto(u.subarray(0, n), values.subarray(0, own));
      values.fill(1, own, own + rows);
      values.fill(-1, own + rows);
    },
    hessian: program.hessian,
    hessianInto: (u, _sigma, z, values) => program.hessianInto(u.subarray(0, n), 0, z, values),
  };
  const from = new Float64Array(n + 2 * rows);
  from.set(start);
  const found = solveNonlinear(wrapped, from, { maxIterations: ITERATIONS });
  if (found.status !== "solved" && found.status !== "acceptable") return undefined;
  const violation = (i: number): number => found.u[n + i] + found.u[n + rows + i];
  return {
    u: found.u.slice(0, n),
    total: found.f,
    paying: (tolerance) =>
      p.filter((i) => rules[i] === "elastic" && violation(i) > Math.max(tolerance / rows, 1e-3 * found.f)),
  };
}
