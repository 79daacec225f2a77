/**
 * Finishing a value: what depends on no input and was computed by more than moving entries becomes a constant, once and
 * for all, and must be finite. Entries that a static condition excludes (`if i > 1 then 1 / (i - 1) else 0`) never matter:
 * where they are not finite they become 0.
 */
import type { Span } from "../base/span.js";
import { type Node, sizeOf } from "../expr/node.js";
import { operators } from "../ops/registry.js";
import type { Value } from "../ops/value.js";
import { mostCombinations } from "./axis.js";
import type { Context } from "./context.js";
import { activeGuards, type Scope } from "./scope.js";
import { offsetIn, type StaticValue, unravel } from "./statics.js";

const moving = new Set(["constant", "tensor", "input", "broadcast", "reshape", "transpose", "take", "put", "concat"]);

/** `operands`: the nodes it was computed from; if one of them is infinite already, the result is not reported again. */
export function finish(
  c: Context,
  value: Value,
  scope: Scope,
  span: Span,
  operands: readonly Node[] = [],
): Value | undefined {
  const { node } = value;
  if (!c.statics.isStatic(node)) return value;
  if (sizeOf(node.shape) > mostCombinations) return c.report("BLO0503", { size: sizeOf(node.shape) }, { span });
  if (
    (node.op === "tensor" && operands.length === 0) ||
    (node.op !== "tensor" && moving.has(node.op) && node.shape.length > 0)
  )
    return value;
  let values: Float64Array = c.statics.valueOf(node);
  const wrong = values.findIndex((v) => !Number.isFinite(v));
  if (wrong >= 0 && operands.every((o) => allFinite(c, o))) {
    const here = { axes: value.axes, sizes: node.shape.slice(0, value.axes.length) };
    const per = here.sizes.length === node.shape.length ? 1 : blockSize(node.shape, value.axes.length);
    const cleaned = values.slice();
    const guards = guardsOf(c, scope);
    for (let k = wrong; k < values.length; k++) {
      if (Number.isFinite(values[k])) continue;
      if (isActive(guards, here.axes, unravel(Math.floor(k / per), here.sizes))) {
        return c.report("BLO0601", { problem: whyNotFinite(c, span, operands, k, values[k], node) }, { span });
      }
      cleaned[k] = 0;
    }
    values = cleaned;
  } else if (c.statics.isSampled(node)) {
    return value;
  }
  if ((node.op === "constant" || node.op === "tensor") && values === c.statics.valueOf(node)) return value;
  const folded = c.b.at(span, () => c.b.tensor({ shape: node.shape, values }));
  return { ...value, node: sampledAxes(c, value).reduce((n, k) => resampled(c, n, k, value.axes[k]), folded) };
}

function sampledAxes(c: Context, value: Value): number[] {
  return value.axes.map((_, k) => k).filter((k) => c.axis(value.axes[k]).sample !== undefined);
}

/** Reads all positions of a sampled axis through its sample mark, so that a stochastic method can exchange them. */
export function resampled(c: Context, node: Node, k: number, id: number): Node {
  const { size, sample } = c.axis(id);
  const every = Array.from({ length: size }, (_, i) => i);
  return c.b.take(node, k, c.b.graph.positions(every, sample));
}

function allFinite(c: Context, node: Node): boolean {
  return !c.statics.isStatic(node) || c.statics.valueOf(node).every((v) => Number.isFinite(v));
}

function blockSize(shape: readonly number[], leading: number): number {
  return shape.slice(leading).reduce((n, d) => n * d, 1);
}

/** The static conditions in force, as values. */
export function guardsOf(c: Context, scope: Scope): StaticValue[] {
  return scope.guards.length === 0 ? [] : activeGuards(c.b, scope).map((g) => c.staticOf(g));
}

/** Whether all conditions hold at a position (axes a guard has and the position lacks: at any of them). */
export function isActive(guards: readonly StaticValue[], axes: readonly number[], digits: readonly number[]): boolean {
  return guards.every((g) => {
    if (g.axes.every((id) => axes.includes(id))) return g.values[offsetIn(g, axes, digits)] !== 0;
    return g.values.some((v, k) => {
      const place = unravel(k, g.sizes);
      return v !== 0 && g.axes.every((id, j) => !axes.includes(id) || digits[axes.indexOf(id)] === place[j]);
    });
  });
}

/** "`log(-1)` has no finite value: log needs an argument > 0". */
function whyNotFinite(
  c: Context,
  span: Span,
  operands: readonly Node[],
  at: number,
  found: number,
  node: Node,
): string {
  const text = c.source.slice(span).replace(/\s+/g, " ");
  const shown = text.length > 60 ? `${text.slice(0, 59)}…` : text;
  const what = `\`${shown}\` has no finite value`;
  const domain = operators.get(node.op)?.domain ?? operators.get(/^\w+/.exec(text)?.[0] ?? "")?.domain;
  if (domain && operands.length > domain.argument) {
    const argument = c.statics.valueOf(operands[domain.argument]);
    const entry = argument.length === 1 ? argument[0] : argument[at];
    if (entry !== undefined && !domain.holds(entry)) return `${what}: ${domain.words}, found ${entry}`;
  }
  return Number.isNaN(found) ? `${what}: it is not a number` : `${what}: it is infinite`;
}
