/** Functions that reduce a vector or matrix to a number. */

import type { Node } from "../../expr/node.js";
import { kindOf, makeValue, ownAxes } from "../align.js";
import type { Builder } from "../build.js";
import { ownShape, type Value } from "../value.js";
import type { LanguageFunction } from "./function.js";

/** A scalar is its own sum, mean and product. */
function reducing(
  name: string,
  doc: string,
  reduce: (b: Builder, v: Value, axes: readonly number[]) => Node,
): LanguageFunction {
  return {
    name,
    family: "reductions",
    signature: `${name}(v)`,
    doc,
    arity: [1, 1],
    apply: (b, [v]) => (kindOf(v) === "scalar" && name !== "sumsq" ? v : makeValue(reduce(b, v, ownAxes(v)), v.axes)),
  };
}

/** The own axes flattened into one behind the comprehension axes. */
export function flattened(b: Builder, v: Value): Node {
  const own = ownShape(v);
  return b.reshape(v.node, [...v.node.shape.slice(0, v.axes.length), own.reduce((p, d) => p * d, 1)]);
}

export const reductionFunctions: readonly LanguageFunction[] = [
  reducing("sum", "Sum of all entries of a vector or matrix.", (b, v, axes) => b.sum(v.node, axes)),
  reducing("mean", "Mean of all entries of a vector or matrix.", (b, v, axes) => b.mean(v.node, axes)),
  reducing("prod", "Product of all entries of a vector or matrix.", (b, v) =>
    b.product(flattened(b, v), v.axes.length),
  ),
  reducing("sumsq", "Sum of the squares of all entries.", (b, v, axes) => b.sum(b.square(v.node), axes)),
];
