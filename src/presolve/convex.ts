/**
 * Whether a problem without lower variables is strictly convex, with proof: its objective's Hessian is positive definite over the
 * boxes of x (by bounds of its entries), and its upper constraints are affine.
 */
import { work } from "../constants/bounds.js";
import { hessian } from "../diff/index.js";
import { degreeIn } from "../expr/degree.js";
import type { Problem } from "../model/problem.js";
import { provedDefinite } from "../num/definite.js";
import { lowered, MOST_WORK } from "./quadraticPart.js";
import { domainBoxes, rangesOver } from "./ranges.js";

/** Most upper variables for which a dense Hessian is looked at. */
const MOST = 60;

export function provedConvex(problem: Problem): boolean {
  const { builder: b, x, upper } = problem;
  if (x.size > MOST || x.size * work([upper.objective]) > MOST_WORK) return false;
  if (upper.constraints.some((c) => degreeIn(c.body, x) > 1)) return false;
  const [bounds] = rangesOver([hessian(b, upper.objective, x)], domainBoxes(problem));
  if (bounds.flags.some((f) => f !== 0)) return false;
  return provedDefinite(lowered(bounds, x.size), x.size);
}

/** Whether the lower objective's Hessian in y is positive definite wherever the variables' boxes allow, with proof. */
export function stronglyConvexBelow(problem: Problem): boolean {
  const { builder: b, y, lowerObjective } = problem;
  if (y.size === 0 || y.size > MOST || y.size * work([lowerObjective]) > MOST_WORK) return false;
  const [bounds] = rangesOver([hessian(b, lowerObjective, y)], domainBoxes(problem));
  if (bounds.flags.some((f) => f !== 0)) return false;
  return provedDefinite(lowered(bounds, y.size), y.size);
}
