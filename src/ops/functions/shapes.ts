/** Lengths, and vectors and matrices made of numbers or joined from parts. */
import { align, kindOf, makeValue, type ShapeProblem, words } from "../align.js";
import type { Builder } from "../build.js";
import { ownShape, plain, type Value } from "../value.js";
import { type LanguageFunction, scalarAt, sizes, vectorAt } from "./function.js";

const two = [1, 2] as const;

function isSizes(found: readonly number[] | ShapeProblem): found is readonly number[] {
  return Array.isArray(found);
}

function count(name: string, doc: string, of: (v: Value) => number): LanguageFunction {
  return {
    name,
    family: "shapes",
    signature: `${name}(A)`,
    doc,
    arity: [1, 1],
    apply: (b, [v]) =>
      kindOf(v) === "scalar"
        ? { problem: `${name} needs a vector or matrix; the argument is a scalar`, argument: 0 }
        : plain(b.constant(of(v))),
  };
}

function uniform(name: string, value: number): LanguageFunction {
  return {
    name,
    family: "shapes",
    signature: `${name}(n) or ${name}(n, m)`,
    doc: `A vector or matrix of ${name}.`,
    arity: two,
    apply: (b, args) => {
      const found = sizes(name, args);
      return isSizes(found) ? plain(b.filled(found, value)) : found;
    },
  };
}

/** Vectors and scalars in a line (rows alone give a row), matrices below each other. */
function concat(b: Builder, args: readonly Value[]): Value | ShapeProblem {
  const kinds = args.map(kindOf);
  if (kinds.every((k) => k === "matrix")) {
    const width = ownShape(args[0])[1];
    const odd = args.findIndex((v) => ownShape(v)[1] !== width);
    if (odd >= 0)
      return {
        problem: `concat needs matrices with equally many columns; it has ${words(args[0])} and ${words(args[odd])}`,
        argument: odd,
      };
  } else {
    const odd = kinds.indexOf("matrix");
    if (odd >= 0) return { problem: "concat joins scalars and vectors, or matrices, but not both", argument: odd };
    if (kinds.includes("row") && kinds.includes("vector"))
      return { problem: "concat joins vectors or rows, but not both", argument: kinds.indexOf("row") };
  }
  const { nodes, axes } = align(b, args);
  const parts = nodes.map((node, i) => (kinds[i] === "scalar" ? b.reshape(node, [...node.shape, 1]) : node));
  return makeValue(b.concat(parts, axes.length), axes, kinds.includes("row"));
}

export const shapeFunctions: readonly LanguageFunction[] = [
  count("rows", "Number of rows of a matrix; number of entries of a vector.", (v) =>
    kindOf(v) === "row" ? 1 : ownShape(v)[0],
  ),
  count("cols", "Number of columns of a matrix; 1 for a vector.", (v) => {
    const kind = kindOf(v);
    return kind === "row" ? ownShape(v)[0] : (ownShape(v)[1] ?? 1);
  }),
  {
    name: "length",
    family: "shapes",
    signature: "length(v)",
    doc: "Number of entries of a vector.",
    arity: [1, 1],
    apply: (b, args) => vectorAt("length", args, 0) ?? plain(b.constant(ownShape(args[0])[0])),
  },
  uniform("zeros", 0),
  uniform("ones", 1),
  {
    name: "eye",
    family: "shapes",
    signature: "eye(n)",
    doc: "The identity matrix with n rows.",
    arity: [1, 1],
    apply: (b, args) => {
      const found = sizes("eye", args);
      return isSizes(found) ? plain(b.eye(found[0])) : found;
    },
  },
  {
    name: "linspace",
    family: "shapes",
    signature: "linspace(a, b, n)",
    doc: "n >= 2 equally spaced numbers from a to b: a + (b - a) k / (n - 1) for k = 0 … n - 1.",
    arity: [3, 3],
    apply: (b, args) => {
      const problem = scalarAt("linspace", args, 0) ?? scalarAt("linspace", args, 1);
      if (problem) return problem;
      const found = sizes("linspace", [args[2]], 2);
      if (!isSizes(found)) return { ...found, argument: 2 };
      const [n] = found;
      const { nodes, axes } = align(b, args.slice(0, 2));
      const shape = [...nodes[0].shape, n];
      const [from, to] = nodes.map((node) => b.broadcast(node, shape, [...axes.keys()]));
      const steps = b.div(b.counting(n), b.constant(n - 1));
      return makeValue(b.add(from, b.mul(b.sub(to, from), b.broadcast(steps, shape, [axes.length]))), axes);
    },
  },
  {
    name: "concat",
    family: "shapes",
    signature: "concat(a, b, …)",
    doc: "Joins scalars and vectors to one vector, or matrices with equally many columns below each other.",
    arity: [1, Number.POSITIVE_INFINITY],
    apply: concat,
  },
];
