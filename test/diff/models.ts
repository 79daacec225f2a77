/** Objectives of the kinds that bilevel problems have, written with the language's own functions. */
import type { InputBlock, Node } from "../../src/expr/node.js";
import { elementwise, product, reduceAxis } from "../../src/ops/algebra.js";
import { isProblem, type ShapeProblem } from "../../src/ops/align.js";
import { Builder } from "../../src/ops/build.js";
import { functions } from "../../src/ops/functions/index.js";
import { type Selector, sliceValue } from "../../src/ops/slice.js";
import { plain, type Value } from "../../src/ops/value.js";
import { generator, randomVector } from "../ops/numeric.js";

export function good(v: Value | ShapeProblem): Value {
  if (isProblem(v)) throw new Error(v.problem);
  return v;
}

export interface Model {
  readonly b: Builder;
  readonly f: Node;
  /** Lower and upper variables. */
  readonly w: InputBlock;
  readonly x: InputBlock;
}

/** 1/2 y'Hy + c'y + (sum x) (sum y), H symmetric. */
export function quadratic(): Model {
  const b = new Builder();
  const [w, x] = [
    { name: "y", size: 3 },
    { name: "x", size: 2 },
  ];
  const H = b.tensor({ shape: [3, 3], values: Float64Array.of(2, 1, 0, 1, 3, 1, 0, 1, 4), name: "H" });
  const c = b.tensor({ shape: [3], values: Float64Array.of(1, -2, 0.5), name: "c" });
  const y = plain(b.input(w));
  const form = good(functions.get("quadform")!.apply(b, [plain(H), y])).node;
  const coupling = b.mul(b.sum(b.input(x)), b.sum(y.node));
  return { b, w, x, f: b.addAll([b.mul(b.constant(0.5), form), b.dot(c, y.node), coupling]) };
}

export type Loss = "ridge" | "logistic" | "softmax";

/** mean over i of the loss of A[i, :] w against t[i], plus exp(rho) |w|^2; `sample` marks the comprehension. */
export function regression(loss: Loss, terms: number, sample?: number): Model {
  const b = new Builder();
  const random = generator(terms);
  const [columns, classes] = [4, loss === "softmax" ? 3 : 1];
  const [w, x] = [
    { name: "w", size: columns * classes },
    { name: "rho", size: 1 },
  ];
  const A = plain(b.tensor({ shape: [terms, columns], values: randomVector(random, terms * columns), name: "A" }));
  const labels = Float64Array.from({ length: terms }, (_, k) => (loss === "softmax" ? (k % 3) + 1 : k % 2 ? 1 : -1));
  const t = plain(b.tensor({ shape: [terms], values: labels, name: "t" }));
  const positions = Array.from({ length: terms }, (_, k) => k);
  const i: Selector = {
    kind: "index",
    axes: [1],
    sizes: [terms],
    positions,
    ...(sample === undefined ? {} : { sample }),
  };
  const weights = plain(classes > 1 ? b.reshape(b.input(w), [columns, classes]) : b.input(w));
  const ti = good(sliceValue(b, t, [i]));
  const z = good(product(b, good(sliceValue(b, A, [i, { kind: "all" }])), weights));
  const each: Record<Loss, () => Value> = {
    ridge: () => good(functions.get("square")!.apply(b, [good(elementwise(b, "sub", [z, ti]))])),
    logistic: () => {
      const margin = good(elementwise(b, "neg", [good(elementwise(b, "mul", [ti, z]))]));
      return good(functions.get("softplus")!.apply(b, [margin]));
    },
    softmax: () => good(functions.get("crossentropy")!.apply(b, [z, ti])),
  };
  const mean = good(reduceAxis(b, each[loss](), 1, "mean")).node;
  const penalty = b.mul(b.exp(b.reshape(b.input(x), [])), b.sum(b.square(b.input(w))));
  return { b, w, x, f: b.add(mean, penalty) };
}
