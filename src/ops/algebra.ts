/** The language's operators on values: elementwise ones, the linear-algebra product, quotient, power, transpose, reductions of comprehension axes. */
import { sameShape } from "../expr/node.js";
import { contractValues, type Kind, kindOf, makeValue, type ShapeProblem, unitedAxes, words } from "./align.js";
import type { Builder } from "./build.js";
import { ownShape, type Value } from "./value.js";

/** An elementwise operator of the graph: the own shapes must agree or be scalar. `name` is what the source calls it. */
export function elementwise(b: Builder, op: string, values: readonly Value[], name = op): Value | ShapeProblem {
  let first: Value | undefined;
  for (const [i, v] of values.entries()) {
    if (kindOf(v) === "scalar") continue;
    if (!first) {
      first = v;
      continue;
    }
    if (!sameShape(ownShape(first), ownShape(v)))
      return { problem: `${name} needs equal shapes or a scalar; it has ${words(first)} and ${words(v)}`, argument: i };
    if (kindOf(first) !== kindOf(v))
      return {
        problem: `${name} needs equal shapes; it has ${words(first)} and ${words(v)} (transpose one of them with ')`,
        argument: i,
      };
  }
  const own = first ? ownShape(first) : [];
  const { ids, sizes } = unitedAxes(values);
  const nodes = values.map((v) => {
    if (v.node.shape.length === 0) return v.node;
    const map = v.axes.map((id) => ids.indexOf(id));
    if (kindOf(v) !== "scalar") own.forEach((_, k) => void map.push(ids.length + k));
    return b.broadcast(v.node, [...sizes, ...own], map);
  });
  return makeValue(b.apply(op, nodes), ids, first?.row);
}

type Rule = (b: Builder, l: Value, r: Value) => Value | ShapeProblem;

const scaled: Rule = (b, l, r) => elementwise(b, "mul", [l, r], "*");

/** Own lengths that a product sums over must agree. */
function inner(l: Value, r: Value, left: number, right: number): ShapeProblem | undefined {
  return left === right
    ? undefined
    : {
        problem: `* needs ${left} rows on its right, one for each column on its left; it has ${words(l)} and ${words(r)}`,
      };
}

const products: Record<Kind, Record<Kind, Rule>> = {
  scalar: { scalar: scaled, vector: scaled, row: scaled, matrix: scaled },
  vector: {
    scalar: scaled,
    vector: (_, l, r) => ({
      problem: `* of two vectors (${words(l)} and ${words(r)}) is not defined: write dot(a, b) for the inner product or a .* b entry by entry`,
    }),
    row: (b, l, r) => contractValues(b, l, "a", r, "b", "ab"),
    matrix: (_, l, r) => ({
      problem: `* of ${words(l)} and ${words(r)} is not defined: transpose the vector (v' * A)`,
      argument: 0,
    }),
  },
  row: {
    scalar: scaled,
    vector: (b, l, r) => inner(l, r, ownShape(l)[0], ownShape(r)[0]) ?? contractValues(b, l, "a", r, "a", ""),
    row: (_, l, r) => ({
      problem: `* of two rows (${words(l)} and ${words(r)}) is not defined: transpose the second for the inner product`,
    }),
    matrix: (b, l, r) => {
      const problem = inner(l, r, ownShape(l)[0], ownShape(r)[0]);
      if (problem) return problem;
      const { node, axes } = contractValues(b, l, "a", r, "ab", "b");
      return makeValue(node, axes, true);
    },
  },
  matrix: {
    scalar: scaled,
    vector: (b, l, r) => inner(l, r, ownShape(l)[1], ownShape(r)[0]) ?? contractValues(b, l, "ab", r, "b", "a"),
    row: (_, l, r) => ({
      problem: `* of ${words(l)} and ${words(r)} is not defined: transpose the row`,
      argument: 1,
    }),
    matrix: (b, l, r) => inner(l, r, ownShape(l)[1], ownShape(r)[0]) ?? contractValues(b, l, "ab", r, "bc", "ac"),
  },
};

/** The product `*`: scalar with anything, matrix and vector, matrix and matrix, row times vector, vector times row, row times matrix. */
export function product(b: Builder, l: Value, r: Value): Value | ShapeProblem {
  return products[kindOf(l)][kindOf(r)](b, l, r);
}

/** The quotient `/` by a scalar. */
export function quotient(b: Builder, l: Value, r: Value): Value | ShapeProblem {
  if (kindOf(r) !== "scalar")
    return {
      problem: `/ needs a scalar divisor, not ${words(r)}: write ./ entry by entry, or solve(A, b)`,
      argument: 1,
    };
  return elementwise(b, "div", [l, r], "/");
}

/** The power `^` of scalars. */
export function power(b: Builder, l: Value, r: Value): Value | ShapeProblem {
  for (const [argument, v] of [l, r].entries())
    if (kindOf(v) !== "scalar")
      return {
        problem: `^ needs scalars, not ${words(v)}: write .^ entry by entry, or sumsq(v) for a sum of squares`,
        argument,
      };
  return elementwise(b, "pow", [l, r], "^");
}

export function transposeValue(b: Builder, v: Value): Value {
  const kind = kindOf(v);
  if (kind === "scalar") return v;
  if (kind !== "matrix") return makeValue(v.node, v.axes, kind === "vector");
  const n = v.axes.length;
  return makeValue(b.transpose(v.node, [...v.axes.keys(), n + 1, n]), v.axes);
}

export type Reduction = "sum" | "mean" | "prod" | "max" | "min";

/**
 * Reduces a comprehension axis. A value that does not have the axis is the same for all of its `size` indices;
 * `size` must then be given.
 */
export function reduceAxis(
  b: Builder,
  value: Value,
  axisId: number,
  kind: Reduction,
  size?: number,
): Value | ShapeProblem {
  const k = value.axes.indexOf(axisId);
  const n = k < 0 ? size : value.node.shape[k];
  if (n === undefined) throw new Error(`comprehension axis ${axisId} is not in the value and no size was given`);
  if (n === 0 && kind !== "sum" && kind !== "prod")
    return { problem: `${kind} over no index is not defined: no index meets the condition` };
  const axes = value.axes.filter((id) => id !== axisId);
  if (k < 0) {
    if (kind === "sum") return { ...value, node: b.mul(b.constant(n), value.node) };
    if (kind === "prod") return { ...value, node: b.pow(value.node, b.constant(n)) };
    return value;
  }
  const reduced = (): Value["node"] => {
    switch (kind) {
      case "sum":
        return b.sum(value.node, [k]);
      case "mean":
        return b.mean(value.node, [k]);
      case "max":
        return b.maxOf(value.node, [k]);
      case "min":
        return b.minOf(value.node, [k]);
      case "prod":
        return b.product(value.node, k);
    }
  };
  return makeValue(reduced(), axes, value.row);
}

/** Entrywise choice: `if condition then a else b`. */
export function choose(b: Builder, condition: Value, a: Value, other: Value): Value | ShapeProblem {
  return elementwise(b, "select", [condition, a, other], "if");
}
