/**
 * Convexity of the lower level in y with proof, for all x of the bounds: objectives that are (strongly) convex by rules or by bounds of
 * their Hessian, constraints that describe convex sets. Each local lower solution is then a global one, and all of them form one set.
 */
import { curvatureOf, isConvex } from "../curvature/index.js";
import type { Problem } from "../model/problem.js";

/** "strong": a lower solution exists and is the only one, for each feasible x. */
export type LowerConvexity = "strong" | "convex" | "unknown";

const known = new WeakMap<Problem, LowerConvexity>();

export function lowerConvexity(problem: Problem): LowerConvexity {
  let found = known.get(problem);
  if (found === undefined) {
    found = prove(problem);
    known.set(problem, found);
  }
  return found;
}

function prove(problem: Problem): LowerConvexity {
  // oracles written by hand carry no expressions; followers that depend on each other have no joint minimum
  if (problem.builder === undefined || problem.lowerObjective === undefined) return "unknown";
  if (problem.lowers.length > 1 && !problem.independentFollowers) return "unknown";
  const { lowers } = curvatureOf(problem);
  if (lowers.some(({ constraints }) => constraints.some((c) => c.set === "unknown"))) return "unknown";
  if (lowers.every((l) => l.strong !== undefined)) return "strong";
  return lowers.every((l) => l.strong !== undefined || isConvex(l.objective.own)) ? "convex" : "unknown";
}
