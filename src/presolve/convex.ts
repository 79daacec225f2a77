/**
 * Whether a problem without lower variables is convex, with proof: its upper objective and inequalities by the rules of curvature or, the
 * objective, by a Hessian that is positive definite over the boxes of x; its equations affine.
 */
import { work } from "../constants/bounds.js";
import { curvatureOf, isAffine, isConvex } from "../curvature/index.js";
import { hessian } from "../diff/index.js";
import type { InputBlock, Node } from "../expr/node.js";
import type { Problem } from "../model/problem.js";
import { provedDefinite } from "../num/definite.js";
import { lowered, MOST_WORK } from "./quadraticPart.js";
import { domainBoxes, rangesOver } from "./ranges.js";

/** Most upper variables for which a dense Hessian is looked at. */
const MOST = 60;

export function provedConvex(problem: Problem): boolean {
  const { upper } = problem;
  const curvature = curvatureOf(problem).upper;
  const constraints = curvature.constraints.every(({ constraint, joint }) =>
    constraint.kind === "eq" ? isAffine(joint) : isConvex(joint),
  );
  if (!constraints) return false;
  return isConvex(curvature.objective.joint) || definite(problem, upper.objective, problem.x);
}

/** Whether the lower objective's Hessian in y is positive definite wherever the variables' boxes allow, with proof. */
export function stronglyConvexBelow(problem: Problem): boolean {
  const { y, lowerObjective } = problem;
  return y.size > 0 && definite(problem, lowerObjective, y);
}

/** By bounds of the Hessian's entries, over the boxes of the domains. */
function definite(problem: Problem, objective: Node, block: InputBlock): boolean {
  if (block.size > MOST || block.size * work([objective]) > MOST_WORK) return false;
  const [bounds] = rangesOver([hessian(problem.builder, objective, block)], domainBoxes(problem));
  return bounds.flags.every((f) => f === 0) && provedDefinite(lowered(bounds, block.size), block.size);
}
