/**
 * What a certified answer leaves open: points of other methods of the same run that keep the constraints and the lower level within
 * tolerance, too, have a better upper objective, and were not certified for another reason. They may be on the way to a better answer,
 * or use tolerances where the lower level is all but indifferent.
 */
import type { Result } from "../methods/result.js";
import type { Problem } from "../model/problem.js";

/** Better by this times 1 + |f|. */
const CLEAR = 1e-4;
const DIGITS = 6;

/** A sentence for each such method. */
export function uncertifiedBetter(
  { upper }: Problem,
  answer: Result,
  results: readonly Result[],
  tolerance: number,
): readonly string[] {
  if (answer.status !== "converged") return [];
  const sign = upper.sense === "maximize" ? -1 : 1;
  const clear = CLEAR * (1 + Math.abs(answer.upper.objective));
  const better = results.filter(
    (r) =>
      r.certificate?.certified === false &&
      sign * (answer.upper.objective - r.upper.objective) > clear &&
      seemsFeasible(r, tolerance),
  );
  return better.map((r) => {
    const value = Number(r.upper.objective.toPrecision(DIGITS));
    return `${r.method} ended at a point that keeps the constraints and the lower level within tolerance, too, with the better upper objective ${value}, but without certificate (${unmet(r)}): a better answer is not ruled out.`;
  });
}

/** The names of the checks that did not hold. */
function unmet({ certificate }: Result): string {
  const names = certificate?.checks.filter((c) => !c.holds).map((c) => c.name) ?? [];
  return names.join(", ");
}

function seemsFeasible({ upper, lower, x, y }: Result, tolerance: number): boolean {
  const size = [...x, ...y].reduce((top, v) => Math.max(top, Math.abs(v)), 1);
  return (
    Math.max(upper.violation, lower.violation) <= tolerance * size &&
    lower.gap <= tolerance * (1 + Math.abs(lower.objective))
  );
}
