/** Unary and binary operators, coefficients, transposes, conditionals: values of the operands to values, with the shapes checked. */
import { assertNever } from "../base/never.js";
import type { Span } from "../base/span.js";
import { choose, elementwise, power, product, quotient, transposeValue } from "../ops/algebra.js";
import { isProblem, kindOf, type ShapeProblem } from "../ops/align.js";
import { ownShape, plain, type Value } from "../ops/value.js";
import type {
  BinaryExpression,
  BinaryOperator,
  CoefficientExpression,
  ConditionalExpression,
  Expression,
  TransposeExpression,
  UnaryExpression,
} from "../syntax/tree.js";
import { type Context, valueWords } from "./context.js";
import { finish, guardsOf, isActive } from "./finish.js";
import { markMentioned } from "./mentions.js";
import { lookup, type Scope, withGuard } from "./scope.js";
import { unravel } from "./statics.js";
import { textComparison } from "./textComparison.js";

type Build = (l: Value, r: Value) => Value | ShapeProblem;

export function unaryValue(c: Context, e: UnaryExpression, scope: Scope): Value | undefined {
  const operand = c.value(e.operand, scope);
  if (!operand || e.operator === "+") return operand;
  const op = e.operator === "-" ? "neg" : "not";
  return settle(c, e, scope, [e.operand], [operand], e.operator, ([v]) => elementwise(c.b, op, [v], e.operator));
}

export function transposedValue(c: Context, e: TransposeExpression, scope: Scope): Value | undefined {
  const operand = c.value(e.operand, scope);
  if (!operand) return undefined;
  if (ownShape(operand).length > 2) {
    const problem = `only vectors and matrices have a transpose, found ${valueWords(operand)}`;
    return c.report("BLO0401", { operator: "'", problem }, { span: e.span });
  }
  return finish(
    c,
    c.b.at(e.span, () => transposeValue(c.b, operand)),
    scope,
    e.span,
  );
}

export function coefficientValue(c: Context, e: CoefficientExpression, scope: Scope): Value | undefined {
  const factor = c.value(e.factor, scope);
  if (!factor) return undefined;
  const number = plain(c.b.constant(e.coefficient.value));
  const value = c.b.at(e.span, () => product(c.b, number, factor));
  if (isProblem(value)) throw new Error(value.problem);
  return keepRow(c, finish(c, value, scope, e.span, [factor.node]), [factor]);
}

/** Left-associative chains (a + b + c + …) are walked, not recursed into, so that long sums do not exhaust the stack. */
export function binaryValue(c: Context, e: BinaryExpression, scope: Scope): Value | undefined {
  const chain: BinaryExpression[] = [e];
  for (let left = e.left; left.kind === "binary"; left = left.left) chain.push(left);
  let value: Value | undefined;
  for (let next = chain.pop(), first = true; next; next = chain.pop(), first = false) {
    const compared = textComparison(c, next, scope);
    if (compared) {
      value = compared.value;
      continue;
    }
    const l = first ? c.value(next.left, scope) : value;
    const r = c.value(next.right, scope);
    value = l && r && binaryOf(c, next, l, r, scope);
  }
  return value;
}

function binaryOf(c: Context, e: BinaryExpression, l: Value, r: Value, scope: Scope): Value | undefined {
  if ((e.operator === "/" || e.operator === "./") && dividesByZero(c, r, scope)) {
    const parameters = { problem: `\`${c.text(e)}\` has no finite value: the divisor must not be 0` };
    return c.report("BLO0601", parameters, { span: e.span });
  }
  const build = rule(c, e.operator);
  return settle(c, e, scope, [e.left, e.right], [l, r], e.operator, ([a, b]) => build(a, b));
}

/** A divisor without variables that is 0 somewhere (where a static condition does not exclude it). */
function dividesByZero(c: Context, divisor: Value, scope: Scope): boolean {
  if (!c.statics.isStatic(divisor.node)) return false;
  const { axes, sizes, shape, values } = c.staticOf(divisor);
  const per = shape.reduce((n, d) => n * d, 1);
  return values.some((v, k) => v === 0 && isActive(guardsOf(c, scope), axes, unravel(Math.floor(k / per), sizes)));
}

function rule(c: Context, operator: BinaryOperator): Build {
  const { b } = c;
  const entrywise =
    (op: string): Build =>
    (l, r) =>
      elementwise(b, op, [l, r], operator);
  const swapped =
    (op: string): Build =>
    (l, r) =>
      elementwise(b, op, [r, l], operator);
  const negated =
    (build: Build): Build =>
    (l, r) => {
      const value = build(l, r);
      return isProblem(value) ? value : elementwise(b, "not", [value], operator);
    };
  switch (operator) {
    case "+":
      return entrywise("add");
    case "-":
      return entrywise("sub");
    case "*":
      return (l, r) => product(b, l, r);
    case "/":
      return (l, r) => quotient(b, l, r);
    case "^":
      return (l, r) => power(b, l, r);
    case ".*":
      return entrywise("mul");
    case "./":
      return entrywise("div");
    case ".^":
      return entrywise("pow");
    case "<":
      return entrywise("lt");
    case "<=":
      return entrywise("le");
    case ">":
      return swapped("lt");
    case ">=":
      return swapped("le");
    case "==":
      return entrywise("eq");
    case "!=":
      return negated(entrywise("eq"));
    case "and":
      return entrywise("and");
    case "or":
      return entrywise("or");
    default:
      return assertNever(operator);
  }
}

/** Applies an operator; problems are reported with the operands' shapes and where these come from. */
function settle(
  c: Context,
  e: Expression,
  scope: Scope,
  parts: readonly Expression[],
  operands: readonly Value[],
  operator: string,
  build: (operands: readonly Value[]) => Value | ShapeProblem,
): Value | undefined {
  const fitted = fitRows(c, operands, operator);
  const result = c.b.at(e.span, () => build(fitted));
  if (isProblem(result)) {
    const problem = result.problem.replace(/^[^\w\s]+ (?=needs|of)/, "");
    return c.report("BLO0401", { operator, problem }, { span: e.span, related: origins(parts, operands, scope) });
  }
  const value = finish(
    c,
    result,
    scope,
    e.span,
    operands.map((o) => o.node),
  );
  return keepRow(c, value, fitted);
}

/** Rows of matrices `A[i, :]` are rows on the left of `*` and vectors everywhere else, unless only they meet. */
export function fitRows(c: Context, operands: readonly Value[], operator: string): readonly Value[] {
  if (!operands.some((v) => c.slicedRows.has(v))) return operands;
  if (operator === "*") {
    const [l, r] = operands;
    const left = kindOf(l);
    const asVector = c.slicedRows.has(r) && (left === "matrix" || (left === "row" && !c.slicedRows.has(l)));
    return asVector ? [l, column(r)] : operands;
  }
  const meetsVector = operands.some((v) => kindOf(v) === "vector");
  return meetsVector ? operands.map((v) => (c.slicedRows.has(v) ? column(v) : v)) : operands;
}

/** The vector with a row's entries. */
export function column(v: Value): Value {
  return { node: v.node, axes: v.axes };
}

/** A row computed entry by entry from rows of matrices stays one of them. */
export function keepRow(c: Context, value: Value | undefined, operands: readonly Value[]): Value | undefined {
  if (value?.row && operands.every((o) => !o.row || c.slicedRows.has(o)) && operands.some((o) => c.slicedRows.has(o))) {
    c.slicedRows.add(value);
  }
  return value;
}

/** Where the shapes of operands come from: each with its shape, and the declaration of the name it begins with. */
export function origins(
  parts: readonly Expression[],
  operands: readonly Value[],
  scope: Scope,
): { span: Span; message: string }[] {
  const all = parts.flatMap((part, k) => {
    const own = { span: part.span, message: `this is ${valueWords(operands[k])}` };
    const name = headName(part);
    const symbol = name !== undefined && !scope.locals.has(name) ? lookup(scope, name) : undefined;
    return symbol ? [own, { span: symbol.span, message: `\`${symbol.name}\` is declared here` }] : [own];
  });
  return all.filter((r, k) => all.findIndex((o) => o.span.start === r.span.start && o.message === r.message) === k);
}

function headName(e: Expression): string | undefined {
  if (e.kind === "name") return e.name;
  if (e.kind === "index" || e.kind === "member") return headName(e.object);
  return e.kind === "transpose" ? headName(e.operand) : undefined;
}

/** A condition without variables decides while compiling, for each index at once; otherwise both branches are computed. */
export function conditionalValue(c: Context, e: ConditionalExpression, scope: Scope): Value | undefined {
  const condition = c.value(e.condition, scope);
  if (!condition) {
    c.value(e.consequent, scope);
    c.value(e.alternate, scope);
    return undefined;
  }
  const isStatic = c.statics.isStatic(condition.node);
  const truth = isStatic ? c.staticOf(condition).values : undefined;
  if (truth?.every((v) => v !== 0)) return c.value(taken(c, e.consequent, e.alternate, scope), scope);
  if (truth?.every((v) => v === 0)) return c.value(taken(c, e.alternate, e.consequent, scope), scope);
  const guarded = truth !== undefined && ownShape(condition).length === 0;
  const otherwise = guarded ? elementwise(c.b, "not", [condition]) : condition;
  if (isProblem(otherwise)) throw new Error(otherwise.problem);
  const yes = c.value(e.consequent, guarded ? withGuard(scope, condition) : scope);
  const no = c.value(e.alternate, guarded ? withGuard(scope, otherwise) : scope);
  if (!yes || !no) return undefined;
  const parts = [e.condition, e.consequent, e.alternate];
  const operands = fitRows(c, [condition, yes, no], "if");
  const result = c.b.at(e.span, () => choose(c.b, operands[0], operands[1], operands[2]));
  if (isProblem(result)) {
    const problem = result.problem.replace(/^if (?=needs|of)/, "");
    return c.report("BLO0413", { problem }, { span: e.span, related: origins(parts, [condition, yes, no], scope) });
  }
  return keepRow(c, finish(c, result, scope, e.span, [yes.node, no.node]), operands);
}

/** The branch that counts; names in the other one are used all the same. */
function taken(c: Context, branch: Expression, other: Expression, scope: Scope): Expression {
  markMentioned(c, other, scope);
  return branch;
}
