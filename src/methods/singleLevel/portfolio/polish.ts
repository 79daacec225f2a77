/**
 * Compass search on x from a best point that came without multipliers: steps along the axes, halved where none is better
 * (Kolda, Lewis and Torczon, SIAM Review 45, 2003, section 3.3). At kinks that first-order programs cannot describe it comes
 * as close as its last step. One local lower solve a point, and no choice among lower solutions, whose tolerances small steps
 * would use up; what is better is offered.
 */
import type { Search } from "./search.js";

/** Small steps would otherwise eat the tolerance of constraints. */
const KEEPS = 1e-9;
const BESIDE = 1e-3;
/** First and last step, relative to 1 + |x_i|. */
const FIRST = 1e-2;
const LAST = 1e-8;
/** Steps grow and shrink by these. */
const GROWS = 2;
const SHRINKS = 0.4;
/** Most points for each coordinate. */
const POINTS = 60;

export function* polish(search: Search): Generator<void> {
  const { oracle } = search;
  const { n } = oracle;
  let left = POINTS * n;
  for (let step = FIRST; step > LAST && left > 0; ) {
    const before = search.best;
    for (let i = 0; i < n && left > 0; i++) {
      for (const side of [1, -1]) {
        if (search.solver.exhausted()) return;
        left--;
        const moved = tryAt(search, i, side * step);
        yield;
        if (moved) break;
      }
    }
    step *= search.best === before ? SHRINKS : GROWS;
    step = Math.min(step, FIRST);
  }
}

function tryAt(search: Search, i: number, step: number): boolean {
  const { best, oracle, lower } = search;
  if (best === undefined) return false;
  const x = best.x.slice();
  x[i] += step * (1 + Math.abs(x[i]));
  search.projectX(x);
  if (x[i] === best.x[i]) return false;
  // beside y: a point that is stationary by chance would hold lower solves
  const beside = best.y.map((v, j) => v + BESIDE * (1 + Math.abs(v)) * Math.sin(j + 1));
  const found = lower.local(x, beside);
  if (found === undefined) return false;
  const f = oracle.upper.value(x, found.y);
  return search.promising(f) && search.violation(x, found.y) <= KEEPS && search.offer(x, found.y);
}
