/** Elementwise functions of statistics and neural networks: sigmoid, softplus, relu, step, erf. */
import { relu as reluRange, step as stepRange } from "../../num/interval.js";
import { erfOf, sigmoidOf, softplusOf } from "../../num/intervalFunctions.js";
import { always, byBounds, increasing, odd, one, stepping } from "../curvature.js";
import type { Operator } from "../operator.js";
import { erf } from "./erf.js";
import { elementwise } from "./rule.js";

/** 1 / (1 + exp(-a)), never overflowing. */
function sigmoid(a: number): number {
  if (a >= 0) return 1 / (1 + Math.exp(-a));
  const e = Math.exp(a);
  return e / (1 + e);
}

/** log(1 + exp(a)) = max(a, 0) + log1p(exp(-|a|)). */
function softplus(a: number): number {
  return Math.max(a, 0) + Math.log1p(Math.exp(-Math.abs(a)));
}

export const activation: readonly Operator[] = [
  elementwise({
    name: "sigmoid",
    arity: 1,
    doc: "1 / (1 + exp(-a)), without overflow.",
    apply: sigmoid,
    js: (a) => `sigmoid(${a})`,
    helpers: { sigmoid },
    cost: 22,
    range: sigmoidOf(sigmoid),
    curvature: odd("concave", "convex"),
    // s' = s (1 - s)
    slopes: [(b, g, n) => b.mul(g, b.mul(n, b.sub(b.constant(1), n)))],
    tex: (a) => `\\sigma\\left(${a}\\right)`,
    tf: (tf, a) => tf.sigmoid(a),
  }),
  elementwise({
    name: "softplus",
    arity: 1,
    doc: "log(1 + exp(a)), computed as max(a, 0) + log1p(exp(-|a|)).",
    apply: softplus,
    js: (a) => `softplus(${a})`,
    helpers: { softplus },
    cost: 40,
    range: softplusOf(softplus),
    curvature: always("convex", increasing),
    // softplus' = sigmoid
    slopes: [(b, g, n) => b.mul(g, b.apply("sigmoid", n.args))],
    tex: (a) => `\\operatorname{softplus}\\left(${a}\\right)`,
    tf: (tf, a) => tf.softplus(a),
  }),
  elementwise({
    name: "relu",
    arity: 1,
    doc: "max(a, 0); the derivative at the kink 0 is taken as 0.",
    apply: (a) => Math.max(a, 0),
    js: (a) => `Math.max(${a}, 0)`,
    cost: 1,
    range: reluRange,
    curvature: byBounds((lo, hi) =>
      lo >= 0 ? one("affine", increasing) : hi <= 0 ? one("affine", "constant") : one("convex", increasing, "kink"),
    ),
    // g where a > 0, cut off by select elsewhere
    slopes: [(b, g, n) => b.select(b.apply("step", n.args), g, b.constant(0))],
    tex: (a) => `\\max\\left(0, ${a}\\right)`,
    tf: (tf, a) => tf.relu(a),
  }),
  elementwise({
    name: "step",
    arity: 1,
    doc: "1 where a > 0, else 0; its derivative is taken as 0 everywhere.",
    apply: (a) => (a > 0 ? 1 : 0),
    js: (a) => `(${a} > 0 ? 1 : 0)`,
    cost: 1,
    range: stepRange,
    curvature: stepping(stepRange, increasing),
    forgiving: 1,
    slopes: [undefined],
    tex: (a) => `[${a} > 0]`,
    tf: (tf, a) => tf.cast(tf.greater(a, 0), "float32"),
  }),
  elementwise({
    name: "erf",
    arity: 1,
    doc: "The error function, 2/sqrt(pi) times the integral of exp(-t^2) from 0 to a.",
    apply: erf,
    js: (a) => `erf(${a})`,
    helpers: { erf },
    cost: 40,
    range: erfOf(erf),
    curvature: odd("concave", "convex"),
    // erf' = 2/sqrt(pi) exp(-a^2)
    slopes: [(b, g, n) => b.mul(g, b.mul(b.constant(2 / Math.sqrt(Math.PI)), b.exp(b.neg(b.square(n.args[0])))))],
    tex: (a) => `\\operatorname{erf}\\left(${a}\\right)`,
    tf: (tf, a) => tf.erf(a),
  }),
];
