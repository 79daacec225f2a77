/** What a declared name stands for, found out when it is first asked for: the order of declarations does not matter. */
import { assertNever } from "../base/never.js";
import type { Span } from "../base/span.js";
import { sameShape, sizeOf } from "../expr/node.js";
import { ownShape, plain, type Value } from "../ops/value.js";
import type { Expression } from "../syntax/tree.js";
import { type Context, type Meaning, shapeWords } from "./context.js";
import { known, sizesOf } from "./known.js";
import { readParameter } from "./overrides.js";
import { rootScope, type Scope } from "./scope.js";
import { setOf } from "./sets.js";
import type { DeclaredSymbol, LetSymbol } from "./symbols.js";

type ParameterSymbol = DeclaredSymbol & { readonly kind: "param" };

export function fileScope(c: Context): Scope {
  return rootScope(c.symbols.file);
}

/** `span`: the use that asks. */
export function meaningOf(c: Context, symbol: DeclaredSymbol, span: Span): Meaning | undefined {
  if (c.meanings.has(symbol)) return c.meanings.get(symbol);
  const sampled = c.sampledMeanings[c.level].get(symbol);
  if (sampled) return sampled;
  const start = c.resolving.indexOf(symbol);
  if (start >= 0) {
    const circle = c.resolving.slice(start);
    const chain = [...circle.map((s) => s.name), symbol.name];
    for (const s of circle) c.meanings.set(s, undefined);
    const related = circle.map((s) => ({ span: s.span, message: `\`${s.name}\` is declared here` }));
    return c.report("BLO0204", { chain }, { span, related });
  }
  c.resolving.push(symbol);
  const meaning = find(c, symbol);
  c.resolving.pop();
  // A part of a circle stays unknown; what uses a variable's stand-in is found out again once variables have their place.
  if (c.meanings.has(symbol)) return c.meanings.get(symbol);
  const node = meaning?.kind === "value" ? meaning.value.node : undefined;
  if (node && !c.placed && !c.statics.isStatic(node)) return meaning;
  if (node && meaning && c.statics.isSampled(node)) c.sampledMeanings[c.level].set(symbol, meaning);
  else c.meanings.set(symbol, meaning);
  return meaning;
}

function find(c: Context, symbol: DeclaredSymbol): Meaning | undefined {
  switch (symbol.kind) {
    case "param":
      return wrap(parameterValue(c, symbol));
    case "let":
      return wrap(letValue(c, symbol));
    case "var":
      return wrap(c.variable(symbol));
    case "set": {
      const set = setOf(c, symbol.declaration.value, fileScope(c));
      return set && { kind: "set", values: set.list(0) };
    }
    case "data": {
      const set = c.data.get(symbol.name);
      return set && { kind: "data", text: symbol.name, declaration: symbol.declaration, set };
    }
    case "fn":
      throw new Error("a function is no value");
    default:
      return assertNever(symbol);
  }
}

function wrap(value: Value | undefined): Meaning | undefined {
  return value && { kind: "value", value };
}

function letValue(c: Context, symbol: LetSymbol): Value | undefined {
  const table = symbol.level && c.symbols.levels.get(symbol.level);
  const scope = table ? rootScope(table, c.symbols.file) : fileScope(c);
  const value = c.value(symbol.declaration.value, scope);
  return value && named(c, value, symbol.name);
}

/** A constant that was computed gets the name of what it was computed for. */
function named(c: Context, value: Value, name: string): Value {
  const { tensor } = value.node.attributes;
  if (!tensor || tensor.name !== undefined) return value;
  return { ...value, node: c.b.tensor({ ...tensor, name }) };
}

function parameterValue(c: Context, symbol: ParameterSymbol): Value | undefined {
  const { declaration, name, span } = symbol;
  const scope = fileScope(c);
  const declared = sizesOf(c, declaration.dimensions, scope, `a size of \`${name}\``);
  if (!declared) return undefined;
  const shape = declaration.dimensions.length > 0 ? declared : undefined;
  if (c.given.has(name)) return givenValue(c, symbol, shape);
  if (!declaration.value) return c.report("BLO0213", { name }, { span });
  const found = known(c, declaration.value, scope, { code: "BLO0602", what: `the parameter \`${name}\`` });
  if (!found) return undefined;
  return shaped(c, found.shape, found.values, shape, declaration.value, name);
}

function givenValue(c: Context, symbol: ParameterSymbol, declared: readonly number[] | undefined): Value | undefined {
  const { name, span, declaration } = symbol;
  const given = readParameter(c.given.get(name));
  if ("problem" in given) return c.report("BLO0217", { name, problem: given.problem }, { span });
  const misfit = (expected: string): undefined =>
    c.report("BLO0217", { name, problem: `it must be ${expected}, found ${shapeWords(given.shape)}` }, { span });
  if (declared) {
    if (!sameShape(given.shape, declared) && given.shape.length > 0) return misfit(shapeWords(declared));
    return tensorOf(c, declared, given.values, name);
  }
  if (declaration.value) {
    const usual = c.value(declaration.value, fileScope(c));
    if (usual && ownShape(usual).length !== given.shape.length)
      return misfit(`like its default, ${shapeWords(ownShape(usual))}`);
  }
  return tensorOf(c, given.shape, given.values, name);
}

function shaped(
  c: Context,
  found: readonly number[],
  values: Float64Array,
  declared: readonly number[] | undefined,
  value: Expression,
  name: string,
): Value | undefined {
  const target = declared ?? found;
  if (!sameShape(found, target) && found.length > 0) {
    const what = `the value of \`${name}\``;
    return c.report("BLO0409", { what, expected: shapeWords(target), found: shapeWords(found) }, { span: value.span });
  }
  return tensorOf(c, target, values, name);
}

function tensorOf(c: Context, shape: readonly number[], values: Float64Array, name: string): Value {
  const size = sizeOf(shape);
  const entries = values.length === size ? values : new Float64Array(size).fill(values[0]);
  return plain(c.b.tensor({ shape, values: entries, name }));
}
