/** Lists: `[a, b, c]` of scalars is a vector, `[u, v]` of equally long vectors the matrix with these rows. */
import { sameShape } from "../expr/node.js";
import { align, unitedAxes } from "../ops/align.js";
import { ownShape, plain, type Value } from "../ops/value.js";
import type { ArrayExpression, Expression } from "../syntax/tree.js";
import { type Context, valueWords } from "./context.js";
import { finish } from "./finish.js";
import type { Scope } from "./scope.js";

export function arrayValue(c: Context, e: ArrayExpression, scope: Scope): Value | undefined {
  if (e.items.length === 0) return c.report("BLO0408", { problem: "a list has at least one entry" }, { span: e.span });
  const numbers = numbersIn(e.items);
  if (numbers) return plain(c.b.at(e.span, () => c.b.tensor({ shape: [numbers.length], values: numbers })));
  const items = e.items.map((item) => c.value(item, scope));
  if (!items.every((v) => v !== undefined)) return undefined;
  const shape = ownShape(items[0]);
  const odd = items.findIndex((v) => !sameShape(ownShape(v), shape));
  if (odd >= 0) {
    const problem = `the entries of a list have equal shapes; the first is ${valueWords(items[0])}, this is ${valueWords(items[odd])}`;
    const related = [{ span: e.items[0].span, message: "the first entry" }];
    return c.report("BLO0408", { problem }, { span: e.items[odd].span, related });
  }
  if (shape.length > 1) {
    const problem = `a list is made of scalars or of vectors, found ${valueWords(items[0])}`;
    return c.report("BLO0408", { problem }, { span: e.items[0].span });
  }
  const value = c.b.at(e.span, () => stacked(c, items));
  return finish(
    c,
    value,
    scope,
    e.span,
    items.map((i) => i.node),
  );
}

/** Puts the items one behind the other along a new first own axis. */
function stacked(c: Context, items: readonly Value[]): Value {
  const { ids, sizes } = unitedAxes(items);
  const own = ownShape(items[0]);
  const { nodes } = align(c.b, items);
  const parts = nodes.map((node) => c.b.reshape(node, [...sizes, 1, ...own]));
  const constants = ids.length === 0 && nodes.every((n) => n.op === "constant" || n.op === "tensor");
  if (constants) {
    const values = new Float64Array(nodes.reduce((n, node) => n + c.statics.valueOf(node).length, 0));
    nodes.reduce((at, node) => {
      values.set(c.statics.valueOf(node), at);
      return at + c.statics.valueOf(node).length;
    }, 0);
    return plain(c.b.tensor({ shape: [items.length, ...own], values }));
  }
  return { node: c.b.concat(parts, ids.length), axes: ids };
}

/** Long lists of plain numbers need no nodes of their own. */
function numbersIn(items: readonly Expression[]): Float64Array | undefined {
  const values = new Float64Array(items.length);
  for (let k = 0; k < items.length; k++) {
    const item = items[k];
    if (item.kind === "number") values[k] = item.value;
    else if (item.kind === "unary" && item.operator === "-" && item.operand.kind === "number")
      values[k] = -item.operand.value;
    else return undefined;
  }
  return values;
}
