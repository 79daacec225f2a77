/** Tokens and expectations in words, for messages. */
import type { Terminal } from "./rule.js";
import type { Token } from "./token.js";

/** What stands here: `the number \`7\``, `the word \`in\``, `\`)\``. */
export function describe(token: Token): string {
  switch (token.type) {
    case "name":
      return `the name \`${shorten(token.text)}\``;
    case "keyword":
      return `the word \`${token.text}\``;
    case "number":
    case "coefficient":
      return `the number \`${shorten(token.text)}\``;
    case "string":
      return `the string ${shorten(token.text)}`;
    case "array":
      return "an array of numbers";
    case "end":
      return "the end of the file";
    default:
      return `\`${token.text}\``;
  }
}

export function shorten(text: string): string {
  return text.length > 30 ? `${text.slice(0, 27)}…` : text;
}

const operandTypes: ReadonlySet<string> = new Set(["name", "number", "coefficient", "string", "array", "additive"]);
const operandWords: ReadonlySet<string> = new Set("( [ if not sum mean prod max min".split(" "));
const operatorTypes: ReadonlySet<string> = new Set(["additive", "multiplicative", "power", "comparison"]);
const operatorWords: ReadonlySet<string> = new Set("and or ' [ ( .".split(" "));
const typeWords: ReadonlyMap<string, string> = new Map([
  ["name", "a name"],
  ["string", "a string"],
  ["number", "a number"],
  ["stop", "the end of the statement"],
]);

const isType = (type: string) => (t: Terminal) => "type" in t && t.type === type;

export function expectsOperand(expected: readonly Terminal[]): boolean {
  return expected.some(isType("number"));
}
export function expectsOperator(expected: readonly Terminal[]): boolean {
  return expected.some(isType("multiplicative"));
}
export function expectsName(expected: readonly Terminal[]): boolean {
  return expected.some(isType("name"));
}
export function expectsWord(expected: readonly Terminal[], literal: string): boolean {
  return expected.some((t) => "literal" in t && t.literal === literal);
}

/** `an expression, \`]\` or the end of the statement`; `end`: what may follow once all is said. */
export function inWords(expected: readonly Terminal[], end?: string): string {
  const operand = expectsOperand(expected);
  const operator = expectsOperator(expected);
  const words: string[] = [];
  if (operand) words.push("an expression");
  if (operator) words.push("an operator");
  for (const terminal of expected) {
    if ("type" in terminal) {
      if ((operand && operandTypes.has(terminal.type)) || (operator && operatorTypes.has(terminal.type))) continue;
      words.push(typeWords.get(terminal.type) ?? "an operator");
    } else {
      const { literal } = terminal;
      if ((operand && operandWords.has(literal)) || (operator && operatorWords.has(literal))) continue;
      words.push(`\`${literal}\``);
    }
  }
  if (end !== undefined) words.push(end);
  const distinct = [...new Set(words)];
  if (distinct.length === 0) return "nothing more";
  const last = distinct.pop() ?? "";
  return distinct.length === 0 ? last : `${distinct.join(", ")} or ${last}`;
}
