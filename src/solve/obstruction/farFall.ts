/**
 * Seen, not proved: a ray in y along which the lower objective falls over every distance looked at while the lower constraints
 * hold, at one x. Directions with entries -1, 0, 1 from the given y; distances 1e4 to 1e8 times 1 + |y|.
 */
import { norm } from "../../num/vector.js";
import type { Oracle } from "../../oracle/oracle.js";

type Vector = Float64Array;

/** Lower variables up to which all 3^m directions are tried. */
const MOST = 6;
const DISTANCES = [1e4, 1e5, 1e6, 1e7, 1e8];
/** Ten times the distance must lower g at least this many times as much. */
const STEADY = 2;

export function farFall(oracle: Oracle, x: Vector, y: Vector): Vector | undefined {
  const { m, lower, domainY } = oracle;
  if (m > MOST || !oracle.problem.independentFollowers) return undefined;
  const rows = new Float64Array(lower.constraints.rows);
  const size = 1 + norm(y);
  const base = lower.value(x, y);
  /** By how much g is lower at distance t; not above 0 where a constraint is violated. */
  const gain = (d: Vector, t: number): number => {
    const point = y.map((v, j) => v + t * size * d[j]);
    const inside = point.slice();
    domainY.project(inside);
    if (inside.some((v, j) => v !== point[j])) return 0;
    if (rows.length > 0) lower.constraints.value(x, point, rows);
    const kept = rows.every((c, r) => (lower.constraints.equality[r] === 1 ? c === 0 : c <= 0));
    return kept ? base - lower.value(x, point) : 0;
  };
  for (let k = 1; k < 3 ** m; k++) {
    const d = Float64Array.from({ length: m }, (_, j) => [0, 1, -1][Math.floor(k / 3 ** j) % 3]);
    let last = 0;
    const steady = DISTANCES.every((t, i) => {
      const now = gain(d, t);
      const falls = now > (i === 0 ? 0 : STEADY * last) && Number.isFinite(now);
      last = now;
      return falls;
    });
    if (steady) return d;
  }
  return undefined;
}
