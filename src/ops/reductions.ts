/** Reductions remove the axes in `attributes.axes`: sum, maximum, minimum and logsumexp. */
import { type Node, type Shape, sizeOf } from "../expr/node.js";
import type { Builder } from "./build.js";
import { always, type CurvatureRule, increasing, moving, one } from "./curvature.js";
import { type HullRule, logSumHull, movedHull, summedHull } from "./hulls.js";
import { increasingIntervals, summedIntervals, widenLogSum } from "./intervals.js";
import type { Operator, Tf, TfTensor } from "./operator.js";
import { ordered, type Plan, planOf, type Run, rowMajor, sweep } from "./strides.js";

export const addRun: Run = (out, a, _, o, l, __, n, so, sl) => {
  if (so === 0) {
    let s = 0;
    for (let k = 0; k < n; k++) s += a[l + k * sl];
    out[o] += s;
  } else for (let k = 0; k < n; k++) out[o + k * so] += a[l + k * sl];
};
const maxRun: Run = (out, a, _, o, l, __, n, so, sl) => {
  for (let k = 0; k < n; k++) out[o + k * so] = Math.max(out[o + k * so], a[l + k * sl]);
};
const minRun: Run = (out, a, _, o, l, __, n, so, sl) => {
  for (let k = 0; k < n; k++) out[o + k * so] = Math.min(out[o + k * so], a[l + k * sl]);
};
/** out += exp(a - m), m in `right` laid out as `out`; equal infinities count as difference 0. */
const expRun: Run = (out, a, m, o, l, r, n, so, sl, sr) => {
  for (let k = 0; k < n; k++) {
    const top = m[r + k * sr];
    const value = a[l + k * sl];
    out[o + k * so] += value === top ? 1 : Math.exp(value - top);
  }
};

function reductionPlan(node: Node): Plan {
  const shape = node.args[0].shape;
  const removed = new Set(node.attributes.axes);
  const kept = rowMajor(node.shape);
  const strides = rowMajor(shape);
  let next = 0;
  const loops = shape.map((extent, k) => {
    const out = removed.has(k) ? 0 : kept[next++];
    return { extent, out, left: strides[k], right: out };
  });
  return ordered(loops, node.op === "logsumexp" ? sizeOf(node.shape) : 0);
}

function reduce(run: Run, start: number): Operator["evaluateInto"] {
  return (out, args, node) => {
    out.fill(start);
    sweep(planOf(node, reductionPlan), run, out, args[0], args[0]);
  };
}

function reducedShape(name: string, shape: Shape, axes: readonly number[]): Shape {
  if (axes.some((k, i) => k < 0 || k >= shape.length || (i > 0 && k <= axes[i - 1])))
    throw new Error(`${name}: axes [${axes}] do not fit shape [${shape}]`);
  return shape.filter((_, k) => !axes.includes(k));
}

/** The result (or an adjoint of its shape) repeated along the removed axes. */
function spread(b: Builder, node: Node, reduction: Node): Node {
  const axes = reduction.attributes.axes!;
  const shape = reduction.args[0].shape;
  return b.broadcast(
    node,
    shape,
    shape.map((_, k) => k).filter((k) => !axes.includes(k)),
  );
}

interface Spec {
  readonly name: string;
  readonly doc: string;
  readonly evaluateInto: Operator["evaluateInto"];
  readonly intervalInto: Operator["intervalInto"];
  readonly hull: HullRule;
  readonly curvature: CurvatureRule;
  readonly vjp: (b: Builder, node: Node, adjoint: Node) => Node;
  readonly jvp: (b: Builder, node: Node, tangent: Node) => Node;
  readonly tex: string;
  readonly tf: (tf: Tf, a: TfTensor, axes: number[]) => TfTensor;
}

function reduction(spec: Spec): Operator {
  return {
    name: spec.name,
    family: "reduction",
    arity: 1,
    doc: spec.doc,
    shape: ([a], attributes) => reducedShape(spec.name, a, attributes.axes!),
    evaluateInto: spec.evaluateInto,
    intervalInto: spec.intervalInto,
    hull: spec.hull,
    curvature: spec.curvature,
    vjp: (b, node, adjoint) => [spec.vjp(b, node, adjoint)],
    jvp: (b, node, [t]) => t && spec.jvp(b, node, t),
    tex: ([a], node) =>
      `${spec.tex}${node.shape.length > 0 ? `_{${node.attributes.axes!.join(",")}}` : ""}\\left(${a}\\right)`,
    tf: (tf, [a], node) => spec.tf(tf, a, [...node.attributes.axes!]),
  };
}

/** 1 at the entries that attain the extremum, and how many they are. */
function attained(b: Builder, node: Node): { mask: Node; count: Node } {
  const mask = b.eq(node.args[0], spread(b, node, node));
  return { mask, count: b.sum(mask, node.attributes.axes) };
}
const extremum = {
  // the adjoint in equal shares to the entries that attain it
  vjp: (b: Builder, node: Node, adjoint: Node): Node => {
    const { mask, count } = attained(b, node);
    return b.select(mask, spread(b, b.div(adjoint, count), node), b.constant(0));
  },
  // the mean of their tangents
  jvp: (b: Builder, node: Node, t: Node): Node => {
    const { mask, count } = attained(b, node);
    return b.div(b.sum(b.select(mask, t, b.constant(0)), node.attributes.axes), count);
  },
};

/** exp(a - logsumexp(a)). */
function softmax(b: Builder, node: Node): Node {
  return b.exp(b.sub(node.args[0], spread(b, node, node)));
}

const greatest = reduce(maxRun, Number.NEGATIVE_INFINITY);
const least = reduce(minRun, Number.POSITIVE_INFINITY);

const logSum: Operator["evaluateInto"] = (out, args, node) => {
  const plan = planOf(node, reductionPlan);
  const top = plan.scratch.fill(Number.NEGATIVE_INFINITY);
  sweep(plan, maxRun, top, args[0], args[0]);
  out.fill(0);
  sweep(plan, expRun, out, args[0], top);
  for (let i = 0; i < out.length; i++) out[i] = top[i] + Math.log(out[i]);
};

/** A kink wherever two entries tie. */
function extreme(bend: "convex" | "concave"): CurvatureRule {
  return ([a]) => (a.lo === a.hi ? one("affine", increasing) : one(bend, increasing, "kink"));
}

export const reductions: readonly Operator[] = [
  reduction({
    name: "sum",
    doc: "Sum over axes.",
    evaluateInto: reduce(addRun, 0),
    intervalInto: summedIntervals(reductionPlan),
    hull: summedHull,
    curvature: moving,
    vjp: (b, node, adjoint) => spread(b, adjoint, node),
    jvp: (b, node, t) => b.sum(t, node.attributes.axes),
    tex: "\\sum",
    tf: (tf, a, axes) => tf.sum(a, axes),
  }),
  reduction({
    name: "maxOf",
    doc: "Maximum over axes; entries that tie share the derivative equally.",
    evaluateInto: greatest,
    intervalInto: increasingIntervals(greatest, reductionPlan),
    hull: movedHull,
    curvature: extreme("convex"),
    ...extremum,
    tex: "\\max",
    tf: (tf, a, axes) => tf.max(a, axes),
  }),
  reduction({
    name: "minOf",
    doc: "Minimum over axes; entries that tie share the derivative equally.",
    evaluateInto: least,
    intervalInto: increasingIntervals(least, reductionPlan),
    hull: movedHull,
    curvature: extreme("concave"),
    ...extremum,
    tex: "\\min",
    tf: (tf, a, axes) => tf.min(a, axes),
  }),
  reduction({
    name: "logsumexp",
    doc: "log of the sum of exponentials over axes, computed from the maximum so that it cannot overflow.",
    evaluateInto: logSum,
    intervalInto: increasingIntervals(logSum, reductionPlan, widenLogSum),
    hull: logSumHull,
    curvature: always("convex", increasing),
    // adjoint times softmax
    vjp: (b, node, adjoint) => b.mul(spread(b, adjoint, node), softmax(b, node)),
    jvp: (b, node, t) => b.sum(b.mul(t, softmax(b, node)), node.attributes.axes),
    tex: "\\operatorname{logsumexp}",
    tf: (tf, a, axes) => tf.logSumExp(a, axes),
  }),
];
