/** logsumexp, softmax and cross-entropy: functions of score vectors, stable for scores of any size. */

import { elementwise } from "../algebra.js";
import {
  contractValues,
  integerOf,
  isProblem,
  kindOf,
  makeValue,
  ownAxes,
  type ShapeProblem,
  unitedAxes,
} from "../align.js";
import type { Builder } from "../build.js";
import { sliceValue } from "../slice.js";
import { ownShape, type Value } from "../value.js";
import { equalVectors, type LanguageFunction, vectorAt } from "./function.js";

function logsumexp(b: Builder, z: Value): Value {
  return makeValue(b.logsumexp(z.node, ownAxes(z)), z.axes);
}

/** exp(z - logsumexp(z)) */
function softmax(b: Builder, z: Value): Value | ShapeProblem {
  const shifted = elementwise(b, "sub", [z, logsumexp(b, z)]);
  return isProblem(shifted) ? shifted : elementwise(b, "exp", [shifted]);
}

/** The score of class number k (1-based): z[k], by an indicator where k is not one constant. */
function scoreOf(b: Builder, z: Value, k: Value): Value | ShapeProblem {
  const [classes] = ownShape(z);
  const known = integerOf(k);
  if (known !== undefined) {
    if (known < 1 || known > classes)
      return { problem: `crossentropy needs a class number from 1 to ${classes}, not ${known}`, argument: 1 };
    return sliceValue(b, makeValue(z.node, z.axes), [{ kind: "one", position: known - 1 }]);
  }
  const { sizes } = unitedAxes([k]);
  const shape = [...sizes, classes];
  const numbers = b.add(b.counting(classes), b.constant(1));
  const indicator = b.eq(b.broadcast(k.node, shape, [...sizes.keys()]), b.broadcast(numbers, shape, [sizes.length]));
  return contractValues(b, z, "c", makeValue(indicator, k.axes), "c", "");
}

/** -sum_c p_c log softmax(z)_c = logsumexp(z) sum(p) - p'z; for a class number p is its indicator. */
function crossEntropy(b: Builder, z: Value, k: Value): Value | ShapeProblem {
  const total = logsumexp(b, z);
  if (kindOf(k) === "scalar") {
    const score = scoreOf(b, z, k);
    return isProblem(score) ? score : elementwise(b, "sub", [total, score]);
  }
  const problem = equalVectors("crossentropy", [z, k]);
  if (problem) return problem;
  const weighted = elementwise(b, "mul", [total, makeValue(b.sum(k.node, ownAxes(k)), k.axes)]);
  if (isProblem(weighted)) return weighted;
  return elementwise(b, "sub", [weighted, contractValues(b, k, "c", z, "c", "")]);
}

export const probabilityFunctions: readonly LanguageFunction[] = [
  {
    name: "logsumexp",
    family: "probability",
    signature: "logsumexp(z)",
    doc: "log of the sum of exp(z_i), computed from the largest entry so that it cannot overflow.",
    arity: [1, 1],
    apply: (b, args) => vectorAt("logsumexp", args, 0) ?? logsumexp(b, args[0]),
  },
  {
    name: "softmax",
    family: "probability",
    signature: "softmax(z)",
    doc: "The vector exp(z_i - logsumexp(z)): positive entries that sum to 1.",
    arity: [1, 1],
    apply: (b, args) => vectorAt("softmax", args, 0) ?? softmax(b, args[0]),
  },
  {
    name: "crossentropy",
    family: "probability",
    signature: "crossentropy(z, k)",
    doc: "-log softmax(z)_k for a class number k from 1; for a vector of probabilities p in its place -sum of p_c log softmax(z)_c.",
    arity: [2, 2],
    apply: (b, args) => vectorAt("crossentropy", args, 0) ?? crossEntropy(b, args[0], args[1]),
  },
];
