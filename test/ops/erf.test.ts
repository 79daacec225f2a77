/** The error function against its Taylor series, which it does not use. */
import { expect, it } from "vitest";
import { erf } from "../../src/ops/elementwise/erf.js";

/** 2/sqrt(pi) exp(-x^2) sum of 2^n x^(2n+1) / (2n+1)!!: all terms positive, so nothing cancels. */
function series(x: number): number {
  let term = x;
  let total = x;
  for (let n = 1; n < 400; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    total += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * total;
}

it("agrees with the series to a few units in the last place", () => {
  for (let x = 0.001; x < 6.5; x += 0.0137) {
    expect(Math.abs(erf(x) / series(x) - 1)).toBeLessThan(4e-15);
    expect(erf(-x)).toBe(-erf(x));
  }
});

it("has its values at the ends", () => {
  expect([erf(0), erf(Infinity), erf(-Infinity), erf(10)]).toEqual([0, 1, -1, 1]);
  expect(erf(Number.NaN)).toBeNaN();
  expect(erf(1e-300) / 1e-300).toBeCloseTo(2 / Math.sqrt(Math.PI), 15);
});
