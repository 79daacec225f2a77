/**
 * Seen, not proved: a direction of the upper variables along which the upper objective goes on falling through lower solutions, at
 * distances R_k = 2^k (1 + |x|) / 4, k = 0, 1, …, 15. Every point of the path passes the certificate's checks of the lower level and
 * keeps the upper constraints. With D_k the fall from R_(k-1) to R_k,
 *
 *   D_k not falling in k: the objective seems to have no lower bound (a logarithm has equal D_k);
 *   D_k falling to a share of what they were: it levels off (1/R has D_k / D_(k-1) = 1/2), and its limit is not attained.
 */
import { type LowerAt, lowerAt } from "../../certify/lowerAt.js";
import { createRandom } from "../../num/random.js";
import { norm, normInf } from "../../num/vector.js";
import type { Oracle } from "../../oracle/oracle.js";
import { farFalls } from "./farFall.js";

type Vector = Float64Array;

/** Upper variables up to which all 3^n directions are tried. */
const FEW = 4;
/** Upper variables beyond which only the way from the start and against the upper slope are tried. */
const MANY = 30;
const POINTS = 16;
/** The k of the point that is looked at first. */
const LOOK = 6;
const GROWTH = 2;
/** D_k at least this share of D_(k-1): the fall goes on. At most that: it levels off. */
const STEADY = 0.9;
const LEVELLING = 0.75;
/** D_k that decide. */
const LAST = 4;
/** Points at which it must fall by more than rounding. */
const STRICT = 3;
/** Falls of a steady path, relative to 1 + |f|. */
const CLEAR = 1e-3;
const ROUNDING = 1e-12;
const SECONDS = 3;

export interface UpperPath {
  readonly kind: "falling" | "levelling";
  readonly ray: { readonly x: Vector; readonly y: Vector };
  /** Minimised upper objectives at the two ends. */
  readonly from: number;
  readonly to: number;
  readonly distance: number;
}

/** The first such path from a point whose lower level is solved; undefined also where time ran out. */
export function upperPath(oracle: Oracle, x: Vector, y: Vector, tolerance: number): UpperPath | undefined {
  if (oracle.problem.independentFollowers === false || oracle.n === 0) return undefined;
  const end = performance.now() + 1000 * SECONDS;
  const exhausted = (): boolean => performance.now() > end;
  const solve = (at: Vector, guess: Vector) => lowerAt(oracle, at, guess, tolerance, createRandom(1), exhausted);
  const base = solve(x, y);
  // huge values hide that a lower level falls for ever
  if (base.kind !== "solved" || farFalls(oracle, x, base.y).length > 0) return undefined;
  for (const d of directions(oracle, x, base.y)) {
    if (exhausted()) return undefined;
    const found = along(oracle, { x, y: base.y }, d, solve);
    if (found !== undefined) return found;
  }
  return undefined;
}

interface Point {
  readonly x: Vector;
  readonly y: Vector;
}

/** Accuracy may end a path early, and its first points may be left out; what lies between must hold. */
function along(
  oracle: Oracle,
  { x, y }: Point,
  d: Vector,
  solve: (x: Vector, y: Vector) => LowerAt,
): UpperPath | undefined {
  const size = 1 + norm(x);
  const radius = (k: number): number => (size * GROWTH ** k) / 4;
  const point = (k: number): Vector => x.map((v, i) => v + radius(k) * d[i]);
  const farthest = point(POINTS - 1);
  const inside = farthest.slice();
  oracle.domainX.project(inside);
  if (inside.some((v, i) => v !== farthest[i])) return undefined;
  const base = oracle.upper.value(x, y);
  const worth = (k: number, guess: Vector): Vector | undefined => {
    const found = solve(point(k), guess);
    return found.kind === "solved" && oracle.upper.value(point(k), found.y) < base ? found.y : undefined;
  };
  // one look far out rules most directions out
  if (worth(LOOK, y) === undefined) return undefined;
  let values: number[] = [base];
  let last = { y, radius: 0 };
  let before = last;
  let end = -1;
  for (let k = 0; k < POINTS; k++) {
    // where y went in proportion to x so far
    const guess = end < 0 ? y : y.map((v, j) => v + GROWTH * (last.y[j] - v));
    oracle.domainY.project(guess);
    const found = solve(point(k), guess);
    if (found.kind === "refused" && values.length > 1) return undefined;
    if (found.kind === "open" && end >= LOOK) break;
    if (found.kind !== "solved") {
      values = [];
      continue;
    }
    const f = oracle.upper.value(point(k), found.y);
    if (!Number.isFinite(f)) return undefined;
    // the way may begin with a rise
    if (values.length > 0 && !(values[values.length - 1] - f >= -ROUNDING * (1 + Math.abs(f)))) values = [];
    values.push(f);
    before = last;
    last = { y: found.y, radius: radius(k) };
    end = k;
  }
  const to = values[values.length - 1];
  const kind = values.length < LAST + 2 || !(to < base) ? undefined : kindOf(values);
  if (kind === undefined) return undefined;
  // lower variables that stay, or follow more slowly than in proportion
  const moved = last.radius - before.radius;
  const follow = last.y.map((v, j) => (Math.abs(v - before.y[j]) > 1e-6 * moved ? (v - before.y[j]) / moved : 0));
  return { kind, ray: { x: d.slice(), y: follow }, from: base, to, distance: last.radius };
}

function kindOf(values: readonly number[]): UpperPath["kind"] | undefined {
  const falls = values.slice(1).map((v, k) => values[k] - v);
  const ratios = falls.map((f, k) => (k === 0 ? 1 : f / falls[k - 1])).slice(-LAST);
  const top = 1 + Math.abs(values[0]);
  if (ratios.every((r) => r >= STEADY) && falls[falls.length - 1] > CLEAR * top) return "falling";
  if (!falls.slice(0, STRICT).every((f) => f > 0)) return undefined;
  const levels = falls.slice(-LAST).every((f, k) => f <= ROUNDING * top || ratios[k] <= LEVELLING);
  return levels ? "levelling" : undefined;
}

/** Of length 1 in the largest entry; those along which f falls most, y held, come first. */
function directions({ n, upper, startX }: Oracle, x: Vector, y: Vector): readonly Vector[] {
  const found: Vector[] = [];
  const add = (d: Vector): void => {
    const length = normInf(d);
    if (!(length > 0) || !Number.isFinite(length)) return;
    // entries that hardly move stay
    found.push(d.map((v) => (Math.abs(v) > 1e-6 * length ? v / length : 0)));
  };
  const slope = new Float64Array(n);
  upper.gradX(x, y, slope);
  add(x.map((v, i) => v - startX[i]));
  add(slope.map((g) => -g));
  add(slope.map((g) => -Math.sign(g)));
  if (n <= FEW) {
    for (let k = 1; k < 3 ** n; k++)
      add(Float64Array.from({ length: n }, (_, i) => [0, 1, -1][Math.floor(k / 3 ** i) % 3]));
  } else if (n <= MANY) {
    for (const side of [1, -1]) for (let i = 0; i < n; i++) add(x.map((_, j) => (i === j ? side : 0)));
  }
  const R = 1e3 * (1 + norm(x));
  const ahead = (d: Vector): number => {
    const f = upper.value(
      x.map((v, i) => v + R * d[i]),
      y,
    );
    return Number.isNaN(f) ? Number.POSITIVE_INFINITY : f;
  };
  return found
    .map((d) => ({ d, f: ahead(d) }))
    .sort((a, b) => (a.f === b.f ? 0 : a.f - b.f))
    .map(({ d }) => d);
}
