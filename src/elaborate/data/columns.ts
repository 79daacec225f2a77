/** Columns of a table from the texts of its cells, row by row. */
import type { Column } from "../dataset.js";
import { isMissing, numberOf } from "./cell.js";

/** Rows with text that are noted per column. */
const noted = 10;

/** The column of the cells `rows[i][index]`, each trimmed: numbers if every cell that is not missing holds one. */
export function columnOf(rows: readonly (readonly string[])[], index: number): Column {
  const values = new Float64Array(rows.length);
  const textRows: number[] = [];
  for (let i = 0; i < rows.length; i++) {
    const cell = rows[i][index];
    if (isMissing(cell)) {
      values[i] = Number.NaN;
      continue;
    }
    const value = numberOf(cell);
    if (value !== undefined) values[i] = value;
    else if (textRows.push(i + 1) >= noted) break;
  }
  return textRows.length === 0
    ? { kind: "numbers", values }
    : { kind: "text", cells: rows.map((row) => row[index]), textRows };
}
