/** Functions that act entry by entry. */

import { elementwise } from "../algebra.js";
import { isProblem, kindOf, makeValue, ownAxes, type ShapeProblem } from "../align.js";
import type { Builder } from "../build.js";
import { operatorNamed } from "../registry.js";
import type { Value } from "../value.js";
import { type LanguageFunction, scalarAt } from "./function.js";

const unaries = [
  "exp expm1 log log1p sqrt square abs sign sin cos tan asin acos atan sinh cosh tanh sigmoid softplus relu erf",
].flatMap((names) => names.split(" "));

const unaryFunctions = unaries.map(
  (name): LanguageFunction => ({
    name,
    family: "elementwise",
    signature: `${name}(a)`,
    doc: operatorNamed(name).doc,
    arity: [1, 1],
    apply: (b, args) => elementwise(b, name, args),
  }),
);

/** Two or more arguments entry by entry; one vector or matrix is reduced to its extreme entry. */
function extreme(name: "min" | "max", reduced: "minOf" | "maxOf", word: string): LanguageFunction {
  return {
    name,
    family: "elementwise",
    signature: `${name}(a, b, …) or ${name}(v)`,
    doc: `The ${word} of its arguments, entry by entry; of one vector or matrix its ${word} entry. At ties the derivative is shared equally.`,
    arity: [1, Number.POSITIVE_INFINITY],
    apply: (b, args) => {
      if (args.length === 1) {
        const [v] = args;
        return kindOf(v) === "scalar" ? v : makeValue(b[reduced](v.node, ownAxes(v)), v.axes);
      }
      let result: Value | ShapeProblem = args[0];
      for (const [i, next] of args.slice(1).entries()) {
        result = elementwise(b, name, [result, next]);
        if (isProblem(result)) return { ...result, argument: i + 1 };
      }
      return result;
    },
  };
}

/** Huber's loss: r^2/2 for |r| <= d, else d (|r| - d/2) (P. J. Huber, Ann. Math. Statist. 35, 1964). */
function huber(b: Builder, r: Value, d: Value): Value | ShapeProblem {
  const each = elementwise(b, "abs", [r]);
  if (isProblem(each)) return each;
  const inside = elementwise(b, "le", [each, d]);
  const half = { node: b.constant(0.5), axes: [] };
  const square = elementwise(b, "square", [r]);
  const offset = elementwise(b, "mul", [half, d]);
  for (const part of [inside, square, offset]) if (isProblem(part)) return part;
  const quadratic = elementwise(b, "mul", [half, square as Value]);
  const beyond = elementwise(b, "sub", [each, offset as Value]);
  if (isProblem(beyond) || isProblem(quadratic)) return beyond as ShapeProblem;
  const linear = elementwise(b, "mul", [d, beyond]);
  return isProblem(linear) ? linear : elementwise(b, "select", [inside as Value, quadratic, linear]);
}

export const elementwiseFunctions: readonly LanguageFunction[] = [
  ...unaryFunctions,
  {
    name: "atan2",
    family: "elementwise",
    signature: "atan2(y, x)",
    doc: "The angle of the point (x, y), in (-pi, pi]; its derivatives at the origin are taken as 0.",
    arity: [2, 2],
    apply: (b, args) => elementwise(b, "atan2", args),
  },
  {
    name: "huber",
    family: "elementwise",
    signature: "huber(r, d = 1)",
    doc: "Huber's loss: r^2/2 where |r| <= d, else d (|r| - d/2); d > 0.",
    arity: [1, 2],
    apply: (b, args) => {
      const d = args[1] ?? { node: b.constant(1), axes: [] };
      return scalarAt("huber", [args[0], d], 1) ?? huber(b, args[0], d);
    },
  },
  extreme("min", "minOf", "smallest"),
  extreme("max", "maxOf", "largest"),
];
