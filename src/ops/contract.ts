/**
 * Contraction: Einstein summation of two operands. Each axis carries a label, at most once per operand; labels absent
 * from the result are summed: out[o] = sum over s of left[l(o, s)] right[r(o, s)].
 * The builder keeps every label in at least two of left, right and out, so that the adjoints are contractions too.
 */
import type { ContractLabels, Node, Shape } from "../expr/node.js";
import type { Builder } from "./build.js";
import { bilinear } from "./curvature.js";
import { contractedHull } from "./hulls.js";
import { contractedIntervals } from "./intervals.js";
import type { Operator, Tf, TfTensor } from "./operator.js";
import { ordered, type Plan, planOf, type Run, rowMajor, sweep } from "./strides.js";

const multiplyAdd: Run = (out, a, b, o, l, r, n, so, sl, sr) => {
  if (so === 0) {
    let s = 0;
    for (let k = 0; k < n; k++) s += a[l + k * sl] * b[r + k * sr];
    out[o] += s;
  } else if (sl === 0) {
    const factor = a[l];
    for (let k = 0; k < n; k++) out[o + k * so] += factor * b[r + k * sr];
  } else for (let k = 0; k < n; k++) out[o + k * so] += a[l + k * sl] * b[r + k * sr];
};

/** Length of the axis of each label. */
export function extents(labels: ContractLabels, left: Shape, right: Shape): Map<number, number> {
  const sizes = new Map<number, number>();
  const note = (own: readonly number[], shape: Shape): void => {
    if (own.length !== shape.length || new Set(own).size !== own.length)
      throw new Error(`contract: labels [${own}] of shape [${shape}]`);
    own.forEach((label, k) => {
      const known = sizes.get(label);
      if (known !== undefined && known !== shape[k])
        throw new Error(`contract: label ${label} has lengths ${known} and ${shape[k]}`);
      sizes.set(label, shape[k]);
    });
  };
  note(labels.left, left);
  note(labels.right, right);
  return sizes;
}

function contractPlan(node: Node): Plan {
  const labels = node.attributes.labels!;
  const [a, b] = node.args;
  const sizes = extents(labels, a.shape, b.shape);
  const stride = (own: readonly number[], shape: Shape, label: number): number => {
    const k = own.indexOf(label);
    return k < 0 ? 0 : rowMajor(shape)[k];
  };
  return ordered(
    [...sizes].map(([label, extent]) => ({
      extent,
      out: stride(labels.out, node.shape, label),
      left: stride(labels.left, a.shape, label),
      right: stride(labels.right, b.shape, label),
    })),
  );
}

/** d contract(a, b) by a: contract(adjoint, b) with the labels of a as result, and likewise by b. */
function adjointOf(b: Builder, node: Node, adjoint: Node, which: 0 | 1): Node {
  const { left, right, out } = node.attributes.labels!;
  return which === 0
    ? b.contract(adjoint, node.args[1], { left: out, right, out: left })
    : b.contract(adjoint, node.args[0], { left: out, right: left, out: right });
}

export const contract: Operator = {
  name: "contract",
  family: "linear",
  arity: 2,
  doc: "Sum of products over shared axes (matrix product, dot and outer product, batched or not).",
  shape: ([a, b], { labels }) => {
    const sizes = extents(labels!, a, b);
    return labels!.out.map((label) => {
      const size = sizes.get(label);
      if (size === undefined) throw new Error(`contract: result label ${label} is in no operand`);
      return size;
    });
  },
  evaluateInto: (out, [a, b], node) => {
    out.fill(0);
    sweep(planOf(node, contractPlan), multiplyAdd, out, a, b);
  },
  intervalInto: contractedIntervals(contractPlan),
  hull: contractedHull,
  curvature: bilinear,
  vjp: (b, node, adjoint, needed) => [
    needed[0] ? adjointOf(b, node, adjoint, 0) : undefined,
    needed[1] ? adjointOf(b, node, adjoint, 1) : undefined,
  ],
  // d(a b) = da b + a db
  jvp: (b, node, [ta, tb]) => {
    const labels = node.attributes.labels!;
    const first = ta && b.contract(ta, node.args[1], labels);
    const second = tb && b.contract(node.args[0], tb, labels);
    return first && second ? b.add(first, second) : (first ?? second);
  },
  tex: ([a, b], node) => {
    const { left, right, out } = node.attributes.labels!;
    if (left.length === 1 && right.length === 1) return out.length === 0 ? `${a}^{\\top} ${b}` : `${a} ${b}^{\\top}`;
    if (left.length === 2 && right.length === 1 && out.length === 1)
      return left[0] === out[0] ? `${a} ${b}` : `${a}^{\\top} ${b}`;
    if (left.length === 2 && right.length === 2 && out.length === 2) {
      const first = left.includes(out[0]);
      const [m, n, lm, ln] = first ? [a, b, left, right] : [b, a, right, left];
      const one = lm[0] === out[0] ? m : `${m}^{\\top}`;
      return `${one} ${ln[1] === out[1] ? n : `${n}^{\\top}`}`;
    }
    return `\\left\\langle ${a}, ${b}\\right\\rangle`;
  },
  tf: (tf, [a, b], node) => tfContract(tf, a, b, node.attributes.labels!),
};

/** By transposes and one batched matrix product: TensorFlow.js has no gradient for its own Einstein summation. */
function tfContract(tf: Tf, a: TfTensor, b: TfTensor, { left, right, out }: ContractLabels): TfTensor {
  const batch = left.filter((label) => right.includes(label) && out.includes(label));
  const summed = left.filter((label) => right.includes(label) && !out.includes(label));
  const rows = left.filter((label) => !right.includes(label));
  const columns = right.filter((label) => !left.includes(label));
  const sizes = extents({ left, right, out }, a.shape, b.shape);
  const size = (labels: readonly number[]): number => labels.reduce((n, label) => n * sizes.get(label)!, 1);
  const matrices = (operand: TfTensor, own: readonly number[], ...groups: readonly number[][]): TfTensor =>
    tf.reshape(
      tf.transpose(
        operand,
        groups.flat().map((label) => own.indexOf(label)),
      ),
      groups.map(size),
    );
  const product = tf.matMul(matrices(a, left, batch, rows, summed), matrices(b, right, batch, summed, columns));
  const order = [...batch, ...rows, ...columns];
  return tf.transpose(
    tf.reshape(
      product,
      order.map((label) => sizes.get(label)!),
    ),
    out.map((label) => order.indexOf(label)),
  );
}
