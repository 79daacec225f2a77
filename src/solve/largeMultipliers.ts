/**
 * Lower constraints whose multipliers are huge at a converged answer: their gradients in y all but vanish there, z |c_y| being of the
 * size of |g_y|. Either the best value is approached without being attained (x y <= 0 as x goes to 0: at x = 0 the constraint is gone),
 * or the constraint is measured in units that make it hold to tolerances only.
 */
import { diagnostic } from "../base/diagnostic.js";
import type { NestedNumbers, Result } from "../methods/result.js";
import { norm } from "../num/vector.js";
import type { Oracle } from "../oracle/oracle.js";

/** Times 1 + |g_y|. */
const HUGE = 1e5;

function largest(v: NestedNumbers): number {
  return typeof v === "number" ? Math.abs(v) : v.reduce((most: number, e) => Math.max(most, largest(e)), 0);
}

/** The result with a note for the constraint with the largest such multiplier; the very same one where there is none. */
export function withLargeMultipliers(oracle: Oracle, result: Result): Result {
  const { multipliers, status, x, y } = result;
  if (status !== "converged" || multipliers === undefined || oracle.m === 0) return result;
  const slope = new Float64Array(oracle.m);
  oracle.fork().lower.gradY(x, y, slope);
  const limit = HUGE * (1 + norm(slope));
  const constraints = oracle.problem.lowers.flatMap((l) => l.constraints);
  let worst: { readonly name: string; readonly size: number } | undefined;
  for (const [name, value] of Object.entries(multipliers)) {
    const size = largest(value);
    if (size >= limit && size > (worst?.size ?? 0)) worst = { name, size };
  }
  if (worst === undefined) return result;
  const span = constraints.find((c) => c.name === worst.name)?.span;
  const note = diagnostic("BLO0917", { constraint: worst.name, size: worst.size }, span ? { span } : {});
  return { ...result, warnings: [...result.warnings, note] };
}
