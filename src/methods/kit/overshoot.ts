/**
 * Steps that are too long for the curvature they meet need not grow: past 2/L a gradient iteration may settle into a cycle
 * between two sides of a valley. Then a step undoes the one before it and is hardly shorter:
 *
 *   (c - b)ᵀ(b - a) < 0   and   |c - b| >= 0.9 |b - a|      for three iterates a, b, c in a row
 *
 * Steps of at most 1/L never turn round; noise of rounding size does not count.
 */
type Vector = Float64Array;

const HARDLY_SHORTER = 0.9;
const ROUNDING = 1e-10;

export function overshoots(a: Vector, b: Vector, c: Vector): boolean {
  let turn = 0;
  let first = 0;
  let second = 0;
  let size = 0;
  for (let j = 0; j < c.length; j++) {
    const before = b[j] - a[j];
    const after = c[j] - b[j];
    turn += before * after;
    first += before * before;
    second += after * after;
    size += c[j] * c[j];
  }
  return turn < 0 && second >= HARDLY_SHORTER ** 2 * first && second > ROUNDING ** 2 * (1 + size);
}
