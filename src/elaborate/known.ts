/** Values that must be known before solving: sizes, bounds, starting points, tolerances. */
import type { Node } from "../expr/node.js";
import type { Expression } from "../syntax/tree.js";
import type { Context } from "./context.js";
import { mentionedVariable } from "./mentions.js";
import type { Scope } from "./scope.js";
import type { StaticValue } from "./statics.js";

/** Which diagnostic says that it is not known, and of what. */
export type Purpose =
  | { readonly code: "BLO0602" | "BLO0507"; readonly what: string }
  | { readonly code: "BLO0612"; readonly name: string };

/** The entries of an expression without variables; undefined where it is erroneous, which has been reported. */
export function known(c: Context, e: Expression, scope: Scope, purpose: Purpose): StaticValue | undefined {
  const value = c.value(e, scope);
  return value && mustBeKnown(c, value.node, e, scope, purpose) ? c.staticOf(value) : undefined;
}

/** Reports a value that depends on a variable. */
export function mustBeKnown(c: Context, node: Node, e: Expression, scope: Scope, purpose: Purpose): boolean {
  if (c.statics.isStatic(node)) return true;
  const variable = mentionedVariable(c.symbols, e, scope);
  const related = variable
    ? [{ span: variable.span, message: `\`${variable.name}\` is declared here, a variable` }]
    : [];
  const name = variable?.name ?? c.text(e);
  const { span } = e;
  if (purpose.code === "BLO0612") c.report("BLO0612", { name: purpose.name, variable: name }, { span, related });
  else c.report(purpose.code, { what: purpose.what, name }, { span, related });
  return false;
}

/** One whole number of at least 1 and at most 1e8 for each expression. */
export function sizesOf(
  c: Context,
  dimensions: readonly Expression[],
  scope: Scope,
  what: string,
): readonly number[] | undefined {
  const sizes = dimensions.map((e) => {
    const found = known(c, e, scope, { code: "BLO0602", what });
    if (!found) return undefined;
    const [size] = found.values;
    if (found.shape.length === 0 && Number.isInteger(size) && size >= 1 && size <= 1e8) return size;
    const words = found.shape.length === 0 ? `${size}` : `not one number`;
    return c.report("BLO0410", { what, found: words }, { span: e.span });
  });
  return sizes.every((s) => s !== undefined) ? sizes : undefined;
}
