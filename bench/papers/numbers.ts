/** Numbers as words, and slopes of straight lines in doubly logarithmic plots. */

/** What lies below counts as rounding: its digits differ between machines. */
const ROUNDING = 1e-14;

/** Two significant digits (or as asked); what is not finite is said to have diverged. */
export function short(value: number, digits = 2): string {
  if (!Number.isFinite(value)) return "diverges";
  if (value === 0) return "0";
  const rounded = Number(value.toPrecision(digits));
  const size = Math.abs(rounded);
  if (size < ROUNDING) return "< 1e-14";
  if (size >= 1e-3 && size < 1e5) return String(rounded);
  return rounded.toExponential().replace("e+", "e");
}

/** Coordinates, to so many digits behind the point that rounding does not show. */
export function coordinates(v: ArrayLike<number>, digits = 4): string {
  return Array.from(v, (a) => String(Number(a.toFixed(digits)) + 0)).join(", ");
}

/** Least squares slope of log y against log x. */
export function slope(points: readonly (readonly [number, number])[]): number {
  const logs = points.map(([a, b]) => [Math.log(a), Math.log(b)] as const);
  const mean = (k: 0 | 1): number => logs.reduce((sum, p) => sum + p[k], 0) / logs.length;
  const [mx, my] = [mean(0), mean(1)];
  let [top, bottom] = [0, 0];
  for (const [a, b] of logs) {
    top += (a - mx) * (b - my);
    bottom += (a - mx) ** 2;
  }
  return top / bottom;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : 0.5 * (sorted[middle - 1] + sorted[middle]);
}

/** `from`, `from * ratio`, … up to `to`. */
export function geometric(from: number, to: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => from * (to / from) ** (i / (count - 1)));
}
