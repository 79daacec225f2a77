/**
 * Variables: their sizes, their place in the flat vector of their level, and their value as a part of that vector. Sizes
 * come first, and may depend on other declarations; while they are found out, each variable is an input of its own.
 */
import type { InputBlock, Shape } from "../expr/node.js";
import { sizeOf } from "../expr/node.js";
import { plain, type Value } from "../ops/value.js";
import type { Context } from "./context.js";
import { fileScope } from "./declarations.js";
import { sizesOf } from "./known.js";
import type { VariableSymbol } from "./symbols.js";

/** A variable that has its place. */
export interface PlacedVariable {
  readonly symbol: VariableSymbol;
  readonly level: "upper" | "lower";
  readonly follower: number | undefined;
  readonly shape: Shape;
  readonly offset: number;
  readonly size: number;
}

export interface Layout {
  readonly x: InputBlock;
  readonly y: InputBlock;
  readonly variables: readonly PlacedVariable[];
}

/** Which level a variable's declaration belongs to; followers are counted from 0. */
export type Owner = (symbol: VariableSymbol) => { readonly level: "upper" | "lower"; readonly follower?: number };

/** Finds out all sizes, lays the variables out in order of declaration, and makes them parts of x and y. */
export function placeVariables(c: Context, owner: Owner): Layout {
  const shapes = findShapes(c);
  const next = { upper: 0, lower: 0 };
  const variables: PlacedVariable[] = [];
  for (const symbol of variableSymbols(c)) {
    const shape = shapes.get(symbol);
    if (!shape) continue;
    const { level, follower } = owner(symbol);
    const size = sizeOf(shape);
    variables.push({ symbol, level, follower, shape, offset: next[level], size });
    next[level] += size;
  }
  const x = { name: "x", size: next.upper };
  const y = { name: "y", size: next.lower };
  const values = new Map<VariableSymbol, Value>();
  for (const { symbol, level, shape, offset, size } of variables) {
    const block = level === "upper" ? x : y;
    const node = c.b.at(symbol.span, () =>
      c.b.reshape(c.b.take(c.b.input(block), 0, c.b.graph.range(offset, size)), shape),
    );
    values.set(symbol, plain(node));
  }
  c.variable = (symbol) => values.get(symbol);
  c.placed = true;
  return { x, y, variables };
}

export function variableSymbols(c: Context): VariableSymbol[] {
  return [...c.symbols.file.values()].filter((s) => s.kind === "var");
}

/** Shapes of all variables whose sizes are sound. */
function findShapes(c: Context): Map<VariableSymbol, Shape> {
  const shapes = new Map<VariableSymbol, Shape>();
  const standIns = new Map<VariableSymbol, Value | undefined>();
  c.variable = (symbol) => {
    if (!standIns.has(symbol)) {
      const { dimensions, name } = symbol.declaration;
      const sizes = sizesOf(c, dimensions, fileScope(c), `a size of \`${name.name}\``);
      if (sizes && sizes.length > 2) {
        c.report("BLO0412", { name: name.name, found: sizes.length }, { span: name.span });
        standIns.set(symbol, undefined);
      } else if (sizes) {
        shapes.set(symbol, sizes);
        const input = c.b.input({ name: name.name, size: sizeOf(sizes) });
        standIns.set(symbol, plain(c.b.reshape(input, sizes)));
      } else standIns.set(symbol, undefined);
    }
    return standIns.get(symbol);
  };
  for (const symbol of variableSymbols(c)) c.meaning(symbol, symbol.span);
  return shapes;
}
