/**
 * Binding indices: `i in S, j in T(i) where cond` gives axes. Independent sets give an axis each; a set or a condition
 * that depends on indices (of this comprehension or of enclosing ones) joins their axes into one whose positions are
 * the combinations that exist.
 */

import { ownShape } from "../ops/value.js";
import type { Binder, Expression } from "../syntax/tree.js";
import { type Absorbed, type Axis, mostCombinations, type Rebase } from "./axis.js";
import type { Context } from "./context.js";
import { valueWords } from "./context.js";
import { mustBeKnown } from "./known.js";
import { type IndexLocal, lookup, type Scope, withLocal, withRebase } from "./scope.js";
import { positionWords, setOf } from "./sets.js";
import { offsetIn, unravel } from "./statics.js";
import { symbolWords } from "./symbols.js";

export interface Bound {
  readonly scope: Scope;
  /** The axes to reduce (or to make rows of), in order of creation. */
  readonly axes: readonly Axis[];
  readonly indices: readonly IndexLocal[];
}

export function bindIndices(
  c: Context,
  binders: readonly Binder[],
  where: Expression | undefined,
  outside: Scope,
): Bound | undefined {
  let bound: Bound | undefined = { scope: outside, axes: [], indices: [] };
  for (const binder of binders) {
    if (!bound) return undefined;
    checkName(c, binder, bound, outside);
    bound = bindOne(c, binder, bound);
  }
  return bound && where ? restrict(c, where, bound) : bound;
}

function checkName(c: Context, { index }: Binder, bound: Bound, outside: Scope): void {
  const { name, span } = index;
  const twin = bound.indices.find((i) => i.name === name);
  if (twin) {
    c.report("BLO0202", { name }, { span, related: [{ span: twin.span, message: "first bound here" }] });
    return;
  }
  const local = outside.locals.get(name);
  const symbol = lookup(outside, name);
  if (local?.kind === "index") {
    const related = [{ span: local.span, message: "the outer index" }];
    c.report("BLO0210", { name, what: "an outer index" }, { span, related });
  } else if (symbol && !local) {
    const related = [{ span: symbol.span, message: `\`${name}\` is declared here, ${symbolWords[symbol.kind]}` }];
    c.report("BLO0210", { name, what: symbolWords[symbol.kind] }, { span, related });
  }
}

function bindOne(c: Context, { index, set: e }: Binder, bound: Bound): Bound | undefined {
  const set = setOf(c, e, bound.scope);
  if (!set) return undefined;
  const { name, span } = index;
  if (set.axes.length === 0) {
    const values = set.list(0);
    const axis = c.newAxis(values.length);
    const depth = bound.scope.rebases.length;
    const local: IndexLocal = { kind: "index", name, span, axis, values, depth, used: false };
    return {
      scope: withLocal(bound.scope, local),
      axes: [...bound.axes, axis],
      indices: [...bound.indices, local],
    };
  }
  const from = set.axes.map((id) => c.axis(id));
  const joined = join(c, from, set.count, bound, e);
  if (!joined) return undefined;
  const values = new Float64Array(joined.axis.size);
  for (let k = 0, next = 0; next < values.length; k++) {
    const list = set.list(k);
    values.set(list, next);
    next += list.length;
  }
  const depth = joined.scope.rebases.length;
  const local: IndexLocal = { kind: "index", name, span, axis: joined.axis, values, depth, used: false };
  return { scope: withLocal(joined.scope, local), axes: joined.axes, indices: [...bound.indices, local] };
}

/** Keeps the combinations that fulfil the condition. */
function restrict(c: Context, where: Expression, bound: Bound): Bound | undefined {
  const condition = c.value(where, bound.scope);
  if (!condition) return undefined;
  if (!mustBeKnown(c, condition.node, where, bound.scope, { code: "BLO0507", what: "this condition" }))
    return undefined;
  if (ownShape(condition).length > 0) {
    const problem = `a condition is one truth value, found ${valueWords(condition)}`;
    return c.report("BLO0401", { operator: "where", problem }, { span: where.span });
  }
  const { axes, values } = c.staticOf(condition);
  if (values.every((v) => v !== 0)) return bound;
  const from = axes.length > 0 ? axes.map((id) => c.axis(id)) : bound.axes.slice(0, 1);
  return join(c, from, (k) => (values[axes.length > 0 ? k : 0] !== 0 ? 1 : 0), bound, where);
}

/** All combinations of the axes as one axis: what `batch` draws from. */
export function joinAll(c: Context, bound: Bound, e: Expression): Bound | undefined {
  return bound.axes.length === 1 ? bound : join(c, [...bound.axes], () => 1, bound, e);
}

/** Replaces axes by a joint one in which position k of their grid occurs count(k) times. */
function join(
  c: Context,
  from: readonly Axis[],
  count: (position: number) => number,
  bound: Bound,
  e: Expression,
): (Bound & { readonly axis: Axis }) | undefined {
  const sampled = from.find((axis) => axis.sample !== undefined);
  if (sampled) {
    return c.report("BLO0511", { why: "this set varies with the index of a sampled sum" }, { span: e.span });
  }
  const sizes = from.map((axis) => axis.size);
  const grid = sizes.reduce((n, s) => n * s, 1);
  let total = 0;
  for (let k = 0; k < grid; k++) total += count(k);
  if (total > mostCombinations || grid > mostCombinations) {
    return c.report("BLO0503", { size: Math.max(total, grid) }, { span: e.span });
  }
  const positions = from.map(() => new Int32Array(total));
  for (let k = 0, next = 0; k < grid; k++) {
    const times = count(k);
    if (times === 0) continue;
    const digits = unravel(k, sizes);
    for (let j = 0; j < from.length; j++) positions[j].fill(digits[j], next, next + times);
    next += times;
  }
  const outer: Absorbed[] = from.flatMap((axis, j): Absorbed[] => {
    if (!bound.axes.includes(axis)) return [{ axis, positions: positions[j] }];
    return axis.outer.map((o) => ({ axis: o.axis, positions: Int32Array.from(positions[j], (p) => o.positions[p]) }));
  });
  const axis = c.newAxis(total, outer);
  const change: Rebase = { from, positions, to: axis };
  return {
    scope: withRebase(bound.scope, change),
    axes: [...bound.axes.filter((a) => !from.includes(a)), axis],
    indices: bound.indices,
    axis,
  };
}

/** Where a joint axis has no terms: the indices of the first such position of the axes it absorbed. */
export function firstEmpty(axis: Axis, counts: Float64Array, scope: Scope): string | undefined {
  const k = counts.indexOf(0);
  if (k < 0) return undefined;
  const axes = outerAxes(axis);
  return positionWords(
    scope,
    axes.map((a) => a.id),
    unravel(
      k,
      axes.map((a) => a.size),
    ),
  );
}

/** The absorbed axes, by id. */
export function outerAxes(axis: Axis): readonly Axis[] {
  return absorbed(axis).map((o) => o.axis);
}

export function absorbed(axis: Axis): readonly Absorbed[] {
  return [...axis.outer].sort((p, q) => p.axis.id - q.axis.id);
}

/** The position in the grid of the absorbed axes, for each of the axis's own. */
export function outerPositions(axis: Axis): Int32Array {
  const flat = new Int32Array(axis.size);
  const outer = absorbed(axis);
  const ids = outer.map((o) => o.axis.id);
  const sizes = outer.map((o) => o.axis.size);
  for (let k = 0; k < axis.size; k++) {
    flat[k] = offsetIn(
      { axes: ids, sizes },
      ids,
      outer.map((o) => o.positions[k]),
    );
  }
  return flat;
}
