/** Helpers of the syntax tests. */
import { expect } from "vitest";
import type { Diagnostic } from "../../src/base/diagnostic.js";
import { Source } from "../../src/base/source.js";
import { parse } from "../../src/syntax/parse.js";
import { printExpression } from "../../src/syntax/printExpression.js";
import type { Expression, Item, LevelDeclaration, LevelItem, SyntaxTree } from "../../src/syntax/tree.js";

export function treeOf(text: string): SyntaxTree {
  const result = parse(new Source("t.blo", text));
  expect(result.diagnostics, text).toEqual([]);
  if (result.tree === undefined) throw new Error("no tree");
  return result.tree;
}

export function itemOf(text: string): Item {
  const { items } = treeOf(text);
  expect(items).toHaveLength(1);
  return items[0];
}

export function expressionOf(text: string): Expression {
  const item = itemOf(`let v = ${text}`);
  if (item.kind !== "let") throw new Error(item.kind);
  return item.value;
}

/** An expression with every bracket written out, to see how it was read. */
export function nested(e: Expression): string {
  switch (e.kind) {
    case "binary":
      return `(${nested(e.left)} ${e.operator} ${nested(e.right)})`;
    case "unary":
      return `(${e.operator} ${nested(e.operand)})`;
    case "coefficient":
      return `{${e.coefficient.value} ${nested(e.factor)}}`;
    case "transpose":
      return `${nested(e.operand)}'`;
    case "conditional":
      return `(${nested(e.condition)} ? ${nested(e.consequent)} : ${nested(e.alternate)})`;
    case "range":
      return `<${nested(e.from)} .. ${nested(e.to)}>`;
    default:
      return printExpression(e);
  }
}

export const read = (text: string): string => nested(expressionOf(text));

export function levelItems(body: string, level = "upper"): readonly LevelItem[] {
  return (itemOf(`${level} {\n${body}\n}`) as LevelDeclaration).items;
}

export interface Finding {
  readonly code: string;
  readonly at: string;
  readonly message: string;
  readonly hint?: string;
}

export function findings(text: string): (Finding & { readonly diagnostic: Diagnostic })[] {
  const source = new Source("t.blo", text);
  return parse(source).diagnostics.map((diagnostic) => ({
    code: diagnostic.code,
    at: diagnostic.span === undefined ? "" : source.slice(diagnostic.span),
    message: diagnostic.message,
    ...(diagnostic.hint === undefined ? {} : { hint: diagnostic.hint }),
    diagnostic,
  }));
}
