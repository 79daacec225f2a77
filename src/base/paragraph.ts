/** Paragraphs and tables for a terminal of a given width. */
import { textWidth } from "./width.js";

/** Lines of at most `width` columns, broken at blanks; later lines begin with `indent`, which does not count. */
export function wrap(text: string, width: number, indent = ""): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/[ \n\t]+/).filter((w) => w !== "")) {
    const next = line === "" ? word : `${line} ${word}`;
    if (line !== "" && textWidth(next) > width) {
      lines.push(line);
      line = word;
    } else line = next;
  }
  lines.push(line);
  return lines.join(`\n${indent}`);
}

const colour = new RegExp(`${String.fromCharCode(27)}\\[[\\d;]*m`, "g");

/** Columns of a text that may be coloured. */
export const shownWidth = (text: string): number => textWidth(text.replace(colour, ""));

/** Rows of cells as aligned columns, two blanks between. Blanks at the end of a line are left out unless they are to be kept. */
export function table(rows: readonly (readonly string[])[], indent = "", keepBlanks = false): string {
  const columns = Math.max(0, ...rows.map((r) => r.length));
  const widths = Array.from({ length: columns }, (_, j) => Math.max(0, ...rows.map((r) => shownWidth(r[j] ?? ""))));
  const line = (row: readonly string[]): string =>
    row.map((cell, j) => (j === row.length - 1 ? cell : cell + " ".repeat(widths[j] - shownWidth(cell)))).join("  ");
  const lines = rows.map((row) => indent + line(row));
  return (keepBlanks ? lines : lines.map((l) => l.trimEnd())).join("\n");
}
