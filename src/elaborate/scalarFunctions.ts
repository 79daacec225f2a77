/**
 * User functions of scalars as text: for formulas, and for the derivative by an independent engine. Names of scalar
 * constants of the file are replaced by their values; functions that use anything else are left out.
 */
import type { ScalarFunction } from "../model/problem.js";
import { functions } from "../ops/functions/index.js";
import { printExpression } from "../syntax/printExpression.js";
import type { Expression, FunctionDeclaration } from "../syntax/tree.js";
import type { Context } from "./context.js";

export function scalarFunctionsOf(c: Context): ScalarFunction[] {
  const found: ScalarFunction[] = [];
  for (const symbol of c.symbols.file.values()) {
    if (symbol.kind !== "fn") continue;
    const body = scalarBody(c, symbol.declaration);
    const parameters = symbol.declaration.parameters.map((p) => p.name);
    if (body) found.push({ name: symbol.name, parameters, body: printExpression(body) });
  }
  return found;
}

function scalarBody(c: Context, { parameters, body }: FunctionDeclaration): Expression | undefined {
  const names = new Set(parameters.map((p) => p.name));
  const rewrite = (e: Expression): Expression | undefined => {
    switch (e.kind) {
      case "number":
        return e;
      case "name":
        return names.has(e.name) ? e : constantFor(c, e);
      case "unary": {
        const operand = rewrite(e.operand);
        return operand && { ...e, operand };
      }
      case "binary": {
        const [left, right] = [rewrite(e.left), rewrite(e.right)];
        return left && right && { ...e, left, right };
      }
      case "coefficient": {
        const factor = rewrite(e.factor);
        return factor && { ...e, factor };
      }
      case "conditional": {
        const [condition, consequent, alternate] = [rewrite(e.condition), rewrite(e.consequent), rewrite(e.alternate)];
        return condition && consequent && alternate && { ...e, condition, consequent, alternate };
      }
      case "call": {
        const args = e.arguments.map(rewrite);
        const known =
          functions.get(e.callee.name)?.family === "elementwise" || c.symbols.file.get(e.callee.name)?.kind === "fn";
        return known && args.every((a) => a !== undefined) ? { ...e, arguments: args } : undefined;
      }
      default:
        return undefined;
    }
  };
  return rewrite(body);
}

function constantFor(c: Context, e: Expression & { readonly kind: "name" }): Expression | undefined {
  const symbol = c.symbols.file.get(e.name);
  if (!symbol) return e;
  if (symbol.kind !== "param" && symbol.kind !== "let") return undefined;
  const meaning = c.meaning(symbol, e.span);
  if (meaning?.kind !== "value" || meaning.value.node.shape.length > 0 || !c.statics.isStatic(meaning.value.node)) {
    return undefined;
  }
  const [value] = c.statics.valueOf(meaning.value.node);
  const magnitude: Expression = { kind: "number", value: Math.abs(value), span: e.span };
  return value < 0 ? { kind: "unary", operator: "-", operand: magnitude, span: e.span } : magnitude;
}
