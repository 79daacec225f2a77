/** Sections as text for a terminal: as wide as it is, formulas wrapped and cut, derivations as trees with the place that breaks them. */
import type { Derivation } from "../../base/derivation.js";
import { frame } from "../../base/frame.js";
import { assertNever } from "../../base/never.js";
import { type Paint, plain } from "../../base/paint.js";
import { shownWidth, table, wrap } from "../../base/paragraph.js";
import type { Source } from "../../base/source.js";
import { cutTo, textWidth, visibleText } from "../../base/width.js";
import type { Block, Fact, Section } from "../document.js";
import { shownPremises } from "./derivations.js";

export interface TextOptions {
  /** Columns; default 100. */
  readonly width?: number | undefined;
  readonly paint?: Paint | undefined;
  /** Where the spans of derivations are. */
  readonly source?: Source | undefined;
  /** Whole derivations, not only what they say and where they break. */
  readonly derivations?: boolean | undefined;
}

const indent = "  ";
/** Lines that one formula may take. */
const mostFormulaLines = 12;
const narrowest = 24;

export function sectionsText(sections: readonly Section[], options: TextOptions = {}): string {
  const { paint = plain, width = 100 } = options;
  const writer = new TextWriter(Math.max(narrowest, width), paint, options.source, options.derivations === true);
  return sections.map((s) => writer.section(s)).join("\n\n");
}

class TextWriter {
  constructor(
    private readonly width: number,
    private readonly paint: Paint,
    private readonly source: Source | undefined,
    private readonly whole: boolean,
  ) {}

  section({ title, blocks }: Section): string {
    let caption: string | undefined;
    const parts = blocks.map((block) => {
      const name = block.kind === "formula" ? block.name : undefined;
      const shown =
        name !== caption && name !== undefined
          ? `${this.paint.dim(cutTo(`${indent}${visibleText(name)}`, this.width))}\n`
          : "";
      caption = name;
      return shown + this.block(block);
    });
    return [this.paint.strong(cutTo(visibleText(title), this.width)), ...parts].join("\n");
  }

  private block(block: Block): string {
    switch (block.kind) {
      case "text":
        return indent + wrap(visibleText(block.text), this.width - 2, indent);
      case "formula":
        return this.formula(block.formula.text);
      case "lines":
        return block.lines.map((l) => this.wrapped(visibleText(l), 4)).join("\n");
      case "facts":
        return this.facts(block.rows);
      case "table":
        return this.table(block.columns, block.rows);
      case "derivation":
        return this.derivation(block.derivation, 1).join("\n");
      default:
        return assertNever(block);
    }
  }

  /** Each written line, broken at blanks; what is beyond some lines is left out. */
  private formula(text: string): string {
    const lines = text.split("\n").flatMap((line) => {
      const own = 4 + line.length - line.trimStart().length;
      return this.wrapped(visibleText(line.trimStart()), own).split("\n");
    });
    if (lines.length <= mostFormulaLines) return lines.join("\n");
    return [...lines.slice(0, mostFormulaLines), `    ${this.paint.dim("…")}`].join("\n");
  }

  /** Later lines stand further in; a piece that fits on no line is cut. */
  private wrapped(text: string, own: number): string {
    const room = Math.max(10, this.width - own - 4);
    const before = " ".repeat(own);
    return wrap(text, room, `${before}    `)
      .split("\n")
      .map((line, k) => (k === 0 ? before : "") + this.cut(line, k === 0 ? this.width - own : this.width))
      .join("\n");
  }

  private cut(line: string, room: number): string {
    return textWidth(line) > room ? cutTo(line, room) : line;
  }

  private facts(rows: readonly Fact[]): string {
    const marks = rows.some((r) => r.mood !== undefined);
    const mark = ({ mood }: Fact): string =>
      mood === "good" ? this.paint.good("✓ ") : mood === "bad" ? this.paint.bad("✗ ") : marks ? "  " : "";
    const longest = Math.min(28, Math.max(0, ...rows.map((r) => textWidth(visibleText(r.term)))));
    const hang = Math.min(indent.length + (marks ? 2 : 0) + longest + 2, Math.floor(this.width / 2));
    const before = " ".repeat(hang);
    return rows
      .map((row) => {
        const term = visibleText(row.term);
        const head = `${indent}${mark(row)}${this.paint.strong(term)}`;
        const gap = hang - shownWidth(head);
        const text = visibleText(row.why === undefined ? row.value : `${row.value}: ${row.why}`);
        const lines = wrap(text, this.width - hang).split("\n");
        const value = lines.map((line) => this.cut(line, this.width - hang)).join(`\n${before}`);
        return gap >= 2 ? head + " ".repeat(gap) + value : `${head}\n${before}${value}`;
      })
      .join("\n");
  }

  /** Aligned columns; where they do not fit, an item for each row. */
  private table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
    const cells = rows.map((r) => r.map(visibleText));
    const head = columns.map((c) => this.paint.dim(c));
    const last = columns.length - 1;
    const widths = columns.map((c, j) => Math.max(textWidth(c), ...cells.map((r) => textWidth(r[j] ?? ""))));
    const before = widths.slice(0, last).reduce((sum, w) => sum + w + 2, indent.length);
    const room = this.width - before;
    if (room >= Math.min(widths[last] ?? 0, 24)) {
      const hang = " ".repeat(before);
      return table([head, ...cells.map((r) => [...r.slice(0, last), wrap(r[last] ?? "", room, hang)])], indent);
    }
    return cells
      .map((r) => {
        const [first, ...rest] = r;
        const items = rest.map((cell, j) => {
          const name = `${columns[j + 1]}: `;
          const room = this.width - 2 * indent.length - name.length;
          const [head, ...more] = wrap(cell, Math.max(8, room)).split("\n");
          const lines = more.map((line) => `${indent.repeat(3)}${this.cut(line, this.width - 6)}`);
          return [`${indent}${indent}${this.paint.dim(name)}${this.cut(head, Math.max(1, room))}`, ...lines].join("\n");
        });
        return [indent + this.paint.strong(this.cut(first, this.width - 2)), ...items].join("\n");
      })
      .join("\n");
  }

  /** A statement, then what it follows from; without `whole` only the statement and what breaks it. */
  private derivation(d: Derivation, depth: number): readonly string[] {
    const before = indent.repeat(depth);
    const mark = d.breaks ? this.paint.bad("✗ ") : "";
    const rule = d.rule === undefined ? "" : ` ${this.paint.dim(`(${visibleText(d.rule)})`)}`;
    const room = Math.max(20, this.width - 2 * depth - 2);
    const lines = [before + mark + wrap(visibleText(d.statement), room, `${before}  `) + rule];
    if (d.breaks && d.span && this.source) {
      const options = { width: room, paint: this.paint, accent: this.paint.bad, mark: "^" };
      lines.push(...frame(this.source, d.span, options).map((line) => `${before}  ${line}`));
    }
    return [...lines, ...shownPremises(d, this.whole).flatMap((p) => this.derivation(p, depth + 1))];
  }
}
