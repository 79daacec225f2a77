/**
 * Folds a literal array of plain numbers into one token before the grammar sees it, so that a table of a million
 * numbers costs a tree and not a parse chart. Short arrays are left to the grammar, except as rows of another array.
 * The folded node equals what the grammar would build.
 */
import type { Token } from "./token.js";
import type { ArrayExpression, Expression } from "./tree.js";

/** Arrays with fewer items are left alone: `in [0, 1]` is an interval. */
export const FOLD_FROM = 16;

/** `tokens` ends with the `]` of the array that begins at `left`: replaces the tokens from there on where it folds. */
export function foldNumbers(tokens: Token[], left: number, insideArray: boolean): void {
  const items: Expression[] = [];
  const last = tokens.length - 1;
  let at = left + 1;
  for (;;) {
    const sign = tokens[at];
    const signed = sign.type === "additive";
    const item = tokens[signed ? at + 1 : at];
    const literal = numberOf(item);
    if (literal === undefined || (signed && literal.kind !== "number")) return;
    items.push(signed ? signedNumber(sign, literal) : literal);
    at += signed ? 2 : 1;
    if (at === last) break;
    if (tokens[at].text !== ",") return;
    at++;
    // a comma may stand after the last item, too
    if (at === last) break;
  }
  if (items.length < FOLD_FROM && !insideArray) return;
  const { start, opensLine } = tokens[left];
  const { end } = tokens[last];
  const array: ArrayExpression = { kind: "array", items, span: { start, end } };
  tokens.length = left;
  tokens.push({ type: "array", text: "[…]", start, end, opensLine, array });
}

function numberOf(token: Token): Expression | undefined {
  if (token.array !== undefined) return token.array;
  if (token.type !== "number" || token.number === undefined) return undefined;
  return { kind: "number", value: token.number, span: { start: token.start, end: token.end } };
}

function signedNumber(sign: Token, operand: Expression): Expression {
  return {
    kind: "unary",
    operator: sign.text === "-" ? "-" : "+",
    operand,
    span: { start: sign.start, end: operand.span.end },
  };
}
