/**
 * The set of all points that keep the constraints of both levels, in (x, y), with a linear objective given by parameters:
 *
 *   min dᵀ (x, y)   subject to upper and lower constraints and domains
 *
 * Its minima along the axes bound where solutions can be.
 */
import type { InputBlock } from "../expr/node.js";
import type { Problem } from "../model/problem.js";
import { upperRows } from "./kkt.js";
import { boundedBlock } from "./levels.js";
import { lowerRows } from "./lowerLevel.js";
import type { Program } from "./program.js";

/** The parameter is the direction d, of size n + m. */
export function jointProgram(problem: Problem): Program {
  const { builder: b, upper, lowers, x, y } = problem;
  const blocks = [
    boundedBlock(x, upper.variables),
    boundedBlock(
      y,
      lowers.flatMap((level) => level.variables),
    ),
  ];
  const direction: InputBlock = { name: "direction", size: x.size + y.size };
  const point = b.concat([b.input(x), b.input(y)], 0);
  return {
    builder: b,
    blocks,
    parameters: [direction],
    objective: b.dot(b.input(direction), point),
    rows: [...upperRows(problem), ...lowerRows(problem)],
  };
}
