/**
 * One contract for all operators: shapes, reference evaluation, both modes of differentiation, second order, the
 * TensorFlow.js rule, JavaScript text, TeX, docs and domains must agree with each other.
 */
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import { beforeAll, describe, expect, it } from "vitest";
import { jvp, vjp } from "../../src/diff/index.js";
import type { InputBlock, Node } from "../../src/expr/node.js";
import { topological } from "../../src/expr/walk.js";
import { Builder } from "../../src/ops/build.js";
import { evaluate } from "../../src/ops/evaluate.js";
import type { TfTensor } from "../../src/ops/operator.js";
import { operatorOf, operators } from "../../src/ops/registry.js";
import { cases } from "./cases.js";
import { differences, dot, generator, type Point, randomVector, relativeError, valueAt } from "./numeric.js";

beforeAll(async () => {
  if (!(await tf.setBackend("cpu"))) throw new Error("no CPU backend");
});

function byTensorFlow(node: Node, point: Point): Float32Array {
  return tf.tidy(() => {
    const values = new Map<Node, TfTensor>();
    for (const n of topological([node])) {
      const { input } = n.attributes;
      const value = input
        ? tf.tensor1d(Float32Array.from(point.get(input)!))
        : operatorOf(n).tf(
            tf,
            n.args.map((a) => values.get(a)!),
            n,
          );
      expect(value.shape).toEqual(n.shape);
      values.set(n, value);
    }
    return values.get(node)!.dataSync() as Float32Array;
  });
}

it("has a case for every operator with arguments", () => {
  const covered = new Set(cases.map((c) => c.op));
  const wanted = [...operators.values()].filter((o) => o.family !== "leaf").map((o) => o.name);
  expect(wanted.filter((name) => !covered.has(name))).toEqual([]);
});

describe.each(cases)("$name", ({ inputs, make, point: draw, name }) => {
  const random = generator(name.length * 7919 + name.charCodeAt(0));
  const b = new Builder();
  const node = make(b);
  const point: Point = new Map(draw(random).map((values, i) => [inputs[i], values]));
  const direction: Point = new Map(inputs.map((block) => [block, randomVector(random, block.size)]));
  const marks = new Map<InputBlock, InputBlock>(
    inputs.map((block) => [block, { name: `d${block.name}`, size: block.size }]),
  );
  const directionNodes = new Map(inputs.map((block) => [block, b.input(marks.get(block)!)]));
  const all: Point = new Map([...point, ...inputs.map((block) => [marks.get(block)!, direction.get(block)!] as const)]);
  const size = node.shape.reduce((p, d) => p * d, 1);
  const weights = { name: "u", size };
  const u = randomVector(random, size);
  const adjoint = b.reshape(b.input(weights), node.shape);
  const withWeights: Point = new Map([...all, [weights, u]]);

  it("has the shape that its operator infers, and as many values", () => {
    const value = valueAt(node, point);
    expect(value.length).toBe(size);
    expect(value.every(Number.isFinite)).toBe(true);
    for (const n of topological([node])) {
      if (n.op === "broadcast" || n.op === "reshape") continue;
      expect(
        operatorOf(n).shape(
          n.args.map((a) => a.shape),
          n.attributes,
        ),
      ).toEqual(n.shape);
    }
  });

  it("jvp agrees with differences", () => {
    const [tangent] = jvp(b, [node], directionNodes);
    expect(tangent.shape).toEqual(node.shape);
    const expected = differences((p) => valueAt(node, p), point, direction);
    expect(relativeError(valueAt(tangent, all), expected)).toBeLessThan(2e-9);
  });

  it("vjp is the adjoint of jvp", () => {
    const [tangent] = jvp(b, [node], directionNodes);
    const adjoints = vjp(b, [node], [adjoint], inputs);
    const left = dot(u, valueAt(tangent, all));
    const right = inputs.reduce((s, block, i) => s + dot(valueAt(adjoints[i], withWeights), direction.get(block)!), 0);
    expect(Math.abs(left - right)).toBeLessThan(1e-12 * (1 + Math.abs(left)));
  });

  it("the derivative of its vjp agrees with differences", () => {
    const adjoints = vjp(b, [node], [adjoint], inputs);
    const seconds = jvp(b, adjoints, directionNodes);
    adjoints.forEach((a, i) => {
      const expected = differences((p) => valueAt(a, p), withWeights, direction);
      expect(relativeError(valueAt(seconds[i], withWeights), expected)).toBeLessThan(5e-9);
    });
  });

  it("TensorFlow.js computes the same", () => {
    const value = valueAt(node, point);
    expect(relativeError(byTensorFlow(node, point), value)).toBeLessThan(1e-5);
  });

  it("leaves its arguments alone and has TeX", () => {
    const before = [...point.values()].map((v) => v.slice());
    evaluate([node], new Map(point));
    expect([...point.values()]).toEqual(before);
    for (const n of topological([node])) {
      const tex = operatorOf(n).tex(
        n.args.map((_, i) => `a_${i}`),
        n,
      );
      expect(tex.length).toBeGreaterThan(0);
      expect(tex).not.toContain("undefined");
    }
  });
});

const specials = [
  0,
  -0,
  1,
  -1,
  0.5,
  -0.5,
  2,
  3,
  -2.5,
  1e-9,
  -1e-9,
  30,
  -30,
  1000,
  -1000,
  1e300,
  Infinity,
  -Infinity,
  NaN,
];

describe.each([...operators.values()].filter((o) => o.scalar))("JavaScript text of $name", (operator) => {
  const { apply, js, helpers = {}, cost } = operator.scalar!;
  const names = ["p", "q", "r"].slice(0, operator.arity);
  const preamble = Object.entries(helpers).map(([key, f]) => `const ${key} = ${f.toString()};`);
  const compiled = new Function(...names, `${preamble.join("\n")} return ${js(...names)};`) as (
    ...a: number[]
  ) => number;

  it("equals its function at special values", () => {
    const tuples: number[][] = names.reduce<number[][]>(
      (list) => list.flatMap((t) => specials.map((s) => [...t, s])),
      [[]],
    );
    for (const t of tuples) {
      const [expected, got] = [apply(...t), compiled(...t)];
      if (expected === 0 && got === 0) continue;
      expect({ t, got }).toEqual({ t, got: expected });
    }
  });

  it("is an atom or bracketed, has a cost, and its arguments appear", () => {
    const text = js(...names);
    expect(text).toMatch(/^(\(.*\)|[\w.]+\(.*\))$/s);
    for (const n of names) expect(text).toContain(n);
    expect(cost).toBeGreaterThan(0);
  });

  it("is finite exactly where its domain says", () => {
    if (!operator.domain) return;
    const { argument, holds, words } = operator.domain;
    expect(words.length).toBeGreaterThan(10);
    for (const v of specials.filter((s) => Number.isFinite(s) && Math.abs(s) < 1e3)) {
      const args = names.map((_, i) => (i === argument ? v : 0.7));
      expect({ v, finite: Number.isFinite(apply(...args)) }).toEqual({ v, finite: holds(v) });
    }
  });
});

describe.each([...operators.values()])("$name", (operator) => {
  it("is documented", () => {
    expect(operator.doc).toMatch(/\.$/);
    expect(operators.get(operator.name)).toBe(operator);
  });
});
