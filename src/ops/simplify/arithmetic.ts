/**
 * Rules for sums, products and quotients. Numbers move to the front and are gathered: c1 (c2 x) = (c1 c2) x; signs move
 * into sums and differences; scalar factors move in front of tensors. 0 * x counts as 0 even where x is not finite.
 * Arguments have been brought to the form in `elementwise.ts`: full shape or scalar.
 */
import { type Node, type Shape, sameShape } from "../../expr/node.js";
import type { Builder } from "../build.js";
import { constantOf, isScalar, isZero, scale, scaled, shaped, uniformOf } from "./parts.js";

export type Rule = (b: Builder, args: readonly Node[], shape: Shape) => Node | undefined;

/** -x, where `node` is x with a negative number in front. */
function negated(b: Builder, node: Node): Node | undefined {
  if (constantOf(node) !== undefined) return undefined;
  if (node.op === "neg") return node.args[0];
  if (node.op === "broadcast") {
    const inner = negated(b, node.args[0]);
    return inner && b.broadcast(inner, node.shape, node.attributes.axes!);
  }
  const { factor, rest } = scaled(node);
  return factor < 0 ? scale(b, -factor, rest) : undefined;
}

const add: Rule = (b, [x, y], shape) => {
  if (isZero(x)) return shaped(b, y, shape);
  if (isZero(y)) return shaped(b, x, shape);
  const [p, q] = [scaled(x), scaled(y)];
  if (p.rest === q.rest) return shaped(b, scale(b, p.factor + q.factor, p.rest), shape);
  if (p.factor === q.factor && p.factor !== 1) return scale(b, p.factor, b.add(p.rest, q.rest));
  const [minusX, minusY] = [negated(b, x), negated(b, y)];
  if (minusX && minusY) return b.neg(b.add(minusX, minusY));
  if (minusY) return b.sub(x, minusY);
  if (minusX) return b.sub(y, minusX);
  return undefined;
};

const sub: Rule = (b, [x, y], shape) => {
  if (x === y) return b.zeros(shape);
  if (isZero(y)) return shaped(b, x, shape);
  if (isZero(x)) return shaped(b, b.neg(y), shape);
  const [p, q] = [scaled(x), scaled(y)];
  if (p.rest === q.rest) return shaped(b, scale(b, p.factor - q.factor, p.rest), shape);
  if (p.factor === q.factor && p.factor !== 1) return scale(b, p.factor, b.sub(p.rest, q.rest));
  const [minusX, minusY] = [negated(b, x), negated(b, y)];
  if (minusY) return minusX ? b.sub(minusY, minusX) : b.add(x, minusY);
  return minusX ? b.neg(b.add(minusX, y)) : undefined;
};

const neg: Rule = (b, [x]) => {
  if (x.op === "neg") return x.args[0];
  const { factor, rest } = scaled(x);
  return factor === 1 ? undefined : scale(b, -factor, rest);
};

const mul: Rule = (b, [x, y], shape) => {
  if (isZero(x) || isZero(y)) return b.zeros(shape);
  for (const [one, other] of [
    [x, y],
    [y, x],
  ]) {
    const c = uniformOf(one);
    if (c === undefined) continue;
    if (c === 1) return shaped(b, other, shape);
    if (c === -1) return shaped(b, b.neg(other), shape);
    const { factor, rest } = scaled(other);
    if (factor !== 1) return shaped(b, scale(b, c * factor, rest), shape);
  }
  if (constantOf(x) !== undefined || constantOf(y) !== undefined) return undefined;
  const [p, q] = [scaled(x), scaled(y)];
  if (p.factor * q.factor !== 1 || p.rest !== x || q.rest !== y)
    return shaped(b, scale(b, p.factor * q.factor, b.mul(p.rest, q.rest)), shape);
  if (x === y) return b.square(x);
  return reciprocal(b, x, y) ?? reciprocal(b, y, x) ?? scalarFirst(b, x, y) ?? scalarFirst(b, y, x) ?? crossed(b, x, y);
};

/** x (c / z) = c x / z */
function reciprocal(b: Builder, x: Node, y: Node): Node | undefined {
  const c = y.op === "div" ? constantOf(y.args[0]) : undefined;
  return c === undefined || !sameShape(y.shape, y.args[1].shape) ? undefined : b.div(scale(b, c, x), y.args[1]);
}

/** x (s Y) = s (x Y) for a scalar s and a tensor Y; where x is a scalar too, (x s) Y. */
function scalarFirst(b: Builder, x: Node, y: Node): Node | undefined {
  if (y.op !== "mul" || isScalar(y)) return undefined;
  const [s, rest] = isScalar(y.args[0]) ? y.args : isScalar(y.args[1]) ? [y.args[1], y.args[0]] : [];
  if (!s || !rest) return undefined;
  return isScalar(x) ? b.mul(b.mul(x, s), rest) : b.mul(s, b.mul(x, rest));
}

/** A product of two operands repeated along different axes is an outer product (repeated along the rest). */
function crossed(b: Builder, x: Node, y: Node): Node | undefined {
  if (x.op !== "broadcast" || y.op !== "broadcast") return undefined;
  const [left, right] = [x.attributes.axes!, y.attributes.axes!];
  const out = x.shape.map((_, k) => k).filter((k) => left.includes(k) || right.includes(k));
  return b.broadcast(b.contract(x.args[0], y.args[0], { left, right, out }), x.shape, out);
}

const div: Rule = (b, [x, y], shape) => {
  const c = uniformOf(y);
  if (c !== 0 && isZero(x)) return b.zeros(shape);
  const p = constantOf(x) === undefined ? scaled(x) : { factor: 1, rest: x };
  if (c !== undefined) {
    if (c === 1) return shaped(b, x, shape);
    return p.factor === 1 ? undefined : shaped(b, scale(b, p.factor / c, p.rest), shape);
  }
  const q = scaled(y);
  if (p.factor === 1 && q.factor === 1) return undefined;
  const top = constantOf(x);
  if (top !== undefined) return b.div(b.constant(top / q.factor), q.rest);
  return scale(b, p.factor / q.factor, b.div(p.rest, q.rest));
};

const safediv: Rule = (b, [x, y], shape) => {
  const c = uniformOf(y);
  if (isZero(x) || c === 0) return b.zeros(shape);
  if (c !== undefined) return b.div(x, y);
  const [p, q] = [constantOf(x) === undefined ? scaled(x) : { factor: 1, rest: x }, scaled(y)];
  if (p.factor === 1 && q.factor === 1) return undefined;
  return scale(b, p.factor / q.factor, b.apply("safediv", [p.rest, q.rest]));
};

const square: Rule = (b, [x]) => {
  if (x.op === "abs") return b.square(x.args[0]);
  const { factor, rest } = scaled(x);
  return factor === 1 ? undefined : scale(b, factor * factor, b.square(rest));
};

const abs: Rule = (b, [x]) => {
  if (["abs", "square", "exp", "sqrt", "sigmoid", "softplus"].includes(x.op)) return x;
  const { factor, rest } = scaled(x);
  return factor === 1 ? undefined : scale(b, Math.abs(factor), b.abs(rest));
};

const pow: Rule = (b, [x, y], shape) => {
  if (uniformOf(x) === 1) return b.filled(shape, 1);
  if (constantOf(x) === Math.E) return b.exp(y);
  const full = shaped(b, x, shape);
  switch (uniformOf(y)) {
    case 0:
      return b.filled(shape, 1);
    case 1:
      return full;
    case 2:
      return b.square(full);
    case 3:
      return b.mul(full, b.square(full));
    case 4:
      return b.square(b.square(full));
    case 0.5:
      return b.sqrt(full);
    case -1:
      return b.div(b.constant(1), full);
    default:
      return undefined;
  }
};

/** Terms of one shape with like ones gathered: c1 x + y + c2 x = (c1 + c2) x + y. Zeros go unless they are all there is. */
export function likeTerms(b: Builder, terms: readonly Node[]): readonly Node[] {
  const factors = new Map<Node, number>();
  for (const t of terms) {
    if (isZero(t)) continue;
    const { factor, rest } = scaled(t);
    factors.set(rest, (factors.get(rest) ?? 0) + factor);
  }
  const gathered = [...factors].map(([rest, factor]) => scale(b, factor, rest)).filter((t) => !isZero(t));
  return gathered.length > 0 ? gathered : [b.zeros(terms[0].shape)];
}

export const arithmeticRules: Readonly<Record<string, Rule>> = {
  add,
  sub,
  neg,
  mul,
  div,
  safediv,
  square,
  abs,
  pow,
  // sqrt(x^2) = |x|
  sqrt: (b, [x]) => (x.op === "square" ? b.abs(x.args[0]) : undefined),
  // log(e^x) = x
  log: (_, [x]) => (x.op === "exp" ? x.args[0] : undefined),
};
