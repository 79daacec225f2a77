/** What a cell of a text table says: a number, nothing, or something else. */

const radix = /^0[xob]/i;
const missing: ReadonlySet<string> = new Set(["", "na", "n/a", "nan", "null", "?", "none"]);
const infinite = /^([+-]?)inf(?:inity)?$/i;

/** True for cells that say "no value": empty, NA, NaN, null, none or a question mark, in any letter case. */
export function isMissing(cell: string): boolean {
  return cell.length <= 4 && missing.has(cell.toLowerCase());
}

/** The number a trimmed, not missing cell holds (decimal, with point and exponent; inf), or undefined if it holds none. */
export function numberOf(cell: string): number | undefined {
  const value = Number(cell);
  if (Number.isFinite(value)) return cell.length > 2 && radix.test(cell) ? undefined : value;
  const match = infinite.exec(cell);
  if (match) return match[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  // Overflowing decimals such as 1e999 are numbers that cannot be held, hence infinite.
  return /^[+-]?[\d.]+e[+-]?\d+$/i.test(cell) ? value : undefined;
}
