/**
 * Numerical derivatives by Ridders' method: central differences at shrinking steps, extrapolated to step 0 in Neville's
 * scheme, with an error estimate (Ridders, Advances in Engineering Software 4, 1982; Numerical Recipes 5.7). For smooth
 * functions 9 to 11 digits are usual. A kink between the steps can fool one table, so two at different scales must agree;
 * where they do not, the error is their difference.
 */
type Vector = Float64Array;

/** A function of a point with values of fixed length, written into `out`. */
export type VectorFunction = (point: Vector, out: Vector) => void;

export interface NumericalDerivative {
  readonly value: Vector;
  /** Estimated absolute error, entry by entry. */
  readonly error: Vector;
}

const shrink = 1.6;
const rows = 9;
/** How much smaller the second table's steps are. */
const finer = 29;

/**
 * d/dt of `f(point + t direction)` at t = 0. `size`: length of f's value; `step`: the first step in t, a length over
 * which f changes noticeably. Steps with values that are not finite are passed over; if none is left, errors are infinite.
 */
export function directionalDerivative(
  f: VectorFunction,
  point: Vector,
  direction: Vector,
  size: number,
  step: number,
): NumericalDerivative {
  const wide = ridders(f, point, direction, size, step);
  const narrow = ridders(f, point, direction, size, step / finer);
  const value = new Float64Array(size);
  const error = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    const better = wide.error[i] < narrow.error[i] ? wide : narrow;
    const apart = Math.abs(wide.value[i] - narrow.value[i]);
    const agree = apart <= 10 * (wide.error[i] + narrow.error[i]);
    value[i] = better.value[i];
    error[i] = agree ? better.error[i] : apart;
  }
  return { value, error };
}

/** One table, its steps from `step` down to `step / shrink^(rows - 1)`. */
function ridders(f: VectorFunction, point: Vector, direction: Vector, size: number, step: number): NumericalDerivative {
  const value = new Float64Array(size);
  const error = new Float64Array(size).fill(Number.POSITIVE_INFINITY);
  const at = new Float64Array(point.length);
  const plus = new Float64Array(size);
  const minus = new Float64Array(size);
  let before: Vector[] = [];
  let h = step;
  for (let row = 0; row < rows; row++, h /= shrink) {
    move(point, h, direction, at);
    f(at, plus);
    move(point, -h, direction, at);
    f(at, minus);
    const first = plus.map((p, i) => (p - minus[i]) / (2 * h));
    if (!first.every(Number.isFinite)) {
      before = [];
      continue;
    }
    before = extend(first, before, value, error);
  }
  return { value, error };
}

/** The next line of the table from its central difference and the line before; improves `value` and `error` in place. */
function extend(first: Vector, before: readonly Vector[], value: Vector, error: Vector): Vector[] {
  const line = [first];
  let factor = shrink * shrink;
  for (let j = 1; j <= before.length; j++, factor *= shrink * shrink) {
    const left = line[j - 1];
    const above = before[j - 1];
    const next = left.map((l, i) => (factor * l - above[i]) / (factor - 1));
    for (let i = 0; i < next.length; i++) {
      const e = Math.max(Math.abs(next[i] - left[i]), Math.abs(next[i] - above[i]));
      if (e <= error[i]) {
        error[i] = e;
        value[i] = next[i];
      }
    }
    line.push(next);
  }
  return line;
}

function move(point: Vector, t: number, direction: Vector, out: Vector): void {
  for (let i = 0; i < out.length; i++) out[i] = point[i] + t * direction[i];
}
