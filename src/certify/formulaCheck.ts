/**
 * The lower solution by its formula, where presolve finds one: a check that shares nothing with iterative solvers.
 *
 *   y against y*(x):  |H (y - y*)|, the gradient that the difference stands for, as lower stationarity is measured. With equality rows,
 *                     which bend the gradient by multipliers, the same for the part of y - y* that H sees.
 *   G against the gradient of F(x) = f(x, y*(x)), differentiated symbolically: |G - dF/dx|, relative to the slopes of the problem.
 *
 * The second holds G to the accuracy that the lower solution and the curvature allow: an error e of y moves G by about as much as it
 * moves the slopes it is made of.
 */
import { gradient } from "../diff/index.js";
import type { Node } from "../expr/node.js";
import type { Problem } from "../model/problem.js";
import { norm } from "../num/vector.js";
import { evaluate } from "../ops/evaluate.js";
import type { Oracle } from "../oracle/oracle.js";
import { lowerFormula } from "../presolve/lowerFormula.js";
import { rebuilt } from "../presolve/rebuild.js";
import { type Checks, short } from "./checks.js";
import type { ImplicitGradient } from "./implicitGradient.js";

type Vector = Float64Array;

interface Reference {
  /** [m] */
  readonly solution: Node;
  /** How far it is beyond bounds and inequalities, nowhere positive; at 0 the implicit gradient may hold them, the formula's does not. */
  readonly margins: Node | undefined;
  /** dF/dx, made when it is asked for. */
  slope?: Node;
}

/** Lower variables beyond which the formula's dense matrices are not worth their time here. */
const MOST = 60;
/** Nearer to a bound than this, y may count as held by it. */
const NEAR = 1e-4;
/** Agreement of two ways to a gradient that rounding in both allows, relative to the slopes of the problem. */
const AGREE = 1e-6;

const known = new WeakMap<Problem, Reference | undefined>();

function referenceOf(problem: Problem): Reference | undefined {
  if (known.has(problem)) return known.get(problem);
  let found: Reference | undefined;
  // oracles that were written by hand come without expressions
  if (problem.builder !== undefined && problem.lowerObjective !== undefined && problem.y.size <= MOST) {
    const formula = lowerFormula(problem);
    if (typeof formula !== "string") found = { solution: formula.solution, margins: formula.margins };
  }
  known.set(problem, found);
  return found;
}

function at(problem: Problem, node: Node, x: Vector): Vector {
  return evaluate([node], new Map([[problem.x, x]]))[0];
}

/** Adds the check of y where there is a formula. `L`: about the largest lower curvature. */
export function checkLowerFormula(
  oracle: Oracle,
  x: Vector,
  y: Vector,
  L: number,
  tolerance: number,
  checks: Checks,
): void {
  const { problem, m, lower } = oracle;
  const reference = referenceOf(problem);
  if (reference === undefined) return;
  const difference = at(problem, reference.solution, x);
  for (let j = 0; j < m; j++) difference[j] = y[j] - difference[j];
  const residual = new Float64Array(m);
  lower.hvpYY(x, y, difference, residual);
  const value = norm(residual);
  checks.atMost(
    "lower solution by formula",
    value,
    tolerance * L * (1 + norm(y)),
    "y agrees with the lower solution's formula.",
    `y is away from the lower solution's formula by ${short(norm(difference))}, which stands for a gradient of ${short(value)}.`,
  );
}

/**
 * Adds the check of the hypergradient where there is a formula and the lower Hessian is far from singular. `scale`: the size of slopes
 * that the projected hypergradient is measured against; at a solution that leaves nothing to cancel G itself is rounding.
 */
export function checkHypergradientFormula(
  oracle: Oracle,
  x: Vector,
  implicit: ImplicitGradient,
  scale: number,
  tolerance: number,
  checks: Checks,
): void {
  const { problem, n } = oracle;
  const reference = referenceOf(problem);
  if (reference === undefined || implicit.singular || implicit.inexact > 0) return;
  if (reference.margins !== undefined && at(problem, reference.margins, x).some((v) => v > -NEAR)) return;
  const { builder: b, upper } = problem;
  reference.slope ??= gradient(b, rebuilt(b, [upper.objective], new Map([[problem.y, reference.solution]]))[0], [
    problem.x,
  ])[0];
  const slope = at(problem, reference.slope, x);
  let sum = 0;
  for (let i = 0; i < n; i++) sum += (slope[i] - implicit.G[i]) ** 2;
  checks.atMost(
    "hypergradient by formula",
    Math.sqrt(sum),
    Math.max(AGREE, tolerance) * Math.max(scale, norm(slope)),
    "The gradient of f(x, y*(x)) by the formula agrees with the implicit one.",
    `The gradient of f(x, y*(x)) by the formula and the implicit one differ by ${short(Math.sqrt(sum))}.`,
  );
}
