/** Walks, text and TeX of graphs. */
import { describe, expect, it } from "vitest";
import { gradient } from "../../src/diff/index.js";
import type { Node } from "../../src/expr/node.js";
import { toTex } from "../../src/expr/tex.js";
import { toText } from "../../src/expr/text.js";
import { dependents, dependsOn, inputsOf, nodeCount, topological } from "../../src/expr/walk.js";
import { Builder } from "../../src/ops/build.js";
import { operatorOf } from "../../src/ops/registry.js";

const b = new Builder();
const [xs, ys] = [
  { name: "x", size: 3 },
  { name: "y", size: 3 },
];
const [x, y] = [b.input(xs), b.input(ys)];
const scalar = (k: number): Node => b.reshape(b.take(x, 0, b.graph.range(k, 1)), []);
const [p, q] = [scalar(0), scalar(1)];
const c = (k: number): Node => b.constant(k);
const A = b.tensor({ shape: [3, 3], values: Float64Array.from({ length: 9 }, (_, k) => k), name: "A" });
const rule = (node: Node) => operatorOf(node).tex;
const tex = (node: Node): string => toTex([node], { rule }).outputs[0];

describe("walks", () => {
  const shared = b.exp(x);
  const node = b.add(b.square(shared), b.mul(shared, y));
  it("order arguments before users, each once", () => {
    const order = topological([node, shared]);
    expect(new Set(order).size).toBe(order.length);
    for (const n of order) for (const a of n.args) expect(order.indexOf(a)).toBeLessThan(order.indexOf(n));
    expect(nodeCount([node])).toBe(6);
    expect(nodeCount([])).toBe(0);
  });
  it("find dependence", () => {
    expect(dependsOn(node, ys)).toBe(true);
    expect(dependsOn(shared, ys)).toBe(false);
    expect(dependents([node], [xs]).has(y)).toBe(false);
    expect(inputsOf([node])).toEqual([xs, ys]);
  });
  it("bear deep graphs", () => {
    let deep = p;
    for (let k = 0; k < 20000; k++) deep = b.apply("sin", [deep]);
    expect(nodeCount([deep])).toBe(20003);
    expect(gradient(b, deep, [xs])[0].shape).toEqual([3]);
  });
});

it("text shows every attribute", () => {
  const index = b.graph.positions([2, 0, 2]);
  const sampled = b.take(b.matvec(A, x), 0, b.graph.positions([0, 1, 2], 4));
  const parts = [b.put(b.take(x, 0, index), 0, b.graph.range(0, 3, 2), 6), sampled, b.sum(b.exp(b.transpose(A)), [1])];
  expect(toText([b.concat(parts, 0)])).toMatchInlineSnapshot(`
    "%0 = input x : [3]
    %1 = take(%0) axis 0 at {2 0 2} : [3]
    %2 = put(%1) axis 0 at 0..4 step 2 of 6 : [6]
    %3 = tensor A : [3, 3]
    %4 = contract(%3, %0) ij,j->i : [3]
    %5 = take(%4) axis 0 at 0..2 sample 4 : [3]
    %6 = tensor {424.51433041592276, 1153.9495902900617, 3136.7602022432357} : [3]
    %7 = concat(%2, %5, %6) axis 0 : [12]
    return %7"
  `);
});

describe("TeX", () => {
  it.each<[string, Node, string]>([
    ["sum and product", b.mul(b.add(p, q), p), "x_{1} \\, \\left(x_{1} + x_{2}\\right)"],
    ["difference of a sum", b.sub(p, b.add(q, c(2))), "x_{1} - \\left(2 + x_{2}\\right)"],
    ["negated product", b.neg(b.mul(p, q)), "-x_{1} \\, x_{2}"],
    ["negated sum", b.neg(b.add(p, q)), "-\\left(x_{1} + x_{2}\\right)"],
    ["power of a sum", b.square(b.add(p, q)), "\\left(x_{1} + x_{2}\\right)^{2}"],
    ["power of a power", b.square(b.exp(p)), "\\left(e^{x_{1}}\\right)^{2}"],
    ["power of a fraction", b.square(b.div(p, q)), "\\left(\\frac{x_{1}}{x_{2}}\\right)^{2}"],
    ["fraction of a sum", b.div(b.add(p, q), q), "\\frac{x_{1} + x_{2}}{x_{2}}"],
    ["number times root", b.mul(c(3), b.sqrt(p)), "3 \\, \\sqrt{x_{1}}"],
    ["negative number in a product", b.mul(c(-2), p), "\\left(-2\\right) \\, x_{1}"],
    ["large number", b.add(c(2.5e-9), p), "2.5 \\cdot 10^{-9} + x_{1}"],
    ["matrix times difference", b.matvec(A, b.sub(x, y)), "\\mathit{A} \\left(x - y\\right)"],
    ["transposed matrix", b.contract(A, x, { left: [0, 1], right: [0], out: [1] }), "\\mathit{A}^{\\top} x"],
    ["squared norm", b.sum(b.square(x)), "\\sum\\left(x^{2}\\right)"],
    ["inner product", b.dot(x, b.matvec(A, y)), "x^{\\top} \\left(\\mathit{A} y\\right)"],
    ["solution of a system", b.solve(b.mul(c(2), A), x), "C_{3\\times 3}^{-1} x"],
    ["function of a function", b.log(b.abs(p)), "\\log\\left(\\left|x_{1}\\right|\\right)"],
  ])("%s", (_, node, expected) => {
    expect(tex(node)).toBe(expected);
  });

  it("takes names for nodes", () => {
    const name = (node: Node) => (node === p ? "t" : undefined);
    expect(toTex([b.mul(c(7), p)], { rule, name }).outputs).toEqual(["7 \\, t"]);
  });

  it("defines long parts that occur more than once, and stays short", () => {
    const long = b.exp(b.sub(b.square(b.apply("sin", [p])), b.apply("softplus", [b.mul(p, q)])));
    const { outputs, definitions } = toTex([b.div(long, b.add(c(1), long))], { rule });
    expect(definitions.map((d) => d.name)).toEqual(["z_{1}"]);
    expect(outputs).toEqual(["\\frac{z_{1}}{1 + z_{1}}"]);
    let doubled = long;
    for (let k = 0; k < 40; k++) doubled = b.add(b.apply("sin", [doubled]), b.apply("cos", [doubled]));
    const all = toTex([doubled], { rule });
    expect(all.outputs.join().length + all.definitions.map((d) => d.formula).join().length).toBeLessThan(10000);
  });

  it("balances its brackets", () => {
    const node = gradient(b, b.logsumexp(b.apply("tanh", [b.matvec(A, x)])), [xs])[0];
    const { outputs, definitions } = toTex([node], { rule });
    for (const text of [...outputs, ...definitions.map((d) => d.formula)]) {
      expect(text.match(/\\left[^a-z]/g)?.length ?? 0).toBe(text.match(/\\right[^a-z]/g)?.length ?? 0);
      expect(text.match(/\{/g)?.length ?? 0).toBe(text.match(/\}/g)?.length ?? 0);
      expect(text).not.toContain("undefined");
      expect(text).not.toMatch(/\^\{[^{}]*\}\^/);
    }
  });
});
