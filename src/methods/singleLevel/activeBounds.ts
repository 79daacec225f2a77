/**
 * Interior points stop a little inside of bounds. Here the bounds that an answer is held by (nearer than their multiplier is
 * large: distance times multiplier is the barrier's parameter there) are met exactly, for another solve from there.
 */
import type { NlpResult, NonlinearProgram } from "../../nlp/program.js";

/** Largest distance from a bound, relative, of a variable that may be held there. */
const NEAR = 1e-4;
/** Largest rise of the objective, relative, for the sake of exact bounds. */
const RISE = 1e-6;

/** Whether the solver ended at a first-order point. */
export function ended({ status }: NlpResult): boolean {
  return status === "solved" || status === "acceptable";
}

/** The answer again with its active bounds as equalities, from there; undefined where none is off, or nothing is gained. */
export function onBounds(
  program: NonlinearProgram,
  found: NlpResult,
  solve: (program: NonlinearProgram, start: Float64Array) => NlpResult,
): NlpResult | undefined {
  if (!ended(found)) return undefined;
  const { u, f, boundMultipliers: w } = found;
  const [lower, upper, start] = [program.lower.slice(), program.upper.slice(), u.slice()];
  let off = false;
  for (let j = 0; j < u.length; j++) {
    const bound = w[j] < 0 ? lower[j] : upper[j];
    const distance = Math.abs(bound - u[j]);
    if (!(distance > 0 && distance < Math.abs(w[j]) && distance <= NEAR * (1 + Math.abs(bound)))) continue;
    lower[j] = bound;
    upper[j] = bound;
    start[j] = bound;
    off = true;
  }
  if (!off) return undefined;
  const met = solve({ ...program, lower, upper }, start);
  return ended(met) && met.f <= f + RISE * (1 + Math.abs(f)) ? met : undefined;
}
