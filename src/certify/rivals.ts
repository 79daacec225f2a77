/**
 * The rivals of a lower solution y at x: other local minimisers of the lower level whose value is so little above that of y
 * that one of them may be the global one at a neighbouring x. Where the lower level is not convex the hyper-objective is
 * known near x only if all of them are followed: at many bilevel solutions two lower solutions are equally low, and the
 * hyper-objective jumps there.
 */
import type { Random } from "../num/random.js";
import { norm } from "../num/vector.js";
import type { Oracle } from "../oracle/oracle.js";
import { solveConstrained } from "./lowerConstrained.js";
import { type LowerModel, lowerModel } from "./lowerModel.js";
import { solveLower } from "./lowerSolve.js";
import { linkedStarts } from "./lowerStarts.js";
import { convexLower, type LowerVerdict, startsFor } from "./lowerVerdict.js";

type Vector = Float64Array;

/** Neighbours are up to this far away, relative to 1 + |x_i|. */
export const REACH = 1e-3;
/** What a value may change over that distance, as a multiple of its slope times it. */
const CHANGE = 4;
/** Closer than this times 1 + |y| is the same solution. */
const SAME = 1e-5;
const DRAWS = 6;
const MOST = 6;

export function rivals(
  oracle: Oracle,
  x: Vector,
  lower: LowerVerdict,
  random: Random,
  exhausted: () => boolean,
): readonly Vector[] {
  if (oracle.problem.minimax || convexLower(oracle, x, lower.y)) return [];
  const value = oracle.lower.value(x, lower.y);
  const limit = value + CHANGE * REACH * slopeAlongX(oracle, x, lower.y) + 1e-6 * (1 + Math.abs(value));
  const size = 1 + norm(lower.y);
  const found: { readonly y: Vector; readonly g: number }[] = [];
  const model = withPenalty(oracle, x);
  const starts = [
    ...startsFor(oracle, lower.y, DRAWS, random),
    ...linkedStarts(model, lower.y, random.split("rivals"), exhausted),
  ];
  for (const start of starts) {
    if (exhausted()) break;
    const y = solve(oracle, x, start, exhausted);
    if (y === undefined) continue;
    const g = oracle.lower.value(x, y);
    const known = [lower.y, ...found.map((r) => r.y)];
    if (!(g <= limit) || known.some((k) => norm(k.map((v, j) => v - y[j])) <= SAME * size)) continue;
    if (known.some((k) => connected(model, k, y))) continue;
    found.push({ y, g });
    if (found.length >= MOST) break;
  }
  return found.map((r) => r.y);
}

/** No hill on the straight way from a to b: one set of solutions, of which the optimistic one is followed anyway. */
function connected(model: LowerModel, a: Vector, b: Vector): boolean {
  const top = Math.max(model.value(a), model.value(b));
  const allowed = top + 1e-7 * (1 + Math.abs(top));
  return [0.25, 0.5, 0.75].every((t) => model.value(a.map((v, j) => v + t * (b[j] - v))) <= allowed);
}

function solve(oracle: Oracle, x: Vector, start: Vector, exhausted: () => boolean): Vector | undefined {
  if (oracle.lower.constraints.rows === 0) {
    const { y, unbounded } = solveLower(lowerModel(oracle, x), start, exhausted);
    return unbounded ? undefined : y;
  }
  const { y, unbounded, feasible } = solveConstrained(oracle, x, start, exhausted);
  return unbounded || !feasible ? undefined : y;
}

/** |dg/dx| in relative changes of x, at y and at its scale. */
function slopeAlongX(oracle: Oracle, x: Vector, y: Vector): number {
  const gx = new Float64Array(oracle.n);
  const gy = new Float64Array(oracle.m);
  oracle.lower.valueGrad(x, y, gx, gy);
  return Math.abs(oracle.lower.value(x, y)) + gx.reduce((sum, g, i) => sum + Math.abs(g) * (1 + Math.abs(x[i])), 0);
}

/** For sampling only: violated rows count a thousandfold. */
function withPenalty(oracle: Oracle, x: Vector): LowerModel {
  const base = lowerModel(oracle, x);
  const { constraints } = oracle.lower;
  if (constraints.rows === 0) return base;
  const c = new Float64Array(constraints.rows);
  const value = (y: Vector): number => {
    constraints.value(x, y, c);
    let sum = 0;
    c.forEach((v, r) => {
      sum += constraints.equality[r] === 1 ? Math.abs(v) : Math.max(0, v);
    });
    return base.value(y) + 1e3 * sum;
  };
  return { ...base, value };
}
