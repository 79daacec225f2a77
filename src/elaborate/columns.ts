/** Data as values: `d.age`, `d[["age", "bmi"]]`, `d.X`, `d` itself, and comparisons of text columns with a text. */
import type { Span } from "../base/span.js";
import { closest } from "../base/suggest.js";
import { plain, type Value } from "../ops/value.js";
import type { DataDeclaration } from "../syntax/tree.js";
import type { Context } from "./context.js";
import { arrayProblem, columnProblem } from "./data/problem.js";
import type { Column, DataSet } from "./dataset.js";

/** A name that stands for data that are not one value yet. */
export interface DataReference {
  readonly kind: "data";
  /** As written: `d`, `d.train`. */
  readonly text: string;
  readonly declaration: DataDeclaration;
  readonly set: DataSet;
}

/** Tensors of columns, each made once: equal tensors are the same object. */
const tensors = new WeakMap<Context, Map<object | string, Value>>();

function once(c: Context, key: object | string, make: () => Value): Value {
  const known = tensors.get(c) ?? new Map<object | string, Value>();
  tensors.set(c, known);
  let value = known.get(key);
  if (!value) {
    value = make();
    known.set(key, value);
  }
  return value;
}

/** `d.name`: a column or a member. */
export function memberOf(c: Context, d: DataReference, member: string, span: Span): Value | DataReference | undefined {
  const text = `${d.text}.${member}`;
  switch (d.set.kind) {
    case "array":
      return c.report("BLO0721", { name: d.text, what: "an array", member }, { span });
    case "members": {
      const set = d.set.members.get(member);
      if (!set) return unknownColumn(c, d, member, [...d.set.members.keys()], span);
      const part: DataReference = { ...d, text, set };
      return set.kind === "array" ? dataValue(c, part, span) : part;
    }
    case "table": {
      const column = d.set.columns.get(member);
      if (!column) return unknownColumn(c, d, member, [...d.set.columns.keys()], span);
      return numbersOf(c, d, member, column, span);
    }
  }
}

function unknownColumn(
  c: Context,
  d: DataReference,
  column: string,
  columns: readonly string[],
  span: Span,
): undefined {
  const suggestion = closest(column, columns);
  return c.report("BLO0720", { name: d.text, column, columns, suggestion }, { span });
}

/** Columns that were reported: where else they are used is no news. */
const unusable = new WeakMap<Context, Set<Column>>();

function numbersOf(c: Context, d: DataReference, name: string, column: Column, span: Span): Value | undefined {
  const problem = columnProblem(column, name, d.declaration.header, { file: d.declaration.path.value, span });
  if (problem || column.kind === "text") {
    const told = unusable.get(c) ?? new Set();
    unusable.set(c, told);
    if (problem && !told.has(column)) c.findings.add(problem);
    told.add(column);
    return undefined;
  }
  const { values } = column;
  return once(c, column, () => plain(c.b.tensor({ shape: [values.length], values, name: `${d.text}.${name}` })));
}

/** `d[["age", "bmi"]]`: the matrix of these columns. */
export function columnsOf(
  c: Context,
  d: DataReference,
  names: readonly { readonly value: string; readonly span: Span }[],
): Value | undefined {
  const { set } = d;
  if (set.kind !== "table") {
    const what = set.kind === "array" ? "an array" : "a set of arrays";
    return c.report("BLO0721", { name: d.text, what, member: names[0].value }, { span: names[0].span });
  }
  const columns = names.map(({ value, span }) => {
    const column = set.columns.get(value);
    if (!column) return unknownColumn(c, d, value, [...set.columns.keys()], span);
    return numbersOf(c, d, value, column, span) && column.kind === "numbers" ? column.values : undefined;
  });
  if (!columns.every((v) => v !== undefined)) return undefined;
  return matrixOf(c, d.text, `${d.text}|${JSON.stringify(names.map((n) => n.value))}`, set.rows, columns);
}

function matrixOf(c: Context, name: string, key: string, rows: number, columns: readonly Float64Array[]): Value {
  return once(c, key, () => {
    const values = new Float64Array(rows * columns.length);
    columns.forEach((column, j) => {
      for (let i = 0; i < rows; i++) values[i * columns.length + j] = column[i];
    });
    return plain(c.b.tensor({ shape: [rows, columns.length], values, name }));
  });
}

/** Data used as one value: an array as it is, a table of numbers as a matrix. */
export function dataValue(c: Context, d: DataReference, span: Span): Value | undefined {
  const { set } = d;
  switch (set.kind) {
    case "array": {
      const problem = arrayProblem(set, { file: d.declaration.path.value, span });
      if (problem) {
        c.findings.add(problem);
        return undefined;
      }
      return once(c, set, () => plain(c.b.tensor({ shape: set.shape, values: set.values, name: d.text })));
    }
    case "members":
      return c.report("BLO0722", { name: d.text, members: [...set.members.keys()] }, { span });
    case "table": {
      const columns = [...set.columns].map(([name, column]) =>
        numbersOf(c, d, name, column, span) && column.kind === "numbers" ? column.values : undefined,
      );
      if (!columns.every((v) => v !== undefined)) return undefined;
      return matrixOf(c, d.text, `${d.text}|all`, set.rows, columns);
    }
  }
}

/** `d.sex == "F"`: 1 where the column holds that text. Undefined (unreported) where the member is no column of text. */
export function textIndicator(c: Context, d: DataReference, member: string, text: string): Value | undefined {
  const column = d.set.kind === "table" ? d.set.columns.get(member) : undefined;
  if (column?.kind !== "text") return undefined;
  const { cells } = column;
  return once(c, `${d.text}|${JSON.stringify([member, text])}`, () =>
    plain(c.b.tensor({ shape: [cells.length], values: Float64Array.from(cells, (cell) => (cell === text ? 1 : 0)) })),
  );
}
