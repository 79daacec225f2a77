/**
 * Exact rational numbers as coefficients: n / d in lowest terms, d > 0. A double is read as the number a person wrote for it: its
 * shortest decimal, or, where that is long, a short decimal or a fraction with denominator up to 10,000 within four units in the
 * last place (0.30000000000000004 is 3/10, 0.3333333333333333 is 1/3). About one in 10^7 other doubles is within reach of such a fraction.
 */

export interface Rational {
  readonly n: bigint;
  readonly d: bigint;
}

export const zero: Rational = { n: 0n, d: 1n };
export const one: Rational = { n: 1n, d: 1n };

export function gcd(a: bigint, b: bigint): bigint {
  let [p, q] = [a < 0n ? -a : a, b < 0n ? -b : b];
  while (q !== 0n) [p, q] = [q, p % q];
  return p;
}

export function ratio(n: bigint, d: bigint): Rational {
  const common = gcd(n, d);
  if (common === 0n) throw new Error("ratio: 0 / 0");
  const sign = d < 0n ? -1n : 1n;
  return { n: (sign * n) / common, d: (sign * d) / common };
}

export const add = (a: Rational, b: Rational): Rational => ratio(a.n * b.d + b.n * a.d, a.d * b.d);
export const times = (a: Rational, b: Rational): Rational => ratio(a.n * b.n, a.d * b.d);
export const inverse = (a: Rational): Rational => ratio(a.d, a.n);
export const negated = (a: Rational): Rational => ({ n: -a.n, d: a.d });
export const isZero = (a: Rational): boolean => a.n === 0n;

export function power(a: Rational, exponent: number): Rational {
  const k = BigInt(Math.abs(exponent));
  return exponent >= 0 ? ratio(a.n ** k, a.d ** k) : ratio(a.d ** k, a.n ** k);
}

/** Significant digits up to which a decimal counts as written, and what counts as short where it is not. */
const WRITTEN = 14;
const SHORT = 10;
const LARGEST_DENOMINATOR = 10_000;

/** Undefined for infinities and NaN. */
export function rationalOf(value: number): Rational | undefined {
  if (!Number.isFinite(value)) return undefined;
  if (Number.isInteger(value)) return { n: BigInt(value), d: 1n };
  const shortest = decimal(String(value));
  if (digits(shortest.n) <= WRITTEN) return ratio(shortest.n, shortest.d);
  const slack = 4 * Number.EPSILON * Math.abs(value);
  const rounded = value.toPrecision(SHORT);
  if (Math.abs(Number(rounded) - value) <= slack) {
    const near = decimal(rounded);
    return ratio(near.n, near.d);
  }
  return fraction(value, slack) ?? ratio(shortest.n, shortest.d);
}

const digits = (n: bigint): number => String(n < 0n ? -n : n).replace(/0+$/, "").length;

/** "-1.25e-3" as an integer over a power of ten. */
function decimal(text: string): { n: bigint; d: bigint } {
  const [mantissa, exponent = "0"] = text.split("e");
  const [whole, part = ""] = mantissa.split(".");
  const shift = part.length - Number(exponent);
  const n = BigInt(whole + part);
  return shift >= 0 ? { n, d: 10n ** BigInt(shift) } : { n: n * 10n ** BigInt(-shift), d: 1n };
}

/** The first convergent of the continued fraction within the slack. */
function fraction(value: number, slack: number): Rational | undefined {
  const size = Math.abs(value);
  let [p, q, pBefore, qBefore] = [Math.floor(size), 1, 1, 0];
  let rest = size - p;
  while (q <= LARGEST_DENOMINATOR && p <= LARGEST_DENOMINATOR) {
    if (Math.abs(p / q - size) <= slack) return { n: BigInt(value < 0 ? -p : p), d: BigInt(q) };
    if (rest === 0) return undefined;
    const next = Math.floor(1 / rest);
    rest = 1 / rest - next;
    [p, q, pBefore, qBefore] = [next * p + pBefore, next * q + qBefore, p, q];
  }
  return undefined;
}

/** The nearest double (to within a unit in the last place for long numerators and denominators). */
export function toNumber({ n, d }: Rational): number {
  const exact = 1n << 53n;
  const size = n < 0n ? -n : n;
  if (size <= exact && d <= exact) return Number(n) / Number(d);
  const bits = (v: bigint): number => v.toString(2).length;
  const shift = 80 - (bits(size) - bits(d));
  const quotient = shift >= 0 ? (size << BigInt(shift)) / d : size / (d << BigInt(-shift));
  // Two steps, as 2^-shift alone may leave the range of doubles.
  const half = Math.trunc(shift / 2);
  return (n < 0n ? -1 : 1) * Number(quotient) * 2 ** -half * 2 ** -(shift - half);
}
