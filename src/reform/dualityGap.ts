/**
 * The duality gap of a follower that is linear or convex quadratic in its own variables y with affine constraints. Its
 * Lagrangian L(x, y, z, v) = g - zᵀs + vᵀe is quadratic in y, and where its gradient vanishes the value of the dual problem is
 *
 *     D(x, y, z, v) = L(x, 0, z, v) - ½ yᵀ H y,    H = d²g/dy²                        (Dorn, Quart. Appl. Math. 18, 1960)
 *
 * so that g - D = zᵀs - vᵀe there: at least zero for feasible y and z >= 0, and zero exactly at solutions. Written so, the gap
 * has no products of z with y, as the complementarity has; for linear followers it is linear where constraints do not depend on x.
 */
import { gradient, substitute } from "../diff/index.js";
import type { Node } from "../expr/node.js";
import type { LevelModel, Problem } from "../model/problem.js";
import { positionsOf } from "./levels.js";

/** Scalar g - D. `lagrangian` is L as a node in x, y and multipliers. Assumes the degrees above; checks nothing. */
export function dualityGap(problem: Problem, level: LevelModel, lagrangian: Node): Node {
  const { builder: b, y } = problem;
  const positions = positionsOf(level);
  const others = Int32Array.from({ length: y.size }, (_, j) => j).filter((j) => !positions.includes(j));
  const own = (node: Node): Node => b.take(node, 0, b.graph.positions(positions));
  const rest = b.graph.positions(others);
  const atRest = others.length > 0 ? b.put(b.take(b.input(y), 0, rest), 0, rest, y.size) : b.zeros([y.size]);
  const [slope] = gradient(b, level.objective, [y]);
  const [atZero, slopeAtZero] = substitute(b, [lagrangian, slope], new Map([[y, atRest]]));
  const curved = b.dot(own(b.input(y)), own(b.sub(slope, slopeAtZero)));
  return b.add(b.sub(level.objective, atZero), b.mul(b.constant(0.5), curved));
}
