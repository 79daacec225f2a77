/** Directed rounding and the elementary functions' bounds against arithmetic with 64 digits. */
import { all, type BigNumber, create } from "mathjs";
import { describe, expect, it } from "vitest";
import * as interval from "../../src/num/interval.js";
import * as functions from "../../src/num/intervalFunctions.js";
import { erf } from "../../src/ops/elementwise/erf.js";
import { generator } from "../ops/numeric.js";

const math = create(all, { number: "BigNumber", precision: 64 });
type Big = BigNumber;
const two = math.bignumber(2);
/** The double itself, not its shortest decimal: a whole number times a power of 2. */
function big(v: number): Big {
  if (v === 0) return math.bignumber(0);
  const exponent = Math.max(-1074, Math.floor(Math.log2(Math.abs(v))) - 54);
  const whole = exponent < -1000 ? v * 2 ** 1000 * 2 ** (-1000 - exponent) : v * 2 ** -exponent;
  return math.bignumber(BigInt(whole).toString()).times(two.pow(exponent));
}
type Result = { lo: number; hi: number; flags: number };
const out: Result = { lo: 0, hi: 0, flags: 0 };

/** Numbers of all sizes, near 0, near 1 and whole ones. */
function drawn(random: () => number): number {
  const kind = random();
  const sign = random() < 0.5 ? -1 : 1;
  if (kind < 0.1) return sign * Math.floor(10 * random());
  if (kind < 0.3) return sign * (1 + 1e-6 * random());
  if (kind < 0.5) return sign * 10 ** (40 * random() - 20);
  return sign * 20 * random();
}

function encloses(exact: Big): boolean {
  const above = out.lo === -Infinity || exact.gte(big(out.lo));
  return above && (out.hi === Infinity || exact.lte(big(out.hi)));
}

const widthOf = (): number => (out.hi - out.lo) / Math.max(Number.MIN_VALUE, Math.abs(out.lo), Math.abs(out.hi));

describe("arithmetic at points", () => {
  it.each([
    ["add", interval.add, (a: Big, b: Big) => a.plus(b)],
    ["sub", interval.sub, (a: Big, b: Big) => a.minus(b)],
    ["mul", interval.mul, (a: Big, b: Big) => a.times(b)],
    ["div", interval.div, (a: Big, b: Big) => a.div(b)],
  ] as const)("%s encloses the exact result", (name, range, exact) => {
    const random = generator(11);
    for (let k = 0; k < 1500; k++) {
      const [a, b] = [drawn(random), drawn(random)];
      if (name === "div" && b === 0) continue;
      range(out, a, a, b, b);
      if (!encloses(exact(big(a), big(b)))) expect({ a, b, ...out }).toBe("enclosed");
      if (out.lo !== 0 || out.hi !== 0) expect(widthOf()).toBeLessThan(5e-16);
    }
  });

  it("keeps exact sums exact and zero products zero", () => {
    interval.add(out, 0.5, 0.5, 0.25, 0.25);
    expect([out.lo, out.hi]).toEqual([0.75, 0.75]);
    interval.mul(out, -Infinity, Infinity, 0, 0);
    expect([out.lo + 0, out.hi + 0]).toEqual([0, 0]);
    interval.add(out, 1, 1, 2 ** -60, 2 ** -60);
    expect(out.lo).toBe(1);
    expect(out.hi).toBeGreaterThan(1);
  });

  it("moves to neighbours at least, at every size", () => {
    for (const v of [0, 5e-324, 2.2e-308, 1e-300, 1, Math.PI, 2 ** 53, 1.7e308]) {
      for (const w of [v, -v]) {
        expect(interval.down(w)).toBeLessThan(w);
        expect(interval.up(w)).toBeGreaterThan(w);
        expect(interval.up(w) - interval.down(w)).toBeLessThanOrEqual(Math.abs(w) * 2 ** -50 + 1e-323);
      }
    }
    expect(interval.down(Infinity)).toBe(Number.MAX_VALUE);
  });
});

/** erf by its series, enough terms for |a| <= 5. */
function bigErf(a: Big): Big {
  let term = a;
  let sum = a;
  for (let n = 1; n < 160; n++) {
    term = term.times(a).times(a).neg().div(n);
    sum = sum.plus(term.div(2 * n + 1));
  }
  return sum.times(2).div(math.bignumber(-1).acos().sqrt());
}

const unary: readonly (readonly [string, functions.UnaryRange, (a: Big) => Big, (a: number) => boolean])[] = [
  ["exp", functions.exp, (a) => a.exp(), (a) => Math.abs(a) < 200],
  ["expm1", functions.expm1, (a) => a.exp().minus(1), (a) => Math.abs(a) > 1e-15 && Math.abs(a) < 200],
  ["log", functions.log, (a) => a.ln(), (a) => a > 0],
  ["log1p", functions.log1p, (a) => a.plus(1).ln(), (a) => a > -0.9 && Math.abs(a) > 1e-15],
  ["sqrt", functions.sqrt, (a) => a.sqrt(), (a) => a >= 0],
  ["sin", functions.sin, (a) => a.sin(), (a) => Math.abs(a) < 1e6],
  ["cos", functions.cos, (a) => a.cos(), (a) => Math.abs(a) < 1e6],
  ["tan", functions.tan, (a) => a.tan(), (a) => Math.abs(a) < 1e6],
  ["asin", functions.asin, (a) => a.asin(), (a) => Math.abs(a) < 1],
  ["acos", functions.acos, (a) => a.acos(), (a) => Math.abs(a) < 1],
  ["atan", functions.atan, (a) => a.atan(), (a) => Math.abs(a) < 1e9],
  ["sinh", functions.sinh, (a) => a.sinh(), (a) => Math.abs(a) < 200],
  ["cosh", functions.cosh, (a) => a.cosh(), (a) => Math.abs(a) < 200],
  ["tanh", functions.tanh, (a) => a.tanh(), (a) => Math.abs(a) < 20],
  ["erf", functions.erfOf(erf), bigErf, (a) => Math.abs(a) < 5],
];

describe("elementary functions at points", () => {
  it.each(unary)("%s encloses the value to 60 digits, narrowly", (_, range, exact, holds) => {
    const random = generator(12);
    let tested = 0;
    for (let k = 0; k < 2500 && tested < 250; k++) {
      const a = drawn(random);
      if (!holds(a)) continue;
      tested++;
      range(out, a, a);
      if (!encloses(exact(big(a)))) expect({ a, ...out, exact: exact(big(a)).toString() }).toBe("enclosed");
      if (Math.abs(out.hi) > 1e-300 && out.hi !== out.lo) expect(widthOf()).toBeLessThan(1e-14);
    }
    expect(tested).toBeGreaterThan(50);
  });

  it("pow encloses the value", () => {
    const random = generator(13);
    for (let k = 0; k < 400; k++) {
      const a = Math.abs(drawn(random)) + 1e-9;
      const b = random() < 0.5 ? Math.round(10 * random() - 5) : 10 * random() - 5;
      functions.pow(out, a, a, b, b);
      if (!encloses(big(a).pow(big(b)))) expect({ a, b, ...out }).toBe("enclosed");
    }
  });
});

describe("ranges over intervals", () => {
  it.each([
    ["sin", functions.sin, 0, 2, Math.sin(0), 1],
    ["sin", functions.sin, 2, 4, Math.sin(4), Math.sin(2)],
    ["sin", functions.sin, 100, 107, -1, 1],
    ["cos", functions.cos, -1, 0.5, Math.cos(1), 1],
    ["cos", functions.cos, 3, 4, -1, Math.cos(4)],
    ["cosh", functions.cosh, -1, 2, 1, Math.cosh(2)],
    ["square", interval.square, -1, 3, 0, 9],
    ["abs", interval.abs, -4, 3, 0, 4],
  ] as const)("%s over [%i, %i]", (_, range, lo, hi, least, most) => {
    (range as functions.UnaryRange)(out, lo as number, hi as number);
    expect(out.lo).toBeCloseTo(least as number, 13);
    expect(out.hi).toBeCloseTo(most as number, 13);
  });
  it.each([
    [-2, 3, 4, 0, 81],
    [-2, 3, 3, -8, 27],
    [2, 3, -2, 1 / 9, 1 / 4],
    [-3, -2, -1, -0.5, -1 / 3],
    [0, 4, 0.5, 0, 2],
  ])("[%i, %i] to the power %f", (lo, hi, n, least, most) => {
    functions.pow(out, lo, hi, n, n);
    expect(out.lo).toBeCloseTo(least, 12);
    expect(out.hi).toBeCloseTo(most, 12);
  });
});
