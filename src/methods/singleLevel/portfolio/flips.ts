/**
 * Neighbouring decisions of the best point: one pair after the other is decided the other way, and the program with all pairs
 * decided is solved from the best point; until no flip improves it.
 */

import { feasible } from "../programSolver.js";
import { decisions, solveDecided } from "../sharpen.js";
import type { Search } from "./search.js";

/** Most flips tried. */
const FLIPS = 60;

export function* flips(search: Search): Generator<void> {
  const { model, solver } = search;
  let tried = 0;
  for (let again = true; again; ) {
    again = false;
    const { best } = search;
    if (best === undefined) return;
    const active = decisions(model, best.u);
    for (let j = 0; j < model.pairs.size && tried < FLIPS; j++) {
      if (solver.exhausted()) return;
      tried++;
      const other = active.slice();
      other[j] = 1 - other[j];
      const result = solveDecided(model, solver, other, best.u);
      yield;
      if (!feasible(result)) continue;
      if (search.offer(model.x(result.u), model.y(result.u), result.u)) {
        again = true;
        break;
      }
    }
  }
}
