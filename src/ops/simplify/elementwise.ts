/**
 * Simplification of elementwise operators. First the form: operands that repeat a scalar become that scalar, and where
 * all operands are repeated alike the operator moves inside the repetition. Then the cut: a select with a zero branch
 * moves out of products, so that the slope of the branch not taken, which may be infinite, never meets the zero.
 * Then the operator's own rules; last, commuting operands are put in order (numbers first, then by age).
 */
import { type Node, type Shape, sameShape } from "../../expr/node.js";
import type { Builder } from "../build.js";
import { elementwiseShape } from "../elementwise/rule.js";
import { arithmeticRules, type Rule } from "./arithmetic.js";
import { isZero, shaped, uniformOf } from "./parts.js";

const commutative = new Set(["add", "mul", "min", "max", "eq", "and", "or"]);

export function elementwise(b: Builder, op: string, given: readonly Node[]): Node {
  const shape = elementwiseShape(
    op,
    given.map((a) => a.shape),
  );
  const args = given.map((a) => (a.op === "broadcast" && a.args[0].shape.length === 0 ? a.args[0] : a));
  const repeated = inside(b, op, args, shape);
  if (repeated) return repeated;
  const simple = cut(b, op, args) ?? rules[op]?.(b, args, shape);
  if (simple) return shaped(b, simple, shape);
  if (commutative.has(op)) args.sort(byAge);
  return b.raw(op, args);
}

function byAge(x: Node, y: Node): number {
  const [p, q] = [x.op === "constant" ? 0 : 1, y.op === "constant" ? 0 : 1];
  return p - q || x.id - y.id;
}

/** op(repeat(x), repeat(y), scalar) = repeat(op(x, y, scalar)). */
function inside(b: Builder, op: string, args: readonly Node[], shape: Shape): Node | undefined {
  if (shape.length === 0) return undefined;
  const tensors = args.filter((a) => a.shape.length > 0);
  if (tensors.length === 0) return b.broadcast(b.apply(op, args), shape, []);
  const axes = tensors[0].attributes.axes;
  if (!axes || !tensors.every((a) => a.op === "broadcast" && sameShape(a.attributes.axes!, axes))) return undefined;
  return b.broadcast(
    b.apply(
      op,
      args.map((a) => (a.shape.length > 0 ? a.args[0] : a)),
    ),
    shape,
    axes,
  );
}

/** select(c, a, 0) y = select(c, a y, 0), and likewise for neg, for quotients and for a zero in the first branch. */
function cut(b: Builder, op: string, args: readonly Node[]): Node | undefined {
  if (op !== "mul" && op !== "div" && op !== "safediv" && op !== "neg") return undefined;
  for (let i = 0; i < (op === "mul" ? 2 : 1); i++) {
    const choice = args[i];
    if (choice.op !== "select") continue;
    const [condition, yes, no] = choice.args;
    if (!isZero(yes) && !isZero(no)) continue;
    const moved = (branch: Node): Node =>
      isZero(branch)
        ? b.constant(0)
        : b.apply(
            op,
            args.map((a, k) => (k === i ? shaped(b, branch, choice.shape) : a)),
          );
    return b.select(condition, moved(yes), moved(no));
  }
  return undefined;
}

const same: Rule = (b, [x, y], shape) => (x === y ? shaped(b, x, shape) : undefined);

const rules: Readonly<Record<string, Rule>> = {
  ...arithmeticRules,
  min: same,
  max: same,
  select: (b, [condition, x, y], shape) => {
    const known = uniformOf(condition);
    if (known !== undefined) return shaped(b, known ? x : y, shape);
    if (x === y) return shaped(b, x, shape);
    return condition.op === "not" ? b.select(condition.args[0], y, x) : undefined;
  },
};
