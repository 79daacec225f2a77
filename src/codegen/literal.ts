/** Numbers as JavaScript text that reads back bit for bit: the only way a value gets into generated code. */

/** An expression for `value`; negative numbers and -0 start with a minus sign, so bracket them after an operator. */
export function literal(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (value === Number.POSITIVE_INFINITY) return "Infinity";
  if (value === Number.NEGATIVE_INFINITY) return "-Infinity";
  if (Object.is(value, -0)) return "-0";
  return String(value);
}

/** An integer for index arithmetic. */
export function integer(value: number): string {
  if (!Number.isInteger(value)) throw new Error(`not an integer: ${value}`);
  return String(value);
}
