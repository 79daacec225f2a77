/**
 * Bounds of x and y entry by entry: the variables' domains (balls and simplices as boxes) and the constraints each row of
 * which bounds one variable. Upper constraints count for x, a lower level's own for y: those hold wherever that level decides.
 */
import { jacobianRows } from "../diff/index.js";
import { degreeIn } from "../expr/degree.js";
import type { InputBlock } from "../expr/node.js";
import type { Constraint, Problem, Variable } from "../model/problem.js";
import { down, up } from "../num/interval.js";
import { evaluate } from "../ops/evaluate.js";
import type { Intervals } from "../ops/operator.js";
import { free } from "./ranges.js";

/** Constraints with more numbers (rows times variables) are not looked through for bounds. */
const MOST = 40_000;

export interface Boxes {
  readonly x: Intervals;
  readonly y: Intervals;
}

export function boxesOf(problem: Problem): Boxes {
  const boxes: Boxes = { x: free(problem.x.size), y: free(problem.y.size) };
  const { upper, lowers } = problem;
  for (const v of upper.variables) domainInto(boxes.x, v);
  for (const v of lowers.flatMap((l) => l.variables)) domainInto(boxes.y, v);
  for (const c of upper.constraints) rowsInto(problem, boxes.x, c, problem.x, problem.y);
  for (const c of lowers.flatMap((l) => l.constraints)) rowsInto(problem, boxes.y, c, problem.y, problem.x);
  return boxes;
}

function domainInto(box: Intervals, { domain, offset, size }: Variable): void {
  for (let k = 0; k < size; k++) {
    const at = offset + k;
    if (domain.kind === "box") {
      box.lo[at] = domain.lower[k];
      box.hi[at] = domain.upper[k];
    } else if (domain.kind === "ball") {
      box.lo[at] = down(domain.center[k] - domain.radius);
      box.hi[at] = up(domain.center[k] + domain.radius);
    } else if (domain.kind === "simplex") {
      box.lo[at] = 0;
      box.hi[at] = domain.total;
    }
  }
}

/** a u_i + c <= 0 (or = 0): the coefficients are entries of a constant Jacobian, c is the value at u = 0. */
function rowsInto(problem: Problem, box: Intervals, c: Constraint, own: InputBlock, other: InputBlock): void {
  if (c.rows * own.size > MOST || degreeIn(c.body, other) > 0 || degreeIn(c.body, own) !== 1) return;
  const { builder: b } = problem;
  const body = b.reshape(c.body, [c.rows]);
  const zero = new Map([
    [own, new Float64Array(own.size)],
    [other, new Float64Array(other.size)],
  ]);
  const [J, constants] = evaluate([jacobianRows(b, body, own), body], zero);
  for (let r = 0; r < c.rows; r++) {
    let at = -1;
    let count = 0;
    for (let j = 0; j < own.size; j++) {
      if (J[r * own.size + j] === 0) continue;
      at = j;
      count++;
    }
    if (count !== 1) continue;
    const a = J[r * own.size + at];
    const bound = -constants[r] / a;
    // coefficients and constants are rounded: a bound other than 0 moves outwards
    const slack = Math.abs(bound) * 1e-12;
    const above = c.kind === "eq" || a > 0;
    const below = c.kind === "eq" || a < 0;
    if (above) box.hi[at] = Math.min(box.hi[at], bound + slack);
    if (below) box.lo[at] = Math.max(box.lo[at], bound - slack);
    if (!(box.lo[at] <= box.hi[at])) {
      // contradictory rows leave no point: keep a valid interval, of the last bound
      box.lo[at] = Math.min(box.lo[at], box.hi[at]);
      box.hi[at] = Math.max(box.lo[at], box.hi[at]);
    }
  }
}
