/**
 * The JavaScript text of elementwise operators, prepared from the registry: the text over placeholders is cut once into
 * pieces, which also tells how often each operand is read (an operand read twice must be a local).
 */
import { operators } from "../ops/registry.js";

export interface Rule {
  readonly name: string;
  /** Text pieces and operand numbers in order. */
  readonly pieces: readonly (string | number)[];
  readonly reads: readonly number[];
  readonly cost: number;
  readonly apply: (...args: number[]) => number;
  readonly helpers: readonly string[];
  /** How tightly the text binds: 1 sum, 2 product, 3 sign, 4 a call; 0 anything else. */
  readonly strength: 0 | 1 | 2 | 3 | 4;
}

/** Helper functions that some rule calls by name. */
export const helperFunctions = new Map<string, (...args: number[]) => number>();

const strengths: Readonly<Record<string, 1 | 2 | 3>> = { add: 1, sub: 1, mul: 2, div: 2, neg: 3 };
const cache = new Map<string, Rule>();

/** The rule of an elementwise operator; undefined where the operator is not elementwise. */
export function ruleOf(name: string): Rule | undefined {
  const known = cache.get(name);
  if (known) return known;
  const operator = operators.get(name);
  if (!operator?.scalar) return undefined;
  const arity = operator.arity ?? 1;
  const places = Array.from({ length: arity }, (_, i) => `\u0001${i}\u0002`);
  const text = operator.scalar.js(...places);
  const pieces: (string | number)[] = [];
  const reads = new Array<number>(arity).fill(0);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the placeholders are control characters on purpose
  for (const part of text.split(/(\u0001\d+\u0002)/)) {
    if (part.startsWith("\u0001")) {
      const place = Number(part.slice(1, -1));
      reads[place]++;
      pieces.push(place);
    } else if (part !== "") pieces.push(part);
  }
  const helpers = Object.entries(operator.scalar.helpers ?? {});
  for (const [key, fn] of helpers) helperFunctions.set(key, fn);
  const rule: Rule = {
    name,
    pieces,
    reads,
    cost: operator.scalar.cost,
    apply: operator.scalar.apply,
    helpers: helpers.map(([key]) => key),
    strength: strengths[name] ?? (isCall(text) ? 4 : 0),
  };
  cache.set(name, rule);
  return rule;
}

/** True for `name(…)` or `(…)` where the first bracket closes at the very end. */
function isCall(text: string): boolean {
  const open = text.indexOf("(");
  if (open < 0 || !text.endsWith(")") || !/^[\w$.]*$/.test(text.slice(0, open))) return false;
  let level = 0;
  for (let i = open; i < text.length; i++) {
    if (text[i] === "(") level++;
    else if (text[i] === ")" && --level === 0) return i === text.length - 1;
  }
  return false;
}
