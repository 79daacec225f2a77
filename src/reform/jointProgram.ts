/**
 * The set of all points that keep the constraints of both levels, in u = (x, y), with an objective given by parameters:
 *
 *   min dᵀ u + ½ w |u - p|²   subject to upper and lower constraints and domains
 *
 * Minima along the axes (w = 0) bound where solutions can be; with d = 0 it is the feasible point nearest to p.
 */
import type { InputBlock } from "../expr/node.js";
import type { Problem } from "../model/problem.js";
import { upperRows } from "./kkt.js";
import { boundedBlock } from "./levels.js";
import { lowerRows } from "./lowerLevel.js";
import type { Program } from "./program.js";

/** The parameters are d and p, of size n + m each, then w. */
export function jointProgram(problem: Problem): Program {
  const { builder: b, x, y } = problem;
  const blocks = [boundedBlock(problem, "upper"), boundedBlock(problem, "lower")];
  const size = x.size + y.size;
  const direction: InputBlock = { name: "direction", size };
  const center: InputBlock = { name: "center", size };
  const weight: InputBlock = { name: "weight", size: 1 };
  const point = b.concat([b.input(x), b.input(y)], 0);
  const away = b.sub(point, b.input(center));
  const distance = b.mul(b.mul(b.constant(0.5), b.reshape(b.input(weight), [])), b.dot(away, away));
  return {
    builder: b,
    blocks,
    parameters: [direction, center, weight],
    objective: b.add(b.dot(b.input(direction), point), distance),
    rows: [...upperRows(problem), ...lowerRows(problem)],
  };
}
