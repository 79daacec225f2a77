/** Objectives and constraints of the planned levels, as nodes to be minimised and rows. */

import type { Node } from "../expr/node.js";
import type { Constraint } from "../model/problem.js";
import { ownShape } from "../ops/value.js";
import type { ConstraintDeclaration, Expression, ObjectiveDeclaration } from "../syntax/tree.js";
import { constraintsOf } from "./constraints.js";
import { type Context, valueWords } from "./context.js";
import type { LevelPlan } from "./levels.js";
import { rootScope, type Scope } from "./scope.js";

export interface LevelContent {
  /** Undefined where it is missing or erroneous. */
  readonly objective: Node | undefined;
  readonly constraints: readonly Constraint[];
}

export function contentOf(c: Context, plan: LevelPlan, level: "upper" | "lower"): LevelContent {
  c.level = level;
  const scope = levelScope(c, plan);
  const objective = plan.objective && objectiveOf(c, plan.objective, scope);
  checkConstraintNames(c, plan.constraints);
  const constraints = plan.constraints.flatMap((d, k) =>
    constraintsOf(c, d, d.name?.name ?? `${plan.name}${k + 1}`, scope),
  );
  return { objective, constraints };
}

export function levelScope(c: Context, plan: LevelPlan): Scope {
  const table = c.symbols.levels.get(plan.declaration);
  return table ? rootScope(table, c.symbols.file) : rootScope(c.symbols.file);
}

/** The scalar to be minimised. */
function objectiveOf(c: Context, { sense, value: e }: ObjectiveDeclaration, scope: Scope): Node | undefined {
  const value = c.value(e, scope);
  if (!value) return undefined;
  if (isCondition(e)) {
    const hint = "a constraint stands after `subject to`; a choice is written `if c then a else b`";
    return c.report("BLO0406", { shape: "a comparison, which is only true or false" }, { span: e.span, hint });
  }
  if (ownShape(value).length > 0) {
    return c.report("BLO0406", { shape: valueWords(value) }, { span: e.span });
  }
  return sense === "maximize" ? c.b.at(e.span, () => c.b.neg(value.node)) : value.node;
}

const conditions: ReadonlySet<string> = new Set(["<", "<=", ">", ">=", "==", "!=", "and", "or", "not"]);

/** A truth value by its outermost operator. */
function isCondition(e: Expression): boolean {
  return (e.kind === "binary" || e.kind === "unary") && conditions.has(e.operator);
}

function checkConstraintNames(c: Context, declarations: readonly ConstraintDeclaration[]): void {
  const seen = new Map<string, ConstraintDeclaration>();
  for (const d of declarations) {
    if (!d.name) continue;
    const { name, span } = d.name;
    const first = seen.get(name);
    if (first?.name) {
      const related = [{ span: first.name.span, message: "the first" }];
      c.report("BLO0323", { name }, { span, related });
    } else seen.set(name, d);
  }
}
