/** Elementwise arithmetic: sums, products, quotients, powers, roots, absolute value, minimum and maximum. */
import type { Node } from "../../expr/node.js";
import * as interval from "../../num/interval.js";
import { pow as powRange, sqrt as sqrtRange } from "../../num/intervalFunctions.js";
import type { Builder } from "../build.js";
import {
  bilinear,
  byBounds,
  decreasing,
  increasing,
  larger,
  linear,
  one,
  power,
  quotient,
  stepping,
} from "../curvature.js";
import type { Operator } from "../operator.js";
import { elementwise } from "./rule.js";

function safediv(a: number, b: number): number {
  return b === 0 ? 0 : a / b;
}

const nonzero = (value: number): boolean => value !== 0;

export const arithmetic: readonly Operator[] = [
  elementwise({
    name: "neg",
    arity: 1,
    doc: "-a.",
    apply: (a) => -a,
    js: (a) => `(-${a})`,
    cost: 1,
    range: interval.neg,
    curvature: linear(decreasing),
    slopes: [(b, g) => b.neg(g)],
    tex: (a) => `-${a}`,
    tf: (tf, a) => tf.neg(a),
  }),
  elementwise({
    name: "add",
    arity: 2,
    doc: "a + b.",
    apply: (a, b) => a + b,
    js: (a, b) => `(${a} + ${b})`,
    cost: 1,
    range: interval.add,
    curvature: linear(increasing, increasing),
    slopes: [(_, g) => g, (_, g) => g],
    tex: (a, b) => `${a} + ${b}`,
    tf: (tf, a, b) => tf.add(a, b),
  }),
  elementwise({
    name: "sub",
    arity: 2,
    doc: "a - b.",
    apply: (a, b) => a - b,
    js: (a, b) => `(${a} - ${b})`,
    cost: 1,
    range: interval.sub,
    curvature: linear(increasing, decreasing),
    slopes: [(_, g) => g, (b, g) => b.neg(g)],
    tex: (a, b) => `${a} - ${b}`,
    tf: (tf, a, b) => tf.sub(a, b),
  }),
  elementwise({
    name: "mul",
    arity: 2,
    doc: "a b, entry by entry.",
    apply: (a, b) => a * b,
    js: (a, b) => `(${a} * ${b})`,
    cost: 1,
    range: interval.mul,
    curvature: bilinear,
    slopes: [(b, g, n) => b.mul(g, n.args[1]), (b, g, n) => b.mul(g, n.args[0])],
    tex: (a, b) => `${a} ${/^\d/.test(b) ? "\\cdot " : "\\, "}${b}`,
    tf: (tf, a, b) => tf.mul(a, b),
  }),
  elementwise({
    name: "div",
    arity: 2,
    doc: "a / b, entry by entry.",
    apply: (a, b) => a / b,
    js: (a, b) => `(${a} / ${b})`,
    cost: 4,
    range: interval.div,
    curvature: quotient,
    // d(a/b) = da / b - (a/b) db / b
    slopes: [(b, g, n) => b.div(g, n.args[1]), (b, g, n) => b.neg(b.div(b.mul(g, n), n.args[1]))],
    tex: (a, b) => `\\frac{${a}}{${b}}`,
    tf: (tf, a, b) => tf.div(a, b),
    domain: { argument: 1, holds: nonzero, words: "the divisor must not be 0" },
  }),
  elementwise({
    name: "safediv",
    arity: 2,
    doc: "a / b, and 0 where b = 0; its derivative there is taken as 0 as well.",
    apply: safediv,
    js: (a, b) => `safediv(${a}, ${b})`,
    helpers: { safediv },
    cost: 5,
    range: interval.safediv,
    curvature: (bounds, varies, node) => {
      // away from b = 0 it is a / b
      if (!varies[1] || bounds[1].lo > 0 || bounds[1].hi < 0) return quotient(bounds, varies, node);
      return { bend: "none", trends: [quotient(bounds, varies, node).trends[0], "none"], rough: "jump" };
    },
    slopes: [
      (b, g, n) => b.apply("safediv", [g, n.args[1]]),
      (b, g, n) => b.neg(b.mul(g, b.apply("safediv", [n, n.args[1]]))),
    ],
    tex: (a, b) => `\\frac{${a}}{${b}}`,
    tf: (tf, a, b) => tf.divNoNan(a, b),
  }),
  elementwise({
    name: "pow",
    arity: 2,
    doc: "a to the power b; a negative base needs an integer exponent. The derivative by b at a = 0 is taken as 0.",
    apply: (a, b) => a ** b,
    js: (a, b) => `Math.pow(${a}, ${b})`,
    cost: 30,
    range: powRange,
    curvature: power,
    // d(a^b) = b a^(b-1) da + a^b log(a) db, with log(1) in place of log(0)
    slopes: [
      (b, g, n) => b.mul(g, b.mul(n.args[1], b.pow(n.args[0], b.sub(n.args[1], b.constant(1))))),
      (b, g, n) => b.mul(g, b.mul(n, b.log(b.select(n.args[0], n.args[0], b.constant(1))))),
    ],
    tex: (a, b) => `${a}^{${b}}`,
    tf: (tf, a, b) => tf.pow(a, b),
  }),
  elementwise({
    name: "square",
    arity: 1,
    doc: "a squared.",
    apply: (a) => a * a,
    js: (a) => `(${a} * ${a})`,
    cost: 1,
    range: interval.square,
    curvature: byBounds((lo, hi) => one("convex", lo >= 0 ? increasing : hi <= 0 ? decreasing : "none")),
    slopes: [(b, g, n) => b.mul(b.constant(2), b.mul(g, n.args[0]))],
    tex: (a) => `${a}^{2}`,
    tf: (tf, a) => tf.square(a),
  }),
  elementwise({
    name: "sqrt",
    arity: 1,
    doc: "Square root of a >= 0. Its derivative at 0 (infinite) is taken as 0, so that norms have the subgradient 0 there.",
    apply: Math.sqrt,
    js: (a) => `Math.sqrt(${a})`,
    cost: 6,
    range: sqrtRange,
    curvature: byBounds((lo) => one("concave", increasing, lo <= 0 ? "steep" : undefined)),
    // d sqrt(a) = da / (2 sqrt(a))
    slopes: [(b, g, n) => b.apply("safediv", [g, b.mul(b.constant(2), n)])],
    tex: (a) => `\\sqrt{${a}}`,
    tf: (tf, a) => tf.sqrt(a),
    domain: { argument: 0, holds: (v) => v >= 0, words: "the argument of sqrt must not be negative" },
  }),
  elementwise({
    name: "abs",
    arity: 1,
    doc: "Absolute value; the derivative at the kink 0 is taken as 0.",
    apply: Math.abs,
    js: (a) => `Math.abs(${a})`,
    cost: 1,
    range: interval.abs,
    curvature: byBounds((lo, hi) =>
      lo >= 0 ? one("affine", increasing) : hi <= 0 ? one("affine", decreasing) : one("convex", "none", "kink"),
    ),
    slopes: [(b, g, n) => b.mul(g, b.apply("sign", [n.args[0]]))],
    tex: (a) => `\\left|${a}\\right|`,
    tf: (tf, a) => tf.abs(a),
  }),
  elementwise({
    name: "sign",
    arity: 1,
    doc: "-1, 0 or 1; its derivative is taken as 0 everywhere.",
    apply: Math.sign,
    js: (a) => `Math.sign(${a})`,
    cost: 2,
    range: interval.sign,
    curvature: stepping(interval.sign, increasing),
    slopes: [undefined],
    tex: (a) => `\\operatorname{sign}\\left(${a}\\right)`,
    tf: (tf, a) => tf.sign(a),
  }),
  elementwise({
    name: "min",
    arity: 2,
    doc: "The smaller of a and b; at a tie each gets half of the derivative.",
    apply: Math.min,
    js: (a, b) => `Math.min(${a}, ${b})`,
    cost: 2,
    range: interval.min,
    curvature: larger(-1),
    // da where a < b, half of each where a = b; the branch not taken is cut off by select, so its slope cannot leak NaN
    slopes: [
      (b, g, n) => b.select(b.le(n.args[0], n.args[1]), half(b, g, n), b.constant(0)),
      (b, g, n) => b.select(b.le(n.args[1], n.args[0]), half(b, g, n), b.constant(0)),
    ],
    tex: (a, b) => `\\min\\left(${a}, ${b}\\right)`,
    tf: (tf, a, b) => tf.minimum(a, b),
  }),
  elementwise({
    name: "max",
    arity: 2,
    doc: "The larger of a and b; at a tie each gets half of the derivative.",
    apply: Math.max,
    js: (a, b) => `Math.max(${a}, ${b})`,
    cost: 2,
    range: interval.max,
    curvature: larger(1),
    slopes: [
      (b, g, n) => b.select(b.le(n.args[1], n.args[0]), half(b, g, n), b.constant(0)),
      (b, g, n) => b.select(b.le(n.args[0], n.args[1]), half(b, g, n), b.constant(0)),
    ],
    tex: (a, b) => `\\max\\left(${a}, ${b}\\right)`,
    tf: (tf, a, b) => tf.maximum(a, b),
  }),
];

/** g, and g/2 at ties. */
function half(b: Builder, g: Node, n: Node): Node {
  return b.select(b.eq(n.args[0], n.args[1]), b.mul(b.constant(0.5), g), g);
}
