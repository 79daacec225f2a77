/** Expressions of the language made by us: what a formula shows is written in the notation that users write. */
import { printExpression } from "../../syntax/printExpression.js";
import type { BinaryOperator, Expression, IndexItem, NumberLiteral } from "../../syntax/tree.js";

/** They come from no place in the source. */
const span = { start: 0, end: 0 };

export const literal = (value: number): NumberLiteral => ({ kind: "number", value, span });
export const name = (text: string): Expression => ({ kind: "name", name: text, span });
export const binary = (operator: BinaryOperator, left: Expression, right: Expression): Expression => ({
  kind: "binary",
  operator,
  left,
  right,
  span,
});
export const call = (callee: string, ...args: Expression[]): Expression => ({
  kind: "call",
  callee: { name: callee, span },
  arguments: args,
  span,
});
export const transposed = (operand: Expression): Expression =>
  operand.kind === "transpose" ? operand.operand : { kind: "transpose", operand, span };
export const array = (items: readonly Expression[]): Expression => ({ kind: "array", items, span });
export const choice = (condition: Expression, consequent: Expression, alternate: Expression): Expression => ({
  kind: "conditional",
  condition,
  consequent,
  alternate,
  span,
});
/** Entries by numbers from 1, ranges `[from, to]`, or everything along an axis. */
export type Place = number | readonly [number, number] | "all";
export const indexed = (object: Expression, ...places: Place[]): Expression => ({
  kind: "index",
  object,
  items: places.map((p): IndexItem => {
    if (typeof p === "number") return literal(p);
    return p === "all" ? { kind: "slice", span } : { kind: "slice", from: literal(p[0]), to: literal(p[1]), span };
  }),
  span,
});

/** The opposite, its sign in front of the first factor; -(-a) is a. */
export function negative(e: Expression): Expression {
  if (e.kind === "unary" && e.operator === "-") return e.operand;
  if (e.kind === "binary" && isProduct(e.operator)) return { ...e, left: negative(e.left) };
  return { kind: "unary", operator: "-", operand: e, span };
}

const isProduct = (operator: BinaryOperator): boolean => /^(\*|\/|\.\*|\.\/)$/.test(operator);

/** A sum in which negative terms are subtracted; the first that is not comes first. */
export function sumOf(terms: readonly Expression[]): Expression {
  if (terms.length === 0) return literal(0);
  const first = Math.max(
    0,
    terms.findIndex((t) => !isNegative(t)),
  );
  const ordered = [terms[first], ...terms.slice(0, first), ...terms.slice(first + 1)];
  return ordered.reduce((left, term) =>
    isNegative(term) ? binary("-", left, negative(term)) : binary("+", left, term),
  );
}

export function isNegative(term: Expression): boolean {
  if (term.kind === "binary" && isProduct(term.operator)) return isNegative(term.left);
  return term.kind === "unary" && term.operator === "-";
}

/** The factors of a chain of `*`. */
export function factorsOf(e: Expression): readonly Expression[] {
  return e.kind === "binary" && e.operator === "*" ? [...factorsOf(e.left), ...factorsOf(e.right)] : [e];
}

/** The same, a number before a name apart from it. */
export function piecesOf(e: Expression): readonly Expression[] {
  return factorsOf(e).flatMap((f) => (f.kind === "coefficient" ? [f.coefficient, f.factor] : [f]));
}

/** `q * q^2` is `q^3`. */
export function withPowers(factors: readonly Expression[]): readonly Expression[] {
  const found = new Map<string, { readonly base: Expression; exponent: number; readonly only: Expression }>();
  for (const factor of factors) {
    const [base, exponent] = powerOf(factor);
    const key = printExpression(base);
    const known = found.get(key);
    if (known) known.exponent += exponent;
    else found.set(key, { base, exponent, only: factor });
  }
  if (found.size === factors.length) return factors;
  return [...found.values()].map(({ base, exponent, only }) => {
    if (exponent === powerOf(only)[1]) return only;
    return exponent === 1 ? base : binary("^", base, literal(exponent));
  });
}

/** `(y^2)^3` is `y^6`. */
export function raised(base: Expression, exponent: Expression): Expression {
  const [inner, own] = powerOf(base);
  const isWhole = exponent.kind === "number" && Number.isInteger(exponent.value) && exponent.value > 0;
  return isWhole && own > 1 ? binary("^", inner, literal(own * exponent.value)) : binary("^", base, exponent);
}

function powerOf(e: Expression): readonly [Expression, number] {
  const isPower =
    e.kind === "binary" && e.operator === "^" && e.right.kind === "number" && Number.isInteger(e.right.value);
  return isPower && e.right.kind === "number" ? [e.left, e.right.value] : [e, 1];
}

/** `factor * rest`, as `7x` where the language reads it as one. */
export function scaled(factor: Expression, rest: readonly Expression[]): Expression {
  if (factor.kind === "number" && factor.value === 1) return productOf(rest);
  if (factor.kind === "unary" && factor.operator === "-") return negative(scaled(factor.operand, rest));
  return productOf([factor, ...rest]);
}

export function productOf(factors: readonly Expression[]): Expression {
  const [first, second, ...more] = factors;
  const touching = first.kind === "number" && second !== undefined && bare(second);
  const head: Expression[] = touching
    ? [{ kind: "coefficient", coefficient: first, factor: second, span }, ...more]
    : [...factors];
  return head.reduce((left, right) => binary("*", left, right));
}

/** A name, an entry of one, or a power of these. */
function bare(e: Expression): boolean {
  if (e.kind === "binary") return e.operator === "^" && bare(e.left);
  if (e.kind === "index") return bare(e.object);
  return e.kind === "name";
}
