/**
 * Seen, not proved: rays in y along which the lower objective falls over every distance looked at while the lower constraints
 * hold, at one x. Directions with entries -1, 0, 1 from the given y (of many variables only those with one entry that is not 0, and
 * against the lower slope); distances 1e4 to 1e8 times 1 + |y|.
 */
import { norm } from "../../num/vector.js";
import type { Oracle } from "../../oracle/oracle.js";

type Vector = Float64Array;

/** Lower variables up to which all 3^m directions are tried. */
const MOST = 6;
/** Lower variables beyond which nothing is tried. */
const LARGEST = 60;
const DISTANCES = [1e4, 1e5, 1e6, 1e7, 1e8];
/** Ten times the distance must lower g at least this many times as much. */
const STEADY = 2;

/** The first such rays, at most `count`. */
export function farFalls(oracle: Oracle, x: Vector, y: Vector, count = 1): readonly Vector[] {
  const { m, lower, domainY } = oracle;
  if (m > LARGEST || !oracle.problem.independentFollowers) return [];
  const found: Vector[] = [];
  const rows = new Float64Array(lower.constraints.rows);
  const size = 1 + norm(y);
  const base = lower.value(x, y);
  if (!Number.isFinite(base)) return [];
  const point = new Float64Array(m);
  const inside = new Float64Array(m);
  /** By how much g is lower at distance t; not above 0 where a constraint is violated. */
  const gain = (d: Vector, t: number): number => {
    for (let j = 0; j < m; j++) point[j] = y[j] + t * size * d[j];
    inside.set(point);
    domainY.project(inside);
    for (let j = 0; j < m; j++) if (inside[j] !== point[j]) return 0;
    if (rows.length > 0) lower.constraints.value(x, point, rows);
    for (let r = 0; r < rows.length; r++) {
      if (!(lower.constraints.equality[r] === 1 ? rows[r] === 0 : rows[r] <= 0)) return 0;
    }
    return base - lower.value(x, point);
  };
  const steady = (d: Vector): boolean => {
    let last = 0;
    return DISTANCES.every((t, i) => {
      const now = gain(d, t);
      // beyond the largest number counts, too
      const falls = now > (i === 0 ? 0 : STEADY * last) || now === Number.POSITIVE_INFINITY;
      last = now;
      return falls;
    });
  };
  for (const d of directions(oracle, x, y)) {
    if (!steady(d)) continue;
    found.push(d.slice());
    if (found.length >= count) break;
  }
  return found;
}

/** One vector, rewritten from one direction to the next where there are many. */
function* directions({ m, lower }: Oracle, x: Vector, y: Vector): Generator<Vector, void, void> {
  const d = new Float64Array(m);
  if (m <= MOST) {
    for (let k = 1; k < 3 ** m; k++) {
      for (let j = 0; j < m; j++) d[j] = [0, 1, -1][Math.floor(k / 3 ** j) % 3];
      yield d;
    }
    return;
  }
  for (const side of [1, -1]) {
    for (let j = 0; j < m; j++) {
      d.fill(0);
      d[j] = side;
      yield d;
    }
  }
  lower.gradY(x, y, d);
  yield d.map((g) => -Math.sign(g));
}
