/** Functions of matrices: trace, diagonal, transpose, linear systems and inverse. */
import type { Node } from "../../expr/node.js";
import { sizeOf } from "../../expr/node.js";
import { transposeValue } from "../algebra.js";
import { align, kindOf, makeValue, type ShapeProblem } from "../align.js";
import type { Builder } from "../build.js";
import { ownShape, type Value } from "../value.js";
import { type LanguageFunction, matrixAt } from "./function.js";

/** Systems with a matrix that differs from index to index are solved one by one; more than these would be no program. */
const mostSystems = 256;

/** The diagonal of a square matrix as a vector: every (n + 1)-th entry of its rows in a line. */
function diagonalOf(b: Builder, v: Value): Value {
  const [n] = ownShape(v);
  const lead = v.node.shape.slice(0, v.axes.length);
  const line = b.reshape(v.node, [...lead, n * n]);
  return makeValue(b.take(line, lead.length, b.graph.range(0, n, n + 1)), v.axes);
}

/** The square matrix with a vector on its diagonal. */
function diagonalFrom(b: Builder, v: Value): Value {
  const [n] = ownShape(v);
  const lead = v.node.shape.slice(0, v.axes.length);
  const line = b.put(v.node, lead.length, b.graph.range(0, n, n + 1), n * n);
  return makeValue(b.reshape(line, [...lead, n, n]), v.axes);
}

/** solve(A, b) with comprehension axes on either side. */
function solveValues(b: Builder, a: Value, rhs: Value): Value | ShapeProblem {
  const row = rhs.row === true;
  if (a.axes.length === 0) {
    // all right-hand sides as columns of one system
    const lead = rhs.axes.length;
    const order = [
      lead,
      ...rhs.axes.keys(),
      ...ownShape(rhs)
        .slice(1)
        .map((_, k) => lead + 1 + k),
    ];
    const moved = b.transpose(rhs.node, order);
    const flat = b.reshape(moved, [moved.shape[0], ...(moved.shape.length > 1 ? [sizeOf(moved.shape.slice(1))] : [])]);
    const solved = b.reshape(b.solve(a.node, flat), moved.shape);
    const back = order.map((_, k) => order.indexOf(k));
    return makeValue(b.transpose(solved, back), rhs.axes, row);
  }
  const { nodes, axes } = align(b, [a, rhs]);
  const lead = nodes[0].shape.slice(0, axes.length);
  const count = sizeOf(lead);
  if (count > mostSystems)
    return {
      problem: `solve inside a comprehension with a matrix that varies is limited to ${mostSystems} systems, not ${count}`,
      argument: 0,
    };
  const single = (node: Node, i: number): Node => {
    const own = node.shape.slice(axes.length);
    return b.reshape(b.take(b.reshape(node, [count, ...own]), 0, b.graph.range(i, 1)), own);
  };
  const solved = Array.from({ length: count }, (_, i) => {
    const x = b.solve(single(nodes[0], i), single(nodes[1], i));
    return b.reshape(x, [1, ...x.shape]);
  });
  return makeValue(b.reshape(b.concat(solved, 0), nodes[1].shape), axes, row);
}

export const matrixFunctions: readonly LanguageFunction[] = [
  {
    name: "trace",
    family: "matrices",
    signature: "trace(A)",
    doc: "Sum of the diagonal of a square matrix.",
    arity: [1, 1],
    apply: (b, args) => {
      const problem = matrixAt("trace", args, 0, true);
      if (problem) return problem;
      const diagonal = diagonalOf(b, args[0]);
      return makeValue(b.sum(diagonal.node, [diagonal.axes.length]), diagonal.axes);
    },
  },
  {
    name: "diag",
    family: "matrices",
    signature: "diag(v) or diag(A)",
    doc: "The matrix with the vector v on its diagonal; of a square matrix its diagonal as a vector.",
    arity: [1, 1],
    apply: (b, args) => {
      const kind = kindOf(args[0]);
      if (kind === "vector" || kind === "row") return diagonalFrom(b, args[0]);
      return matrixAt("diag", args, 0, true) ?? diagonalOf(b, args[0]);
    },
  },
  {
    name: "transpose",
    family: "matrices",
    signature: "transpose(A)",
    doc: "The transpose A' of a matrix; of a vector the row, of a row the vector.",
    arity: [1, 1],
    apply: (b, args) => transposeValue(b, args[0]),
  },
  {
    name: "solve",
    family: "matrices",
    signature: "solve(A, b)",
    doc: "The solution X of A X = b for a square matrix A and a vector or matrix b (Gaussian elimination); not finite where A is singular.",
    arity: [2, 2],
    apply: (b, args) => {
      const problem = matrixAt("solve", args, 0, true);
      if (problem) return problem;
      const kind = kindOf(args[1]);
      const [[n], [m]] = args.map(ownShape);
      if ((kind !== "vector" && kind !== "matrix") || n !== m)
        return { problem: `solve needs a vector or matrix of ${n} rows on its right side`, argument: 1 };
      return solveValues(b, args[0], args[1]);
    },
  },
  {
    name: "inv",
    family: "matrices",
    signature: "inv(A)",
    doc: "The inverse of a square matrix; solve(A, b) is cheaper and more accurate than inv(A) * b.",
    arity: [1, 1],
    apply: (b, args) =>
      matrixAt("inv", args, 0, true) ?? solveValues(b, args[0], { node: b.eye(ownShape(args[0])[0]), axes: [] }),
  },
];
