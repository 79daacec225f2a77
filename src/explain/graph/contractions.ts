/** Contractions of at most two axes an operand as products of linear algebra; ones(n) sums along an axis. */
import type { Node } from "../../expr/node.js";
import type { Expression } from "../../syntax/tree.js";
import { binary, call, factorsOf, literal, piecesOf, productOf, transposed } from "../notation/make.js";

/** A number in front of the second factor comes to the front of all. */
export function times(a: Expression, b: Expression): Expression {
  const [first, ...rest] = piecesOf(b);
  if (first.kind !== "number" || rest.length === 0 || piecesOf(a)[0].kind === "number") return binary("*", a, b);
  return productOf([first, ...factorsOf(a), ...rest]);
}

export const entrywise = (a: Expression, b: Expression): Expression => binary(".*", a, b);
export const ones = (n: number): Expression => call("ones", literal(n));
const same = (p: readonly number[], q: readonly number[]): boolean =>
  p.length === q.length && p.every((v, k) => v === q[k]);

/** Undefined where no such product says it. */
export function contraction(node: Node, left: Expression, right: Expression): Expression | undefined {
  const { labels } = node.attributes;
  const [a, b] = node.args;
  if (!labels || a.shape.length > 2 || b.shape.length > 2 || labels.out.length > 2) return undefined;
  if (a === b && same(labels.left, labels.right) && labels.out.length === 0) return call("sumsq", left);
  const ranks = `${a.shape.length}${b.shape.length}`;
  if (ranks === "11") return vectors(labels.left[0], labels.right[0], labels.out, left, right);
  if (ranks === "21") return matrixVector(labels.left, labels.right[0], labels.out, a.shape, left, right);
  if (ranks === "12") return matrixVector(labels.right, labels.left[0], labels.out, b.shape, right, left);
  if (ranks === "22") return matrices(labels.left, labels.right, labels.out, a.shape, left, right);
  return undefined;
}

function vectors(p: number, q: number, out: readonly number[], a: Expression, b: Expression): Expression | undefined {
  if (p === q) return out.length === 0 ? call("dot", a, b) : entrywise(a, b);
  if (out.length !== 2) return undefined;
  return out[0] === p ? call("outer", a, b) : call("outer", b, a);
}

function matrixVector(
  own: readonly number[],
  v: number,
  out: readonly number[],
  shape: readonly number[],
  matrix: Expression,
  vector: Expression,
): Expression | undefined {
  if (!own.includes(v)) return undefined;
  const other = own[0] === v ? own[1] : own[0];
  const upright = own[1] === v ? matrix : transposed(matrix);
  if (same(out, [other])) return times(upright, vector);
  if (same(out, [v])) return entrywise(vector, times(transposed(upright), ones(shape[own.indexOf(other)])));
  if (out.length === 2) {
    const scaled = own[0] === v ? times(call("diag", vector), matrix) : times(matrix, call("diag", vector));
    return same(out, own) ? scaled : transposed(scaled);
  }
  return undefined;
}

function matrices(
  p: readonly number[],
  q: readonly number[],
  out: readonly number[],
  shape: readonly number[],
  a: Expression,
  b: Expression,
): Expression | undefined {
  const shared = p.filter((label) => q.includes(label));
  if (shared.length === 1 && out.length === 2 && !out.includes(shared[0])) {
    const [s] = shared;
    const rows = p[0] === s ? p[1] : p[0];
    const first = p[1] === s ? a : transposed(a);
    const second = q[0] === s ? b : transposed(b);
    return out[0] === rows ? times(first, second) : times(transposed(second), transposed(first));
  }
  if (shared.length !== 2) return undefined;
  const product = entrywise(a, same(p, q) ? b : transposed(b));
  if (out.length === 0) return call("sum", product);
  if (out.length === 2) return same(out, p) ? product : transposed(product);
  return out[0] === p[0] ? times(product, ones(shape[1])) : times(transposed(product), ones(shape[0]));
}
