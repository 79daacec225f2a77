/** Expressions to values: one case per kind of the syntax tree. */
import { assertNever } from "../base/never.js";
import { plain, type Value } from "../ops/value.js";
import type { Expression, MemberExpression, NameExpression } from "../syntax/tree.js";
import { arrayValue } from "./arrays.js";
import { callValue } from "./calls.js";
import { type DataReference, dataValue, memberOf } from "./columns.js";
import { comprehensionValue } from "./comprehension.js";
import type { Context } from "./context.js";
import { indexValue } from "./indexing.js";
import { resolve } from "./names.js";
import { binaryValue, coefficientValue, conditionalValue, transposedValue, unaryValue } from "./operators.js";
import type { Scope } from "./scope.js";

/** The value of an expression; undefined where it is erroneous, which has been reported. */
export function expressionValue(c: Context, e: Expression, scope: Scope): Value | undefined {
  switch (e.kind) {
    case "number":
      return plain(c.b.at(e.span, () => c.b.constant(e.value)));
    case "string":
      return c.report("BLO0216", { text: e.value }, { span: e.span });
    case "name":
      return nameValue(c, e, scope);
    case "member":
      return memberValue(c, e, scope);
    case "unary":
      return unaryValue(c, e, scope);
    case "binary":
      return binaryValue(c, e, scope);
    case "coefficient":
      return coefficientValue(c, e, scope);
    case "transpose":
      return transposedValue(c, e, scope);
    case "call":
      return callValue(c, e, scope);
    case "index":
      return indexValue(c, e, scope);
    case "range":
      throw new Error("the grammar has ranges where sets stand only");
    case "comprehension":
      return comprehensionValue(c, e, scope);
    case "array":
      return arrayValue(c, e, scope);
    case "conditional":
      return conditionalValue(c, e, scope);
    default:
      return assertNever(e);
  }
}

function nameValue(c: Context, e: NameExpression, scope: Scope): Value | undefined {
  const meaning = resolve(c, e.name, e.span, scope);
  switch (meaning?.kind) {
    case "value":
      return meaning.value;
    case "data":
      return dataValue(c, meaning, e.span);
    case "set":
      return c.report("BLO0214", { name: e.name, what: "a set", wanted: "a number" }, { span: e.span });
    default:
      return undefined;
  }
}

function memberValue(c: Context, e: MemberExpression, scope: Scope): Value | undefined {
  const object = dataOf(c, e.object, scope);
  if (!object) return undefined;
  if (object === "no data") {
    const parameters = { text: c.text(e.object), member: e.member.name };
    return c.report("BLO0215", parameters, { span: e.span });
  }
  const part = memberOf(c, object, e.member.name, e.member.span);
  return part && "kind" in part ? dataValue(c, part, e.span) : part;
}

/** The data an expression stands for: `d`, or a part of them, `d.train`. */
function dataOf(c: Context, e: Expression, scope: Scope): DataReference | "no data" | undefined {
  if (e.kind === "name") {
    const meaning = resolve(c, e.name, e.span, scope);
    return meaning && (meaning.kind === "data" ? meaning : "no data");
  }
  if (e.kind === "member") {
    const object = dataOf(c, e.object, scope);
    if (!object || object === "no data") return object;
    const part = memberOf(c, object, e.member.name, e.member.span);
    return part && ("kind" in part ? part : "no data");
  }
  return c.value(e, scope) && "no data";
}
