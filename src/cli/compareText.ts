/** A comparison on a terminal: the table with as many columns as fit, what it means, what was left out. */
import type { Paint } from "../base/paint.js";
import { cutTo, textWidth, visibleText } from "../base/width.js";
import { budgetWords, referenceWords, seedWords, type Table, tableOf } from "../compare/table.js";
import type { Comparison } from "../compare/types.js";
import { wrap } from "./words.js";

const gap = 2;
const longestName = 28;

function widthsOf({ columns, rows }: Table): number[] {
  return columns.map((c, j) => {
    const widest = Math.max(textWidth(c.head), ...rows.map((r) => textWidth(r[j].text)));
    return j === 0 ? Math.min(longestName, widest) : widest;
  });
}

/** Indices of the columns shown: those of low rank first, as long as the line holds them. */
function fittingColumns(table: Table, widths: readonly number[], width: number): number[] {
  const ranked = table.columns.map((c, j) => ({ j, rank: c.rank })).sort((a, b) => a.rank - b.rank);
  const shown: number[] = [];
  let used = 0;
  for (const { j } of ranked) {
    const next = used + widths[j] + (shown.length > 0 ? gap : 0);
    // A narrower column of higher rank does not jump the queue.
    if (shown.length > 0 && next > width) break;
    shown.push(j);
    used = next;
  }
  return shown.sort((a, b) => a - b);
}

/** The lines of the table, and the heads of the columns that were left out. */
export function tableText(
  table: Table,
  width: number,
  paint: Paint,
): { readonly lines: readonly string[]; readonly hidden: readonly string[] } {
  const widths = widthsOf(table);
  const shown = fittingColumns(table, widths, width);
  const cell = (text: string, j: number): string => {
    const cut = cutTo(visibleText(text), widths[j]);
    const blanks = " ".repeat(Math.max(0, widths[j] - textWidth(cut)));
    return table.columns[j].align === "left" ? cut + blanks : blanks + cut;
  };
  const line = (cells: readonly string[]): string => cells.join(" ".repeat(gap)).trimEnd();
  const head = paint.strong(line(shown.map((j) => cell(table.columns[j].head, j))));
  const body = table.rows.map((row) =>
    line(shown.map((j) => (row[j].best ? paint.good(cell(row[j].text, j)) : cell(row[j].text, j)))),
  );
  const hidden = table.columns.filter((_, j) => !shown.includes(j)).map((c) => c.head);
  return { lines: [head, ...body], hidden };
}

export function comparisonText(comparison: Comparison, width: number, paint: Paint): string {
  const { methods, skipped, seeds, spread, interrupted } = comparison;
  const start = spread > 0 ? `, starts spread by ${spread}` : "";
  const { lines, hidden } = tableText(tableOf(comparison), width, paint);
  const facts = `${seedWords(seeds)}${start}; each run: ${budgetWords(comparison)}; medians over the seeds; ${referenceWords(comparison)}.`;
  const parts = [
    paint.strong(visibleText(comparison.problem)),
    paint.dim(wrap(facts, width)),
    ...(interrupted ? [paint.warning("Interrupted: only completed runs count.")] : []),
    ...(methods.length > 0 ? [lines.join("\n")] : []),
    ...(hidden.length > 0 ? [paint.dim(wrap(`Not shown for want of width: ${hidden.join(", ")}.`, width))] : []),
    ...(skipped.length > 0
      ? [
          skipped
            .map((s) => paint.dim(wrap(`${s.method} does not fit: ${s.reasons.join("; ")}`, width, "  ")))
            .join("\n"),
        ]
      : []),
  ];
  return `${parts.join("\n\n")}\n`;
}
