/**
 * The one file that drives nearley: parses the tokens of one statement from a start symbol. Earley's algorithm finds
 * every reading; exactly one is the contract, more would be an ambiguity of the grammar and hence our bug. On a token
 * that fits nowhere it says which were expected, read off the last chart column; nearley's own report is not built
 * (it takes seconds and recurses on nested input).
 */
import nearley from "nearley";
import { rules } from "./grammar.gen.js";
import type { Terminal } from "./rule.js";
import type { Token } from "./token.js";

export type StartSymbol =
  | "file"
  | "problem"
  | "param"
  | "data"
  | "set"
  | "fn"
  | "let"
  | "levelHead"
  | "var"
  | "objective"
  | "constraint"
  | "setting"
  | "expectation"
  | "expression";

export type Outcome =
  | { readonly kind: "value"; readonly value: unknown }
  /** The token at `at` fits nowhere, or at `at === tokens.length` the statement ends too early. */
  | {
      readonly kind: "failure";
      readonly at: number;
      readonly expected: readonly Terminal[];
      /** The statement could have ended before the token. */
      readonly complete: boolean;
    };

const compiledRules = rules.map((rule) => new nearley.Rule(rule.name, [...rule.symbols], rule.postprocess));
/** nearley's published types leave out the start symbol. */
const StartedGrammar = nearley.Grammar as unknown as new (
  rules: readonly nearley.Rule[],
  start: string,
) => nearley.Grammar;
const grammars = new Map<StartSymbol, nearley.Grammar>();

function grammarFor(start: StartSymbol): nearley.Grammar {
  let grammar = grammars.get(start);
  if (grammar === undefined) {
    grammar = new StartedGrammar(compiledRules, start);
    grammars.set(start, grammar);
  }
  return grammar;
}

/** Hands the tokens of one statement to nearley, one at a time. */
class TokenQueue {
  private at = 0;
  constructor(private readonly tokens: readonly Token[]) {}
  reset(): void {}
  next(): Token | undefined {
    return this.tokens[this.at++];
  }
  save(): undefined {}
  formatError(): string {
    return "";
  }
}

/** The parts of nearley 2.20's chart that messages are made from. */
interface ChartState {
  readonly rule: { readonly name: string; readonly symbols: readonly (string | Terminal)[] };
  readonly dot: number;
  readonly reference: number;
  readonly isComplete: boolean;
}
interface ChartParser {
  readonly table: readonly { readonly states: readonly ChartState[] }[];
  readonly current: number;
  reportError: (token: Token) => string;
}

export function parseTokens(start: StartSymbol, tokens: readonly Token[]): Outcome {
  const lexer = new TokenQueue(tokens);
  const parser = new nearley.Parser(grammarFor(start), { lexer: lexer as unknown as nearley.Lexer });
  const chart = parser as unknown as ChartParser;
  chart.reportError = () => "unexpected token";
  try {
    parser.feed("");
  } catch (error) {
    if (!(error instanceof Error) || !("offset" in error)) throw error;
    return failure(chart, start, error.offset as number);
  }
  if (parser.results.length === 0) return failure(chart, start, tokens.length);
  if (parser.results.length > 1) throw new Error(`the grammar is ambiguous: ${tokens.map((t) => t.text).join(" ")}`);
  return { kind: "value", value: parser.results[0] };
}

function failure(chart: ChartParser, start: StartSymbol, at: number): Outcome {
  const expected = new Map<string, Terminal>();
  let complete = false;
  for (const state of chart.table[at].states) {
    if (state.isComplete) complete ||= state.rule.name === start && state.reference === 0;
    else {
      const symbol = state.rule.symbols[state.dot];
      if (typeof symbol !== "string") expected.set(JSON.stringify(symbol), symbol);
    }
  }
  return { kind: "failure", at, expected: [...expected.values()], complete };
}
