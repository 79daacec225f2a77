/**
 * Presolve: steps that make a smaller problem with the same solutions, in turn until none applies. Reductions of this kind for linear
 * programs: Andersen and Andersen, Presolving in linear programming, Mathematical Programming 1995.
 */
import type { Problem } from "../model/problem.js";
import { boundRows } from "./boundRows.js";
import { constantParts } from "./constantParts.js";
import { fixedVariables } from "./fixedVariables.js";
import { impliedRows } from "./impliedRows.js";
import { lowerByFormula } from "./lowerByFormula.js";
import { monotoneVariables } from "./monotoneVariables.js";
import { redundantRows } from "./redundantRows.js";
import type { Point, PresolveStep, Reduction } from "./step.js";
import { unseenParts } from "./unseenParts.js";

/** In the order in which they are tried. */
export const presolveSteps: readonly PresolveStep[] = [
  fixedVariables,
  redundantRows,
  boundRows,
  impliedRows,
  monotoneVariables,
  constantParts,
  lowerByFormula,
  unseenParts,
];

export interface Change {
  /** Id of the step. */
  readonly step: string;
  readonly text: string;
}

export interface Presolved {
  /** The very problem where nothing applies. */
  readonly problem: Problem;
  readonly changes: readonly Change[];
  /** The point of the original problem that a point of the reduced one stands for. */
  invert(point: Point): Point;
  /** The reduced problem's part of a point of the original. */
  restrict(point: Point): Point;
}

/** Rounds after which presolve ends in any case; each one removes something. */
const ROUNDS = 100;

const known = new WeakMap<Problem, Presolved>();

export function presolve(problem: Problem): Presolved {
  let found = known.get(problem);
  if (found === undefined) {
    found = reduced(problem, presolveSteps);
    known.set(problem, found);
  }
  return found;
}

/** With steps of the caller's choice. */
export function reduced(problem: Problem, steps: readonly PresolveStep[]): Presolved {
  const reductions: Reduction[] = [];
  const changes: Change[] = [];
  let current = problem;
  for (let round = 0; round < ROUNDS; round++) {
    const next = steps.find((s) => s.accepts(current).length === 0);
    if (next === undefined) break;
    const reduction = next.apply(current);
    reductions.push(reduction);
    changes.push(...reduction.changes.map((text) => ({ step: next.id, text })));
    current = reduction.target;
  }
  return {
    problem: current,
    changes,
    invert: (point) => reductions.reduceRight((p, r) => r.invert(p), point),
    restrict: (point) => reductions.reduce((p, r) => r.restrict(p), point),
  };
}
