/**
 * The formatter: a tree back to canonical text. Two spaces, one statement a line, no needless brackets, at most one
 * blank line where the source had some, every comment kept: own-line comments stand before the statement they stood
 * before, trailing ones after theirs (in the column they had, if they were set apart by more than a blank), comments
 * inside a statement move to lines of their own before it. Tables keep their rows.
 * print(parse(text)) is a fixed point: parsing it gives the same tree, printing that gives the same text.
 */

import type { Diagnostic } from "../base/diagnostic.js";
import { assertNever } from "../base/never.js";
import { Source } from "../base/source.js";
import type { Span } from "../base/span.js";
import { WIDTH } from "./lines.js";
import { Margin } from "./margin.js";
import { parse } from "./parse.js";
import { type IsTable, type Spelling, spellNumber } from "./printExpression.js";
import { printHead, printStatement, type Statement } from "./printStatement.js";
import type { ExpectBlock, Item, LevelDeclaration, SolveBlock, SyntaxTree } from "./tree.js";

/** Canonical text of a tree; `source` is the text it was parsed from (spelling of numbers, blank lines). */
export function print(tree: SyntaxTree, source: Source = new Source("", "")): string {
  return new Printer(tree, source).file(tree.items);
}

export interface Formatted {
  readonly text?: string;
  readonly diagnostics: readonly Diagnostic[];
}

/** Canonical text of a source, or what is wrong with it. */
export function format(source: Source): Formatted {
  const { tree, diagnostics } = parse(source);
  const usable = tree !== undefined && !diagnostics.some((d) => d.severity === "error");
  return usable ? { text: print(tree, source), diagnostics } : { diagnostics };
}

const lineBreak = /[\n\r]/;

/** The source begins a line after `[`, or between two rows. */
function tablesOf(source: Source): IsTable {
  const breaks = (from: number, to: number): boolean => from < to && lineBreak.test(source.text.slice(from, to));
  return ({ items, span }) => {
    if (items.length === 0) return false;
    const [first, second] = items;
    return (
      breaks(span.start, first.span.start) ||
      (first.kind === "array" && second !== undefined && breaks(first.span.end, second.span.start))
    );
  };
}

/** Keeps how the source spells a number, if it is that number. */
function spellingOf(source: Source): Spelling {
  return (number) => {
    const { start, end } = number.span;
    const text = end > start ? source.text.slice(start, end) : "";
    if (!/^(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/.test(text) || Number(text) !== number.value) return spellNumber(number);
    return text.replace(/^\./, "0.").replace(/\.$/, "");
  };
}

class Printer {
  private readonly margin: Margin;
  private readonly spell: Spelling;
  private readonly isTable: IsTable;

  constructor(
    tree: SyntaxTree,
    private readonly source: Source,
  ) {
    this.margin = new Margin(tree.comments, source);
    this.spell = spellingOf(source);
    this.isTable = tablesOf(source);
  }

  file(items: readonly Item[]): string {
    this.each(items, this.source.text.length, (item, limit) => this.item(item, limit));
    this.margin.flush(Number.POSITIVE_INFINITY, 0);
    return this.margin.text();
  }

  /** Calls `write` for each of some nodes with the offset where the next thing begins. */
  private each<T extends { readonly span: Span }>(
    nodes: readonly T[],
    end: number,
    write: (node: T, limit: number) => void,
  ): void {
    nodes.forEach((node, i) => {
      write(node, nodes[i + 1]?.span.start ?? end);
    });
  }

  private item(item: Item, limit: number): void {
    switch (item.kind) {
      case "level":
        this.level(item, limit);
        return;
      case "solve":
        this.settings(item, item.settings, "solve", limit);
        return;
      case "expect":
        this.settings(item, item.items, "expect", limit);
        return;
      case "problem":
      case "param":
      case "data":
      case "set":
      case "fn":
      case "let":
        this.statement(item, 0, limit);
        return;
      default:
        assertNever(item);
    }
  }

  private statement(statement: Statement, indent: number, limit: number): void {
    this.margin.before(statement.span, indent);
    this.margin.lines(printStatement(statement, this.spell, this.isTable).lines(indent), statement.span, limit);
  }

  private level(level: LevelDeclaration, limit: number): void {
    const { span, items } = level;
    const headEnd = level.name?.span.end ?? level.keyword.end;
    const head = { start: span.start, end: headEnd };
    this.margin.before(head, 0);
    this.margin.lines([printHead(level)], head, items[0]?.span.start ?? span.end - 1);
    this.margin.openBlock();
    let indent = 2;
    this.each(items, span.end - 1, (item, next) => {
      if (item.kind === "constraint" && indent === 2) {
        this.margin.word("subject", "subject to", item.span.start, 2);
        indent = 4;
      }
      this.statement(item, indent, next);
    });
    this.closeBlock(span, indent, limit);
  }

  private closeBlock(span: Span, indent: number, limit: number): void {
    this.margin.flush(span.end - 1, indent);
    this.margin.closeBlock();
    this.margin.lines(["}"], { start: span.end - 1, end: span.end }, limit);
  }

  /** `solve` and `expect`: on one line if they fit, hold no comment, and the source did not begin a line after `{`. */
  private settings(block: SolveBlock | ExpectBlock, items: readonly Statement[], word: string, limit: number): void {
    const { span } = block;
    const head = { start: span.start, end: span.start + word.length };
    this.margin.before(head, 0);
    const oneLine = `${word} { ${items.map((item) => printStatement(item, this.spell).flat()).join(" ; ")} }`;
    if (items.length === 0) this.margin.before(span, 0);
    const open = items.length > 0 && lineBreak.test(this.source.text.slice(head.end, items[0].span.start));
    if (items.length === 0 || (oneLine.length <= WIDTH && !open && !this.margin.within(span))) {
      this.margin.lines([items.length === 0 ? `${word} { }` : oneLine], span, limit);
      return;
    }
    this.margin.lines([`${word} {`], head, items[0].span.start);
    this.margin.openBlock();
    this.each(items, span.end - 1, (item, next) => this.statement(item, 2, next));
    this.closeBlock(span, 2, limit);
  }
}
