/** Leaves of the graph: scalar constants, constant tensors and the input blocks that callers supply at run time. */

import type { Tensor } from "../expr/node.js";
import { UNDEFINED } from "../num/interval.js";
import type { Bounds, CurvatureRule } from "./curvature.js";
import type { Intervals, Operator } from "./operator.js";

/** Constants are points; NaN is undefined. */
function pointsInto(out: Intervals, values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++) {
    const unknown = Number.isNaN(values[i]);
    out.lo[i] = unknown ? Number.NEGATIVE_INFINITY : values[i];
    out.hi[i] = unknown ? Number.POSITIVE_INFINITY : values[i];
    out.flags[i] = unknown ? UNDEFINED : 0;
  }
}

/** Each constant tensor is looked at once. */
const hulls = new WeakMap<Tensor, Bounds>();

function hullOf(values: ArrayLike<number>): Bounds {
  let lo = Number.POSITIVE_INFINITY;
  let hi = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const v = values[i];
    if (Number.isNaN(v)) return { lo: Number.NEGATIVE_INFINITY, hi: Number.POSITIVE_INFINITY, flags: UNDEFINED };
    if (v < lo) lo = v;
    if (v > hi) hi = v;
  }
  return values.length === 0 ? { lo: 0, hi: 0, flags: 0 } : { lo, hi, flags: 0 };
}

/** A leaf has no argument to bend in. */
const still: CurvatureRule = () => ({ bend: "affine", trends: [] });

export const leaves: readonly Operator[] = [
  {
    name: "constant",
    family: "leaf",
    arity: 0,
    doc: "A number.",
    shape: () => [],
    evaluateInto: (out, _, node) => {
      out[0] = node.attributes.value!;
    },
    intervalInto: (out, _, node) => pointsInto(out, [node.attributes.value!]),
    hull: (_, node) => hullOf([node.attributes.value!]),
    curvature: still,
    vjp: () => [],
    jvp: () => undefined,
    tex: (_, node) => numberTex(node.attributes.value!),
    tf: (tf, _, node) => tf.scalar(node.attributes.value!),
  },
  {
    name: "tensor",
    family: "leaf",
    arity: 0,
    doc: "A constant vector, matrix or higher array.",
    shape: (_, attributes) => attributes.tensor!.shape,
    evaluateInto: (out, _, node) => out.set(node.attributes.tensor!.values),
    intervalInto: (out, _, node) => pointsInto(out, node.attributes.tensor!.values),
    hull: (_, node) => {
      const tensor = node.attributes.tensor!;
      let found = hulls.get(tensor);
      if (!found) {
        found = hullOf(tensor.values);
        hulls.set(tensor, found);
      }
      return found;
    },
    curvature: still,
    vjp: () => [],
    jvp: () => undefined,
    tex: (_, node) => {
      const { name, values, shape } = node.attributes.tensor!;
      if (name) return `\\mathit{${name.replace(/[\\{}_^$%#&~]/g, (c) => `\\${c}`)}}`;
      if (shape.length === 1 && values.length <= 4) return `\\left(${Array.from(values, numberTex).join(", ")}\\right)`;
      return `C_{${shape.join("\\times ")}}`;
    },
    tf: (tf, _, node) => tf.tensor(Float32Array.from(node.attributes.tensor!.values), [...node.shape]),
  },
  {
    name: "input",
    family: "leaf",
    arity: 0,
    doc: "A block of numbers that callers supply at run time.",
    shape: (_, attributes) => [attributes.input!.size],
    evaluateInto: () => {
      throw new Error("an input has no value of its own: the evaluator supplies it");
    },
    intervalInto: () => {
      throw new Error("an input has no interval of its own: the evaluator supplies it");
    },
    hull: () => {
      throw new Error("an input has no interval of its own: the evaluator supplies it");
    },
    curvature: still,
    vjp: () => [],
    jvp: () => undefined,
    tex: (_, node) => node.attributes.input!.name,
    tf: () => {
      throw new Error("an input has no value of its own: the engine supplies it");
    },
  },
];

/** A number in TeX: 1.5, or 2.5 · 10^{-7} where its digits would be long. */
export function numberTex(value: number): string {
  if (Number.isNaN(value)) return "\\mathrm{NaN}";
  if (!Number.isFinite(value)) return value > 0 ? "\\infty" : "-\\infty";
  if (value === Math.PI) return "\\pi";
  const text = String(Number(value.toPrecision(6)));
  const [mantissa, exponent] = text.split("e");
  return exponent === undefined ? text : `${mantissa} \\cdot 10^{${Number(exponent)}}`;
}
