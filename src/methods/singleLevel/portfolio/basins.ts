/**
 * Starts for local solves from sampled points, one for each basin if possible: nearest-better clustering (Preuss, Schönemann and
 * Emmerich, GECCO 2005; Preuss 2010). Of points sorted by value the nearest better one is close for all but the lowest of a
 * basin; those for which it is further away than twice the mean are taken first, the others after them, if far apart.
 */
type Vector = Float64Array;

/** Distances above this times their mean lead to another basin. */
const FURTHER = 2;

/** At most `count` of `points`, which are sorted, best first; `apart`: how far apart they must be at least. Distances are in widths. */
export function basins(points: readonly Vector[], width: Vector, count: number, apart: number): Vector[] {
  if (points.length === 0) return [];
  const better = points.map((p, i) => {
    let nearest = Number.POSITIVE_INFINITY;
    for (let k = 0; k < i; k++) nearest = distance(p, points[k], width, nearest);
    return nearest;
  });
  const mean = better.slice(1).reduce((sum, d) => sum + d, 0) / Math.max(1, points.length - 1);
  const lowest = points.filter((_, i) => better[i] > FURTHER * mean);
  const chosen: Vector[] = [];
  for (const p of [...lowest, ...points]) {
    if (chosen.length >= count) break;
    if (chosen.every((c) => distance(c, p, width, Number.POSITIVE_INFINITY) > apart)) chosen.push(p);
  }
  return chosen;
}

/** Largest difference of an entry, in widths, or `most` where that is less. */
function distance(a: Vector, b: Vector, width: Vector, most: number): number {
  let largest = 0;
  for (let j = 0; j < a.length; j++) {
    if (!(width[j] > 0)) continue;
    const d = Math.abs(a[j] - b[j]) / width[j];
    if (d > largest) {
      if (d >= most) return most;
      largest = d;
    }
  }
  return largest;
}
