/**
 * Brackets of one statement: matches them, and bounds how deep its tree can become, since later passes recurse on it.
 * Two bounds: what nests to the right (brackets, powers, signs before signs, `not not`, `else if`), and the height of
 * the tree, to which long sums and chains of indices add. The height is an upper estimate, cheap to keep.
 */
import type { Reports } from "./reports.js";
import { endsOperand, spanOf, type Token } from "./token.js";

export const MAX_NESTING = 200;
/** Terms of one sum, more or less. */
export const MAX_HEIGHT = 2_000;

interface Frame {
  readonly opener: Token;
  /** Position of the opener in the statement. */
  readonly at: number;
  /** A literal array, not an index bracket. */
  readonly array: boolean;
}

/** One formula between brackets or commas. */
class Formula {
  /** Powers, signs and `not` waiting for their operand; `else` branches so far. */
  pending = 0;
  branches = 0;
  /** Operators that bind like `+` or looser, and the longest run of tighter ones between them. */
  private chain = 0;
  private run = 0;
  private longestRun = 0;
  private tallestInner = 0;

  /** `beside`: the tallest formula before it between the same brackets. */
  constructor(private readonly beside = 0) {}

  loose(): void {
    this.chain++;
    this.run = 0;
    this.pending = 0;
  }
  tight(): void {
    this.run++;
    this.longestRun = Math.max(this.longestRun, this.run);
  }
  inner(height: number): void {
    this.tallestInner = Math.max(this.tallestInner, height);
  }
  get height(): number {
    const own = this.chain + this.longestRun + this.tallestInner + this.pending + this.branches + 1;
    return Math.max(own, this.beside);
  }
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
  /** The formula in progress, and below it those of the enclosing brackets. */
  private formula = new Formula();
  private readonly outer: Formula[] = [];
  private rights = 0;

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
    const { formula } = this;
    if (token.type === "power" || token.text === "not" || (token.type === "additive" && !operandBefore)) {
      formula.pending++;
    } else if (token.type === "additive" || token.type === "comparison") formula.loose();
    else if (token.type === "multiplicative") {
      formula.tight();
      formula.pending = 0;
    } else if (token.type === "keyword") {
      if (token.text === "else") formula.branches++;
      else if (token.text === "and" || token.text === "or") formula.loose();
    } else if (token.type === "mark") this.mark(token, at, operandBefore);
    if (this.damaged) return;
    if (this.frames.length + this.rights + formula.pending + formula.branches > MAX_NESTING) {
      this.damaged = true;
      this.reports.add("BLO0107", { limit: MAX_NESTING }, { span: spanOf(token) });
    } else if (formula.height > MAX_HEIGHT) {
      this.damaged = true;
      this.reports.add("BLO0126", { limit: MAX_HEIGHT }, { span: spanOf(token) });
    }
  }

  private mark(token: Token, at: number, operandBefore: boolean): void {
    if (token.text === "'" || token.text === ".") this.formula.tight();
    else if (token.text === "(" || token.text === "[") {
      if (operandBefore) this.formula.tight();
      this.frames.push({ opener: token, at, array: token.text === "[" && !operandBefore });
      this.outer.push(this.formula);
      this.rights += this.formula.pending + this.formula.branches;
      this.formula = new Formula();
    } else if (token.text === ")" || token.text === "]") this.closing(token);
    else if (token.text === "," || token.text === ":") this.separate();
  }

  private closing(token: Token): void {
    const frame = this.frames.pop();
    const outer = this.outer.pop();
    if (frame === undefined || outer === undefined || closerOf.get(frame.opener.text) !== token.text) {
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
      return;
    }
    if (frame.array) this.left = frame.at;
    outer.inner(this.formula.height);
    this.rights -= outer.pending + outer.branches;
    this.formula = outer;
  }

  /** A comma or colon: the next formula begins, beside the last one. */
  private separate(): void {
    this.formula = new Formula(this.formula.height);
  }

  /** The statement is over: a bracket that is still open was never closed. */
  close(): void {
    const frame = this.frames.at(-1);
    if (frame === undefined || this.damaged) return;
    this.damaged = true;
    const { opener } = frame;
    const closer = closerOf.get(opener.text) ?? ")";
    this.reports.add("BLO0105", { opener: opener.text, closer }, { span: spanOf(opener) });
  }
}
