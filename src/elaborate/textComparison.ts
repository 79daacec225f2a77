/** Comparisons of a text column with a text, `d.sex[i] == "F"`: a constant 1 or 0 for each row. */
import { elementwise } from "../ops/algebra.js";
import { isProblem } from "../ops/align.js";
import type { Value } from "../ops/value.js";
import type { BinaryExpression, Expression, IndexExpression, MemberExpression } from "../syntax/tree.js";
import { textIndicator } from "./columns.js";
import type { Context } from "./context.js";
import { indexed } from "./indexing.js";
import { resolve } from "./names.js";
import type { Scope } from "./scope.js";

/** Undefined where this is no such comparison; a value of undefined where it is one and erroneous. */
export function textComparison(
  c: Context,
  e: BinaryExpression,
  scope: Scope,
): { readonly value: Value | undefined } | undefined {
  if (e.operator !== "==" && e.operator !== "!=") return undefined;
  const [text, other] = e.left.kind === "string" ? [e.left, e.right] : [e.right, e.left];
  const column = text.kind === "string" ? columnIn(other) : undefined;
  if (text.kind !== "string" || !column) return undefined;
  if (column.member.object.kind !== "name") return undefined;
  const data = resolve(c, column.member.object.name, column.member.object.span, scope);
  if (data?.kind !== "data") return undefined;
  const rows = textIndicator(c, data, column.member.member.name, text.value);
  if (!rows) return undefined;
  const value = column.index ? indexed(c, rows, column.index, scope) : rows;
  if (!value || e.operator === "==") return { value };
  const negated = elementwise(c.b, "not", [value]);
  return { value: isProblem(negated) ? undefined : negated };
}

/** `d.sex` or `d.sex[i]` */
function columnIn(e: Expression): { member: MemberExpression; index?: IndexExpression } | undefined {
  if (e.kind === "member") return { member: e };
  return e.kind === "index" && e.object.kind === "member" ? { member: e.object, index: e } : undefined;
}
