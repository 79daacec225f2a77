/**
 * Programs in y alone, x held as parameters:
 *
 *   lower level     min g(x, y)   subject to the lower constraints
 *   optimistic      min f(x, y)   subject to the lower constraints, g(x, y) <= level, upper constraints
 *
 * With level = the lower value at x (and a little) the second one's solution is the lower solution the upper level prefers.
 */
import type { InputBlock, Node } from "../expr/node.js";
import type { Problem } from "../model/problem.js";
import { upperRows } from "./kkt.js";
import { boundedBlock, feasibleSet } from "./levels.js";
import { type Program, type Rows, rowsOf } from "./program.js";

/** Constraints of all lower levels that bounds on y do not say. */
export function lowerRows(problem: Problem): Rows[] {
  const { builder: b, lowers, y } = problem;
  return lowers.flatMap((level) => {
    const { slacks, residuals } = feasibleSet(problem, level, y);
    return [
      ...slacks.filter((p) => !p.bound).map((p) => rowsOf(p.name, "lower", "le", b.neg(p.body))),
      ...residuals.map((p) => rowsOf(p.name, "lower", "eq", p.body)),
    ];
  });
}

export function lowerProgram(problem: Problem): Program {
  return inLower(problem, problem.lowerObjective, lowerRows(problem), []);
}

/** Its parameters are x and then the level. */
export function optimisticProgram(problem: Problem): Program {
  const { builder: b, upper, lowerObjective } = problem;
  const level: InputBlock = { name: "level", size: 1 };
  const excess = b.sub(b.reshape(lowerObjective, [1]), b.input(level));
  const rows = [...lowerRows(problem), ...upperRows(problem), rowsOf("lower value", "value", "le", excess)];
  return inLower(problem, upper.objective, rows, [level]);
}

function inLower(problem: Problem, objective: Node, rows: Rows[], extra: InputBlock[]): Program {
  const { builder, x } = problem;
  return { builder, blocks: [boundedBlock(problem, "lower")], parameters: [x, ...extra], objective, rows };
}
