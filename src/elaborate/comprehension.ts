/** `sum(i in S where cond batch 32: e)` and its relatives, as tensor operations whose number does not depend on S. */
import type { Reduction } from "../ops/algebra.js";
import { plain, type Value } from "../ops/value.js";
import type { Binder, ComprehensionExpression, Expression } from "../syntax/tree.js";
import { type Bound, bindIndices, joinAll } from "./bind.js";
import type { Context } from "./context.js";
import { finish } from "./finish.js";
import { known } from "./known.js";
import { markMentioned } from "./mentions.js";
import { reduceAxes } from "./reduce.js";
import { type Scope, withLocal, withRebase } from "./scope.js";

/** What a comprehension over no index is. */
const neutral: Readonly<Partial<Record<Reduction, number>>> = { sum: 0, prod: 1 };

export function comprehensionValue(c: Context, e: ComprehensionExpression, outside: Scope): Value | undefined {
  const all = bindIndices(c, e.binders, e.where, outside);
  if (!all) {
    c.value(e.body, withoutMeaning(outside, e.binders));
    return undefined;
  }
  if (all.axes.some((axis) => axis.size === 0)) {
    markMentioned(c, e.body, all.scope);
    return overNothing(c, e);
  }
  const bound = e.batch ? sampled(c, e, e.batch, all, outside) : all;
  if (!bound) return undefined;
  if (e.batch) c.sampling++;
  const body = c.value(e.body, bound.scope);
  if (e.batch) c.sampling--;
  if (!body) return undefined;
  reportUnused(c, bound, `the terms of this ${e.operator}`);
  const reduced = c.b.at(e.span, () => reduceAxes(c, body, bound.axes, e.operator, outside));
  if ("empty" in reduced) return c.report("BLO0505", { operator: e.operator, where: reduced.empty }, { span: e.span });
  return finish(c, reduced, outside, e.span, [body.node]);
}

/** Indices whose sets are erroneous: the rest of the expression is still looked at. */
export function withoutMeaning(outside: Scope, binders: readonly Binder[]): Scope {
  return binders.reduce(
    (scope, { index: { name, span } }) =>
      withLocal(scope, { kind: "parameter", name, span, value: undefined, depth: scope.rebases.length }),
    outside,
  );
}

function overNothing(c: Context, e: ComprehensionExpression): Value | undefined {
  const value = neutral[e.operator];
  const { span } = e;
  if (value === undefined) return c.report("BLO0505", { operator: e.operator, where: "" }, { span });
  c.report("BLO0504", { what: e.operator, value: `${value}` }, { span });
  return plain(c.b.constant(value));
}

export function reportUnused(c: Context, bound: Bound, what: string): void {
  for (const { name, span, used } of bound.indices) {
    const isTwin = bound.indices.some((i) => i.name === name && i.span !== span);
    if (!used && !isTwin) c.report("BLO0512", { name, what }, { span });
  }
}

/** Marks the terms as a sample: one axis of all combinations, whose positions a stochastic method may exchange. */
function sampled(
  c: Context,
  e: ComprehensionExpression,
  size: Expression,
  all: Bound,
  outside: Scope,
): Bound | undefined {
  const { span } = size;
  if (e.operator !== "sum" && e.operator !== "mean") return c.report("BLO0509", { operator: e.operator }, { span });
  if (c.sampling > 0) return c.report("BLO0511", { why: "it stands in the terms of another sampled sum" }, { span });
  if (all.axes.some((axis) => axis.outer.length > 0)) {
    return c.report("BLO0511", { why: "this one depends on an outer index" }, { span });
  }
  const found = known(c, size, outside, { code: "BLO0602", what: "the size of a batch" });
  if (!found) return undefined;
  const [batch] = found.values;
  if (found.shape.length + found.axes.length > 0) return c.report("BLO0510", { found: "several numbers" }, { span });
  if (!Number.isInteger(batch) || batch < 1) return c.report("BLO0510", { found: `${batch}` }, { span });
  const joined = joinAll(c, all, e);
  if (!joined) return undefined;
  const [axis] = joined.axes;
  const terms = axis.size;
  if (batch >= terms) {
    c.report("BLO0515", { batch, terms }, { span });
    return joined;
  }
  const id = c.samples.length;
  c.samples.push({ id, level: c.level, terms, batch, span: e.span });
  const marked = c.newAxis(terms, [], id);
  const positions = [Int32Array.from({ length: terms }, (_, k) => k)];
  return {
    scope: withRebase(joined.scope, { from: [axis], positions, to: marked }),
    axes: [marked],
    indices: joined.indices,
  };
}
