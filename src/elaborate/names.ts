/** Names to what they stand for: locals first, then the level's own names, the file's, and the constants of the language. */
import type { Span } from "../base/span.js";
import { closest } from "../base/suggest.js";
import { constants, functions } from "../ops/functions/index.js";
import { plain, type Value } from "../ops/value.js";
import type { Context, Meaning } from "./context.js";
import { resampled } from "./finish.js";
import { entryMeant } from "./otherNames.js";
import { current, type IndexLocal, indexNow, lookup, type Scope } from "./scope.js";
import { type DeclaredSymbol, symbolWords } from "./symbols.js";

/** What a name means here; undefined where it means nothing or something erroneous, which has been reported. */
export function resolve(c: Context, name: string, span: Span, scope: Scope): Meaning | undefined {
  const local = scope.locals.get(name);
  if (local?.kind === "index") return { kind: "value", value: indexValue(c, local, scope) };
  if (local) {
    if (!local.value) return undefined;
    if ("kind" in local.value) return local.value;
    const value = current(c.b, scope, local.value, local.depth);
    if (c.slicedRows.has(local.value)) c.slicedRows.add(value);
    return { kind: "value", value };
  }
  const symbol = lookup(scope, name);
  if (symbol) {
    c.used.add(symbol);
    if (symbol.kind === "fn") return c.report("BLO0207", { name }, { span, related: declaredAt(symbol) });
    return c.meaning(symbol, span);
  }
  const constant = constants.get(name);
  if (constant !== undefined) return { kind: "value", value: plain(c.b.constant(constant)) };
  if (functions.has(name)) return c.report("BLO0207", { name }, { span });
  const suggestion = entryMeant(name, scope) ?? closest(name, visible(scope));
  return c.report("BLO0201", { name, suggestion }, { span });
}

export function declaredAt(symbol: DeclaredSymbol): { span: Span; message: string }[] {
  return [{ span: symbol.span, message: `\`${symbol.name}\` is declared here, ${symbolWords[symbol.kind]}` }];
}

/** Names that could have been meant. */
function* visible(scope: Scope): Generator<string> {
  yield* scope.locals.keys();
  for (const table of scope.tables) yield* table.keys();
  yield* constants.keys();
}

/** The numbers an index runs over, as a constant over its axis. */
function indexValue(c: Context, local: IndexLocal, scope: Scope): Value {
  local.used = true;
  const { axis, values } = indexNow(scope, local);
  if (axis === local.axis && local.node) return { node: local.node, axes: [axis.id] };
  const tensor = c.b.tensor({ shape: [axis.size], values, name: local.name });
  const node = axis.sample === undefined ? tensor : resampled(c, tensor, 0, axis.id);
  if (axis === local.axis) local.node = node;
  return { node, axes: [axis.id] };
}
