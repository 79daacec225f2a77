/**
 * CSV (RFC 4180; comma or semicolon) and TSV. Texts in double quotes go through csv-parse; a file without a single
 * quote is split directly, which means the same and is several times faster. Blank lines are skipped; the row of an
 * error is the line of the file.
 */
import { parse } from "csv-parse/browser/esm/sync";
import { fail } from "../../base/diagnostic.js";
import type { Column, TableData } from "../dataset.js";
import { isMissing, numberOf } from "./cell.js";
import { columnOf } from "./columns.js";
import type { Input } from "./reader.js";
import { decode } from "./text.js";

interface Rows {
  readonly cells: string[][];
  /** The line of the file on which each row ends. */
  readonly lines: number[];
}

/** Counts of a separator outside quotes in the first two lines that are not blank. */
function separators(text: string, separator: string): [number, number] {
  const lines = text
    .slice(0, 100_000)
    .split(/\r?\n|\r/)
    .filter((l) => l.trim() !== "");
  const count = (line: string | undefined): number =>
    line === undefined ? 0 : line.replace(/"(?:[^"]|"")*"/g, "").split(separator).length - 1;
  return [count(lines[0]), count(lines[1] ?? lines[0])];
}

/** Semicolons where both of the first lines have the same number of them, at least one (numbers may have decimal commas). */
function sniff(text: string): "," | ";" {
  const [first, second] = separators(text, ";");
  return first > 0 && first === second ? ";" : ",";
}

function splitPlain(text: string, delimiter: string): Rows {
  const cells: string[][] = [];
  const lines: number[] = [];
  let number = 0;
  for (const line of text.split(/\r\n|\n|\r/)) {
    number++;
    // A blank line is skipped; in a TSV file, a line of tabs is a row of empty cells.
    if (line === "" || (delimiter !== "\t" && line.trim() === "")) continue;
    const row = line.split(delimiter);
    for (let j = 0; j < row.length; j++) row[j] = row[j].trim();
    cells.push(row);
    lines.push(number);
  }
  return { cells, lines };
}

interface Informed {
  readonly record: string[];
  readonly info: { readonly lines: number };
}

const reasons: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: "a double quote is opened and never closed",
  INVALID_OPENING_QUOTE: "a double quote stands inside a value that does not begin with one",
  CSV_INVALID_CLOSING_QUOTE: "something follows a closing double quote before the next separator",
};

/** The line on which the quote opens that is never closed. */
function openedAt(text: string): number {
  for (const match of text.matchAll(/"(?:[^"]|"")*("|$)/g)) {
    if (match[1] === "") return text.slice(0, match.index).split(/\r\n|\n|\r/).length;
  }
  return 1;
}

function splitQuoted(text: string, delimiter: string, file: string, format: string): Rows {
  let records: Informed[];
  try {
    records = parse(text, {
      delimiter,
      trim: true,
      relax_column_count: true,
      skip_empty_lines: true,
      record_delimiter: ["\r\n", "\n", "\r"],
      info: true,
    }) as unknown as Informed[];
  } catch (error) {
    const { code, lines } = error as { code?: string; lines?: number };
    const why = Object.hasOwn(reasons, code ?? "") ? reasons[code ?? ""] : "the row cannot be read";
    const row = code === "CSV_QUOTE_NOT_CLOSED" ? openedAt(text) : (lines ?? 1);
    return fail("BLO0715", { file, format, row, why }, { at: { file, row } });
  }
  return { cells: records.map((r) => r.record), lines: records.map((r) => r.info.lines) };
}

/** The names in the first row: all there, all different, not all numbers. */
function namesOf(first: readonly string[], file: string): string[] {
  if (first.every((name) => !isMissing(name) && numberOf(name) !== undefined)) {
    const problem = `is called ${first[0]}, and so on: the first row holds numbers, not names`;
    return fail("BLO0725", { file, column: "1", problem }, { at: { file, row: 1, column: 1 } });
  }
  const seen = new Map<string, number>();
  first.forEach((name, j) => {
    const column = j + 1;
    const at = { file, row: 1, column };
    if (name === "") fail("BLO0725", { file, column: String(column), problem: "has no name in the header" }, { at });
    const before = seen.get(name);
    if (before !== undefined) fail("BLO0714", { file, column: name, first: before, second: column }, { at });
    seen.set(name, column);
  });
  return [...seen.keys()];
}

function read(input: Input, format: "CSV" | "TSV"): TableData {
  const { file, limits } = input;
  const text = decode(input, format);
  const delimiter = format === "TSV" ? "\t" : sniff(text);
  const { cells, lines } = text.includes('"')
    ? splitQuoted(text, delimiter, file, format)
    : splitPlain(text, delimiter);
  const width = cells[0]?.length ?? 0;
  const names = input.header ? namesOf(cells[0], file) : Array.from({ length: width }, (_, j) => `c${j + 1}`);
  cells.forEach((row, i) => {
    if (row.length === width) return;
    const at = { file, row: lines[i] };
    fail("BLO0710", { file, row: lines[i], expected: width, found: row.length }, { at });
  });
  const rows = input.header ? cells.slice(1) : cells;
  if (rows.length === 0) fail("BLO0703", { file, what: "holds a header but no rows" }, { at: { file } });
  const size = rows.length * width;
  if (size > limits.values) fail("BLO0704", { file, size, most: limits.values, unit: "cells" }, { at: { file } });
  const columns = new Map<string, Column>();
  names.forEach((name, j) => {
    columns.set(name, columnOf(rows, j));
  });
  return { kind: "table", rows: rows.length, columns };
}

export const readCsv = (input: Input): TableData => read(input, "CSV");
export const readTsv = (input: Input): TableData => read(input, "TSV");
