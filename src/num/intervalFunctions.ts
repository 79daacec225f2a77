/**
 * Interval extensions of the elementary functions. Math's functions are taken to be right within ULPS units in the last
 * place (fdlibm, which engines port, stays below one; sums of a few of them below ULPS_SUM); tests compare them with many
 * digits. Monotone functions take their ends; sine and cosine also look whether an extremum lies inside, deciding for
 * "yes" within the rounding of the reduced argument.
 */
import { downBy, JUMP, type Range, set, UNDEFINED, upBy, whole } from "./interval.js";

export const ULPS = 4;
const ULPS_SUM = 16;
const INF = Number.POSITIVE_INFINITY;
const PI = Math.PI;
/** Beyond this argument no period is resolved. */
const LARGEST_ANGLE = 2 ** 30;

export type UnaryRange = (out: Range, lo: number, hi: number) => void;

/** An increasing function with values in [least, most]. */
function increasing(f: (a: number) => number, ulps: number, least = -INF, most = INF): UnaryRange {
  return (out, lo, hi) => {
    set(out, clamp(downBy(f(lo), ulps), least, most), clamp(upBy(f(hi), ulps), least, most));
  };
}

/** max(least, min(most, v)) */
function clamp(v: number, least: number, most: number): number {
  return v < least ? least : v > most ? most : v;
}

/** The same defined on [from, to] only (`open`: without the end points, where it is infinite); arguments are clamped to it. */
function partial(
  f: (a: number) => number,
  from: number,
  to: number,
  open: boolean,
  least = -INF,
  most = INF,
): UnaryRange {
  const inner = increasing(f, ULPS, least, most);
  return (out, lo, hi) => {
    inner(out, clamp(lo, from, to), clamp(hi, from, to));
    if (open ? lo <= from || hi > to : lo < from || hi > to) out.flags = UNDEFINED;
    if (open && lo <= from) out.lo = -INF;
  };
}

export const exp = increasing(Math.exp, ULPS, 0);
export const expm1 = increasing(Math.expm1, ULPS, -1);
export const log = partial(Math.log, 0, INF, true);
export const log1p = partial(Math.log1p, -1, INF, true);
export const sqrt = partial(Math.sqrt, 0, INF, false, 0);
export const asin = partial(Math.asin, -1, 1, false);
export const atan = increasing(Math.atan, ULPS);
export const sinh = increasing(Math.sinh, ULPS);
export const tanh = increasing(Math.tanh, ULPS, -1, 1);

/** Decreasing: acos(a) = range over [-1, 1] with the ends exchanged. */
export function acos(out: Range, lo: number, hi: number): void {
  const least = downBy(Math.acos(clamp(hi, -1, 1)), ULPS);
  const most = upBy(Math.acos(clamp(lo, -1, 1)), ULPS);
  set(out, Math.max(0, least), most, lo < -1 || hi > 1 ? UNDEFINED : 0);
}

export function cosh(out: Range, lo: number, hi: number): void {
  const near = lo > 0 ? lo : hi < 0 ? hi : 0;
  const far = Math.max(Math.abs(lo), Math.abs(hi));
  set(out, Math.max(1, downBy(Math.cosh(near), ULPS)), upBy(Math.cosh(far), ULPS));
}

/** Whether offset + k period may lie in [lo, hi] for some integer k; the rounding of the quotients decides for yes. */
function meets(lo: number, hi: number, offset: number, period: number): boolean {
  const slack = 1e-14 * (1 + Math.max(Math.abs(lo), Math.abs(hi)) / period);
  return Math.ceil((lo - offset) / period - slack) <= Math.floor((hi - offset) / period + slack);
}

/** A function of period 2 pi with maximum 1 at `top` and minimum -1 half a period later, monotone in between. */
function wave(f: (a: number) => number, top: number): UnaryRange {
  return (out, lo, hi) => {
    if (!(hi - lo < 2 * PI) || !(Math.max(-lo, hi) < LARGEST_ANGLE)) {
      set(out, -1, 1);
      return;
    }
    const a = f(lo);
    const b = f(hi);
    set(
      out,
      meets(lo, hi, top + PI, 2 * PI) ? -1 : Math.max(-1, downBy(Math.min(a, b), ULPS)),
      meets(lo, hi, top, 2 * PI) ? 1 : Math.min(1, upBy(Math.max(a, b), ULPS)),
    );
  };
}

export const sin = wave(Math.sin, PI / 2);
export const cos = wave(Math.cos, 0);

export function tan(out: Range, lo: number, hi: number): void {
  if (!(hi - lo < PI) || !(Math.max(-lo, hi) < LARGEST_ANGLE) || meets(lo, hi, PI / 2, PI)) whole(out, UNDEFINED);
  else set(out, downBy(Math.tan(lo), ULPS), upBy(Math.tan(hi), ULPS));
}

/** The angle of (b, a): its extremes over a box away from the cut (b <= 0, a = 0) are at corners. */
export function atan2(out: Range, al: number, ah: number, bl: number, bh: number): void {
  if (al <= 0 && ah >= 0 && bl <= 0) {
    set(out, downBy(-PI, ULPS), upBy(PI, ULPS), JUMP);
    return;
  }
  const [p, q, r, s] = [Math.atan2(al, bl), Math.atan2(al, bh), Math.atan2(ah, bl), Math.atan2(ah, bh)];
  set(out, downBy(Math.min(p, q, r, s), ULPS), upBy(Math.max(p, q, r, s), ULPS));
}

/** Functions made of several of Math's, given as their reference forms. */
export const sigmoidOf = (f: (a: number) => number): UnaryRange => increasing(f, ULPS_SUM, 0, 1);
export const softplusOf = (f: (a: number) => number): UnaryRange => increasing(f, ULPS_SUM, 0);
export const erfOf = (f: (a: number) => number): UnaryRange => increasing(f, ULPS_SUM, -1, 1);

/** a^b by the kinds of exponent: an integer, another number >= 0 or < 0, an interval. */
export function pow(out: Range, al: number, ah: number, bl: number, bh: number): void {
  if (bl === bh && Number.isInteger(bl)) integerPower(out, al, ah, bl);
  else if (al >= 0) positivePower(out, al, ah, bl, bh);
  else if (bl === bh) {
    positivePower(out, 0, Math.max(0, ah), bl, bh);
    out.flags |= UNDEFINED;
  } else whole(out, UNDEFINED | JUMP);
}

/** Corners: log(a^b) = b log a is bilinear in (b, log a). */
function positivePower(out: Range, al: number, ah: number, bl: number, bh: number): void {
  const [p, q, r, s] = [al ** bl, al ** bh, ah ** bl, ah ** bh];
  const lo = Math.min(p, q, r, s);
  const hi = Math.max(p, q, r, s);
  if (Number.isNaN(lo)) set(out, 0, INF, JUMP);
  else set(out, Math.max(0, downBy(lo, ULPS)), upBy(hi, ULPS));
  if (al === 0 && bl < 0) out.flags = UNDEFINED | JUMP;
  else if (al === 0 && bl === 0) out.flags = bh > 0 || ah > 0 ? JUMP : 0;
  // In between, 0 to a positive power is 0 and 0 to the power 0 is 1.
  if (al === 0 && bl <= 0 && bh >= 0) {
    if (bh > 0) out.lo = 0;
    out.hi = Math.max(1, out.hi);
  }
}

function integerPower(out: Range, lo: number, hi: number, n: number): void {
  if (n === 0) {
    set(out, 1, 1);
    return;
  }
  const even = n % 2 === 0;
  if (lo <= 0 && hi >= 0) {
    if (n < 0) {
      if (even) set(out, Math.max(0, downBy(Math.max(-lo, hi) ** n, ULPS)), INF, UNDEFINED);
      else if (lo === 0 && hi > 0) set(out, Math.max(0, downBy(hi ** n, ULPS)), INF, UNDEFINED);
      else if (hi === 0 && lo < 0) set(out, -INF, Math.min(0, upBy(lo ** n, ULPS)), UNDEFINED);
      else whole(out, UNDEFINED);
      return;
    }
    if (even) set(out, 0, powerBound(Math.max(-lo, hi), n, upBy));
    else set(out, powerBound(lo, n, downBy), powerBound(hi, n, upBy));
    return;
  }
  const a = lo ** n;
  const b = hi ** n;
  const least = downBy(Math.min(a, b), ULPS);
  const most = upBy(Math.max(a, b), ULPS);
  const positive = even || lo > 0;
  set(out, positive ? Math.max(0, least) : least, positive ? most : Math.min(0, most));
}

/** A bound of base^n; a power of 0 is 0 exactly. */
function powerBound(base: number, n: number, widen: (c: number, ulps: number) => number): number {
  return base === 0 ? 0 : widen(base ** n, ULPS);
}
