/** TensorFlow.js as it ships: it has gradients, for every operator of the graph, and they agree with ours in float32. */
import { beforeAll, describe, expect, test } from "vitest";
import { loadTf, tfGradient } from "../../src/codegen/tf.js";
import { vjp } from "../../src/diff/index.js";
import { sizeOf } from "../../src/expr/node.js";
import { Builder } from "../../src/ops/build.js";
import { evaluate } from "../../src/ops/evaluate.js";
import type { Tf } from "../../src/ops/operator.js";
import { cases } from "../ops/cases.js";
import { generator, type Point, randomVector } from "../ops/numeric.js";

let tf: Tf;
beforeAll(async () => {
  tf = await loadTf();
});

test("a closed form", async () => {
  const b = new Builder();
  const x = { name: "x", size: 1 };
  const [g] = await tfGradient(tf, b.sum(b.exp(b.square(b.input(x)))), [x], new Map([[x, Float64Array.of(0.3)]]));
  expect(g[0]).toBeCloseTo(0.6 * Math.exp(0.09), 6);
});

test("a block that the function does not depend on has a zero gradient", async () => {
  const b = new Builder();
  const [x, y] = [
    { name: "x", size: 2 },
    { name: "y", size: 1 },
  ];
  const at = new Map([
    [x, Float64Array.of(1, 2)],
    [y, Float64Array.of(3)],
  ]);
  const found = await tfGradient(tf, b.sum(b.square(b.input(x))), [y, x], at);
  expect(found.map((g) => [...g])).toEqual([[0], [2, 4]]);
  expect(await tfGradient(tf, b.constant(1), [y], at)).toEqual([Float64Array.of(0)]);
});

describe("every operator", () => {
  test.each(cases)("$name", async ({ inputs, make, point: draw, name }) => {
    const random = generator(name.length * 31 + name.charCodeAt(0));
    const b = new Builder();
    const node = make(b);
    const weights = { name: "w", size: sizeOf(node.shape) };
    const point: Point = new Map([
      ...draw(random).map((values, i) => [inputs[i], values.map(Math.fround)] as const),
      [weights, randomVector(random, weights.size).map(Math.fround)],
    ]);
    const scalar = b.sum(b.mul(b.reshape(node, [weights.size]), b.input(weights)));
    const ours = evaluate(vjp(b, [scalar], [b.constant(1)], inputs), point);
    const theirs = await tfGradient(tf, scalar, inputs, point);
    for (const [i, g] of ours.entries()) {
      const scale = Math.max(1e-3, ...g.map(Math.abs));
      for (const [k, v] of g.entries()) expect(Math.abs(v - theirs[i][k]) / scale).toBeLessThan(1e-4);
    }
  });
});
