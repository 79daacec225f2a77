/**
 * JSON data: nested lists of numbers (an array), a list of records or a record of equally long lists (a table), any
 * other record of lists and records (members). `null` is a missing value, true and false are 1 and 0.
 */
import { fail } from "../../base/diagnostic.js";
import type { Column, DataSet, TableData } from "../dataset.js";
import { jsonErrorAt } from "./jsonSyntax.js";
import type { Input } from "./reader.js";
import { decode } from "./text.js";

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** More axes than anybody means; deeper nesting is refused before it can exhaust the stack. */
const mostAxes = 8;

const isRecord = (v: Json): v is { readonly [name: string]: Json } =>
  typeof v === "object" && v !== null && !Array.isArray(v);
const isList = (v: Json): v is readonly Json[] => Array.isArray(v);

function describe(v: Json): string {
  if (v === null) return "null";
  if (isList(v)) return "a list";
  return typeof v === "object" ? "a record" : `the ${typeof v} ${JSON.stringify(v).slice(0, 40)}`;
}

/** Reads nested lists into row-major values; `path` says where for messages. */
class ArrayReader {
  private readonly shape: number[] = [];
  private readonly values: number[] = [];
  private readonly input: Input;
  constructor(input: Input) {
    this.input = input;
  }

  read(value: Json, path: string): DataSet {
    this.visit(value, 0, path);
    if (this.values.length === 0) {
      const { file } = this.input;
      fail("BLO0703", { file, what: `holds an empty list${path === "" ? "" : ` at ${path}`}` }, { at: { file } });
    }
    return { kind: "array", shape: this.shape, values: Float64Array.from(this.values) };
  }

  private visit(value: Json, depth: number, path: string): void {
    const { file, limits } = this.input;
    const where = path === "" ? "" : ` at ${path}`;
    if (isList(value)) {
      if (depth >= mostAxes) refuse(this.input, `lists nested deeper than ${mostAxes}${where}`);
      if (this.values.length > 0 && this.shape.length <= depth) refuse(this.input, `a list among numbers${where}`);
      this.shape[depth] ??= value.length;
      if (value.length !== this.shape[depth]) {
        const row = Number(/^\[(\d+)\]/.exec(path)?.[1] ?? 1);
        fail("BLO0710", { file, row, expected: this.shape[depth], found: value.length }, { at: { file, row } });
      }
      value.forEach((item, i) => {
        this.visit(item, depth + 1, `${path}[${i + 1}]`);
      });
      return;
    }
    if (isRecord(value) || typeof value === "string") {
      refuse(this.input, `${describe(value)} stands where a number belongs${where}`);
    }
    if (depth < this.shape.length) refuse(this.input, `a number among lists${where}`);
    if (this.values.length >= limits.values) {
      fail("BLO0704", { file, size: this.values.length + 1, most: limits.values, unit: "numbers" }, { at: { file } });
    }
    this.values.push(value === null ? Number.NaN : Number(value));
  }
}

function refuse(input: Input, why: string): never {
  return fail("BLO0716", { file: input.file, why }, { at: { file: input.file } });
}

/** A column of JSON values: numbers, or text as soon as one is a string. */
function column(input: Input, name: string, cells: readonly (Json | undefined)[]): Column {
  const values = new Float64Array(cells.length);
  const textRows: number[] = [];
  cells.forEach((cell, i) => {
    if (cell === undefined || cell === null) values[i] = Number.NaN;
    else if (typeof cell === "string") textRows.push(i + 1);
    else if (typeof cell === "object") {
      refuse(input, `row ${i + 1}, ${JSON.stringify(name)}: ${describe(cell)} stands where a number belongs`);
    } else values[i] = Number(cell);
  });
  if (textRows.length === 0) return { kind: "numbers", values };
  return { kind: "text", cells: cells.map((c) => (c === undefined || c === null ? "" : String(c))), textRows };
}

/** The rows of `[{"age": 59}, {"age": 48}]`; a name that a record lacks is a missing value. */
function records(input: Input, rows: readonly Json[]): TableData {
  const names = new Set<string>();
  const maps = rows.map((row, i) => {
    if (!isRecord(row)) return refuse(input, `entry ${i + 1} is ${describe(row)}, the first is a record`);
    for (const name of Object.keys(row)) names.add(name);
    return new Map(Object.entries(row));
  });
  const columns = new Map(
    [...names].map((name) => [
      name,
      column(
        input,
        name,
        maps.map((m) => m.get(name)),
      ),
    ]),
  );
  return { kind: "table", rows: rows.length, columns };
}

function read(input: Input, value: Json, path: string): DataSet {
  if (isList(value) && value.length > 0 && isRecord(value[0])) return records(input, value);
  if (!isRecord(value)) return new ArrayReader(input).read(value, path);
  const entries = Object.entries(value);
  if (entries.length === 0)
    fail("BLO0703", { file: input.file, what: "holds an empty record" }, { at: { file: input.file } });
  if (path.split(".").length > mostAxes) refuse(input, `records nested deeper than ${mostAxes} at ${path}`);
  const flat = (v: Json): v is readonly Json[] =>
    isList(v) && v.length > 0 && v.every((c) => typeof c !== "object" || c === null);
  const [, first] = entries[0];
  if (flat(first) && entries.every(([, v]) => flat(v) && v.length === first.length)) {
    const columns = new Map(entries.map(([name, v]) => [name, column(input, name, v as readonly Json[])]));
    return { kind: "table", rows: first.length, columns };
  }
  const inside = (name: string): string => (path === "" ? name : `${path}.${name}`);
  return { kind: "members", members: new Map(entries.map(([name, v]) => [name, read(input, v, inside(name))])) };
}

export function readJson(input: Input): DataSet {
  const { file } = input;
  const text = decode(input, "JSON");
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    // Engines word this differently and some leave out the place: the first offending character is found here.
    const { at, expected } = jsonErrorAt(text);
    const before = text.slice(0, at).split("\n");
    const place = { row: before.length, column: before[before.length - 1].length + 1 };
    const why = `line ${place.row}, column ${place.column}: ${expected} was expected`;
    return fail("BLO0716", { file, why }, { at: { file, ...place } });
  }
  return read(input, value, "");
}
