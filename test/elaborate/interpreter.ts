/**
 * An independent reading of the language for tests: expressions are evaluated by plain recursion and loops over numbers,
 * with no graph, no axes and no simplification.
 */
import type { Binder, Expression } from "../../src/syntax/tree.js";

export type Plain = number | readonly Plain[];
export type Environment = ReadonlyMap<string, Plain>;

const functions: ReadonlyMap<string, (...a: number[]) => number> = new Map([
  ["exp", Math.exp],
  ["sin", Math.sin],
  ["cos", Math.cos],
  ["abs", Math.abs],
  ["sqrt", Math.sqrt],
  ["max", Math.max],
  ["min", Math.min],
]);

export function interpret(e: Expression, env: Environment): Plain {
  switch (e.kind) {
    case "number":
      return e.value;
    case "name": {
      const value = env.get(e.name);
      if (value === undefined) throw new Error(`unknown ${e.name}`);
      return value;
    }
    case "unary": {
      const v = number(e.operand, env);
      return e.operator === "-" ? -v : e.operator === "not" ? Number(v === 0) : v;
    }
    case "coefficient":
      return e.coefficient.value * number(e.factor, env);
    case "binary":
      return binary(e.operator, number(e.left, env), number(e.right, env));
    case "conditional":
      return number(e.condition, env) !== 0 ? interpret(e.consequent, env) : interpret(e.alternate, env);
    case "call":
      return functions.get(e.callee.name)!(...e.arguments.map((a) => number(a, env)));
    case "array":
      return e.items.map((item) => interpret(item, env));
    case "index": {
      let value = interpret(e.object, env);
      for (const item of e.items) {
        if (item.kind === "slice") throw new Error("slice");
        const entry = (value as readonly Plain[])[number(item, env) - 1];
        if (entry === undefined) throw new Error("out of range");
        value = entry;
      }
      return value;
    }
    case "comprehension": {
      const terms: number[] = [];
      each(e.binders, e.where, env, (inner) => terms.push(number(e.body, inner)));
      return reduce[e.operator](terms);
    }
    default:
      throw new Error(`no reading of ${e.kind}`);
  }
}

const reduce = {
  sum: (t: number[]) => t.reduce((a, b) => a + b, 0),
  prod: (t: number[]) => t.reduce((a, b) => a * b, 1),
  mean: (t: number[]) => t.reduce((a, b) => a + b, 0) / t.length,
  max: (t: number[]) => Math.max(...t),
  min: (t: number[]) => Math.min(...t),
};

function each(
  binders: readonly Binder[],
  where: Expression | undefined,
  env: Environment,
  visit: (env: Environment) => void,
): void {
  const [first, ...rest] = binders;
  if (!first) {
    if (!where || number(where, env) !== 0) visit(env);
    return;
  }
  for (const i of elements(first.set, env)) each(rest, where, new Map(env).set(first.index.name, i), visit);
}

function elements(set: Expression, env: Environment): readonly number[] {
  if (set.kind !== "range") return interpret(set, env) as readonly number[];
  const [from, to] = [number(set.from, env), number(set.to, env)];
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, k) => from + k);
}

function number(e: Expression, env: Environment): number {
  const value = interpret(e, env);
  if (typeof value !== "number") throw new Error("not a number");
  return value;
}

function binary(operator: string, a: number, b: number): number {
  switch (operator) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
      return a / b;
    case "^":
      return a ** b;
    case "<":
      return Number(a < b);
    case "<=":
      return Number(a <= b);
    case ">":
      return Number(a > b);
    case ">=":
      return Number(a >= b);
    case "==":
      return Number(a === b);
    case "!=":
      return Number(a !== b);
    case "and":
      return Number(a !== 0 && b !== 0);
    case "or":
      return Number(a !== 0 || b !== 0);
    default:
      throw new Error(operator);
  }
}
