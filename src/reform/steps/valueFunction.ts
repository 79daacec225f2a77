/**
 * The lower level replaced by its value: y is a lower solution where it is feasible and g(x, y) <= V(x). V is no expression;
 * the target holds the programs that give its value and slope at an x, and the program with V linearised there.
 */
import type { Problem } from "../../model/problem.js";
import { type LowerSolution, lowerMultipliersInto, lowerProgram, optimisticProgram } from "../lowerLevel.js";
import type { Program } from "../program.js";
import { linearisedProgram } from "../valueLinear.js";
import { lowerRowCount, type SingleLevelStep } from "./bilevelPoint.js";
import { commonValue } from "./obstacles.js";

export interface ValueFunctionTarget {
  /** V(x) = min g(x, .) over the lower constraints; its parameter is x. */
  readonly lower: Program;
  /** The upper objective over lower solutions at x; parameters x, then the level V(x). */
  readonly optimistic: Program;
  /** The program with V linearised at a point; parameters as in valueLinear.ts. */
  readonly linearised: Program;
}

/** A point of the value function program. */
export interface ValueSolution {
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** The lower program's solution at x, for its multipliers. */
  readonly lower: LowerSolution;
}

export const valueFunction: SingleLevelStep<ValueFunctionTarget, ValueSolution> = {
  id: "value-function",
  title: "Value function of the lower level",
  reference:
    "Outrata, Z. Oper. Res. 34, 1990; Ye and Zhu, Optimization 33, 1995; linearised: Ye, Yuan, Zeng and Zhang 2023",
  formulas: [
    "min f(x, y)  over x, y  subject to the constraints of both levels and  g(x, y) - V(x) <= ε,  ε = 0",
    "V(x) = min g(x, .) over the lower constraints,  ∇V = ∇x g + h_xᵀ z at the lower solution with multipliers z",
  ],
  accepts: commonValue,
  apply: (problem: Problem) => ({
    target: {
      lower: lowerProgram(problem),
      optimistic: optimisticProgram(problem),
      linearised: linearisedProgram(problem),
    },
    invert: ({ x, y, lower }) => {
      const multipliers = new Float64Array(lowerRowCount(problem));
      lowerMultipliersInto(problem, lower, multipliers);
      return { x: x.slice(), y: y.slice(), multipliers };
    },
  }),
  keeps:
    "Global and local solutions, without convexity or multipliers of the lower level. No point is strictly feasible at ε = 0, and V has kinks where the lower solution changes its branch.",
};
