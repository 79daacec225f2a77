/**
 * A proof that y is a global solution of the lower level at x within a gap, by interval branch and bound, for followers of
 * few variables. How long it searches is a number of boxes that depends on the problem only, so that the verdict does not
 * depend on the machine; the certificate's own deadline stops it, too.
 */
import { boxOf, followersOf } from "../interval/followers.js";
import { minimise } from "../interval/minimise.js";
import { norm } from "../num/vector.js";
import type { Oracle } from "../oracle/oracle.js";

type Vector = Float64Array;

/** Variables of a follower, entries of a box's evaluation, and all entries evaluated at most. */
const FEW = 4;
const WORK = 20000;
const TOTAL = 1.5e6;
const BOXES = 4000;

export type LowerProof =
  | { readonly status: "proved" }
  /** A feasible y with a lower value. */
  | { readonly status: "better"; readonly y: Vector }
  | { readonly status: "open" };

const open: LowerProof = { status: "open" };

/** Is g(x, .) >= g(x, y) - gap wherever the lower constraints hold? `y` is a solution to within rounding. */
export function proveLower(oracle: Oracle, x: Vector, y: Vector, gap: number, exhausted: () => boolean): LowerProof {
  const { problem, domainY } = oracle;
  // Oracles written by hand carry no graph.
  if (problem.builder === undefined || problem.lowerObjective === undefined) return open;
  if (problem.lowers.length > 1 && !problem.independentFollowers) return open;
  const sizes = problem.lowers.map((l) => l.variables.reduce((n, v) => n + v.size, 0));
  if (sizes.some((size) => size > FEW) || problem.y.size > 4 * FEW || !(gap > 0)) return open;
  const best = y.slice();
  let proved = true;
  for (const follower of followersOf(problem)) {
    const { level, entries } = follower;
    if (level.work > WORK) return open;
    level.prepare([[problem.x, x]]);
    const share = gap / problem.lowers.length;
    const value = level.at(y)[0][0];
    const found = minimise(level, boxOf(follower, y, domainY.lower, domainY.upper), {
      tolerance: 0,
      gap: share,
      target: value - share,
      accuracy: 1e-9 * (1 + norm(y)),
      boxes: Math.min(BOXES, Math.ceil(TOTAL / level.work)),
      cancelled: exhausted,
      starts: [y],
    });
    if (found.status === "better") {
      for (const j of entries) best[j] = found.y![j];
      return { status: "better", y: best };
    }
    if (found.status !== "proved" || found.lower < value - 2 * share) proved = false;
  }
  return proved ? { status: "proved" } : open;
}
