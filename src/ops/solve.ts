/**
 * Linear systems A X = B with one dense square matrix A [k, k] and a right-hand side [k] or [k, p], by Gaussian
 * elimination with partial pivoting (Golub & Van Loan, Matrix Computations, section 3.4). A singular matrix gives NaN.
 *   vjp: B_adj = solve(A', X_adj), A_adj = -B_adj X';    jvp: dX = solve(A, dB - dA X).
 */

import type { Node } from "../expr/node.js";
import type { Builder } from "./build.js";
import { unknownHull } from "./hulls.js";
import { unknownIntervals } from "./intervals.js";
import type { Operator, Tf, TfTensor } from "./operator.js";

const workspaces = new WeakMap<Node, Float64Array>();

/** Overwrites `out` (k x p, row-major, holding B) by X, destroying `a` (k x k). */
export function eliminateInto(out: Float64Array, a: Float64Array, k: number, p: number): void {
  for (let c = 0; c < k; c++) {
    let pivot = c;
    for (let r = c + 1; r < k; r++) if (Math.abs(a[r * k + c]) > Math.abs(a[pivot * k + c])) pivot = r;
    if (!(Math.abs(a[pivot * k + c]) > 0)) {
      out.fill(Number.NaN);
      return;
    }
    if (pivot !== c) {
      swapRows(a, k, pivot, c);
      swapRows(out, p, pivot, c);
    }
    for (let r = c + 1; r < k; r++) {
      const factor = a[r * k + c] / a[c * k + c];
      if (factor === 0) continue;
      for (let j = c; j < k; j++) a[r * k + j] -= factor * a[c * k + j];
      for (let j = 0; j < p; j++) out[r * p + j] -= factor * out[c * p + j];
    }
  }
  for (let r = k - 1; r >= 0; r--) {
    for (let j = 0; j < p; j++) {
      let s = out[r * p + j];
      for (let c = r + 1; c < k; c++) s -= a[r * k + c] * out[c * p + j];
      out[r * p + j] = s / a[r * k + r];
    }
  }
}

function swapRows(m: Float64Array, width: number, r: number, s: number): void {
  for (let j = 0; j < width; j++) {
    const keep = m[r * width + j];
    m[r * width + j] = m[s * width + j];
    m[s * width + j] = keep;
  }
}

/** A product of the shapes that occur here: adjoint [k(,p)] times X' [(p,)k]. */
function outerProduct(b: Builder, left: Node, right: Node): Node {
  return left.shape.length === 1
    ? b.contract(left, right, { left: [0], right: [1], out: [0, 1] })
    : b.contract(left, right, { left: [0, 2], right: [1, 2], out: [0, 1] });
}

/** Householder QR and back substitution with tensor operations only. */
function tfSolve(tf: Tf, a: TfTensor, rhs: TfTensor): TfTensor {
  const k = a.shape[0];
  const columns = rhs.rank === 1 ? tf.reshape(rhs, [k, 1]) : rhs;
  const [q, r] = tf.linalg.qr(a);
  const c = tf.matMul(q, columns as TfTensor & { rank: 2 }, true, false);
  const rows: TfTensor[] = [];
  for (let i = k - 1; i >= 0; i--) {
    let row = tf.slice(c, [i, 0], [1, -1]);
    if (rows.length > 0) {
      const solved = tf.concat([...rows].reverse(), 0);
      row = tf.sub(row, tf.matMul(tf.slice(r, [i, i + 1], [1, k - 1 - i]), solved as TfTensor & { rank: 2 }));
    }
    rows.push(tf.div(row, tf.slice(r, [i, i], [1, 1])));
  }
  return tf.reshape(tf.concat(rows.reverse(), 0), rhs.shape);
}

export const solve: Operator = {
  name: "solve",
  family: "linear",
  arity: 2,
  doc: "The solution X of A X = B for a square matrix A; NaN where A is singular.",
  shape: ([a, b]) => {
    if (a.length !== 2 || a[0] !== a[1] || b.length < 1 || b.length > 2 || b[0] !== a[0])
      throw new Error(`solve: shapes [${a}] and [${b}]`);
    return b;
  },
  evaluateInto: (out, [a, rhs], node) => {
    let work = workspaces.get(node);
    if (!work) {
      work = new Float64Array(a.length);
      workspaces.set(node, work);
    }
    work.set(a);
    out.set(rhs);
    const k = node.args[0].shape[0];
    eliminateInto(out, work, k, node.shape[1] ?? 1);
  },
  intervalInto: unknownIntervals,
  hull: unknownHull,
  curvature: (_, [matrixVaries]) => ({ bend: matrixVaries ? "none" : "affine", trends: ["none", "none"] }),
  vjp: (b, node, adjoint, needed) => {
    const forB = b.solve(b.transpose(node.args[0]), adjoint);
    return [needed[0] ? b.neg(outerProduct(b, forB, node)) : undefined, needed[1] ? forB : undefined];
  },
  jvp: (b, node, [ta, tb]) => {
    const moved = ta && (node.shape.length === 1 ? b.matvec(ta, node) : b.matmul(ta, node));
    const rhs = moved && tb ? b.sub(tb, moved) : moved ? b.neg(moved) : tb;
    return rhs && b.solve(node.args[0], rhs);
  },
  tex: ([a, rhs]) => `${a}^{-1} ${rhs}`,
  tf: (tf, [a, rhs]) => tfSolve(tf, a, rhs),
};
