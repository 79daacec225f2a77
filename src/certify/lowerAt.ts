/** A lower solution at any x, found and checked as the certificate does it. */
import type { Random } from "../num/random.js";
import type { Oracle } from "../oracle/oracle.js";
import { Checks } from "./checks.js";
import { verifyConstrainedLower } from "./constrainedLower.js";
import { feasibilityChecks } from "./feasibility.js";
import { verifyLower } from "./lowerVerdict.js";

type Vector = Float64Array;

/** Rounds: where a better y is met, that one is looked at. */
const ROUNDS = 3;

export type LowerAt =
  | { readonly kind: "solved"; readonly y: Vector }
  /** The certificate's own solvers were not accurate enough there; the constraints hold at the y given. */
  | { readonly kind: "open" }
  /** Constraints are violated, or the lower level has no solution. */
  | { readonly kind: "refused" };

/**
 * A y near the one given with which (x, y) keeps the constraints of both levels and y passes all checks of the lower level. One lower
 * level, or followers that do not depend on each other.
 */
export function lowerAt(
  oracle: Oracle,
  x: Vector,
  y: Vector,
  tolerance: number,
  random: Random,
  exhausted: () => boolean,
): LowerAt {
  const verify = oracle.lower.constraints.rows > 0 ? verifyConstrainedLower : verifyLower;
  const keeps = (at: Vector): boolean => {
    const checks = new Checks();
    feasibilityChecks(oracle, x, at, tolerance, checks);
    return checks.list.every((c) => c.holds);
  };
  let at = y;
  for (let round = 0; round < ROUNDS && !exhausted(); round++) {
    const checks = new Checks();
    const steps = verify(oracle, x, at, tolerance, random.split(`round ${round}`), exhausted, checks);
    let next = steps.next();
    while (next.done !== true) next = steps.next();
    const verdict = next.value;
    if (verdict.gap === Number.POSITIVE_INFINITY) return { kind: "refused" };
    if (!verdict.solved) return { kind: keeps(at) ? "open" : "refused" };
    if (checks.list.every((c) => c.holds)) return keeps(at) ? { kind: "solved", y: at } : { kind: "refused" };
    at = verdict.y;
  }
  return { kind: "open" };
}
