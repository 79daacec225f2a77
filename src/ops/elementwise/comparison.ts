/** Comparisons and logic (1 is true, 0 is false; any number but 0 and NaN counts as true) and the choice between two values. */
import * as interval from "../../num/interval.js";
import { type Range, surelyFalse, surelyTrue } from "../../num/interval.js";
import { increasing, stepping, type Trend } from "../curvature.js";
import type { Operator, Tf, TfTensor } from "../operator.js";
import { choice } from "./ranges.js";
import { type ElementwiseSpec, elementwise } from "./rule.js";

function predicate(
  name: string,
  doc: string,
  arity: number,
  apply: (a: number, b: number) => number,
  range: ElementwiseSpec["range"],
  trends: readonly Trend[],
  js: ElementwiseSpec["js"],
  tex: ElementwiseSpec["tex"],
  tf: (tf: Tf, a: TfTensor, b: TfTensor) => TfTensor,
): Operator {
  return elementwise({
    name,
    arity,
    doc: `${doc} Its derivative is taken as 0 everywhere.`,
    apply,
    js,
    cost: 1,
    range,
    curvature: stepping(range as (out: Range, ...ends: number[]) => void, ...trends),
    forgiving: arity,
    slopes: new Array<undefined>(arity).fill(undefined),
    tex,
    tf: (engine, a, b) => engine.cast(tf(engine, a, b), "float32"),
  });
}

const truth = (tf: Tf, a: TfTensor): TfTensor => tf.notEqual(a, 0);

export const comparison: readonly Operator[] = [
  predicate(
    "lt",
    "1 where a < b, else 0.",
    2,
    (a, b) => (a < b ? 1 : 0),
    interval.lt,
    ["decreasing", "increasing"],
    (a, b) => `(${a} < ${b} ? 1 : 0)`,
    (a, b) => `[${a} < ${b}]`,
    (tf, a, b) => tf.less(a, b),
  ),
  predicate(
    "le",
    "1 where a <= b, else 0.",
    2,
    (a, b) => (a <= b ? 1 : 0),
    interval.le,
    ["decreasing", "increasing"],
    (a, b) => `(${a} <= ${b} ? 1 : 0)`,
    (a, b) => `[${a} \\le ${b}]`,
    (tf, a, b) => tf.lessEqual(a, b),
  ),
  predicate(
    "eq",
    "1 where a = b, else 0.",
    2,
    (a, b) => (a === b ? 1 : 0),
    interval.eq,
    [],
    (a, b) => `(${a} === ${b} ? 1 : 0)`,
    (a, b) => `[${a} = ${b}]`,
    (tf, a, b) => tf.equal(a, b),
  ),
  predicate(
    "and",
    "1 where a and b are true, else 0.",
    2,
    (a, b) => (a && b ? 1 : 0),
    interval.and,
    [],
    (a, b) => `(${a} && ${b} ? 1 : 0)`,
    (a, b) => `${a} \\wedge ${b}`,
    (tf, a, b) => tf.logicalAnd(truth(tf, a), truth(tf, b)),
  ),
  predicate(
    "or",
    "1 where a or b is true, else 0.",
    2,
    (a, b) => (a || b ? 1 : 0),
    interval.or,
    [],
    (a, b) => `(${a} || ${b} ? 1 : 0)`,
    (a, b) => `${a} \\vee ${b}`,
    (tf, a, b) => tf.logicalOr(truth(tf, a), truth(tf, b)),
  ),
  predicate(
    "not",
    "1 where a is false, else 0.",
    1,
    (a) => (a ? 0 : 1),
    interval.not,
    [],
    (a) => `(${a} ? 0 : 1)`,
    (a) => `\\neg ${a}`,
    (tf, a) => tf.equal(a, 0),
  ),
  elementwise({
    name: "select",
    arity: 3,
    doc: "b where a is true, else c; the derivative is that of the branch taken.",
    apply: (c, a, b) => (c ? a : b),
    js: (c, a, b) => `(${c} ? ${a} : ${b})`,
    cost: 1,
    range: choice,
    curvature: ([c], varies) => {
      if (surelyTrue(c.lo, c.hi)) return { bend: "affine", trends: ["constant", increasing, "constant"] };
      if (surelyFalse(c.lo, c.hi)) return { bend: "affine", trends: ["constant", "constant", increasing] };
      const bend = varies[0] ? "none" : "affine";
      return { bend, trends: ["none", increasing, increasing], ...(varies[0] ? { rough: "jump" as const } : {}) };
    },
    forgiving: 1,
    // the other branch's adjoint is cut off to 0
    slopes: [
      undefined,
      (b, g, n) => b.select(n.args[0], g, b.constant(0)),
      (b, g, n) => b.select(n.args[0], b.constant(0), g),
    ],
    tex: (c, a, b) => `\\begin{cases} ${a} & ${c} \\\\ ${b} & \\text{otherwise} \\end{cases}`,
    tf: (tf, c, a, b) => {
      const shape = [c, a, b].find((t) => t.rank > 0)?.shape ?? [];
      return tf.where(
        tf.cast(truth(tf, tf.broadcastTo(c, shape)), "bool"),
        tf.broadcastTo(a, shape),
        tf.broadcastTo(b, shape),
      );
    },
  }),
];
