/** What the lexer hands to the statement reader and, statement by statement, to the grammar. */
import type { Span } from "../base/span.js";
import type { ArrayExpression } from "./tree.js";

/**
 * Types are what the grammar calls `%type`; anything else the grammar names by its text. Operators of one precedence
 * share a type. `coefficient`: a number directly followed by a name or a bracket. `array`: a literal of numbers only
 * that was folded into one token before parsing. `junk`: characters that were reported and are dropped.
 */
export type TokenType =
  | "name"
  | "keyword"
  | "number"
  | "coefficient"
  | "string"
  | "array"
  | "additive"
  | "multiplicative"
  | "power"
  | "comparison"
  | "mark"
  | "junk"
  | "end";

export interface Token extends Span {
  readonly type: TokenType;
  /** Canonical spelling: `≤` reads `<=`, `minimise` reads `minimize`, names are in Unicode normal form C. */
  readonly text: string;
  /** The first token of its line. */
  readonly opensLine: boolean;
  /** Value of a number. */
  readonly number?: number;
  /** Decoded value of a string. */
  readonly string?: string;
  readonly array?: ArrayExpression;
}

/** True where an expression may end with this token, so that an operator or an end must follow. */
export function endsOperand(token: Token): boolean {
  switch (token.type) {
    case "name":
    case "number":
    case "string":
    case "array":
      return true;
    case "mark":
      return token.text === ")" || token.text === "]" || token.text === "'";
    default:
      return false;
  }
}

/** True where an expression may begin with this token and no operator is spelled like it. */
export function startsOperand(token: Token): boolean {
  switch (token.type) {
    case "name":
    case "number":
    case "coefficient":
    case "string":
    case "array":
      return true;
    default:
      return token.text === "(" || token.text === "[" || token.text === "if" || token.text === "not";
  }
}

export function spanOf(token: Span): Span {
  return { start: token.start, end: token.end };
}
