/**
 * Interval arithmetic with outward rounding (Moore, Kearfott and Cloud, Introduction to Interval Analysis, SIAM 2009,
 * chapters 2 and 5). An operation writes bounds of its exact range over the operands' boxes into a `Range`, at the points
 * where it is defined, and says there what may be wrong inside: UNDEFINED (some points have no value) or JUMP (it may be
 * discontinuous). The machine rounds to nearest, so bounds move outward by Rump's neighbours:
 *   e = fl(u (1 + 2u) |c| + eta), c - e <= predecessor of c, c + e >= successor   (Rump, Zimmermann, Boldo and Melquiond,
 *   Computing predecessor and successor in rounding to nearest, BIT 49, 2009, algorithm 1);
 * sums move only where their rounding error, which is known exactly (Knuth's two-sum), says so. As every bound also
 * encloses the rounded result of the same operation, evaluation in floating point stays inside, too.
 */

/** Some points of the box may have no value. */
export const UNDEFINED = 1;
/** The function may be discontinuous on the box. */
export const JUMP = 2;

/** Where operations write: lo <= hi (±Infinity where there is no bound) and flags. */
export interface Range {
  lo: number;
  hi: number;
  flags: number;
}

const U = 2 ** -53;
const STEP = U * (1 + 2 * U);
const ETA = 2 ** -1074;
const INF = Number.POSITIVE_INFINITY;
const MAX = Number.MAX_VALUE;

/** At most the number below c; MAX_VALUE for an overflow upwards. */
export function down(c: number): number {
  return c === INF ? MAX : c - (STEP * Math.abs(c) + ETA);
}

/** At least the number above c; -MAX_VALUE for an overflow downwards. */
export function up(c: number): number {
  return c === -INF ? -MAX : c + (STEP * Math.abs(c) + ETA);
}

/** c lowered by `ulps` units in the last place. */
export function downBy(c: number, ulps: number): number {
  return c === INF ? MAX : c - ulps * (2 * STEP * Math.abs(c) + ETA);
}

export function upBy(c: number, ulps: number): number {
  return c === -INF ? -MAX : c + ulps * (2 * STEP * Math.abs(c) + ETA);
}

/** A lower bound of a + b, exact where the sum is; -Infinity with +Infinity counts as -Infinity. */
export function addDown(a: number, b: number): number {
  const s = a + b;
  if (!Number.isFinite(s)) return s === INF && a !== INF && b !== INF ? MAX : s === INF ? INF : -INF;
  const part = s - a;
  return a - (s - part) + (b - part) < 0 ? down(s) : s;
}

/** An upper bound of a + b, exact where the sum is. */
export function addUp(a: number, b: number): number {
  return -addDown(-a, -b);
}

/** a b for bounds: 0 times infinity is 0. */
function times(a: number, b: number): number {
  return a === 0 || b === 0 ? 0 : a * b;
}

/** Factors of at most 24 bits and moderate size have an exact product. */
function exact(a: number, b: number): boolean {
  return Math.fround(a) === a && Math.fround(b) === b && Number.isFinite(a) && Number.isFinite(b);
}

/** Lower and upper bounds of a product of two numbers; exact at 0 and of short factors. */
function timesDown(a: number, b: number): number {
  if (a === 0 || b === 0) return 0;
  return b === 1 ? a : a === 1 ? b : exact(a, b) ? a * b : down(a * b);
}

function timesUp(a: number, b: number): number {
  if (a === 0 || b === 0) return 0;
  return b === 1 ? a : a === 1 ? b : exact(a, b) ? a * b : up(a * b);
}

export function set(out: Range, lo: number, hi: number, flags = 0): void {
  out.lo = lo;
  out.hi = hi;
  out.flags = flags;
}

export function whole(out: Range, flags: number): void {
  set(out, -INF, INF, flags);
}

export function neg(out: Range, lo: number, hi: number): void {
  set(out, -hi, -lo);
}

export function add(out: Range, al: number, ah: number, bl: number, bh: number): void {
  set(out, addDown(al, bl), addUp(ah, bh));
}

export function sub(out: Range, al: number, ah: number, bl: number, bh: number): void {
  set(out, addDown(al, -bh), addUp(ah, -bl));
}

/** The extremes are among the products of ends; their signs say which. */
export function mul(out: Range, al: number, ah: number, bl: number, bh: number): void {
  out.flags = 0;
  if (al >= 0) {
    out.lo = bl >= 0 ? Math.max(0, timesDown(al, bl)) : timesDown(ah, bl);
    out.hi = bh >= 0 ? timesUp(ah, bh) : Math.min(0, timesUp(al, bh));
  } else if (ah <= 0) {
    out.lo = bh <= 0 ? Math.max(0, timesDown(ah, bh)) : timesDown(al, bh);
    out.hi = bl <= 0 ? timesUp(al, bl) : Math.min(0, timesUp(ah, bl));
  } else {
    out.lo = bl >= 0 ? timesDown(al, bh) : bh <= 0 ? timesDown(ah, bl) : down(Math.min(times(al, bh), times(ah, bl)));
    out.hi = bl >= 0 ? timesUp(ah, bh) : bh <= 0 ? timesUp(al, bl) : up(Math.max(times(al, bl), times(ah, bh)));
  }
}

export function square(out: Range, lo: number, hi: number): void {
  const near = lo >= 0 ? lo : hi <= 0 ? hi : 0;
  const far = Math.max(Math.abs(lo), Math.abs(hi));
  set(out, Math.max(0, timesDown(near, near)), timesUp(far, far));
}

/** 1 / [lo, hi] for an interval without 0 inside; an end at 0 gives an infinite bound. */
function inverse(out: Range, lo: number, hi: number): void {
  if (lo >= 0) set(out, hi === INF ? 0 : down(1 / hi), lo === 0 ? INF : up(1 / lo));
  else set(out, hi === 0 ? -INF : down(1 / hi), lo === -INF ? 0 : up(1 / lo));
}

/** Extended division: a divisor that may be 0 leaves a half line where signs allow it, else the whole line. */
export function div(out: Range, al: number, ah: number, bl: number, bh: number): void {
  if (bl <= 0 && bh >= 0) {
    if ((bl < 0 && bh > 0) || (bl === 0 && bh === 0)) {
      whole(out, UNDEFINED);
      return;
    }
    inverse(out, bl, bh);
    mul(out, al, ah, out.lo, out.hi);
    out.flags = UNDEFINED;
    return;
  }
  if (Number.isFinite(al) && Number.isFinite(ah) && Number.isFinite(bl) && Number.isFinite(bh)) {
    quotients(out, al, ah, bl, bh);
    return;
  }
  inverse(out, bl, bh);
  mul(out, al, ah, out.lo, out.hi);
}

/** a / b for finite ends and a divisor of one sign. */
function quotients(out: Range, al: number, ah: number, bl: number, bh: number): void {
  const positive = bl > 0;
  const nl = positive ? al : -ah;
  const nh = positive ? ah : -al;
  const small = positive ? bl : -bh;
  const large = positive ? bh : -bl;
  const lo = nl === 0 ? 0 : down(nl > 0 ? nl / large : nl / small);
  const hi = nh === 0 ? 0 : up(nh > 0 ? nh / small : nh / large);
  set(out, nl >= 0 ? Math.max(0, lo) : lo, nh <= 0 ? Math.min(0, hi) : hi);
}

/** a / b, and 0 where b = 0. */
export function safediv(out: Range, al: number, ah: number, bl: number, bh: number): void {
  if (bl === 0 && bh === 0) {
    set(out, 0, 0);
    return;
  }
  div(out, al, ah, bl, bh);
  if (bl > 0 || bh < 0) return;
  set(out, Math.min(0, out.lo), Math.max(0, out.hi), JUMP);
}

export function abs(out: Range, lo: number, hi: number): void {
  if (lo >= 0) set(out, lo, hi);
  else if (hi <= 0) set(out, -hi, -lo);
  else set(out, 0, Math.max(-lo, hi));
}

export function min(out: Range, al: number, ah: number, bl: number, bh: number): void {
  set(out, Math.min(al, bl), Math.min(ah, bh));
}

export function max(out: Range, al: number, ah: number, bl: number, bh: number): void {
  set(out, Math.max(al, bl), Math.max(ah, bh));
}

export function relu(out: Range, lo: number, hi: number): void {
  set(out, Math.max(lo, 0), Math.max(hi, 0));
}

/** An increasing step function at both ends; it may jump where they differ. */
function stairs(out: Range, lo: number, hi: number): void {
  set(out, lo, hi, lo === hi ? 0 : JUMP);
}

export function sign(out: Range, lo: number, hi: number): void {
  stairs(out, Math.sign(lo) + 0, Math.sign(hi) + 0);
}

export function step(out: Range, lo: number, hi: number): void {
  stairs(out, lo > 0 ? 1 : 0, hi > 0 ? 1 : 0);
}

/** [1, 1] where surely true, [0, 0] where surely false, else [0, 1]. */
function truth(out: Range, surely: boolean, possibly: boolean): void {
  stairs(out, surely ? 1 : 0, possibly ? 1 : 0);
}

export function lt(out: Range, al: number, ah: number, bl: number, bh: number): void {
  truth(out, ah < bl, al < bh);
}

export function le(out: Range, al: number, ah: number, bl: number, bh: number): void {
  truth(out, ah <= bl, al <= bh);
}

export function eq(out: Range, al: number, ah: number, bl: number, bh: number): void {
  truth(out, al === bh && ah === bl && al === ah, al <= bh && bl <= ah);
}

/** Any number but 0 is true. */
export const surelyTrue = (lo: number, hi: number): boolean => lo > 0 || hi < 0;
export const surelyFalse = (lo: number, hi: number): boolean => lo === 0 && hi === 0;

export function and(out: Range, al: number, ah: number, bl: number, bh: number): void {
  truth(out, surelyTrue(al, ah) && surelyTrue(bl, bh), !surelyFalse(al, ah) && !surelyFalse(bl, bh));
}

export function or(out: Range, al: number, ah: number, bl: number, bh: number): void {
  truth(out, surelyTrue(al, ah) || surelyTrue(bl, bh), !surelyFalse(al, ah) || !surelyFalse(bl, bh));
}

export function not(out: Range, lo: number, hi: number): void {
  truth(out, surelyFalse(lo, hi), !surelyTrue(lo, hi));
}
