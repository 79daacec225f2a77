/**
 * What an operator says of curvature: how it bends in those of its arguments that vary, and how it changes with each, given
 * bounds of the arguments' entries. The composition rule of disciplined convex programming (Grant, Boyd and Ye 2006) needs
 * nothing else. An operator that is not defined everywhere counts as its extension by +Infinity where it bends upwards
 * and by -Infinity where it bends downwards, and its trend is that of the extension: log is concave and increasing, x^1.5 is
 * convex with a trend on x >= 0 only.
 */
import type { Node } from "../expr/node.js";
import type { Range } from "../num/interval.js";

/** Bounds of all entries of a tensor; flags as in num/interval.ts. */
export type Bounds = Readonly<Range>;

/** How it bends jointly in the arguments that vary, the others fixed. */
export type Bend = "affine" | "convex" | "concave" | "none";

/** How it changes with one argument, all others fixed. */
export type Trend = "constant" | "increasing" | "decreasing" | "none";

/** Why it is not smooth somewhere: a kink, a possible jump, or a slope without bound. */
export type Rough = "kink" | "jump" | "steep";

export interface Bending {
  readonly bend: Bend;
  /** One for each argument. */
  readonly trends: readonly Trend[];
  readonly rough?: Rough;
}

/** `varies` says which arguments vary; at least one does. The bounds hold for all arguments, fixed ones as well. */
export type CurvatureRule = (bounds: readonly Bounds[], varies: readonly boolean[], node: Node) => Bending;

export const increasing = "increasing";
export const decreasing = "decreasing";

/** The same everywhere: for one argument. */
export function always(bend: Bend, trend: Trend, rough?: Rough): CurvatureRule {
  const bending = one(bend, trend, rough);
  return () => bending;
}

export function one(bend: Bend, trend: Trend, rough?: Rough): Bending {
  return rough === undefined ? { bend, trends: [trend] } : { bend, trends: [trend], rough };
}

/** Unary rules by their bounds. */
export function byBounds(rule: (lo: number, hi: number) => Bending): CurvatureRule {
  return ([a]) => rule(a.lo, a.hi);
}

/** Linear in all arguments together, with these trends. */
export function linear(...trends: readonly Trend[]): CurvatureRule {
  const bending: Bending = { bend: "affine", trends };
  return () => bending;
}

/** Linear in arguments as many as there are, each entry of which only moves or is added. */
export const moving: CurvatureRule = (bounds) => ({ bend: "affine", trends: bounds.map(() => increasing) });

/** The trend of t -> t s for a factor s within bounds. */
export function signTrend({ lo, hi }: Bounds): Trend {
  if (lo === 0 && hi === 0) return "constant";
  return lo >= 0 ? increasing : hi <= 0 ? decreasing : "none";
}

/** Products: linear in one factor while the other is fixed. */
export const bilinear: CurvatureRule = ([a, b], [first, second]) => ({
  bend: first && second ? "none" : "affine",
  trends: [signTrend(b), signTrend(a)],
});

/** a / b. In b alone 1 / b is convex and decreasing on b > 0, concave and decreasing on b < 0. */
export const quotient: CurvatureRule = ([a, b], [first, second]) => {
  const sided = b.lo >= 0 || b.hi <= 0;
  const top: Trend = b.lo >= 0 ? increasing : b.hi <= 0 ? decreasing : "none";
  if (!second) return { bend: "affine", trends: [top, "none"] };
  const bottom: Trend = !sided ? "none" : a.lo >= 0 ? decreasing : a.hi <= 0 ? increasing : "none";
  if (first || !sided || bottom === "none") return { bend: "none", trends: [top, bottom] };
  return { bend: a.lo >= 0 === b.lo >= 0 ? "convex" : "concave", trends: [top, bottom] };
};

/** a^p for a fixed p. */
export const power: CurvatureRule = ([a, p], [, exponentVaries]) => {
  const none: Bending = { bend: "none", trends: ["none", "none"] };
  if (exponentVaries || p.lo !== p.hi) return none;
  const e = p.lo;
  const bend = (b: Bend, t: Trend, rough?: Rough): Bending =>
    rough ? { bend: b, trends: [t, "none"], rough } : { bend: b, trends: [t, "none"] };
  if (e === 0) return bend("affine", "constant");
  if (e === 1) return bend("affine", increasing);
  const whole = Number.isInteger(e);
  const even = whole && e % 2 === 0;
  const steep: Rough | undefined = e > 0 && !whole && e < 2 && a.lo <= 0 ? "steep" : undefined;
  if (e > 1) {
    if (even) return bend("convex", a.lo >= 0 ? increasing : a.hi <= 0 ? decreasing : "none");
    if (a.lo >= 0) return bend("convex", increasing, steep);
    if (!whole) return bend("convex", "none", steep);
    return bend(a.hi <= 0 ? "concave" : "none", increasing);
  }
  if (e > 0) return bend("concave", increasing, steep);
  if (a.lo >= 0 || !whole) return bend("convex", decreasing);
  if (a.hi > 0) return none;
  return even ? bend("convex", increasing) : bend("concave", decreasing);
};

/** Concave then convex or the other way round, bending at 0: odd functions such as tanh or sinh; increasing. */
export function odd(right: Bend, left: Bend): CurvatureRule {
  return byBounds((lo, hi) => one(lo >= 0 ? right : hi <= 0 ? left : "none", increasing));
}

/** Sine shifted by `phase` quarter turns: concave on [0, pi] and so on, by half periods and, for the trend, quarters. */
export function wave(phase: 0 | 1): CurvatureRule {
  const halfTurn = (lo: number, hi: number, offset: number): number | undefined => {
    // k with [lo, hi] inside [(k - offset) pi, (k + 1 - offset) pi]; ends moved inwards by the rounding of k pi
    const k = Math.floor(lo / Math.PI + offset);
    for (const j of [k - 1, k, k + 1]) {
      const [from, to] = [j - offset, j + 1 - offset];
      const inner = (t: number, side: number): number => t * Math.PI + side * Math.abs(t * Math.PI) * 2 ** -50;
      // |t| = 1/2 or 1: the double below is Math.PI t itself
      const start = from <= 0 && from >= -1 ? from * Math.PI : inner(from, 1);
      const end = to >= 0 && to <= 1 ? to * Math.PI : inner(to, -1);
      if (lo >= start && hi <= end) return j;
    }
    return undefined;
  };
  return byBounds((lo, hi) => {
    if (!(Math.abs(lo) < 1e6 && Math.abs(hi) < 1e6)) return one("none", "none");
    const arch = halfTurn(lo, hi, phase / 2);
    const slope = halfTurn(lo, hi, (phase + 1) / 2);
    const bend: Bend = arch === undefined ? "none" : arch % 2 === 0 ? "concave" : "convex";
    const trend: Trend = slope === undefined ? "none" : slope % 2 === 0 ? increasing : decreasing;
    return one(bend, trend);
  });
}

/** A function that jumps: constant where its bounds allow one value only. */
export function stepping(values: (out: Range, ...ends: number[]) => void, ...trends: readonly Trend[]): CurvatureRule {
  const out: Range = { lo: 0, hi: 0, flags: 0 };
  return (bounds) => {
    values(out, ...bounds.flatMap((b) => [b.lo, b.hi]));
    const still = out.lo === out.hi;
    const own = bounds.map((_, i): Trend => (still ? "constant" : (trends[i] ?? "none")));
    return still ? { bend: "affine", trends: own } : { bend: "none", trends: own, rough: "jump" };
  };
}

/** max (sign 1) and min (sign -1) of two numbers. */
export function larger(sign: 1 | -1): CurvatureRule {
  return ([a, b]) => {
    const first = sign > 0 ? a.lo >= b.hi : a.hi <= b.lo;
    const second = sign > 0 ? b.lo >= a.hi : b.hi <= a.lo;
    if (first) return { bend: "affine", trends: [increasing, "constant"] };
    if (second) return { bend: "affine", trends: ["constant", increasing] };
    return { bend: sign > 0 ? "convex" : "concave", trends: [increasing, increasing], rough: "kink" };
  };
}
