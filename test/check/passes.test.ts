/** What nodes read, which axes are sampled, features, and warnings that should stay away. */
import { describe, expect, test } from "vitest";
import { featuresOf } from "../../src/model/features.js";
import { readsOf } from "../../src/model/reads.js";
import { Builder } from "../../src/ops/build.js";
import { compileText, problemOf } from "../elaborate/compile.js";

describe("reads", () => {
  const b = new Builder();
  const block = { name: "y", size: 6 };
  const y = b.input(block);
  const reads = (node: Parameters<typeof readsOf>[0][number]): number[] => [...readsOf([node], block)];
  test.each([
    ["an entry", b.take(y, 0, b.graph.range(2, 1)), [0, 0, 1, 0, 0, 0]],
    ["a column of a matrix", b.sum(b.take(b.reshape(y, [2, 3]), 1, b.graph.range(1, 1))), [0, 1, 0, 0, 1, 0]],
    ["a transposed row", b.take(b.transpose(b.reshape(y, [2, 3])), 0, b.graph.range(2, 1)), [0, 0, 1, 0, 0, 1]],
    ["everything, through an operator", b.take(b.exp(y), 0, b.graph.range(0, 1)), [1, 1, 1, 1, 1, 1]],
    ["repeated entries", b.sum(b.take(y, 0, b.graph.positions([5, 0, 5]))), [1, 0, 0, 0, 0, 1]],
    ["nothing", b.constant(3), [0, 0, 0, 0, 0, 0]],
  ])("%s", (_, node, expected) => {
    expect(reads(node)).toEqual(expected);
  });
});

test("features of a problem", async () => {
  const problem = await problemOf(`param b = [1, 2, 3]
upper { var x[2] in [0, [1, inf]] ; minimize sumsq(x) + sum(y) }
lower {
  var y[3] in simplex
  var z <= 4
  minimize mean(i in 1..3 batch 2: (y[i] - b[i] * x[1])^2) + z^2 * x[2]
  subject to
    y >= 0.1
    y[1] + z == 1
}`);
  const features = featuresOf(problem);
  expect([features.n, features.m, features.followers]).toEqual([2, 4, 1]);
  expect(features.upper).toMatchObject({ variables: 2, inequalities: 0, equalities: 0, bounded: 2 });
  expect(features.lower).toMatchObject({ variables: 4, inequalities: 3, equalities: 1, bounded: 1 });
  expect([...features.lower.domains]).toEqual(["simplex", "box"]);
  expect(features).toMatchObject({
    upperConstrained: false,
    lowerConstrained: true,
    lowerUnrestricted: false,
    sampledUpper: false,
    sampledLower: true,
    minimax: false,
  });
});

describe("no warning", () => {
  test.each([
    ["minimize 0 is meant", "upper { var x in [-2, 2] ; minimize x*y }\nlower { var y in [-1, 1] ; minimize 0 }"],
    [
      "a sampled sum in a linear place",
      `param b = [1, 2, 3]
upper { var x ; minimize 2 * mean(i in 1..3 batch 2: (y - b[i])^2) / 3 - x * sum(i in 1..3 batch 2: b[i] * y) }
lower { var y ; minimize (y - x)^2 }`,
    ],
    [
      "the upper level reaches x through constraints only",
      "upper { var x ; minimize y^2 \n subject to\n x + y >= 1 }\nlower { var y ; minimize (y - x)^2 }",
    ],
    [
      "an index used in a condition only",
      "upper { var x ; minimize sum(i in 1..3 where i != 2: x) + y }\nlower { var y ; minimize (y - x)^2 }",
    ],
    [
      "names in a branch that is not taken",
      "param k = 1\nparam j = 2\nupper { var x ; minimize (if k > 0 then x else j)^2 + y }\nlower { var y ; minimize (y - x)^2 }",
    ],
  ])("%s", async (_, text) => {
    const { codes, text: found } = await compileText(text);
    expect(codes, found).toEqual([]);
  });
});
