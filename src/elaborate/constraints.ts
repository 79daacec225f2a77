/** Constraints: each relation becomes rows of `body <= 0` or `body == 0`; `forall` adds the axes of its indices to the rows. */
import { sizeOf } from "../expr/node.js";
import type { Constraint } from "../model/problem.js";
import { elementwise } from "../ops/algebra.js";
import { isProblem } from "../ops/align.js";
import type { Value } from "../ops/value.js";
import type { ConstraintDeclaration } from "../syntax/tree.js";
import { bindIndices } from "./bind.js";
import { reportUnused, withoutMeaning } from "./comprehension.js";
import { type Context, valueWords } from "./context.js";
import { finish } from "./finish.js";
import { markMentioned } from "./mentions.js";
import { fitRows, origins } from "./operators.js";
import type { Scope } from "./scope.js";

/** The rows of a declaration: one constraint for each relation, under one name. */
export function constraintsOf(
  c: Context,
  declaration: ConstraintDeclaration,
  name: string,
  outside: Scope,
): readonly Constraint[] {
  const { binders, where, terms, relations, span } = declaration;
  const bound = bindIndices(c, binders, where, outside);
  if (!bound) {
    for (const term of terms) c.value(term, withoutMeaning(outside, binders));
    return [];
  }
  if (bound.axes.some((axis) => axis.size === 0)) {
    for (const term of terms) markMentioned(c, term, bound.scope);
    c.report("BLO0504", { what: "forall", value: "" }, { span });
    return [];
  }
  const values = terms.map((term) => c.value(term, bound.scope));
  if (!values.every((v) => v !== undefined)) return [];
  reportUnused(c, bound, "this constraint");
  return relations.flatMap((relation, k): Constraint[] => {
    const parts = [terms[k], terms[k + 1]];
    const sides = [values[k], values[k + 1]];
    const [left, right] = relation === ">=" ? [sides[1], sides[0]] : sides;
    const body = c.b.at(span, () => elementwise(c.b, "sub", fitRows(c, [left, right], relation), relation));
    if (isProblem(body)) {
      const parameters = { relation, left: valueWords(sides[0]), right: valueWords(sides[1]) };
      c.report("BLO0407", parameters, { span, related: origins(parts, sides, bound.scope) });
      return [];
    }
    const nodes = [left.node, right.node];
    const value = finish(c, body, bound.scope, span, nodes);
    return value ? [rowsOf(c, value, relation === "==" ? "eq" : "le", name, declaration)] : [];
  });
}

function rowsOf(
  c: Context,
  value: Value,
  kind: Constraint["kind"],
  name: string,
  { span }: ConstraintDeclaration,
): Constraint {
  const rows = sizeOf(value.node.shape);
  return { name, kind, body: c.b.at(span, () => c.b.reshape(value.node, [rows])), rows, span };
}
