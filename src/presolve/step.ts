/**
 * The contract of presolve: steps make a smaller problem with the same solutions, and map points of it back. A step is found
 * once for a problem: `find` either says what it would do or why there is nothing to do.
 */
import type { Problem } from "../model/problem.js";
import type { Applied, Obstacle, Reformulation } from "../reform/step.js";

type Vector = Float64Array;

export interface Point {
  readonly x: Vector;
  readonly y: Vector;
  /** Of all lower constraints, row by row (for the minimised lower objective); undefined where they are not known. */
  readonly multipliers?: Vector | undefined;
}

export interface Reduction extends Applied<Problem, Point, Point> {
  /** What was done, a sentence each, for people. */
  readonly changes: readonly string[];
  /** The reduced problem's part of a point. */
  restrict(point: Point): Point;
}

export interface PresolveStep extends Reformulation<Problem, Point, Point> {
  apply(problem: Problem): Reduction;
}

/** Facts of a step, and how it finds what to do: a reduction, or what is in the way. */
export interface StepRecord extends Pick<PresolveStep, "id" | "title" | "reference" | "formulas" | "keeps"> {
  readonly find: (problem: Problem) => Reduction | readonly Obstacle[];
}

export function presolveStep({ find, ...facts }: StepRecord): PresolveStep {
  const known = new WeakMap<Problem, Reduction | readonly Obstacle[]>();
  const found = (problem: Problem): Reduction | readonly Obstacle[] => {
    let result = known.get(problem);
    if (result === undefined) {
      result = find(problem);
      known.set(problem, result);
    }
    return result;
  };
  return {
    ...facts,
    accepts: (problem) => {
      const result = found(problem);
      return "target" in result ? [] : result;
    },
    apply: (problem) => {
      const result = found(problem);
      if (!("target" in result)) throw new Error(`${facts.id}: not accepted`);
      return result;
    },
  };
}
