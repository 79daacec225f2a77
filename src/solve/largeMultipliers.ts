/**
 * Lower constraints whose multipliers are huge at a converged answer: their gradients in y all but vanish there, z |c_y| being of the
 * size of |g_y|. Either the best value is approached without being attained (x y <= 0 as x goes to 0: at x = 0 the constraint is gone),
 * which is looked at (obstruction/vanishing.ts); or the constraint is measured in units that make it hold to tolerances only.
 */
import { diagnostic } from "../base/diagnostic.js";
import type { NestedNumbers, Result } from "../methods/result.js";
import { norm } from "../num/vector.js";
import type { Oracle } from "../oracle/oracle.js";
import { told } from "./obstruction/told.js";
import { vanishing } from "./obstruction/vanishing.js";
import { ofVanishing } from "./obstruction/words.js";

/** Times 1 + |g_y|. */
const HUGE = 1e5;

interface Row {
  readonly constraint: string;
  /** Row of the constraint. */
  readonly at: number;
  readonly size: number;
}

function flat(v: NestedNumbers): readonly number[] {
  return typeof v === "number" ? [v] : v.flatMap(flat);
}

function largest(constraint: string, values: NestedNumbers): Row {
  const none: Row = { constraint, at: 0, size: 0 };
  return flat(values).reduce((top, size, at) => (size > top.size ? { constraint, at, size } : top), none);
}

/** The result with a note for the constraint with the largest such multiplier; the very same one where there is none. */
export function withLargeMultipliers(oracle: Oracle, result: Result, tolerance: number): Result {
  const { multipliers, status, x, y } = result;
  if (status !== "converged" || multipliers === undefined || oracle.m === 0) return result;
  const fork = oracle.fork();
  const slope = new Float64Array(oracle.m);
  fork.lower.gradY(x, y, slope);
  const limit = HUGE * (1 + norm(slope));
  const worst = Object.entries(multipliers)
    .map(([name, value]) => largest(name, value))
    .reduce<Row | undefined>((top, row) => (row.size >= limit && row.size > (top?.size ?? 0) ? row : top), undefined);
  if (worst === undefined) return result;
  const { constraint, size } = worst;
  const first = oracle.lower.constraints.names.indexOf(constraint);
  const gone = first < 0 ? undefined : vanishing(fork, x, y, first + worst.at, tolerance);
  if (gone !== undefined) {
    const sign = oracle.problem.upper.sense === "maximize" ? -1 : 1;
    const beside = result.upper.objective;
    return told(result, ofVanishing(oracle.problem, { x: gone.x, constraint, beside, there: sign * gone.there }));
  }
  const span = oracle.problem.lowers.flatMap((l) => l.constraints).find((c) => c.name === constraint)?.span;
  const note = diagnostic("BLO0917", { constraint, size }, span ? { span } : {});
  return { ...result, warnings: [...result.warnings, note] };
}
