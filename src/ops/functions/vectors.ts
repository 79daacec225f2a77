/** Inner products and norms. */

import type { Node } from "../../expr/node.js";
import { contractValues, kindOf, makeValue, ownAxes } from "../align.js";
import type { Builder } from "../build.js";
import { ownShape, type Value } from "../value.js";
import { equalVectors, type LanguageFunction, matrixAt, vectorAt } from "./function.js";

function norm(
  name: string,
  doc: string,
  of: (b: Builder, node: Node, axes: readonly number[]) => Node,
): LanguageFunction {
  return {
    name,
    family: "vectors",
    signature: `${name}(v)`,
    doc,
    arity: [1, 1],
    apply: (b, [v]) => makeValue(kindOf(v) === "scalar" ? b.abs(v.node) : of(b, v.node, ownAxes(v)), v.axes),
  };
}

/** x'Ax; comprehension axes are shared. */
function quadratic(b: Builder, a: Value, x: Value): Value {
  const product = contractValues(b, a, "ij", x, "j", "i");
  return contractValues(b, product, "i", x, "i", "");
}

export const vectorFunctions: readonly LanguageFunction[] = [
  {
    name: "dot",
    family: "vectors",
    signature: "dot(a, b)",
    doc: "Inner product of two vectors of the same length: the sum of a_i b_i.",
    arity: [2, 2],
    apply: (b, args) => equalVectors("dot", args) ?? contractValues(b, args[0], "i", args[1], "i", ""),
  },
  norm(
    "norm",
    "Euclidean norm sqrt(sum of v_i^2), of a matrix the Frobenius norm; the subgradient at 0 is 0.",
    (b, v, axes) => b.sqrt(b.sum(b.square(v), axes)),
  ),
  norm("norm1", "Sum of absolute values; the subgradient at a zero entry is 0.", (b, v, axes) => b.sum(b.abs(v), axes)),
  norm("normInf", "Largest absolute value; entries that tie share the derivative equally.", (b, v, axes) =>
    b.maxOf(b.abs(v), axes),
  ),
  {
    name: "quadform",
    family: "vectors",
    signature: "quadform(A, x)",
    doc: "The quadratic form x'Ax of a square matrix and a vector.",
    arity: [2, 2],
    apply: (b, args) => {
      const problem = matrixAt("quadform", args, 0, true) ?? vectorAt("quadform", args, 1);
      if (problem) return problem;
      const [[n], [m]] = args.map(ownShape);
      if (n !== m)
        return {
          problem: `quadform needs a vector with as many entries as the matrix has rows: ${n}, not ${m}`,
          argument: 1,
        };
      return quadratic(b, args[0], args[1]);
    },
  },
  {
    name: "outer",
    family: "vectors",
    signature: "outer(a, b)",
    doc: "The matrix of all products a_i b_j of two vectors.",
    arity: [2, 2],
    apply: (b, args) =>
      vectorAt("outer", args, 0) ?? vectorAt("outer", args, 1) ?? contractValues(b, args[0], "i", args[1], "j", "ij"),
  },
];
