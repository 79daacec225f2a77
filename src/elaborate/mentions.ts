/** Which names an expression mentions, by its text alone: to say which variable it depends on. */
import { assertNever } from "../base/never.js";
import type { Expression } from "../syntax/tree.js";
import type { Context } from "./context.js";
import { lookup, rootScope, type Scope } from "./scope.js";
import type { Symbols, VariableSymbol } from "./symbols.js";

/** The first variable mentioned, directly or through `let`s and functions. */
export function mentionedVariable(symbols: Symbols, e: Expression, scope: Scope): VariableSymbol | undefined {
  const seen = new Set<unknown>();
  const search = (expression: Expression, at: Scope): VariableSymbol | undefined => {
    for (const name of namesIn(expression)) {
      if (at.locals.has(name)) continue;
      const symbol = lookup(at, name);
      if (!symbol || seen.has(symbol)) continue;
      seen.add(symbol);
      if (symbol.kind === "var") return symbol;
      const table = symbol.kind === "let" && symbol.level ? symbols.levels.get(symbol.level) : undefined;
      const inner = table ? rootScope(table, symbols.file) : rootScope(symbols.file);
      const body =
        symbol.kind === "fn" ? symbol.declaration.body : symbol.kind === "let" ? symbol.declaration.value : undefined;
      const found = body && search(body, inner);
      if (found) return found;
    }
    return undefined;
  };
  return search(e, scope);
}

/** Names in a part that is not elaborated (a branch not taken, the terms of an empty sum) count as used. */
export function markMentioned(c: Context, e: Expression, scope: Scope): void {
  for (const name of namesIn(e)) {
    const local = scope.locals.get(name);
    const symbol = lookup(scope, name);
    if (local?.kind === "index") local.used = true;
    else if (!local && symbol) c.used.add(symbol);
  }
}

/** All names in an expression, in order, indices and callees included. */
export function* namesIn(e: Expression): Generator<string> {
  switch (e.kind) {
    case "number":
    case "string":
      return;
    case "name":
      yield e.name;
      return;
    case "call":
      yield e.callee.name;
      for (const argument of e.arguments) yield* namesIn(argument);
      return;
    default:
      for (const part of partsOf(e)) yield* namesIn(part);
  }
}

type Compound = Exclude<Expression, { kind: "number" | "string" | "name" | "call" }>;

function partsOf(e: Compound): readonly Expression[] {
  switch (e.kind) {
    case "member":
      return [e.object];
    case "unary":
    case "transpose":
      return [e.operand];
    case "binary":
      return [e.left, e.right];
    case "coefficient":
      return [e.factor];
    case "index":
      return [
        e.object,
        ...e.items.flatMap((i) => (i.kind === "slice" ? [i.from, i.to].filter((x) => x !== undefined) : [i])),
      ];
    case "range":
      return [e.from, e.to];
    case "comprehension":
      return [...e.binders.map((b) => b.set), ...[e.where, e.batch].filter((x) => x !== undefined), e.body];
    case "array":
      return e.items;
    case "conditional":
      return [e.condition, e.consequent, e.alternate];
    default:
      return assertNever(e);
  }
}
