/** Sets of whole numbers: ranges, lists, names. A set may depend on enclosing indices: then there is one list for each of their positions. */

import { unitedAxes } from "../ops/align.js";
import { ownShape, type Value } from "../ops/value.js";
import type { Expression, RangeExpression } from "../syntax/tree.js";
import { mostCombinations } from "./axis.js";
import { type Context, valueWords } from "./context.js";
import { guardsOf, isActive } from "./finish.js";
import { mustBeKnown } from "./known.js";
import { indexNow, lookup, type Scope } from "./scope.js";
import { offsetIn, type StaticValue, unravel } from "./statics.js";
import { symbolWords } from "./symbols.js";

export interface SetValue {
  /** Ids and lengths of the axes that it depends on. */
  readonly axes: readonly number[];
  readonly sizes: readonly number[];
  /** Number of elements at a position of these axes (0 where there is none). */
  readonly count: (position: number) => number;
  /** The elements at a position. */
  readonly list: (position: number) => Float64Array;
}

export function setOf(c: Context, e: Expression, scope: Scope): SetValue | undefined {
  if (e.kind === "range") return rangeOf(c, e, scope);
  if (e.kind === "name" && !scope.locals.has(e.name)) {
    const symbol = lookup(scope, e.name);
    if (symbol?.kind === "set") {
      c.used.add(symbol);
      const meaning = c.meaning(symbol, e.span);
      return meaning?.kind === "set" ? listSet(meaning.values) : undefined;
    }
    if (symbol && (symbol.kind === "data" || symbol.kind === "fn")) {
      c.used.add(symbol);
      return c.report("BLO0506", { found: `\`${e.name}\`, ${symbolWords[symbol.kind]}` }, { span: e.span });
    }
  }
  const value = c.value(e, scope);
  if (!value || !mustBeKnown(c, value.node, e, scope, { code: "BLO0507", what: "this set" })) return undefined;
  return vectorSet(c, e, value);
}

function listSet(values: Float64Array): SetValue {
  return { axes: [], sizes: [], count: () => values.length, list: () => values };
}

function vectorSet(c: Context, e: Expression, value: Value): SetValue | undefined {
  const shape = ownShape(value);
  if (shape.length !== 1) return c.report("BLO0506", { found: valueWords(value) }, { span: e.span });
  const { axes, sizes, values } = c.staticOf(value);
  const wrong = values.find((v) => !Number.isInteger(v));
  if (wrong !== undefined) return c.report("BLO0502", { found: wrong, where: "" }, { span: e.span });
  const n = shape[0];
  return { axes, sizes, count: () => n, list: (k) => values.subarray(k * n, (k + 1) * n) };
}

function rangeOf(c: Context, e: RangeExpression, scope: Scope): SetValue | undefined {
  const from = boundOf(c, e.from, scope);
  const to = boundOf(c, e.to, scope);
  if (!from || !to) return undefined;
  const { ids: axes, sizes } = unitedAxes([from, to]);
  const [first, last] = [c.staticOf(from), c.staticOf(to)];
  const guards = guardsOf(c, scope);
  const bound = (b: StaticValue, k: number): number => b.values[offsetIn(b, axes, unravel(k, sizes))];
  const positions = sizes.reduce((n, s) => n * s, 1);
  for (let k = 0; k < positions; k++) {
    if (guards.length > 0 && !isActive(guards, axes, unravel(k, sizes))) continue;
    for (const [part, b] of [
      [e.from, first],
      [e.to, last],
    ] as const) {
      const v = bound(b, k);
      if (Number.isInteger(v)) continue;
      const where = positionWords(scope, axes, unravel(k, sizes));
      if (Number.isFinite(v)) return c.report("BLO0502", { found: v, where }, { span: part.span });
      return c.report("BLO0501", { bound: `\`${c.text(part)}\`` }, { span: e.span });
    }
  }
  const count = (k: number): number => {
    const n = bound(last, k) - bound(first, k) + 1;
    return n > 0 ? n : 0;
  };
  if (positions === 1 && count(0) > mostCombinations) {
    return c.report("BLO0503", { size: count(0) }, { span: e.span });
  }
  return {
    axes,
    sizes,
    count,
    list: (k) => {
      const start = bound(first, k);
      return Float64Array.from({ length: count(k) }, (_, i) => start + i);
    },
  };
}

function boundOf(c: Context, e: Expression, scope: Scope): Value | undefined {
  const value = c.value(e, scope);
  if (!value || !mustBeKnown(c, value.node, e, scope, { code: "BLO0507", what: "this set" })) return undefined;
  if (ownShape(value).length === 0) return value;
  return c.report("BLO0506", { found: `a range with ${valueWords(value)} as a bound` }, { span: e.span });
}

/** "i = 3, j = 1": the indices in scope at a position of axes. */
export function positionWords(scope: Scope, axes: readonly number[], digits: readonly number[]): string {
  const words: string[] = [];
  for (const local of scope.locals.values()) {
    if (local.kind !== "index") continue;
    const { axis, values } = indexNow(scope, local);
    const k = axes.indexOf(axis.id);
    if (k >= 0) words.push(`${local.name} = ${values[digits[k]]}`);
  }
  return words.length === 0 ? "" : `for ${words.join(", ")}`;
}
