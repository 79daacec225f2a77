/**
 * The lower solution in closed form for formulas that are worked out, where the levels have few variables and the lower one no
 * constraints beside bounds: y*(x) by presolve's formula, and what the upper level sees, F(x) = f(x, y*(x)). It holds where y* is inside of
 * its bounds.
 */
import { gradient } from "../../diff/index.js";
import type { Node } from "../../expr/node.js";
import type { Problem } from "../../model/problem.js";
import { formulaInside } from "../../presolve/lowerFormula.js";
import { rebuilt } from "../../presolve/rebuild.js";

/** Variables of a level up to which anything is worked out. */
export const fewVariables = 4;

export interface ClosedForm {
  /** y*(x), F(x) and its gradient, over x. */
  readonly solution: Node;
  readonly value: Node;
  readonly gradient: Node;
}

export function closedForm(problem: Problem): ClosedForm | undefined {
  const { builder: b, x, y, upper, lowers } = problem;
  if (x.size === 0 || y.size === 0 || x.size > fewVariables || y.size > fewVariables) return undefined;
  if (lowers.some((l) => l.constraints.length > 0)) return undefined;
  const formula = formulaInside(problem);
  if (typeof formula === "string") return undefined;
  const { solution } = formula;
  const [value] = rebuilt(b, [upper.objective], new Map([[y, solution]]));
  return { solution, value, gradient: gradient(b, value, [x])[0] };
}
