/** mathjs as an oracle that shares nothing with the graph: values, first and second derivatives of random scalar expressions. */
import { describe, expect, it } from "vitest";
import { gradient, hvp } from "../../src/diff/index.js";
import { scalarDerivative, scalarEvaluator } from "../../src/diff/scalar.js";
import type { Node } from "../../src/expr/node.js";
import { Builder } from "../../src/ops/build.js";
import { generator, type Point, valueAt } from "../ops/numeric.js";

interface Twin {
  readonly text: string;
  readonly node: Node;
}

/** A random expression over x and y, as text of the language and as a node. */
function expression(b: Builder, variables: readonly Twin[], random: () => number, depth: number): Twin {
  const int = (n: number) => Math.floor(random() * n);
  const inner = () => expression(b, variables, random, depth - 1);
  if (depth === 0 || random() < 0.1) {
    if (random() < 0.75) return variables[int(variables.length)];
    const value = [0.5, 2, 3, 1.25, 0.1][int(5)];
    return { text: String(value), node: b.constant(value) };
  }
  const a = inner();
  switch (int(8)) {
    case 0:
    case 1: {
      const [op, sign] = [
        ["add", "+"],
        ["sub", "-"],
        ["mul", "*"],
      ][int(3)];
      const c = inner();
      return { text: `(${a.text} ${sign} ${c.text})`, node: b.apply(op, [a.node, c.node]) };
    }
    case 2: {
      // a divisor away from 0
      const c = inner();
      return {
        text: `(${a.text} / (1.5 + ${c.text}^2))`,
        node: b.div(a.node, b.add(b.constant(1.5), b.square(c.node))),
      };
    }
    case 3: {
      const op = ["sin", "cos", "tanh", "sigmoid", "softplus", "erf", "atan", "square"][int(8)];
      return { text: `${op}(${a.text})`, node: b.apply(op, [a.node]) };
    }
    case 4: {
      const op = ["log", "sqrt", "log1p"][int(3)];
      return { text: `${op}(1.1 + ${a.text}^2)`, node: b.apply(op, [b.add(b.constant(1.1), b.square(a.node))]) };
    }
    case 5: {
      const op = ["exp", "expm1", "sinh", "cosh"][int(4)];
      return { text: `${op}(sin(${a.text}))`, node: b.apply(op, [b.apply("sin", [a.node])]) };
    }
    case 6: {
      const op = ["max", "min", "atan2"][int(3)];
      return {
        text: `${op}(${a.text}, 0.3 + ${variables[0].text})`,
        node: b.apply(op, [a.node, b.add(b.constant(0.3), variables[0].node)]),
      };
    }
    default: {
      const c = inner();
      return {
        text: `(if ${a.text} < 0.37 then ${c.text} else abs(${a.text})^3)`,
        node: b.select(b.lt(a.node, b.constant(0.37)), c.node, b.pow(b.abs(a.node), b.constant(3))),
      };
    }
  }
}

describe("random scalar expressions", () => {
  it.each(Array.from({ length: 40 }, (_, k) => k))("expression %i", async (seed) => {
    const random = generator(seed * 7717 + 3);
    const b = new Builder();
    const block = { name: "p", size: 2 };
    const variables = ["x", "y"].map((text, k) => ({
      text,
      node: b.reshape(b.take(b.input(block), 0, b.graph.range(k, 1)), []),
    }));
    const { text, node } = expression(b, variables, random, 3);
    const v = { name: "v", size: 2 };
    const numbers = [random() * 2 - 1, random() * 2 - 1];
    const point: Point = new Map([
      [block, Float64Array.from(numbers)],
      [v, Float64Array.of(1, 0)],
    ]);
    const close = (got: number, expected: number) =>
      expect(Math.abs(got - expected)).toBeLessThan(1e-9 * (1 + Math.abs(expected)));
    const value = await scalarEvaluator(text, ["x", "y"]);
    close(valueAt(node, point)[0], value!(...numbers));
    const g = valueAt(gradient(b, node, [block])[0], point);
    const slopes: (string | undefined)[] = [];
    for (const [k, name] of ["x", "y"].entries()) {
      const slope = await scalarDerivative(text, name);
      slopes.push(slope);
      close(g[k], (await scalarEvaluator(slope!, ["x", "y"]))!(...numbers));
    }
    if (slopes[0]!.length > 200) return;
    const curve = valueAt(hvp(b, node, block, b.input(v)), point);
    for (const [k, name] of ["x", "y"].entries()) {
      const second = await scalarDerivative(slopes[0]!, name);
      close(curve[k], (await scalarEvaluator(second!, ["x", "y"]))!(...numbers));
    }
  });
});

describe("texts", () => {
  it.each([
    ["0.5 * r^2", "r"],
    ["exp(2r)", "r"],
    ["if r > 0 then r^2 else -r", "r"],
    ["huber(r)", "r"],
    ["max(r, 0, 2 - r)", "r"],
    ["r .^ 2 ./ 3 .* r", "r"],
    ["pi * r + e", "r"],
    ["min(r, inf)", "r"],
  ])("the derivative of %s has the right values", async (body, parameter) => {
    const slope = await scalarDerivative(body, parameter);
    const [f, d] = [await scalarEvaluator(body, [parameter]), await scalarEvaluator(slope!, [parameter])];
    for (const r of [-1.7, -0.4, 0.3, 0.8, 1.9]) {
      const h = 1e-5;
      expect(Math.abs(d!(r) - (f!(r + h) - f!(r - h)) / (2 * h))).toBeLessThan(1e-9 * (1 + Math.abs(d!(r))));
    }
  });

  it("reads well", async () => {
    expect(await scalarDerivative("0.5 * r^2", "r")).toMatchInlineSnapshot(`"0.5 * 2 * r"`);
    expect(await scalarDerivative("if abs(r) < 1 then r^2 else 2 * abs(r)", "r")).toMatchInlineSnapshot(
      `"(abs(r) < 1) ? (2 * r) : (2 * sign(r))"`,
    );
    expect(await scalarDerivative("a * exp(-r) + r * q", "r")).toMatchInlineSnapshot(`"a * -1 * exp(-r) + q"`);
  });

  it("says where there is none", async () => {
    expect(await scalarDerivative("dot(a, b)", "a")).toBeUndefined();
    expect(await scalarDerivative("[1, r]", "r")).toBeUndefined();
    expect(await scalarEvaluator("sum(i in 1..3: r)", ["r"])).toBeUndefined();
    expect((await scalarEvaluator("log(r)", ["r"]))!(-1)).toBeNaN();
    expect((await scalarEvaluator("r < 2", ["r"]))!(1)).toBe(1);
  });
});
