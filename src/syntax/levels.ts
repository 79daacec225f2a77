/**
 * The level of an expression: how tightly its outermost operator binds, in the numbers of the operator table
 * (vocabulary.ts), as the printer needs it to place brackets.
 */
import type { BinaryExpression, BinaryOperator, Expression } from "./tree.js";

export const LEVEL = {
  any: 0,
  range: 1,
  or: 2,
  and: 3,
  not: 4,
  comparison: 5,
  additive: 6,
  product: 7,
  signed: 8,
  scaled: 9,
  power: 10,
  operand: 11,
  postfix: 12,
} as const;

export const binaryLevel: Readonly<Record<BinaryOperator, number>> = {
  or: LEVEL.or,
  and: LEVEL.and,
  "<": LEVEL.comparison,
  "<=": LEVEL.comparison,
  ">": LEVEL.comparison,
  ">=": LEVEL.comparison,
  "==": LEVEL.comparison,
  "!=": LEVEL.comparison,
  "+": LEVEL.additive,
  "-": LEVEL.additive,
  "*": LEVEL.product,
  "/": LEVEL.product,
  ".*": LEVEL.product,
  "./": LEVEL.product,
  "^": LEVEL.power,
  ".^": LEVEL.power,
};

export function levelOf(e: Expression): number {
  switch (e.kind) {
    case "number":
      return e.value < 0 || Object.is(e.value, -0) ? LEVEL.signed : LEVEL.operand;
    case "string":
      return LEVEL.operand;
    case "unary":
      return e.operator === "not" ? LEVEL.not : LEVEL.signed;
    case "binary":
      return binaryLevel[e.operator];
    case "coefficient":
      return LEVEL.scaled;
    case "range":
      return LEVEL.range;
    case "conditional":
      return LEVEL.any;
    default:
      return LEVEL.postfix;
  }
}

/** Whether a number written directly before the factor stays a coefficient: `2x`, but not `23` nor `2e3`. */
export function touches(factor: Expression): boolean {
  let e = factor;
  for (;;) {
    if (e.kind === "binary" && binaryLevel[e.operator] === LEVEL.power) e = e.left;
    else if (e.kind === "index" || e.kind === "member") e = e.object;
    else if (e.kind === "transpose") e = e.operand;
    else break;
    if (levelOf(e) < LEVEL.operand) return true;
  }
  if (e.kind === "number" || e.kind === "string") return e !== factor && levelOf(e) < LEVEL.operand;
  const name = e.kind === "name" ? e.name : e.kind === "call" ? e.callee.name : "";
  return !/^[eE]\d/.test(name);
}

/** `12x*y^2`, `2x*y[1]`: a coefficient and names with or without an index, written without spaces. */
export function isMonomial(first: Expression, spine: readonly BinaryExpression[]): boolean {
  const isName = (e: Expression): boolean =>
    e.kind === "name" ||
    (e.kind === "index" && e.object.kind === "name" && e.items.every((i) => i.kind === "number" || i.kind === "name"));
  const isPower = (e: Expression) => e.kind === "binary" && e.operator === "^" && isName(e.left);
  return (
    first.kind === "coefficient" &&
    (isName(first.factor) || isPower(first.factor)) &&
    spine.every(({ operator, right }) => operator === "*" && (isName(right) || isPower(right)))
  );
}
