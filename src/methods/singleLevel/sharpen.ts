/**
 * From a relaxed point to an exact one: each pair is decided by which of z_j and s_j is smaller, and the program with all
 * pairs decided is solved. Where both of a pair are (nearly) zero at its solution the other decision is tried as well, as
 * long as the objective falls: a solution that no such change improves is strongly stationary or close to it.
 */
import type { NlpResult } from "../../nlp/program.js";
import type { KktModel } from "./kktModel.js";
import { feasible, type ProgramSolver } from "./programSolver.js";

type Vector = Float64Array;

/** Both of a pair below this: undecided, at a sharp point and at a relaxed one. */
const UNDECIDED = 1e-5;
const RELAXED = 1e-3;
/** Weakly active bounds come out to the square root of the tolerance only. */
const OPTIONS = { maxIterations: 200, elastic: false, tolerance: 1e-11 } as const;
/** Most decisions that are changed for one point. */
const CHANGES = 24;

export interface Sharp {
  readonly active: Uint8Array;
  readonly result: NlpResult;
}

/** 1 where the slack is the smaller one. */
export function decisions(model: KktModel, u: Vector): Uint8Array {
  const { pairs } = model;
  const slacks = new Float64Array(pairs.size);
  pairs.slacksInto(u, slacks);
  return Uint8Array.from(slacks, (s, j) => (u[pairs.multiplier(j)] > s ? 1 : 0));
}

export function solveDecided(model: KktModel, solver: ProgramSolver, active: Uint8Array, from: Vector): NlpResult {
  const { pairs } = model;
  return solver.solve(pairs.decided(active), from, "single-level", OPTIONS);
}

/** Undefined where no decision near the point has a solution. */
export function sharpen(model: KktModel, solver: ProgramSolver, u: Vector): Sharp | undefined {
  let active = decisions(model, u);
  let best: NlpResult | undefined;
  const first = solveDecided(model, solver, active, u);
  if (feasible(first)) best = first;
  let changes = 0;
  for (let moved = true; moved && changes < CHANGES; ) {
    moved = false;
    for (const j of undecided(model, best?.u ?? u, best === undefined ? RELAXED : UNDECIDED)) {
      if (changes++ >= CHANGES || solver.exhausted()) break;
      const other = active.slice();
      other[j] = 1 - other[j];
      const result = solveDecided(model, solver, other, best?.u ?? u);
      if (!feasible(result)) continue;
      if (best !== undefined && result.f >= best.f - 1e-9 * (1 + Math.abs(best.f))) continue;
      best = result;
      active = other;
      moved = true;
      break;
    }
  }
  return best === undefined ? undefined : { active, result: best };
}

/** Pairs of which both are nearly zero, the closest first. */
function undecided(model: KktModel, u: Vector, limit: number): number[] {
  const { pairs } = model;
  const slacks = new Float64Array(pairs.size);
  pairs.slacksInto(u, slacks);
  const size = (j: number): number => Math.max(u[pairs.multiplier(j)], slacks[j]);
  return [...slacks.keys()].filter((j) => size(j) <= limit).sort((a, b) => size(a) - size(b) || a - b);
}
