/**
 * Brackets of one statement: matches them, and refuses nesting that would make later passes recurse too deeply.
 * Whatever nests to the right counts: brackets, powers, signs before signs, `not not`, `else if`.
 */
import type { Reports } from "./reports.js";
import { endsOperand, spanOf, type Token } from "./token.js";

export const MAX_NESTING = 200;

interface Frame {
  readonly opener: Token;
  /** Position of the opener in the statement. */
  readonly at: number;
  /** A literal array, not an index bracket. */
  readonly array: boolean;
  /** Powers and signs waiting for their operand; `else` branches so far. */
  readonly pending: number;
  readonly branches: number;
}

const closerOf: ReadonlyMap<string, string> = new Map([
  ["(", ")"],
  ["[", "]"],
]);

export class Nesting {
  damaged = false;
  /** After a `]` that ended a literal array: the position of its `[`. */
  left: number | undefined;
  private readonly frames: Frame[] = [];
  private pending = 0;
  private branches = 0;

  constructor(private readonly reports: Reports) {}

  get open(): boolean {
    return this.frames.length > 0;
  }

  /** The innermost open bracket is a literal array. */
  get insideArray(): boolean {
    return this.frames.at(-1)?.array ?? false;
  }

  /** Takes the next token of the statement. */
  enter(token: Token, previous: Token | undefined, at: number): void {
    this.left = undefined;
    const operandBefore = previous !== undefined && endsOperand(previous);
    if (token.type === "power" || token.text === "not" || (token.type === "additive" && !operandBefore)) this.pending++;
    else if (token.text === "else" && token.type === "keyword") this.branches++;
    else if (token.type === "mark") this.bracket(token, at, operandBefore);
    else if (operandBefore && token.type !== "keyword") this.pending = 0;
    if (this.frames.length + this.pending + this.branches > MAX_NESTING) {
      this.damaged = true;
      this.reports.add("BLO0107", { limit: MAX_NESTING }, { span: spanOf(token) });
    }
  }

  private bracket(token: Token, at: number, operandBefore: boolean): void {
    if (token.text === "(" || token.text === "[") {
      const array = token.text === "[" && !operandBefore;
      this.frames.push({ opener: token, at, array, pending: this.pending, branches: this.branches });
      this.pending = 0;
      this.branches = 0;
    } else if (token.text === ")" || token.text === "]") {
      const frame = this.frames.pop();
      if (frame !== undefined && closerOf.get(frame.opener.text) === token.text) {
        if (frame.array) this.left = frame.at;
        this.pending = frame.pending;
        this.branches = frame.branches;
        return;
      }
      this.damaged = true;
      const related = frame
        ? [{ span: spanOf(frame.opener), message: `\`${frame.opener.text}\` was opened here` }]
        : [];
      const wanted = frame && closerOf.get(frame.opener.text);
      this.reports.add(
        "BLO0106",
        { closer: token.text, ...(wanted ? { wanted } : {}) },
        { span: spanOf(token), related },
      );
    } else if (token.text === "," || token.text === ":") {
      this.pending = 0;
      this.branches = 0;
    }
  }

  /** The statement is over: a bracket that is still open was never closed. */
  close(): void {
    const frame = this.frames.at(-1);
    if (frame === undefined || this.damaged) return;
    this.damaged = true;
    const { opener } = frame;
    this.reports.add(
      "BLO0105",
      { opener: opener.text, closer: closerOf.get(opener.text) ?? ")" },
      { span: spanOf(opener) },
    );
  }
}
