/** Index brackets: `y[2]`, `A[i, :]`, `y[2:5]`, `y[S]`, `d[["age", "bmi"]]`. Positions are static and lie within the value. */
import type { Span } from "../base/span.js";
import { unitedAxes } from "../ops/align.js";
import { ownShape, plain, type Value } from "../ops/value.js";
import type { Expression, IndexExpression, IndexItem, SliceItem, StringLiteral } from "../syntax/tree.js";
import { columnsOf, dataValue, memberOf } from "./columns.js";
import { type Context, shapeWords, valueWords } from "./context.js";
import { finish, guardsOf, isActive } from "./finish.js";
import { gather, type Pick } from "./gather.js";
import { mustBeKnown } from "./known.js";
import { resolve } from "./names.js";
import { lookup, type Scope } from "./scope.js";
import { positionWords } from "./sets.js";
import { offsetIn, unravel } from "./statics.js";

export function indexValue(c: Context, e: IndexExpression, scope: Scope): Value | undefined {
  const names = columnNames(e.items);
  if (names) {
    const data = e.object.kind === "name" ? resolve(c, e.object.name, e.object.span, scope) : undefined;
    if (data?.kind === "data") {
      if (names.single) {
        const part = memberOf(c, data, names.single.value, names.single.span);
        return part && "kind" in part ? dataValue(c, part, e.span) : part;
      }
      return columnsOf(c, data, names.list);
    }
    if (e.object.kind === "name" && !data) return undefined;
    const [first] = names.list;
    return c.report("BLO0216", { text: first.value }, { span: first.span });
  }
  const object = c.value(e.object, scope);
  return object && indexed(c, object, e, scope);
}

/** `["age", "bmi"]` or `"age"` as the only entry of the bracket. */
function columnNames(
  items: readonly IndexItem[],
): { readonly list: readonly StringLiteral[]; readonly single?: StringLiteral } | undefined {
  const [item] = items;
  if (items.length !== 1) return undefined;
  if (item.kind === "string") return { list: [item], single: item };
  if (item.kind !== "array" || item.items.length === 0) return undefined;
  const list = item.items.filter((i) => i.kind === "string");
  return list.length === item.items.length ? { list } : undefined;
}

/** The entries of a value that the bracket of an index expression picks. */
export function indexed(c: Context, value: Value, e: IndexExpression, scope: Scope): Value | undefined {
  const own = ownShape(value);
  if (own.length !== e.items.length || own.length === 0) {
    for (const item of e.items) for (const part of expressionsOf(item)) c.value(part, scope);
    const parameters = { text: c.text(e.object), rank: own.length, found: e.items.length, shape: valueWords(value) };
    const hint =
      own.length === 2 && e.items.length === 1 ? `a row is written \`${c.text(e.object)}[i, :]\`` : undefined;
    return c.report("BLO0403", parameters, { span: e.span, hint });
  }
  const picks = e.items.map((item, k) => pickOf(c, e, item, own[k], scope));
  if (!picks.every((p) => p !== undefined)) return undefined;
  const result = c.b.at(e.span, () => gather(c, value, picks));
  if (!result) {
    const why = "a value that varies with the sampled index is indexed by it";
    return c.report("BLO0511", { why }, { span: e.span });
  }
  const finished = finish(c, result, scope, e.span, [value.node]);
  if (finished && c.slicedRows.has(result)) c.slicedRows.add(finished);
  return finished;
}

function expressionsOf(item: IndexItem): readonly Expression[] {
  return item.kind === "slice" ? [item.from, item.to].filter((x) => x !== undefined) : [item];
}

function pickOf(c: Context, e: IndexExpression, item: IndexItem, extent: number, scope: Scope): Pick | undefined {
  if (item.kind === "slice") return slicePick(c, e, item, extent, scope);
  const value = setAsVector(c, item, scope) ?? c.value(item, scope);
  if (!value || !mustBeKnown(c, value.node, item, scope, { code: "BLO0602", what: "an index" })) return undefined;
  const { axes, sizes, shape, values } = c.staticOf(value);
  if (shape.length > 1) {
    const problem = `an index is a number or a list of numbers, found ${shapeWords(shape)}`;
    return c.report("BLO0402", { name: c.text(e), problem }, { span: item.span });
  }
  const length = shape.length === 0 ? 1 : shape[0];
  const positions = placesOf(c, e, values, { axes, sizes, length }, extent, item.span, scope);
  return positions && { axes, sizes, keep: shape.length > 0, length, positions };
}

/** The name of a set inside a bracket: its elements. */
function setAsVector(c: Context, item: Expression, scope: Scope): Value | undefined {
  if (item.kind !== "name" || scope.locals.has(item.name)) return undefined;
  if (lookup(scope, item.name)?.kind !== "set") return undefined;
  const set = resolve(c, item.name, item.span, scope);
  return set?.kind === "set" && set.values.length > 0
    ? plain(c.b.tensor({ shape: [set.values.length], values: set.values, name: item.name }))
    : undefined;
}

/** `from:to` with both ends; the ends may vary with indices as long as the number of entries does not. */
function slicePick(c: Context, e: IndexExpression, item: SliceItem, extent: number, scope: Scope): Pick | undefined {
  const ends = [endOf(c, item.from, 1, scope), endOf(c, item.to, extent, scope)];
  if (!ends.every((v) => v !== undefined)) return undefined;
  const { ids: axes, sizes } = unitedAxes(ends);
  const [from, to] = ends.map((v) => c.staticOf(v));
  const places = sizes.reduce((n, s) => n * s, 1);
  const at = (end: typeof from, k: number): number => end.values[offsetIn(end, axes, unravel(k, sizes))];
  const length = at(to, 0) - at(from, 0) + 1;
  const values = new Float64Array(places * Math.max(0, Math.floor(length)));
  for (let k = 0; k < places; k++) {
    const [first, last] = [at(from, k), at(to, k)];
    if (!(last >= first)) return c.report("BLO0411", { from: first, to: last }, { span: item.span });
    if (last - first + 1 !== length) {
      const where = positionWords(scope, axes, unravel(k, sizes));
      return c.report("BLO0414", { first: length, other: last - first + 1, where }, { span: item.span });
    }
    for (let j = 0; j < length; j++) values[k * length + j] = first + j;
  }
  const positions = placesOf(c, e, values, { axes, sizes, length }, extent, item.span, scope);
  return positions && { axes, sizes, keep: true, length, positions };
}

function endOf(c: Context, e: Expression | undefined, otherwise: number, scope: Scope): Value | undefined {
  if (!e) return plain(c.b.constant(otherwise));
  const value = c.value(e, scope);
  if (!value || !mustBeKnown(c, value.node, e, scope, { code: "BLO0602", what: "an index" })) return undefined;
  if (ownShape(value).length === 0) return value;
  return c.report(
    "BLO0402",
    { name: ":", problem: `the ends of a slice are numbers, found ${valueWords(value)}` },
    { span: e.span },
  );
}

/** 0-based positions; those that are excluded by a static condition may lie anywhere. */
function placesOf(
  c: Context,
  e: IndexExpression,
  values: Float64Array,
  grid: { readonly axes: readonly number[]; readonly sizes: readonly number[]; readonly length: number },
  extent: number,
  span: Span,
  scope: Scope,
): Int32Array | undefined {
  const positions = new Int32Array(values.length);
  const guards = guardsOf(c, scope);
  for (let k = 0; k < values.length; k++) {
    const v = values[k];
    if (Number.isInteger(v) && v >= 1 && v <= extent) {
      positions[k] = v - 1;
      continue;
    }
    const digits = unravel(Math.floor(k / grid.length), grid.sizes);
    if (guards.length > 0 && !isActive(guards, grid.axes, digits)) continue;
    const where = positionWords(scope, grid.axes, digits);
    if (!Number.isInteger(v)) return c.report("BLO0405", { index: v, where }, { span });
    const hint = v < 1 ? "indices count from 1" : undefined;
    return c.report("BLO0404", { text: c.text(e.object), index: v, extent, where }, { span, hint });
  }
  return positions;
}
