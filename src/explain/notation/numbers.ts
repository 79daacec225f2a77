/** Numbers of formulas: short decimals as they are, simple fractions as such, anything else to eight digits. */
import type { Expression } from "../../syntax/tree.js";
import { binary, literal, negative } from "./make.js";

const digits = 8;
const largestDenominator = 1000;

/** A double as people write it. */
export function number(value: number): string {
  const rounded = Number(value.toPrecision(digits));
  const plain = String(rounded);
  const scientific = rounded.toExponential().replace("e+", "e");
  return scientific.length < plain.length ? scientific : plain;
}

interface Fraction {
  readonly over: number;
  readonly under: number;
}

/** The fraction with a small denominator that a value is, to a relative rounding; undefined where a decimal says it as shortly. */
function fraction(value: number, rounding: number): Fraction | undefined {
  if (!Number.isFinite(value) || Number.isInteger(value) || number(value).length <= 6) return undefined;
  for (let under = 2; under <= largestDenominator; under++) {
    const over = Math.round(value * under);
    if (over !== 0 && Math.abs(value - over / under) <= rounding * Math.abs(value)) return { over, under };
  }
  return undefined;
}

/** `rounding`: relative error of numbers that were computed in several steps. */
export function numberExpression(value: number, rounding = 4e-16): Expression {
  if (value < 0) return negative(numberExpression(-value, rounding));
  const whole = Math.round(value);
  if (whole !== 0 && value < 1e9 && Math.abs(value - whole) <= rounding * whole) return literal(whole);
  const parts = fraction(value, rounding);
  if (parts) return binary("/", literal(parts.over), literal(parts.under));
  return literal(Number.isInteger(value) && value < 1e9 ? value : Number(value.toPrecision(digits)));
}
