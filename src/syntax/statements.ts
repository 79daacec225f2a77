/**
 * Cuts the tokens into statements, so that the grammar sees one statement at a time: memory stays linear and an error
 * in one leaves the others alone. The newline rules live here. A statement ends at `;`, `{`, `}`, the end of the text,
 * and at a newline, unless
 *   1. a round or square bracket is open,
 *   2. the line ends with an operator, a comma, `=`, `:` or a word that needs something after it, or
 *   3. the next line begins with something that cannot begin a statement: an operator, `=`, `:`, `,`, `..`, or one of
 *      `in init where batch then else and or`; `+` and `-` count, except in a list after `subject to` and in
 *      `expect`, where they begin a new constraint or expectation. In `solve` the first four do not count: a setting may be called `batch`.
 * A word that only ever begins statements (`var`, `minimize`, `upper`, …) ends what came before in any case.
 */
import { foldNumbers } from "./arrays.js";
import type { Lexer } from "./lexer.js";
import { Nesting } from "./nesting.js";
import type { Reports } from "./reports.js";
import { endsOperand, spanOf, type Token } from "./token.js";
import { openingWords } from "./vocabulary.js";

/** Words and signs of one statement that the grammar is given at most; arrays of numbers count as one. */
export const MAX_STATEMENT_TOKENS = 20_000;

/** Where we are, as far as the newline rules care: `list` after `subject to` and in `expect`, `settings` in a `solve` block. */
export type Place = "plain" | "list" | "settings";

export interface Statement {
  readonly tokens: readonly Token[];
  /** The token that ended it: `;`, `{`, `}`, the end of the text, or (not consumed) the first token of the next one. */
  readonly terminator: Token;
  readonly ending: "break" | "open" | "close" | "end";
  /** Something in it was reported already, so parsing it would only add noise. */
  readonly damaged: boolean;
}

/** A line's last words that want more. */
const pendingWords: ReadonlySet<string> = new Set([
  ..."in init where batch if then else and or not forall let var param set fn data problem".split(" "),
  ..."minimize maximize objective".split(" "),
]);
const pendingMarks: ReadonlySet<string> = new Set([",", "=", ":", "..", "."]);
/** A line's first words that go on with the line before. */
const continuingWords: ReadonlySet<string> = new Set("in init where batch then else and or".split(" "));
/** Those of them that may be the name of a setting. */
const settingWords: ReadonlySet<string> = new Set("in init where batch".split(" "));

export class StatementReader {
  /** Set when the rest of the text is not worth reading. */
  stopped = false;
  private ahead: Token;

  constructor(
    private readonly lexer: Lexer,
    private readonly reports: Reports,
  ) {
    this.ahead = lexer.next();
  }

  /** The first token of what comes next, skipping empty statements. */
  peek(): Token {
    while (this.ahead.text === ";" && this.ahead.type === "mark") this.advance();
    return this.ahead;
  }

  advance(): Token {
    const token = this.ahead;
    this.ahead = this.lexer.next();
    return token;
  }

  /** Reads one statement with what ends it. */
  read(place: Place): Statement {
    const findings = this.reports.count;
    const tokens: Token[] = [];
    const nesting = new Nesting(this.reports);
    const done = (ending: Statement["ending"], terminator: Token): Statement => {
      nesting.close();
      return { tokens, terminator, ending, damaged: nesting.damaged || this.reports.count > findings };
    };
    for (;;) {
      const token = this.ahead;
      if (token.type === "end") return done("end", token);
      if (token.type === "mark") {
        if (token.text === ";") return done("break", this.advance());
        if (token.text === "{") return done("open", this.advance());
        if (token.text === "}") return done("close", this.advance());
      }
      const previous = tokens.at(-1);
      const here = tokens[0]?.text === "subject" ? "list" : place;
      if (previous !== undefined && this.ends(previous, token, nesting.open, here)) return done("break", token);
      this.advance();
      if (nesting.damaged) continue;
      tokens.push(token);
      nesting.enter(token, previous, tokens.length - 1);
      if (token.text === "]" && nesting.left !== undefined) foldNumbers(tokens, nesting.left, nesting.insideArray);
      if (tokens.length > MAX_STATEMENT_TOKENS && !nesting.insideArray) return this.stop(tokens, token);
    }
  }

  private ends(previous: Token, token: Token, open: boolean, place: Place): boolean {
    const begins = token.type === "keyword" && openingWords.has(token.text);
    if (!token.opensLine) {
      if (!begins || open || !endsOperand(previous)) return false;
      this.reports.add("BLO0117", { word: token.text }, { span: spanOf(token) });
      return true;
    }
    if (begins) return previous.type !== "keyword" || previous.text === "subject" || !pendingSense.has(previous.text);
    if (open || isPending(previous)) return false;
    return !continues(token, place);
  }

  private stop(tokens: readonly Token[], token: Token): Statement {
    const span = { start: tokens[0].start, end: Math.min(token.end, tokens[0].start + 200) };
    this.reports.add("BLO0005", { limit: MAX_STATEMENT_TOKENS }, { span });
    this.stopped = true;
    return { tokens, terminator: token, ending: "end", damaged: true };
  }
}

/** `minimize` at a line's end may be followed by `var` (players of `minimax`). */
const pendingSense: ReadonlySet<string> = new Set(["minimize", "maximize"]);

function isPending(token: Token): boolean {
  switch (token.type) {
    case "additive":
    case "multiplicative":
    case "power":
    case "comparison":
      return true;
    case "keyword":
      return pendingWords.has(token.text);
    case "mark":
      return pendingMarks.has(token.text);
    default:
      return false;
  }
}

function continues(token: Token, place: Place): boolean {
  switch (token.type) {
    case "multiplicative":
    case "power":
    case "comparison":
      return true;
    case "additive":
      return place !== "list";
    case "keyword":
      return continuingWords.has(token.text) && !(place === "settings" && settingWords.has(token.text));
    case "mark":
      return token.text === "=" || token.text === ":" || token.text === "," || token.text === "..";
    default:
      return false;
  }
}
