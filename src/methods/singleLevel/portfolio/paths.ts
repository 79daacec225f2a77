/**
 * Homotopies from several starts: the given point, the given x with a lower solution, the middle of the sampling box and
 * further points of an even sequence with lower solutions there. Each start is one path t -> 0 of a relaxation, a sharp
 * answer at its end, and the filter.
 */
import type { Complementarity } from "../../../reform/kkt.js";
import { Homotopy } from "../kktModel.js";
import { sharpen } from "../sharpen.js";
import type { Search } from "./search.js";
import { EvenSequence } from "./sequence.js";

type Vector = Float64Array;

/** A first t of 1 wanders into far basins; 1e-2 does not. */
export const usualPath: readonly number[] = [1e-2, 1e-5, 1e-8];
export const widePath: readonly number[] = [1, 1e-1, 1e-2, 1e-4, 1e-6, 1e-8];
/** For starts that are lower solutions already. */
export const closePath: readonly number[] = [1e-6, 1e-8];
/** The smoothed Fischer-Burmeister equation has z_j s_j = t². */
export const fischerPath: readonly number[] = [1e-1, 1e-2, 1e-3, 1e-5, 1e-6];

/** Relaxed ends above the best value by more than this times 1 + |f| are not looked at further. */
const WORSE = 1e-3;
const OPTIONS = { maxIterations: 150 } as const;

/** One path from u; the upper value at its end, undefined where it did not get there. */
export function follow(search: Search, u: Vector, path: readonly number[], kind: Complementarity): number | undefined {
  const { model, solver, oracle } = search;
  const homotopy = new Homotopy(model, kind, solver, u, OPTIONS);
  // without complementarities there is nothing to relax
  const values = model.pairs.size === 0 ? path.slice(-1) : path;
  for (const t of values) {
    if (solver.exhausted()) return undefined;
    homotopy.solve(t);
  }
  const end = homotopy.u;
  const f = oracle.upper.value(model.x(end), model.y(end));
  const { best } = search;
  if (best !== undefined && !(f <= best.f + WORSE * (1 + Math.abs(best.f)))) return f;
  const sharp = model.pairs.size > 0 ? sharpen(model, solver, end) : undefined;
  if (sharp !== undefined) search.offer(model.x(sharp.result.u), model.y(sharp.result.u), sharp.result.u);
  const leak = kind === "scholtes" ? leakOf(homotopy, model.pairs.size) : 0;
  search.offer(model.x(end), model.y(end), end, leak);
  return sharp === undefined ? f : Math.min(f, sharp.result.f);
}

/** What the relaxation z_j s_j <= t gained: multipliers times t, twice that where it goes with the square root of t. */
function leakOf({ program, last }: Homotopy, pairs: number): number {
  if (last === undefined) return 0;
  let sum = 0;
  for (let j = program.rows - pairs; j < program.rows; j++) sum += Math.abs(last.rowMultipliers[j]);
  return 2 * program.parameters[0] * sum;
}

/** The k-th start of all. */
function startOf(search: Search, k: number, sequence: EvenSequence): Vector | undefined {
  const { oracle, model, box } = search;
  if (k === 0) return model.start(oracle.startX, oracle.startY);
  const { n } = oracle;
  const x = oracle.startX.slice();
  const y = oracle.startY.slice();
  if (k > 1) {
    const point = new Float64Array(n + oracle.m);
    sequence.into(k - 2, box.lower, box.upper, point);
    box.nearest(point);
    x.set(point.subarray(0, n));
    y.set(point.subarray(n));
    search.projectX(x);
    oracle.domainY.project(y);
  }
  const found = search.lower.local(x, y);
  return model.start(x, found?.y ?? y);
}

/** Starts `from` … `to` - 1, one a pause. */
export function* paths(
  search: Search,
  from: number,
  to: number,
  variants: readonly { readonly path: readonly number[]; readonly kind: Complementarity }[],
): Generator<void> {
  const { oracle } = search;
  const sequence = new EvenSequence(oracle.n + oracle.m);
  for (let k = from; k < to; k++) {
    const u = startOf(search, k, sequence);
    const { path, kind } = variants[k % variants.length];
    const before = search.best;
    if (u !== undefined) search.ended(follow(search, u, path, kind), before);
    yield;
  }
}
