/**
 * Seen, not proved: an answer (x, y) that lies beside an x̄ at which a lower constraint c_r is gone, c_r,y(x̄, y) = 0, so that the lower
 * level has another solution there and no point has the value that points beside x̄ come close to. x̄ is found by Gauss and Newton's
 * method on c_r,y(x, y) = 0 over x. All of this must hold:
 *
 *   x̄ is next to x;   at x̄ some y' has a clearly lower lower objective than y;   the lower solution at x̄ is clearly worse for the
 *   upper level;   at x̄ + 3 (x - x̄) and x̄ + 10 (x - x̄) the lower level has solutions about as good as the answer for the upper level,
 *   and the lower value is clearly above that at x̄: it jumps.
 */
import { lowerAt } from "../../certify/lowerAt.js";
import { createRandom } from "../../num/random.js";
import { norm } from "../../num/vector.js";
import type { Oracle } from "../../oracle/oracle.js";

type Vector = Float64Array;

/** Distance of x̄, relative to 1 + |x|. */
const NEXT = 1e-3;
/** Slopes at x̄ against those at x. */
const GONE = 1e-3;
/** Differences of objectives that are clear, relative to 1 + their size. */
const CLEAR = 1e-3;
/** Where the lower level is solved beside x̄, in units of x - x̄. */
const TIMES = [3, 10];
const ITERATIONS = 20;
const SECONDS = 1;

export interface Vanished {
  readonly x: Vector;
  /** Minimised upper objective of the lower solution at x. */
  readonly there: number;
}

/** `row`: of the lower constraints. */
export function vanishing(oracle: Oracle, x: Vector, y: Vector, row: number, tolerance: number): Vanished | undefined {
  if (oracle.problem.independentFollowers === false) return undefined;
  const end = performance.now() + 1000 * SECONDS;
  const exhausted = (): boolean => performance.now() > end;
  const border = borderAt(oracle, x, y, row);
  if (border === undefined) return undefined;
  const random = createRandom(1);
  const there = lowerAt(oracle, border, y, tolerance, random, exhausted);
  if (there.kind !== "solved") return undefined;
  const [g, own] = [oracle.lower.value(border, y), oracle.lower.value(border, there.y)];
  if (!(g - own > CLEAR * (1 + Math.abs(own)))) return undefined;
  const f = oracle.upper.value(x, y);
  const other = oracle.upper.value(border, there.y);
  if (!(other - f > CLEAR * (1 + Math.abs(f)))) return undefined;
  for (const times of TIMES) {
    const beside = border.map((v, i) => v + times * (x[i] - v));
    const solved = lowerAt(oracle, beside, y, tolerance, random, exhausted);
    if (solved.kind !== "solved") return undefined;
    if (!(oracle.upper.value(beside, solved.y) - f <= CLEAR * (1 + Math.abs(f)))) return undefined;
    if (!(oracle.lower.value(beside, solved.y) - own > CLEAR * (1 + Math.abs(own)))) return undefined;
  }
  return { x: border, there: other };
}

/** The x̄ next to x with the slope of the row in y gone. */
function borderAt({ n, m, lower, domainX }: Oracle, x: Vector, y: Vector, row: number): Vector | undefined {
  const { rows } = lower.constraints;
  const jx = new Float64Array(rows * n);
  const jy = new Float64Array(rows * m);
  const slopeAt = (at: Vector): Vector => {
    lower.constraints.jacobian(at, y, jx, jy);
    return jy.slice(row * m, row * m + m);
  };
  const first = slopeAt(x);
  const size = 1 + norm(x);
  let at = x.slice();
  let slope = first;
  for (let k = 0; k < ITERATIONS && norm(slope) > 1e-9 * GONE * norm(first); k++) {
    const h = 1e-7 * size;
    // columns of d c_y / dx by central differences
    const columns = Array.from({ length: n }, (_, i) => {
      const [ahead, behind] = [at.slice(), at.slice()];
      ahead[i] += h;
      behind[i] -= h;
      const [a, b] = [slopeAt(ahead), slopeAt(behind)];
      return a.map((v, j) => (v - b[j]) / (2 * h));
    });
    // the steepest way down with its best length: enough for a row or two that vanish together
    const down = columns.map((c) => -c.reduce((sum, v, j) => sum + v * slope[j], 0));
    const change = slope.map((_, j) => columns.reduce((sum, c, i) => sum + c[j] * down[i], 0));
    const curvature = norm(change) ** 2;
    if (!(curvature > 0)) return undefined;
    const t = -slope.reduce((sum, v, j) => sum + v * change[j], 0) / curvature;
    const next = at.map((v, i) => v + t * down[i]);
    domainX.project(next);
    if (norm(next.map((v, i) => v - x[i])) > NEXT * size) return undefined;
    if (next.every((v, i) => v === at[i])) break;
    at = next;
    slope = slopeAt(at);
  }
  if (!(norm(slope) <= GONE * norm(first))) return undefined;
  const whole = at.map((v) => (Math.abs(v) <= 1e-12 * size ? 0 : v));
  domainX.project(whole);
  return whole;
}
