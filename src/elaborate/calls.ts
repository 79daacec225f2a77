/** Calls: functions of the language, and user functions by putting the body in place of the call. */
import { closest } from "../base/suggest.js";
import { isProblem } from "../ops/align.js";
import { functions, type LanguageFunction } from "../ops/functions/index.js";
import { ownShape, plain, type Value } from "../ops/value.js";
import type { CallExpression, Expression } from "../syntax/tree.js";
import type { DataReference } from "./columns.js";
import { type Context, mostExpansions } from "./context.js";
import { dualCall } from "./duals.js";
import { finish } from "./finish.js";
import { resolve } from "./names.js";
import { column, keepRow, origins } from "./operators.js";
import { functionHint } from "./otherNames.js";
import { calleeScope, type Local, lookup, type Scope } from "./scope.js";
import { type DeclaredSymbol, symbolWords } from "./symbols.js";

type FunctionSymbol = DeclaredSymbol & { readonly kind: "fn" };

export function callValue(c: Context, e: CallExpression, scope: Scope): Value | undefined {
  const { name, span } = e.callee;
  const local = scope.locals.get(name);
  if (local) {
    const what = local.kind === "index" ? "an index" : "a parameter of this function";
    return c.report("BLO0206", { name, what }, { span, related: [{ span: local.span, message: "declared here" }] });
  }
  const symbol = lookup(scope, name);
  if (symbol?.kind === "fn") return userCall(c, e, symbol, scope);
  if (name === "dual" && symbol === undefined) return dualCall(c, e);
  const builtIn = functions.get(name);
  if (builtIn) return builtInCall(c, e, builtIn, scope);
  for (const argument of e.arguments) c.value(argument, scope);
  if (symbol) {
    c.used.add(symbol);
    const related = [{ span: symbol.span, message: "declared here" }];
    return c.report("BLO0206", { name, what: symbolWords[symbol.kind] }, { span, related });
  }
  const hint = functionHint(name);
  const suggestion = hint === undefined ? closest(name, callable(scope)) : undefined;
  return c.report("BLO0205", { name, suggestion }, { span, hint });
}

function* callable(scope: Scope): Generator<string> {
  for (const table of scope.tables) for (const symbol of table.values()) if (symbol.kind === "fn") yield symbol.name;
  yield* functions.keys();
}

function builtInCall(c: Context, e: CallExpression, f: LanguageFunction, scope: Scope): Value | undefined {
  const { name } = f;
  const [least, most] = f.arity;
  const found = e.arguments.length;
  const size = sizeOfSetOrData(c, e, scope);
  if (size) return size;
  const args = e.arguments.map((a) => c.value(a, scope));
  if (found < least || found > most) {
    const parameters = { name, signature: f.signature, expected: count(least, most), found };
    return c.report("BLO0209", parameters, { span: e.span });
  }
  if (!args.every((v) => v !== undefined)) return undefined;
  const given = args.map((v) => (c.slicedRows.has(v) ? column(v) : v));
  const result = c.b.at(e.span, () => f.apply(c.b, given));
  if (isProblem(result)) {
    const at = result.argument === undefined ? undefined : e.arguments[result.argument];
    const parts = at ? [at] : e.arguments;
    const values = at ? [args[result.argument!]] : args;
    const problem = result.problem.replace(new RegExp(`^${name} (?=needs|joins|of)`), "");
    return c.report("BLO0402", { name, problem }, { span: e.span, related: origins(parts, values, scope) });
  }
  const nodes = args.map((a) => a.node);
  const value = finish(c, rowAgain(c, result, args), scope, e.span, nodes);
  return keepRow(c, value, args);
}

/** An entrywise function of a row `A[i, :]` gives such a row again. */
function rowAgain(c: Context, result: Value, args: readonly Value[]): Value {
  const row = args.find((v) => c.slicedRows.has(v));
  const same = row && ownShape(result).length === 1 && ownShape(result)[0] === ownShape(row)[0];
  return same && args.every((a) => a === row || ownShape(a).length === 0 || c.slicedRows.has(a))
    ? { ...result, row: true }
    : result;
}

/** `length(S)` of a set, `rows(d)` of a table even if its columns hold text. */
function sizeOfSetOrData(c: Context, e: CallExpression, scope: Scope): Value | undefined {
  const [argument] = e.arguments;
  const measures = e.callee.name === "length" || e.callee.name === "rows" || e.callee.name === "cols";
  if (!measures || e.arguments.length !== 1 || argument.kind !== "name" || scope.locals.has(argument.name))
    return undefined;
  const kind = lookup(scope, argument.name)?.kind;
  if (kind !== "set" && kind !== "data") return undefined;
  const meaning = resolve(c, argument.name, argument.span, scope);
  if (meaning?.kind === "set" && e.callee.name !== "cols") return plain(c.b.constant(meaning.values.length));
  if (meaning?.kind !== "data" || meaning.set.kind !== "table") return undefined;
  return plain(c.b.constant(e.callee.name === "cols" ? meaning.set.columns.size : meaning.set.rows));
}

function count(least: number, most: number): string {
  const words = (n: number): string => (n === 1 ? "1 argument" : `${n} arguments`);
  if (least === most) return words(least);
  return Number.isFinite(most) ? `${least} to ${words(most)}` : `at least ${words(least)}`;
}

function userCall(c: Context, e: CallExpression, symbol: FunctionSymbol, scope: Scope): Value | undefined {
  const { name, declaration } = symbol;
  c.used.add(symbol);
  const args = e.arguments.map((a) => argumentOf(c, a, scope));
  const { parameters } = declaration;
  const { expanding } = c.findings;
  if (expanding.includes(name)) {
    const chain = [...expanding.slice(expanding.indexOf(name)), name];
    return c.report("BLO0208", { chain }, { span: e.span });
  }
  if (args.length !== parameters.length) {
    const signature = `${name}(${parameters.map((p) => p.name).join(", ")})`;
    const expected = count(parameters.length, parameters.length);
    const related = [{ span: symbol.span, message: "declared here" }];
    return c.report("BLO0209", { name, signature, expected, found: args.length }, { span: e.span, related });
  }
  if (c.expansions >= mostExpansions) {
    return c.unfoldsTooFar("calls of functions", mostExpansions, e.span);
  }
  c.expansions++;
  const locals = new Map<string, Local>();
  parameters.forEach((p, k) => {
    locals.set(p.name, { kind: "parameter", name: p.name, span: p.span, value: args[k], depth: 0 });
  });
  const inner = calleeScope(c.b, scope, [c.symbols.file], locals);
  return c.findings.within(name, e.span, () => c.value(declaration.body, inner));
}

/** A user function may take data (`fn scaled(d) = …` of `d.age` gets a value, of `d` the data). */
function argumentOf(c: Context, e: Expression, scope: Scope): Value | DataReference | undefined {
  if (e.kind === "name" && !scope.locals.has(e.name) && lookup(scope, e.name)?.kind === "data") {
    const meaning = resolve(c, e.name, e.span, scope);
    return meaning?.kind === "data" ? meaning : undefined;
  }
  return c.value(e, scope);
}
