/**
 * Cuts from the lower value function. Where y_k is feasible at x, a lower solution y is no worse than y_k:
 *
 *   g(x, y) <= g(x, y_k)   or   some h_i(x, y_k) > 0         (as in Mitsos, Lemonidis and Barton, J. Global Optim. 42, 2008)
 *
 * The alternative is written without a case distinction: there are weights w >= 0, sum w = 1, with
 *
 *   w_0 (g(x, y) - g(x, y_k)) - sum_i w_i h_i(x, y_k) <= 0,
 *
 * exactly where one of the terms is at most zero. The y_k are parameters; an equality counts as two inequalities, and where
 * the lower constraints do not depend on x the cut is g(x, y) <= g(x, y_k). Cuts are added to the first-order conditions of
 * the lower level (which bound it from one side only where it is not convex) or to its constraints alone.
 */
import { substitute } from "../diff/index.js";
import type { InputBlock, Node } from "../expr/node.js";
import { dependsOn } from "../expr/walk.js";
import type { Problem } from "../model/problem.js";
import { jointProgram } from "./jointProgram.js";
import { kktProgram } from "./kkt.js";
import { type Block, freeBlock, type Program, type Rows, rowsOf } from "./program.js";

export interface CutProgram extends Program {
  /** Number of weights; they stand at the end of u. */
  readonly weights: number;
}

/** Whether what is feasible below depends on x, so that a cut needs weights. */
export function lowerConditionsMove({ lowers, x }: Problem): boolean {
  return lowers.some((level) => level.constraints.some(({ body }) => dependsOn(body, x)));
}

/**
 * With `stationary` the base is the relaxed complementarity program, else the constraints of both levels alone. Parameters:
 * the relaxation t (of either), then y_1 … y_count.
 */
export function cutProgram(problem: Problem, count: number, stationary: boolean): CutProgram {
  const { builder: b, upper, lowers, lowerObjective, y } = problem;
  const base: Program = stationary ? kktProgram(problem, "scholtes") : constraintsOnly(problem);
  const conditions = lowers
    .flatMap((level) => level.constraints)
    .flatMap(({ kind, body, rows }) => {
      const flat = b.reshape(body, [rows]);
      return kind === "eq" ? [flat, b.neg(flat)] : [flat];
    });
  const moving = conditions.filter((body) => dependsOn(body, problem.x));
  const size = moving.reduce((sum, body) => sum + body.shape[0], 0);
  const weights: Block[] = [];
  const points: InputBlock[] = [];
  const rows: Rows[] = [];
  for (let k = 0; k < count; k++) {
    const point: InputBlock = { name: `point${k + 1}`, size: y.size };
    points.push(point);
    const [there, ...broken] = substitute(b, [lowerObjective, ...moving], new Map([[y, b.input(point)]]));
    const excess = b.reshape(b.sub(lowerObjective, there), [1]);
    let body: Node = excess;
    if (size > 0) {
      const weight = freeBlock(`weights${k + 1}`, 1 + size);
      weight.lower.fill(0);
      weight.upper.fill(1);
      weights.push(weight);
      const w = b.input(weight.input);
      body = b.reshape(b.dot(w, b.concat([excess, ...broken.map((h) => b.neg(h))], 0)), [1]);
      const total = b.reshape(b.sub(b.sum(w), b.constant(1)), [1]);
      rows.push(rowsOf(`weights of cut ${k + 1}`, "value", "eq", total));
    }
    rows.push(rowsOf(`cut ${k + 1}`, "value", "le", body));
  }
  return {
    ...base,
    blocks: [...base.blocks, ...weights],
    parameters: [...base.parameters, ...points],
    objective: upper.objective,
    rows: [...base.rows, ...rows],
    weights: weights.length * (1 + size),
  };
}

function constraintsOnly(problem: Problem): Program {
  return { ...jointProgram(problem), parameters: [{ name: "t", size: 1 }] };
}
