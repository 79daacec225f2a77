/**
 * Programs in y alone, x held as parameters:
 *
 *   lower level     min g(x, y)   subject to the lower constraints
 *   optimistic      min f(x, y)   subject to the lower constraints, g(x, y) <= level, upper constraints
 *   pessimistic     min -f(x, y)  subject to the lower constraints, g(x, y) <= level
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
  return amongLowerSolutions(problem, problem.upper.objective, upperRows(problem));
}

/** The worst that a follower who does not care can do to the upper level; parameters as above. */
export function pessimisticProgram(problem: Problem): Program {
  return amongLowerSolutions(problem, problem.builder.neg(problem.upper.objective), []);
}

function amongLowerSolutions(problem: Problem, objective: Node, upper: readonly Rows[]): Program {
  const { builder: b, lowerObjective } = problem;
  const level: InputBlock = { name: "level", size: 1 };
  const excess = b.sub(b.reshape(lowerObjective, [1]), b.input(level));
  const rows = [...lowerRows(problem), ...upper, rowsOf("lower value", "value", "le", excess)];
  return inLower(problem, objective, rows, [level]);
}

function inLower(problem: Problem, objective: Node, rows: Rows[], extra: InputBlock[]): Program {
  const { builder, x } = problem;
  return { builder, blocks: [boundedBlock(problem, "lower")], parameters: [x, ...extra], objective, rows };
}

/** What a solver returns for `lowerProgram`, with the signs of nlp/program.ts. */
export interface LowerSolution {
  readonly rowMultipliers: Float64Array;
  readonly boundMultipliers: Float64Array;
}

/**
 * Multipliers of the lower constraint rows (of g + zᵀ h) from a solution of `lowerProgram`. A constraint that is kept as a bound
 * gets the bound's multiplier over its slope; where several bound the same entry at the same place, the first one gets all.
 */
export function lowerMultipliersInto(problem: Problem, solution: LowerSolution, out: Float64Array): void {
  const { lower, upper } = boundedBlock(problem, "lower");
  const left = solution.boundMultipliers.slice();
  let at = 0;
  let first = 0;
  out.fill(0);
  for (const level of problem.lowers) {
    const { slacks, residuals } = feasibleSet(problem, level, problem.y);
    for (const { body, bound, row, held } of [...slacks, ...residuals]) {
      const size = body.shape[0];
      if (!bound) {
        if (row !== undefined) out.set(solution.rowMultipliers.subarray(at, at + size), first + row);
        at += size;
      } else if (row !== undefined && held !== undefined) {
        for (let i = 0; i < size; i++) {
          const j = held.at[i];
          const isLower = held.side[i] === "lower";
          const acts = held.value[i] === (isLower ? lower : upper)[j] && (isLower ? left[j] < 0 : left[j] > 0);
          if (!acts) continue;
          out[first + row + i] = left[j] / held.slope[i];
          left[j] = 0;
        }
      }
    }
    first += level.constraints.reduce((sum, c) => sum + c.rows, 0);
  }
}
