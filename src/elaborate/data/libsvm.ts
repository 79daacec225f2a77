/**
 * LIBSVM (SVMlight) rows `label index:value index:value …`, sparse, indices from 1 in rising order, `#` begins a
 * comment. Read as the members X (dense, one row a line, as many columns as the largest index) and y (the labels).
 */
import { fail } from "../../base/diagnostic.js";
import type { DataSet, MembersData } from "../dataset.js";
import { numberOf } from "./cell.js";
import type { Input } from "./reader.js";
import { decode } from "./text.js";

export function readLibsvm(input: Input): MembersData {
  const { file, limits } = input;
  const labels: number[] = [];
  /** Entries in order: row, column (from 0), value. */
  const rows: number[] = [];
  const columns: number[] = [];
  const entries: number[] = [];
  let width = 0;
  let line = 0;
  const refuse = (why: string): never =>
    fail("BLO0715", { file, format: "LIBSVM", row: line, why }, { at: { file, row: line } });
  const number = (text: string, what: string): number => {
    const value = numberOf(text);
    if (text === "" || value === undefined) return refuse(`${what} ${JSON.stringify(text)} is not a number`);
    return value;
  };
  for (const raw of decode(input, "LIBSVM").split(/\r\n|\n|\r/)) {
    line++;
    const text = raw.replace(/#.*/, "").trim();
    if (text === "") continue;
    const [label, ...pairs] = text.split(/\s+/);
    labels.push(number(label, "the label"));
    let last = 0;
    for (const pair of pairs) {
      const colon = pair.indexOf(":");
      if (colon < 0) refuse(`${JSON.stringify(pair)} has no colon`);
      const index = pair.slice(0, colon);
      if (!/^\d+$/.test(index)) refuse(`the index ${JSON.stringify(index)} is not a whole number`);
      const column = Number(index);
      if (column < 1) refuse("the index is 0; indices count from 1");
      if (column <= last) refuse(`the index ${column} follows ${last}; indices must rise`);
      last = column;
      rows.push(labels.length - 1);
      columns.push(column - 1);
      entries.push(number(pair.slice(colon + 1), "the value"));
    }
    width = Math.max(width, last);
  }
  if (labels.length === 0) fail("BLO0703", { file, what: "holds no rows" }, { at: { file } });
  if (width === 0) fail("BLO0703", { file, what: "holds labels but no values" }, { at: { file } });
  const size = labels.length * width;
  if (size > limits.values) {
    fail("BLO0704", { file, size, most: limits.values, unit: "numbers once filled up with zeros" }, { at: { file } });
  }
  const values = new Float64Array(size);
  for (let k = 0; k < entries.length; k++) values[rows[k] * width + columns[k]] = entries[k];
  const members = new Map<string, DataSet>([
    ["X", { kind: "array", shape: [labels.length, width], values }],
    ["y", { kind: "array", shape: [labels.length], values: Float64Array.from(labels) }],
  ]);
  return { kind: "members", members };
}
