/**
 * What a data file is once it has been read: a table with named columns, an array, or several of these under names.
 *
 *   csv, tsv              a table; without a header its columns are called 1, 2, …
 *   npy, idx              an array of any rank, row by row
 *   npz                   members, each an array
 *   libsvm                members X (array) and y (array)
 *   json                  a number or nested lists: an array; a list of records or a record of equally long lists with
 *                         text: a table; any other record: members
 */
import type { Shape } from "../expr/node.js";

export type DataSet = TableData | ArrayData | MembersData;

export interface TableData {
  readonly kind: "table";
  readonly rows: number;
  /** In the order of the file. A Map, so that any name is just a name. */
  readonly columns: ReadonlyMap<string, Column>;
}

export type Column = NumberColumn | TextColumn;

export interface NumberColumn {
  readonly kind: "numbers";
  /** One entry per row; NaN where the cell is empty or says that it is missing. */
  readonly values: Float64Array;
}

/** A column with at least one cell that is neither a number nor missing. */
export interface TextColumn {
  readonly kind: "text";
  /** All cells as they stand in the file. */
  readonly cells: readonly string[];
  /** The rows (counted from 1 below the header) in which text stands; at least one, the first few suffice. */
  readonly textRows: readonly number[];
}

export interface ArrayData {
  readonly kind: "array";
  readonly shape: Shape;
  /** Row-major. */
  readonly values: Float64Array;
}

export interface MembersData {
  readonly kind: "members";
  readonly members: ReadonlyMap<string, DataSet>;
}
