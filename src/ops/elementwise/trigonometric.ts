/** Elementwise trigonometric and hyperbolic functions. */
import * as interval from "../../num/intervalFunctions.js";
import { byBounds, type CurvatureRule, decreasing, increasing, odd, one, wave } from "../curvature.js";
import type { Operator } from "../operator.js";
import { type ElementwiseSpec, elementwise, type Slope } from "./rule.js";

const within = (v: number): boolean => v >= -1 && v <= 1;

function unary(
  name: string,
  doc: string,
  apply: (a: number) => number,
  range: ElementwiseSpec["range"],
  curvature: CurvatureRule,
  slope: Slope,
  tf: ElementwiseSpec["tf"],
  tex = `\\${name}`,
  domain?: ElementwiseSpec["domain"],
): Operator {
  return elementwise({
    name,
    arity: 1,
    doc,
    apply,
    js: (a) => `Math.${name}(${a})`,
    cost: 20,
    range,
    curvature,
    slopes: [slope],
    tex: (a) => `${tex}\\left(${a}\\right)`,
    tf,
    ...(domain ? { domain } : {}),
  });
}

export const trigonometric: readonly Operator[] = [
  // sin' = cos
  unary(
    "sin",
    "Sine (radians).",
    Math.sin,
    interval.sin,
    wave(0),
    (b, g, n) => b.mul(g, b.apply("cos", n.args)),
    (tf, a) => tf.sin(a),
  ),
  // cos' = -sin
  unary(
    "cos",
    "Cosine (radians).",
    Math.cos,
    interval.cos,
    wave(1),
    (b, g, n) => b.neg(b.mul(g, b.apply("sin", n.args))),
    (tf, a) => tf.cos(a),
  ),
  // tan' = 1 + tan^2
  unary(
    "tan",
    "Tangent (radians).",
    Math.tan,
    interval.tan,
    byBounds((lo, hi) =>
      lo > -1.5707963267948966 && hi < 1.5707963267948966
        ? one(lo >= 0 ? "convex" : hi <= 0 ? "concave" : "none", increasing)
        : one("none", "none"),
    ),
    (b, g, n) => b.mul(g, b.add(b.constant(1), b.square(n))),
    (tf, a) => tf.tan(a),
  ),
  // asin' = 1 / sqrt(1 - a^2)
  unary(
    "asin",
    "Inverse sine, for -1 <= a <= 1.",
    Math.asin,
    interval.asin,
    odd("convex", "concave"),
    (b, g, n) => b.div(g, b.sqrt(b.sub(b.constant(1), b.square(n.args[0])))),
    (tf, a) => tf.asin(a),
    "\\arcsin",
    { argument: 0, holds: within, words: "the argument of asin must lie in [-1, 1]" },
  ),
  // acos' = -1 / sqrt(1 - a^2)
  unary(
    "acos",
    "Inverse cosine, for -1 <= a <= 1.",
    Math.acos,
    interval.acos,
    byBounds((lo, hi) => one(lo >= 0 ? "concave" : hi <= 0 ? "convex" : "none", decreasing)),
    (b, g, n) => b.neg(b.div(g, b.sqrt(b.sub(b.constant(1), b.square(n.args[0]))))),
    (tf, a) => tf.acos(a),
    "\\arccos",
    { argument: 0, holds: within, words: "the argument of acos must lie in [-1, 1]" },
  ),
  // atan' = 1 / (1 + a^2)
  unary(
    "atan",
    "Inverse tangent, in (-pi/2, pi/2).",
    Math.atan,
    interval.atan,
    odd("concave", "convex"),
    (b, g, n) => b.div(g, b.add(b.constant(1), b.square(n.args[0]))),
    (tf, a) => tf.atan(a),
    "\\arctan",
  ),
  // sinh' = cosh
  unary(
    "sinh",
    "Hyperbolic sine.",
    Math.sinh,
    interval.sinh,
    odd("convex", "concave"),
    (b, g, n) => b.mul(g, b.apply("cosh", n.args)),
    (tf, a) => tf.sinh(a),
  ),
  // cosh' = sinh
  unary(
    "cosh",
    "Hyperbolic cosine.",
    Math.cosh,
    interval.cosh,
    byBounds((lo, hi) => one("convex", lo >= 0 ? increasing : hi <= 0 ? decreasing : "none")),
    (b, g, n) => b.mul(g, b.apply("sinh", n.args)),
    (tf, a) => tf.cosh(a),
  ),
  // tanh' = 1 - tanh^2
  unary(
    "tanh",
    "Hyperbolic tangent.",
    Math.tanh,
    interval.tanh,
    odd("concave", "convex"),
    (b, g, n) => b.mul(g, b.sub(b.constant(1), b.square(n))),
    (tf, a) => tf.tanh(a),
  ),
  elementwise({
    name: "atan2",
    arity: 2,
    doc: "The angle of the point (b, a), in (-pi, pi]; its derivatives at the origin are taken as 0.",
    apply: Math.atan2,
    js: (a, b) => `Math.atan2(${a}, ${b})`,
    cost: 25,
    range: interval.atan2,
    curvature: () => ({ bend: "none", trends: ["none", "none"], rough: "jump" }),
    // d atan2(y, x) = (x dy - y dx) / (x^2 + y^2)
    slopes: [
      (b, g, n) => b.mul(g, b.apply("safediv", [n.args[1], b.add(b.square(n.args[0]), b.square(n.args[1]))])),
      (b, g, n) => b.neg(b.mul(g, b.apply("safediv", [n.args[0], b.add(b.square(n.args[0]), b.square(n.args[1]))]))),
    ],
    tex: (a, b) => `\\operatorname{atan2}\\left(${a}, ${b}\\right)`,
    tf: (tf, a, b) => tf.atan2(a, b),
  }),
];
