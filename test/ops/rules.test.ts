/** Single simplification rules: the node that comes out, and its value against plain arithmetic. */
import { describe, expect, it } from "vitest";
import type { Node } from "../../src/expr/node.js";
import { toText } from "../../src/expr/text.js";
import { nodeCount } from "../../src/expr/walk.js";
import { Builder } from "../../src/ops/build.js";
import { evaluate } from "../../src/ops/evaluate.js";
import { generator, randomVector, relativeError } from "./numeric.js";

const b = new Builder();
const block = { name: "x", size: 24 };
const values = randomVector(generator(5), 24);
const x = b.input(block);
const cube = b.reshape(x, [2, 3, 4]);
const flat = (start: number, size: number) => b.take(x, 0, b.graph.range(start, size));
const [u, v, s] = [flat(0, 4), flat(4, 4), b.reshape(flat(8, 1), [])];
const matrix = b.reshape(flat(8, 16), [4, 4]);
const value = (node: Node): Float64Array => evaluate([node], new Map([[block, values]]))[0];
const c = (k: number) => b.constant(k);

describe("arithmetic", () => {
  const equal: [string, Node, Node][] = [
    ["x + 0", b.add(u, c(0)), u],
    ["0 + x", b.add(b.zeros([4]), u), u],
    ["1 * x", b.mul(b.filled([4], 1), u), u],
    ["0 * x", b.mul(c(0), u), b.zeros([4])],
    ["x - x", b.sub(u, u), b.zeros([4])],
    ["--x", b.neg(b.neg(u)), u],
    ["x - (-y)", b.sub(u, b.neg(v)), b.add(u, v)],
    ["x + (-y)", b.add(u, b.neg(v)), b.sub(u, v)],
    ["-x - y", b.sub(b.neg(u), v), b.neg(b.add(u, v))],
    ["(-x) * y", b.mul(b.neg(u), v), b.neg(b.mul(u, v))],
    ["2x - 5x", b.sub(b.mul(c(2), u), b.mul(c(5), u)), b.mul(c(-3), u)],
    ["2x + 5x", b.add(b.mul(c(2), u), b.mul(c(5), u)), b.mul(c(7), u)],
    ["2x - 2y", b.sub(b.mul(c(2), u), b.mul(c(2), v)), b.mul(c(2), b.sub(u, v))],
    ["3 * (4 * x)", b.mul(c(3), b.mul(c(4), u)), b.mul(c(12), u)],
    ["(3x) * (4y)", b.mul(b.mul(c(3), u), b.mul(c(4), v)), b.mul(c(12), b.mul(u, v))],
    ["commuted", b.mul(v, u), b.mul(u, v)],
    ["x / 1", b.div(u, c(1)), u],
    ["6x / 3", b.div(b.mul(c(6), u), c(3)), b.mul(c(2), u)],
    ["6x / (3y)", b.div(b.mul(c(6), u), b.mul(c(3), v)), b.mul(c(2), b.div(u, v))],
    ["x * (2 / y)", b.mul(u, b.div(c(2), v)), b.mul(c(2), b.div(u, v))],
    ["x ^ 0", b.pow(u, c(0)), b.filled([4], 1)],
    ["x ^ 1", b.pow(u, c(1)), u],
    ["x ^ 2", b.pow(u, c(2)), b.square(u)],
    ["x * x", b.mul(u, u), b.square(u)],
    ["x ^ 0.5", b.pow(u, c(0.5)), b.sqrt(u)],
    ["(-3x)^2", b.square(b.mul(c(-3), u)), b.mul(c(9), b.square(u))],
    ["sqrt(x^2)", b.sqrt(b.square(u)), b.abs(u)],
    ["s (t x) with scalars", b.mul(s, b.mul(b.exp(s), u)), b.mul(b.mul(s, b.exp(s)), u)],
    ["max(x, x)", b.max(u, u), u],
    ["select(1, x, y)", b.select(c(1), u, v), u],
    ["select(p, x, 0) * y", b.mul(b.select(b.lt(u, v), u, c(0)), v), b.select(b.lt(u, v), b.mul(u, v), c(0))],
    ["like terms", b.addAll([u, v, b.neg(u), v]), b.mul(c(2), v)],
    ["constants", b.exp(b.mul(c(2), b.sub(c(3), c(3)))), c(1)],
  ];
  it.each(equal)("%s", (_, got, expected) => {
    expect(toText([got])).toBe(toText([expected]));
    expect(got).toBe(expected);
  });
});

describe("layout", () => {
  const r = (start: number, size: number, step = 1) => b.graph.range(start, size, step);
  const sampled = b.graph.positions([0, 1, 2, 3], 7);
  const equal: [string, Node, Node][] = [
    ["take everything", b.take(u, 0, r(0, 4)), u],
    ["take of take", b.take(b.take(x, 0, r(4, 8)), 0, r(1, 3, 2)), b.take(x, 0, r(5, 3, 2))],
    ["take what was put", b.take(b.put(u, 0, r(2, 4), 9), 0, r(2, 4)), u],
    ["take a part of what was put", b.take(b.put(u, 0, r(2, 4), 9), 0, r(3, 2)), b.take(u, 0, r(1, 2))],
    ["take beside what was put", b.take(b.put(u, 0, r(2, 4), 9), 0, r(6, 3)), b.zeros([3])],
    ["take of a concat", b.take(b.concat([b.exp(u), v], 0), 0, r(5, 2)), b.take(v, 0, r(1, 2))],
    ["concat of neighbours", b.concat([flat(3, 2), flat(5, 4)], 0), flat(3, 6)],
    ["put of put", b.put(b.put(u, 0, r(1, 4), 6), 0, r(0, 6, 2), 12), b.put(u, 0, r(2, 4, 2), 12)],
    ["transpose twice", b.transpose(b.transpose(matrix)), matrix],
    ["reshape twice", b.reshape(b.reshape(x, [4, 6]), [24]), x],
    ["a row of a reshaped vector", b.take(matrix, 0, r(1, 2)), b.reshape(flat(12, 8), [2, 4])],
  ];
  it.each(equal)("%s", (_, got, expected) => {
    expect(toText([got])).toBe(toText([expected]));
    expect(got).toBe(expected);
  });

  it("reads repeated positions of a put by value", () => {
    const put = b.put(u, 0, b.graph.positions([2, 0, 2, 1]), 3);
    expect(value(b.take(put, 0, r(2, 1)))[0]).toBeCloseTo(values[0] + values[2], 14);
  });

  it("leaves samples alone", () => {
    expect(b.take(u, 0, sampled)).not.toBe(u);
    const data = b.tensor({ shape: [4], values: Float64Array.of(1, 2, 3, 4) });
    expect(b.take(data, 0, sampled).op).toBe("take");
    expect(b.take(b.put(b.exp(u), 0, sampled, 4), 0, sampled).op).toBe("take");
    expect(b.take(b.take(x, 0, r(2, 4)), 0, sampled).attributes.index!.sample).toBe(7);
  });

  it("joins the blocks of a gradient", () => {
    const sum = b.addAll([b.put(u, 0, r(2, 4), 12), b.put(v, 0, r(8, 4), 12), b.put(b.exp(u), 0, r(2, 4), 12)]);
    expect(sum.op).toBe("concat");
    expect(sum.args.length).toBe(4);
    const [a, d] = [values.subarray(0, 4), values.subarray(4, 8)];
    const expected = [0, 0, ...Array.from(a, (t) => t + Math.exp(t)), 0, 0, ...d];
    expect(relativeError(value(sum), expected)).toBeLessThan(1e-15);
  });
});

describe("sums and contractions", () => {
  it.each([
    ["sum of a product", b.sum(b.mul(u, v)), b.dot(u, v)],
    ["sum of a negation", b.sum(b.neg(u)), b.neg(b.sum(u))],
    ["sum of a repetition", b.sum(b.broadcast(u, [5, 4], [1])), b.mul(c(5), b.sum(u))],
    ["partial sum of a repetition", b.sum(b.broadcast(u, [5, 4], [1]), [0]), b.mul(c(5), u)],
    ["sum of sum", b.sum(b.sum(cube, [1]), [0]), b.sum(cube, [0, 1])],
    ["sum of transpose", b.sum(b.transpose(cube, [2, 1, 0]), [1]), b.transpose(b.sum(cube, [1]))],
    ["sum of scaled", b.sum(b.mul(s, u)), b.mul(s, b.sum(u))],
    ["dot with itself", b.dot(u, u), b.sum(b.square(u))],
    ["row of products", b.sum(b.mul(matrix, b.broadcast(u, [4, 4], [1])), [1]), b.matvec(matrix, u)],
    [
      "products along two axes",
      b.mul(b.broadcast(u, [4, 4], [0]), b.broadcast(v, [4, 4], [1])),
      b.contract(u, v, { left: [0], right: [1], out: [0, 1] }),
    ],
    [
      "transposed operand",
      b.matvec(b.transpose(matrix), u),
      b.contract(matrix, u, { left: [0, 1], right: [0], out: [1] }),
    ],
    ["unit matrix", b.matmul(b.eye(4), matrix), matrix],
    ["unit matrix from the right", b.matmul(matrix, b.eye(4)), matrix],
    ["factors", b.matvec(b.mul(c(2), matrix), b.mul(c(3), u)), b.mul(c(6), b.matvec(matrix, u))],
    ["ones", b.matvec(matrix, b.filled([4], 1)), b.sum(matrix, [1])],
    ["no sum", b.contract(u, v, { left: [0], right: [0], out: [0] }), b.mul(u, v)],
    ["scalar", b.contract(s, v, { left: [], right: [0], out: [0] }), b.mul(s, v)],
    ["operands swapped", b.contract(u, matrix, { left: [1], right: [0, 1], out: [0] }), b.matvec(matrix, u)],
  ] as [string, Node, Node][])("%s", (_, got, expected) => {
    expect(toText([got])).toBe(toText([expected]));
    expect(got).toBe(expected);
  });

  it("knows symmetric matrices", () => {
    const H = b.tensor({ shape: [4, 4], values: Float64Array.of(4, 1, 0, 2, 1, 5, 0, 0, 0, 0, 3, 1, 2, 0, 1, 6) });
    expect(b.matvec(b.transpose(H), u)).toBe(b.matvec(H, u));
    const A = b.tensor({ shape: [4, 4], values: Float64Array.from({ length: 16 }, (_, k) => k) });
    expect(b.contract(A, u, { left: [0, 1], right: [0], out: [1] })).not.toBe(b.matvec(A, u));
  });

  it("sums a transposed array along the right axes", () => {
    const turned = b.transpose(cube, [2, 0, 1]);
    const got = value(b.sum(turned, [0]));
    const expected = Array.from({ length: 6 }, (_, k) => values.slice(4 * k, 4 * k + 4).reduce((p, q) => p + q, 0));
    expect(relativeError(got, expected)).toBeLessThan(1e-15);
    const other = value(b.sum(b.transpose(cube, [2, 1, 0]), [2]));
    const want = Array.from(
      { length: 12 },
      (_, k) => values[(k % 3) * 4 + Math.floor(k / 3)] + values[12 + (k % 3) * 4 + Math.floor(k / 3)],
    );
    expect(relativeError(other, want)).toBeLessThan(1e-15);
  });

  it("never materialises a repetition", () => {
    const big = b.broadcast(u, [1000000, 4], [1]);
    const node = b.sum(b.square(b.sub(big, b.broadcast(v, [1000000, 4], [1]))));
    expect(nodeCount([node])).toBeLessThan(12);
    const expected = 1e6 * values.subarray(0, 4).reduce((t, a, k) => t + (a - values[4 + k]) ** 2, 0);
    expect(relativeError(value(node), [expected])).toBeLessThan(1e-14);
  });

  it("folds constants once, and not large ones", () => {
    const A = b.tensor({ shape: [2, 2], values: Float64Array.of(1, 2, 3, 4) });
    expect(b.exp(A).op).toBe("tensor");
    expect(b.exp(A)).toBe(b.exp(A));
    const large = b.tensor({ shape: [300, 300], values: new Float64Array(90000).fill(2) });
    expect(b.neg(large).op).toBe("neg");
    const rows = b.take(large, 0, b.graph.range(10, 5));
    expect(rows.op).toBe("tensor");
    expect(rows.attributes.tensor!.values.buffer).toBe(large.attributes.tensor!.values.buffer);
  });
});
