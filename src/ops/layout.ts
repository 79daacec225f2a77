/** Layout operators move or repeat entries and are linear: each is its own tangent, and its adjoint is its transpose. */
import type { IndexSet, Node, Shape } from "../expr/node.js";
import { sameShape, sizeOf } from "../expr/node.js";
import { addDown, addUp } from "../num/interval.js";
import { moving } from "./curvature.js";
import { movedHull, putHull } from "./hulls.js";
import { movedIntervals } from "./intervals.js";
import type { Operator } from "./operator.js";
import { ordered, type Plan, planOf, type Run, rowMajor, sweep } from "./strides.js";

const copyRun: Run = (out, a, _, o, l, __, n, so, sl) => {
  for (let k = 0; k < n; k++) out[o + k * so] = a[l + k * sl];
};

function spreadPlan(node: Node): Plan {
  const strides = rowMajor(node.args[0].shape);
  const kept = rowMajor(node.shape);
  const axes = node.attributes.axes!;
  return ordered(
    node.shape.map((extent, k) => {
      const from = node.op === "transpose" ? axes[k] : axes.indexOf(k);
      return { extent, out: kept[k], left: from < 0 ? 0 : strides[from], right: 0 };
    }),
  );
}
const moveInto: Operator["evaluateInto"] = (out, args, node) =>
  sweep(planOf(node, spreadPlan), copyRun, out, args[0], args[0]);

/** The k-th position of an index set. */
export function positionAt(index: IndexSet, k: number): number {
  return index.values ? index.values[k] : index.start + k * index.step;
}

/** Throws unless every position lies in 0 .. length - 1. */
function checkPositions(name: string, index: IndexSet, length: number): void {
  for (let k = 0; k < index.size; k++) {
    const p = positionAt(index, k);
    if (!(p >= 0 && p < length)) throw new Error(`${name}: position ${p} outside 0..${length - 1}`);
    if (!index.values && k === 0 && index.size > 1) k = index.size - 2;
  }
}

function replaced(shape: Shape, axis: number, size: number): Shape {
  if (!(axis >= 0 && axis < shape.length)) throw new Error(`axis ${axis} of shape [${shape}]`);
  return shape.map((d, k) => (k === axis ? size : d));
}

/** Entries before, along and after an axis. */
function split(shape: Shape, axis: number): [number, number, number] {
  return [sizeOf(shape.slice(0, axis)), shape[axis], sizeOf(shape.slice(axis + 1))];
}

/** The axes of the output of a broadcast that the operand does not have. */
export function newAxes(node: Node): number[] {
  return node.shape.map((_, k) => k).filter((k) => !node.attributes.axes!.includes(k));
}

export function inversePermutation(axes: readonly number[]): number[] {
  const inverse = new Array<number>(axes.length);
  axes.forEach((from, to) => {
    inverse[from] = to;
  });
  return inverse;
}

const reshapeInto: Operator["evaluateInto"] = (out, args) => out.set(args[0]);

const takeInto: Operator["evaluateInto"] = (out, [a], node) => {
  const { axis, index } = node.attributes;
  const [before, length, after] = split(node.args[0].shape, axis!);
  let o = 0;
  for (let p = 0; p < before; p++) {
    for (let k = 0; k < index!.size; k++) {
      const from = (p * length + positionAt(index!, k)) * after;
      for (let q = 0; q < after; q++) out[o++] = a[from + q];
    }
  }
};

const concatInto: Operator["evaluateInto"] = (out, args, node) => {
  const axis = node.attributes.axis!;
  const [before, , after] = split(node.shape, axis);
  let o = 0;
  for (let p = 0; p < before; p++) {
    for (let i = 0; i < args.length; i++) {
      const run = node.args[i].shape[axis] * after;
      for (let q = 0; q < run; q++) out[o++] = args[i][p * run + q];
    }
  }
};

export const layout: readonly Operator[] = [
  {
    name: "broadcast",
    family: "layout",
    arity: 1,
    doc: "Repeats the operand along new axes; operand axis i becomes output axis axes[i].",
    // the target shape is not an attribute: the builder passes it as the node's own
    shape: () => {
      throw new Error("broadcast: the shape is given");
    },
    evaluateInto: moveInto,
    intervalInto: movedIntervals(moveInto),
    hull: movedHull,
    curvature: moving,
    vjp: (b, node, adjoint) => [b.sum(adjoint, newAxes(node))],
    jvp: (b, node, [t]) => t && b.broadcast(t, node.shape, node.attributes.axes!),
    tex: ([a]) => a,
    tf: (tf, [a], node) => {
      const axes = node.attributes.axes!;
      const ones = node.shape.map((d, k) => (axes.includes(k) ? d : 1));
      return tf.broadcastTo(tf.reshape(a, ones), [...node.shape]);
    },
  },
  {
    name: "reshape",
    family: "layout",
    arity: 1,
    doc: "The same entries in the same row-major order under another shape.",
    shape: () => {
      throw new Error("reshape: the shape is given");
    },
    evaluateInto: reshapeInto,
    intervalInto: movedIntervals(reshapeInto),
    hull: movedHull,
    curvature: moving,
    vjp: (b, node, adjoint) => [b.reshape(adjoint, node.args[0].shape)],
    jvp: (b, node, [t]) => t && b.reshape(t, node.shape),
    tex: ([a]) => a,
    tf: (tf, [a], node) => tf.reshape(a, [...node.shape]),
  },
  {
    name: "transpose",
    family: "layout",
    arity: 1,
    doc: "Permutes axes: output axis k is operand axis axes[k].",
    shape: ([a], { axes }) => {
      if (axes!.length !== a.length || new Set(axes).size !== a.length)
        throw new Error(`transpose: [${axes}] of [${a}]`);
      return axes!.map((k) => a[k]);
    },
    evaluateInto: moveInto,
    intervalInto: movedIntervals(moveInto),
    hull: movedHull,
    curvature: moving,
    vjp: (b, node, adjoint) => [b.transpose(adjoint, inversePermutation(node.attributes.axes!))],
    jvp: (b, node, [t]) => t && b.transpose(t, node.attributes.axes),
    tex: ([a]) => `${a}^{\\top}`,
    tf: (tf, [a], node) => tf.transpose(a, [...node.attributes.axes!]),
  },
  {
    name: "take",
    family: "layout",
    arity: 1,
    doc: "Reads the positions of an index set along an axis.",
    shape: ([a], { axis, index }) => {
      checkPositions("take", index!, a[axis!]);
      return replaced(a, axis!, index!.size);
    },
    evaluateInto: takeInto,
    intervalInto: movedIntervals(takeInto),
    hull: movedHull,
    curvature: moving,
    vjp: (b, node, adjoint) => {
      const { axis, index } = node.attributes;
      return [b.put(adjoint, axis!, index!, node.args[0].shape[axis!])];
    },
    jvp: (b, node, [t]) => t && b.take(t, node.attributes.axis!, node.attributes.index!),
    tex: ([a], node) => `${a}_{${positionsTex(node.attributes.index!)}}`,
    tf: (tf, [a], node) => {
      const { axis, index } = node.attributes;
      return tf.gather(
        a,
        tf.tensor1d(
          Array.from({ length: index!.size }, (_, k) => positionAt(index!, k)),
          "int32",
        ),
        axis!,
      );
    },
  },
  {
    name: "put",
    family: "layout",
    arity: 1,
    doc: "Adds the operand's entries into zeros at the positions of an index set along an axis; repeated positions add up.",
    shape: ([a], { axis, index, size }) => {
      checkPositions("put", index!, size!);
      if (a[axis!] !== index!.size) throw new Error(`put: ${a[axis!]} entries for ${index!.size} positions`);
      return replaced(a, axis!, size!);
    },
    evaluateInto: (out, [a], node) => {
      const { axis, index } = node.attributes;
      const [before, length, after] = split(node.shape, axis!);
      out.fill(0);
      let from = 0;
      for (let p = 0; p < before; p++) {
        for (let k = 0; k < index!.size; k++) {
          const to = (p * length + positionAt(index!, k)) * after;
          for (let q = 0; q < after; q++) out[to + q] += a[from++];
        }
      }
    },
    hull: putHull,
    curvature: moving,
    intervalInto: (out, args, node) => {
      const { axis, index } = node.attributes;
      const [before, length, after] = split(node.shape, axis!);
      out.lo.fill(0);
      out.hi.fill(0);
      out.flags.fill(0);
      let from = 0;
      for (let p = 0; p < before; p++) {
        for (let k = 0; k < index!.size; k++) {
          const to = (p * length + positionAt(index!, k)) * after;
          for (let q = to; q < to + after; q++, from++) {
            out.lo[q] = addDown(out.lo[q], args.lo[0][from]);
            out.hi[q] = addUp(out.hi[q], args.hi[0][from]);
            out.flags[q] |= args.flags[0][from];
          }
        }
      }
    },
    vjp: (b, node, adjoint) => [b.take(adjoint, node.attributes.axis!, node.attributes.index!)],
    jvp: (b, node, [t]) => t && b.put(t, node.attributes.axis!, node.attributes.index!, node.attributes.size!),
    tex: ([a], node) => `\\operatorname{put}_{${positionsTex(node.attributes.index!)}}\\left(${a}\\right)`,
    tf: (tf, [a], node) => {
      const { axis, index, size } = node.attributes;
      const rank = node.shape.length;
      const front = [axis!, ...Array.from({ length: rank }, (_, k) => k).filter((k) => k !== axis)];
      const ids = tf.tensor1d(
        Array.from({ length: index!.size }, (_, k) => positionAt(index!, k)),
        "int32",
      );
      const segments = tf.unsortedSegmentSum(tf.transpose(a, front), ids, size!);
      return tf.transpose(segments, inversePermutation(front));
    },
  },
  {
    name: "concat",
    family: "layout",
    arity: undefined,
    doc: "Joins operands along an axis.",
    shape: (shapes, { axis }) => {
      let total = 0;
      for (const s of shapes) {
        if (!sameShape(replaced(s, axis!, 0), replaced(shapes[0], axis!, 0)))
          throw new Error(`concat: [${shapes[0]}] and [${s}]`);
        total += s[axis!];
      }
      return replaced(shapes[0], axis!, total);
    },
    evaluateInto: concatInto,
    intervalInto: movedIntervals(concatInto),
    hull: movedHull,
    curvature: moving,
    vjp: (b, node, adjoint, needed) => {
      const axis = node.attributes.axis!;
      let start = 0;
      return node.args.map((arg, i) => {
        const size = arg.shape[axis];
        start += size;
        return needed[i] ? b.take(adjoint, axis, b.graph.range(start - size, size)) : undefined;
      });
    },
    jvp: (b, node, tangents) =>
      tangents.some((t) => t)
        ? b.concat(
            node.args.map((arg, i) => tangents[i] ?? b.zeros(arg.shape)),
            node.attributes.axis!,
          )
        : undefined,
    tex: (args) => `\\left[${args.join(",\\; ")}\\right]`,
    tf: (tf, args, node) => tf.concat([...args], node.attributes.axis!),
  },
];

/** 1-based, as in the language. */
function positionsTex(index: IndexSet): string {
  if (index.size === 1) return String(positionAt(index, 0) + 1);
  if (index.values || index.step !== 1) return "\\ldots";
  return `${index.start + 1}:${index.start + index.size}`;
}
