/** Where comments and blank lines of a source go in its printed form. Walks both in order, once. */
import type { Source } from "../base/source.js";
import type { Span } from "../base/span.js";
import type { Comment } from "./tree.js";

export class Margin {
  private readonly printed: string[] = [];
  private readonly comments: readonly Comment[];
  /** The first comment that was not printed yet. */
  private next = 0;
  /** Offset up to which the source is printed; a blank line after it is kept. */
  private end = 0;
  /** At the beginning of the file or of a block blank lines are dropped. */
  private atStart = true;

  constructor(
    comments: readonly Comment[],
    private readonly source: Source,
  ) {
    this.comments = [...comments].sort((a, b) => a.span.start - b.span.start);
  }

  text(): string {
    return this.printed.length === 0 ? "" : `${this.printed.join("\n")}\n`;
  }

  /** A block begins: a blank line there is dropped. */
  openBlock(): void {
    this.atStart = true;
  }

  /** A block ends: a blank line there is dropped. */
  closeBlock(): void {
    this.atStart = true;
  }

  /** Prints the comments that stand before `offset`, each on its line. */
  flush(offset: number, indent: number): void {
    for (; this.next < this.comments.length; this.next++) {
      const comment = this.comments[this.next];
      if (comment.span.start >= offset) return;
      this.blank(comment.span.start);
      this.printed.push(`${" ".repeat(indent)}#${comment.text}`);
      this.end = comment.span.end;
    }
  }

  /** Prints what goes before a statement: the comments before it, and those inside it. */
  before(span: Span, indent: number): void {
    this.flush(span.start, indent);
    this.blank(span.start);
    for (; this.next < this.comments.length && this.comments[this.next].span.start < span.end; this.next++) {
      this.printed.push(`${" ".repeat(indent)}#${this.comments[this.next].text}`);
      this.end = Math.max(this.end, span.start);
    }
  }

  /** Prints a statement, with the comment that trails it if one does before `limit`. */
  lines(lines: readonly string[], span: Span, limit: number): void {
    this.atStart = false;
    this.printed.push(...lines);
    this.end = Math.max(this.end, span.end);
    const comment = this.comments[this.next];
    if (!comment?.trailing || comment.span.start < span.end || comment.span.start >= Math.max(limit, span.end)) return;
    if (!this.sameLine(span.end, comment.span.start)) return;
    const last = this.printed.length - 1;
    this.printed[last] =
      `${this.printed[last].padEnd(this.columnOf(comment, this.printed[last].length))}#${comment.text}`;
    this.end = comment.span.end;
    this.next++;
  }

  /** Prints a word that is no node (`subject to`) where the source has it before `offset`. */
  word(word: string, text: string, offset: number, indent: number): void {
    const at = this.find(word, offset);
    this.flush(at ?? this.end, indent);
    this.blank(at ?? offset);
    const start = at ?? this.end;
    this.lines([`${" ".repeat(indent)}${text}`], { start, end: start + (at === undefined ? 0 : word.length) }, offset);
    this.atStart = true;
  }

  /** Whether a comment stands inside. */
  within(span: Span): boolean {
    const comment = this.comments[this.next];
    return comment !== undefined && comment.span.start < span.end;
  }

  private find(word: string, limit: number): number | undefined {
    let skip = this.next;
    for (let at = this.source.text.indexOf(word, this.end); at >= 0 && at < limit; ) {
      while (skip < this.comments.length && this.comments[skip].span.end <= at) skip++;
      const comment = this.comments[skip];
      if (comment === undefined || at < comment.span.start) return at;
      at = this.source.text.indexOf(word, comment.span.end);
    }
    return undefined;
  }

  private blank(offset: number): void {
    const gap = offset > this.end ? this.source.text.slice(this.end, offset) : "";
    if (!this.atStart && /\n[^\S\n]*\n|\r[^\S\r\n]*\r/.test(gap)) this.printed.push("");
    this.atStart = false;
  }

  /** Where a trailing comment goes: one blank after the statement, or its own column where the source set it apart. */
  private columnOf({ span }: Comment, width: number): number {
    const { text } = this.source;
    if (!/^[ \t]{2}$/.test(text.slice(span.start - 2, span.start))) return width + 1;
    return Math.max(width + 2, this.source.position(span.start).column - 1);
  }

  private sameLine(from: number, to: number): boolean {
    return !/[\n\r\u2028\u2029]/.test(this.source.text.slice(from, to));
  }
}
