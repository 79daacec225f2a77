/** Elementwise exponentials and logarithms, with the forms that stay accurate near 0. */
import * as interval from "../../num/intervalFunctions.js";
import { always, increasing } from "../curvature.js";
import type { Operator } from "../operator.js";
import { elementwise } from "./rule.js";

export const exponential: readonly Operator[] = [
  elementwise({
    name: "exp",
    arity: 1,
    doc: "e to the power a.",
    apply: Math.exp,
    js: (a) => `Math.exp(${a})`,
    cost: 20,
    range: interval.exp,
    curvature: always("convex", increasing),
    slopes: [(b, g, n) => b.mul(g, n)],
    tex: (a) => `e^{${a}}`,
    tf: (tf, a) => tf.exp(a),
  }),
  elementwise({
    name: "expm1",
    arity: 1,
    doc: "exp(a) - 1 without cancellation near 0.",
    apply: Math.expm1,
    js: (a) => `Math.expm1(${a})`,
    cost: 20,
    range: interval.expm1,
    curvature: always("convex", increasing),
    slopes: [(b, g, n) => b.mul(g, b.exp(n.args[0]))],
    tex: (a) => `\\left(e^{${a}} - 1\\right)`,
    tf: (tf, a) => tf.expm1(a),
  }),
  elementwise({
    name: "log",
    arity: 1,
    doc: "Natural logarithm of a > 0.",
    apply: Math.log,
    js: (a) => `Math.log(${a})`,
    cost: 20,
    range: interval.log,
    curvature: always("concave", increasing),
    // d log(a) = da / a
    slopes: [(b, g, n) => b.div(g, n.args[0])],
    tex: (a) => `\\log\\left(${a}\\right)`,
    tf: (tf, a) => tf.log(a),
    domain: { argument: 0, holds: (v) => v > 0, words: "the argument of log must be positive" },
  }),
  elementwise({
    name: "log1p",
    arity: 1,
    doc: "log(1 + a) for a > -1, without cancellation near 0.",
    apply: Math.log1p,
    js: (a) => `Math.log1p(${a})`,
    cost: 20,
    range: interval.log1p,
    curvature: always("concave", increasing),
    // d log(1 + a) = da / (1 + a)
    slopes: [(b, g, n) => b.div(g, b.add(b.constant(1), n.args[0]))],
    tex: (a) => `\\log\\left(1 + ${a}\\right)`,
    tf: (tf, a) => tf.log1p(a),
    domain: { argument: 0, holds: (v) => v > -1, words: "the argument of log1p must be greater than -1" },
  }),
];
