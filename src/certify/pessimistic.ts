/**
 * The pessimistic value at an answer: the worst upper objective among the lower level's solutions for its x,
 *
 *   max { f(x, y) : y in S(x) },   S(x) = argmin g(x, .)
 *
 * beside the optimistic one that bilevel programs minimise. It is looked for by an interior method from several starts on
 * { g <= g* + e } for two margins e: among true solutions the difference to f(x, y) stays as e shrinks, among points that only
 * almost solve the lower level it falls like e or its root. The maximum found is a lower bound of the pessimistic value
 * (exact where -f and g are convex in y). Small problems only; deterministic.
 */

import { curvatureOf } from "../curvature/index.js";
import type { Result } from "../methods/result.js";
import type { Problem } from "../model/problem.js";
import { solveNonlinear } from "../nlp/solve.js";
import { createRandom, type Random } from "../num/random.js";
import { backendOf } from "../oracle/backendOf.js";
import type { Oracle } from "../oracle/oracle.js";
import { compileProgram } from "../reform/compile.js";
import { lowerProgram, optimisticProgram, pessimisticProgram } from "../reform/lowerLevel.js";
import { nested } from "../report/values.js";

type Vector = Float64Array;

/** Lower variables and constraint rows of problems that are looked at. */
const MOST_VARIABLES = 20;
const MOST_ROWS = 60;
/** Starts beside the answer's own y. */
const STARTS = 6;
/** Margins on the lower value, relative to 1 + |g*|; the second decides. */
const MARGINS = [1e-5, 1e-7] as const;
/** The part of the first margin's difference that must be left at the second one for the solutions to be many. */
const LASTING = 0.5;
/** Differences below this, relative to 1 + |f|, are nothing. */
const SMALL = 1e-4;
const ITERATIONS = 100;
/** Largest violation of constraints, well below the smaller margin. */
const FEASIBLE = 1e-9;

export interface Pessimistic {
  /** To be minimised; Infinity where solutions make f as large as they like. */
  readonly objective: number;
  readonly y: Vector;
}

/** Undefined where no lower solution was found that is worse for the upper level, or the problem is not small. */
export function pessimistic(oracle: Oracle, x: Vector, y: Vector, random: Random): Pessimistic | undefined {
  return farthest(oracle, x, y, random, 1);
}

/** The same for the better side: the lower solution that the upper level likes best, where it differs from y. */
export function optimistic(oracle: Oracle, x: Vector, y: Vector, random: Random): Pessimistic | undefined {
  return farthest(oracle, x, y, random, -1);
}

/** `side` 1: largest upper objective; -1: smallest. */
function farthest(oracle: Oracle, x: Vector, y: Vector, random: Random, side: 1 | -1): Pessimistic | undefined {
  const { problem, m } = oracle;
  if (problem.builder === undefined || problem.minimax || !problem.independentFollowers) return undefined;
  if (m === 0 || m > MOST_VARIABLES || oracle.lower.constraints.rows > MOST_ROWS) return undefined;
  if (problem.lowers.some((level) => level.priceOf) || isUnique(problem)) return undefined;
  const { upper, lower } = oracle.fork();
  const among = side > 0 ? pessimisticProgram(problem) : optimisticProgram(problem);
  const program = compileProgram(among, backendOf(oracle));
  const here = upper.value(x, y);
  const value = lower.value(x, y);
  program.parameters.set(x);
  const near = around(oracle, y, random);
  const starts = [y, ...near, ...lowerSolutions(oracle, x, near)];
  const [wide, narrow] = MARGINS.map((margin): Pessimistic => {
    program.parameters[x.length] = value + margin * (1 + Math.abs(value));
    let found: Pessimistic = { objective: here, y };
    for (const start of starts) {
      const { status, u } = solveNonlinear(program, start, {
        maxIterations: ITERATIONS,
        feasibilityTolerance: FEASIBLE,
        elastic: false,
      });
      if (status === "unbounded") return { objective: side * Number.POSITIVE_INFINITY, y: u };
      if (status !== "solved" && status !== "acceptable") continue;
      const objective = upper.value(x, u);
      if (side * (objective - found.objective) > 0) found = { objective, y: u };
    }
    return found;
  });
  const apart = Math.abs(narrow.objective - here);
  const lasting = apart >= LASTING * Math.abs(wide.objective - here) || apart === Number.POSITIVE_INFINITY;
  return apart > SMALL * (1 + Math.abs(here)) && lasting ? narrow : undefined;
}

/** Whether each lower solution is proved to be the only one: strongly convex objectives on convex sets. */
function isUnique(problem: Problem): boolean {
  return curvatureOf(problem).lowers.every(
    ({ strong, constraints }) => strong !== undefined && constraints.every((c) => c.set !== "unknown"),
  );
}

/** A converged result with the pessimistic value beside it, in the source's sense, where it differs from the optimistic one. */
export function withPessimistic(oracle: Oracle, result: Result): Result {
  if (result.status !== "converged") return result;
  const found = pessimistic(oracle, result.x, result.y, createRandom(result.seed).split("pessimistic"));
  if (found === undefined) return result;
  const { problem } = oracle;
  const sign = problem.upper.sense === "maximize" ? -1 : 1;
  const lower = problem.lowers.flatMap((level) => level.variables);
  return {
    ...result,
    pessimistic: {
      objective: sign * found.objective,
      values: Object.fromEntries(lower.map((v) => [v.name, nested(found.y, v.shape, v.offset)])),
    },
  };
}

/** Where lower solves from the points end: separate minima lie in sets that an interior method does not jump between. */
function lowerSolutions(oracle: Oracle, x: Vector, from: readonly Vector[]): readonly Vector[] {
  const program = compileProgram(lowerProgram(oracle.problem), backendOf(oracle));
  program.parameters.set(x);
  return from.flatMap((start) => {
    const { status, u } = solveNonlinear(program, start, { maxIterations: ITERATIONS, elastic: false });
    return status === "solved" ? [u] : [];
  });
}

/** Points near and far from y, in the domains: signs alternate in each coordinate, so that both sides of y are seen. */
function around({ domainY, m }: Oracle, y: Vector, random: Random): readonly Vector[] {
  const sides = Float64Array.from({ length: m }, () => (random.uniform() < 0.5 ? -1 : 1));
  return Array.from({ length: STARTS }, (_, k) => {
    const reach = 10 ** ((k >> 1) - 1);
    const at = new Float64Array(m);
    for (let j = 0; j < m; j++) {
      const [lo, hi] = [domainY.lower[j], domainY.upper[j]];
      const side = k % 2 === 0 ? sides[j] : -sides[j];
      const end = side < 0 ? lo : hi;
      const share = Math.min(1, 0.4 * (1 + (k >> 1)) * (0.5 + random.uniform()));
      at[j] = Number.isFinite(end)
        ? y[j] + share * (end - y[j])
        : y[j] + side * reach * (1 + Math.abs(y[j])) * (0.5 + random.uniform());
    }
    domainY.project(at);
    return at;
  });
}
