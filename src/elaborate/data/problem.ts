/** What is wrong with the numbers of a column or an array that a problem uses, as the diagnostic to show. */
import { type Diagnostic, diagnostic } from "../../base/diagnostic.js";
import type { Span } from "../../base/span.js";
import type { ArrayData, Column } from "../dataset.js";

export interface UsePlace {
  readonly file: string;
  /** Where the problem uses the data. */
  readonly span?: Span;
}

/** The first cell that is no finite number; undefined for a sound column. Rows count from 1, a header is row 1. */
export function columnProblem(
  column: Column,
  name: string,
  header: boolean,
  { file, span }: UsePlace,
): Diagnostic | undefined {
  const offset = header ? 2 : 1;
  const at = (i: number) => ({ span, at: { file, row: i + offset, column: name } });
  if (column.kind === "text") {
    const i = column.textRows[0] - 1;
    const parameters = { file, row: i + offset, column: name, text: column.cells[i] };
    return diagnostic("BLO0711", parameters, at(i));
  }
  const i = column.values.findIndex((v) => !Number.isFinite(v));
  if (i < 0) return undefined;
  const row = i + offset;
  if (Number.isNaN(column.values[i])) return diagnostic("BLO0712", { file, row, column: name }, at(i));
  const where = `row ${row}, column ${JSON.stringify(name)}`;
  return diagnostic("BLO0713", { file, where, value: column.values[i] }, at(i));
}

/** The first entry that is not finite, with its indices (from 1); undefined for a sound array. */
export function arrayProblem(array: ArrayData, { file, span }: UsePlace): Diagnostic | undefined {
  const i = array.values.findIndex((v) => !Number.isFinite(v));
  if (i < 0) return undefined;
  const indices: number[] = [];
  let rest = i;
  for (let k = array.shape.length - 1; k >= 0; k--) {
    indices.unshift((rest % array.shape[k]) + 1);
    rest = Math.floor(rest / array.shape[k]);
  }
  const where = `entry [${indices.join(", ")}]`;
  const row = indices.length > 0 ? { row: indices[0] } : {};
  return diagnostic("BLO0713", { file, where, value: array.values[i] }, { span, at: { file, ...row } });
}
