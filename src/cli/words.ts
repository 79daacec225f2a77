/** Numbers and paragraphs as people read them. */
export { shownWidth, table, wrap } from "../base/paragraph.js";

/** Up to `digits` significant digits, without needless zeros; exponents for the very small and large. */
export function number(value: number, digits = 8): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "unknown" : value > 0 ? "inf" : "-inf";
  if (value === 0) return "0";
  const magnitude = Math.abs(value);
  if (magnitude >= 1e-4 && magnitude < 1e9) return String(Number(value.toPrecision(digits)));
  return value
    .toExponential(Math.min(digits - 1, 20))
    .replace(/\.?0+e/, "e")
    .replace("e+", "e");
}

/** Residuals and times: three digits are enough. */
export const short = (value: number): string => number(value, 3);

export function count(n: number, noun: string, plural = `${noun}s`): string {
  return `${n.toLocaleString("en-US")} ${n === 1 ? noun : plural}`;
}
