/**
 * A lower bound on what an optimum becomes when one variable is moved to a value: the first piece of the dual simplex path
 *
 *     |target - x_v| · min_j |d_j / T_vj|    over the nonbasic variables that can help
 *
 * (the penalties of Driebeek, Manage. Sci. 12, 1966). Infinity where none can; 0 for nonbasic variables.
 */
import { type DenseSimplex, PIVOT } from "./denseSimplex.js";

export function penalty({ T, d, nonbasic, x, lower, upper, place }: DenseSimplex, v: number, target: number): number {
  const p = place[v];
  if (p < 0) return 0;
  const n = nonbasic.length;
  const up = x[v] < target;
  let least = Number.POSITIVE_INFINITY;
  for (let j = 0, at = p * n; j < n; j++, at++) {
    const a = up ? T[at] : -T[at];
    if (a < PIVOT && a > -PIVOT) continue;
    const w = nonbasic[j];
    if (lower[w] === upper[w]) continue;
    if (a > 0 ? x[w] >= upper[w] : x[w] <= lower[w]) continue;
    least = Math.min(least, Math.abs(d[j] / a));
  }
  return least * Math.abs(target - x[v]);
}
