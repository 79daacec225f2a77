/** Inverse of a small square matrix of rational numbers, by Gauss and Jordan's elimination: exact. */
import { add, inverse, isZero, negated, one, type Rational, times, zero } from "../expr/polynomialNumber.js";

/** Coefficients longer than this many digits make no formula. */
const DIGITS = 40;

/** Row-major; undefined where the matrix is singular or its inverse has very long entries. */
export function rationalInverse(matrix: readonly Rational[], size: number): Rational[] | undefined {
  const a = [...matrix];
  const out = Array.from({ length: size * size }, (_, at) => (at % (size + 1) === 0 ? one : zero));
  for (let c = 0; c < size; c++) {
    let pivot = c;
    while (pivot < size && isZero(a[pivot * size + c])) pivot++;
    if (pivot === size) return undefined;
    for (const m of [a, out]) {
      for (let j = 0; j < size; j++) {
        [m[c * size + j], m[pivot * size + j]] = [m[pivot * size + j], m[c * size + j]];
      }
    }
    const unit = inverse(a[c * size + c]);
    for (const m of [a, out]) for (let j = 0; j < size; j++) m[c * size + j] = times(m[c * size + j], unit);
    for (let r = 0; r < size; r++) {
      const factor = negated(a[r * size + c]);
      if (r === c || isZero(factor)) continue;
      for (const m of [a, out]) {
        for (let j = 0; j < size; j++) m[r * size + j] = add(m[r * size + j], times(factor, m[c * size + j]));
      }
    }
  }
  const long = (v: Rational): boolean => String(v.n).length + String(v.d).length > DIGITS;
  return out.some(long) ? undefined : out;
}
