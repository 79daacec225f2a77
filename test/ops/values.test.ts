/** Functions and slices of the language against plain arithmetic. */
import { describe, expect, it } from "vitest";
import { reduceAxis } from "../../src/ops/algebra.js";
import { isProblem, makeValue, type ShapeProblem } from "../../src/ops/align.js";
import { Builder } from "../../src/ops/build.js";
import { constants, functions } from "../../src/ops/functions/index.js";
import { sliceValue } from "../../src/ops/slice.js";
import { ownShape, plain, type Value } from "../../src/ops/value.js";
import { good, relativeError, valueAt } from "./numeric.js";

describe("values against plain arithmetic", () => {
  const b = new Builder();
  const vec = (...v: number[]) => plain(b.tensor({ shape: [v.length], values: Float64Array.from(v) }));
  const mat = (r: number, ...v: number[]) =>
    plain(b.tensor({ shape: [r, v.length / r], values: Float64Array.from(v) }));
  const num = (v: number) => plain(b.constant(v));
  const run = (name: string, ...args: Value[]) =>
    Array.from(valueAt(good(functions.get(name)!.apply(b, args)).node, new Map()));
  const log = Math.log;
  it.each<[string, Value[], number[]]>([
    ["huber", [vec(0.5, -3, 1)], [0.125, 2.5, 0.5]],
    ["huber", [vec(0.5, -3), num(2)], [0.125, 4]],
    ["sum", [vec(1, 2, 3)], [6]],
    ["mean", [mat(2, 1, 2, 3, 4)], [2.5]],
    ["prod", [vec(1, 2, 3, 4, 5)], [120]],
    ["prod", [vec(2, 0, 3)], [0]],
    ["norm", [vec(3, 4)], [5]],
    ["norm1", [vec(3, -4)], [7]],
    ["normInf", [vec(3, -4)], [4]],
    ["sumsq", [vec(3, -4)], [25]],
    ["dot", [vec(1, 2, 3), vec(4, 5, 6)], [32]],
    ["quadform", [mat(2, 1, 2, 3, 4), vec(1, 2)], [27]],
    ["logsumexp", [vec(1000, 1000)], [1000 + log(2)]],
    ["logsumexp", [vec(-1000, -1000)], [-1000 + log(2)]],
    ["softmax", [vec(1000, 1000, -1000)], [0.5, 0.5, 0]],
    ["crossentropy", [vec(0, log(3)), num(2)], [log(4) - log(3)]],
    ["crossentropy", [vec(0, log(3)), vec(0.25, 0.75)], [log(4) - 0.75 * log(3)]],
    ["outer", [vec(1, 2), vec(3, 4)], [3, 4, 6, 8]],
    ["trace", [mat(2, 1, 2, 3, 4)], [5]],
    ["diag", [mat(2, 1, 2, 3, 4)], [1, 4]],
    ["diag", [vec(1, 2)], [1, 0, 0, 2]],
    ["transpose", [mat(2, 1, 2, 3, 4, 5, 6)], [1, 4, 2, 5, 3, 6]],
    ["solve", [mat(2, 2, 1, 1, 3), vec(3, 5)], [0.8, 1.4]],
    ["inv", [mat(2, 2, 0, 0, 4)], [0.5, 0, 0, 0.25]],
    ["rows", [mat(2, 1, 2, 3, 4, 5, 6)], [2]],
    ["cols", [mat(2, 1, 2, 3, 4, 5, 6)], [3]],
    ["length", [vec(1, 2)], [2]],
    ["zeros", [num(2)], [0, 0]],
    ["ones", [num(1), num(2)], [1, 1]],
    ["eye", [num(2)], [1, 0, 0, 1]],
    ["linspace", [num(1), num(3), num(5)], [1, 1.5, 2, 2.5, 3]],
    ["concat", [vec(1, 2), num(3)], [1, 2, 3]],
    ["concat", [mat(1, 1, 2), mat(1, 3, 4)], [1, 2, 3, 4]],
    ["min", [vec(3, 1, 2)], [1]],
    ["max", [vec(3, 1, 2), num(2)], [3, 2, 2]],
  ])("%s %#", (name, args, expected) => {
    // exp of scores of size 1000 rounds to 1000 * 1.1e-16
    expect(relativeError(run(name, ...args), expected)).toBeLessThan(name === "softmax" ? 1.2e-13 : 1e-14);
  });

  it("reduces comprehension axes", () => {
    const v = makeValue(b.tensor({ shape: [3, 2], values: Float64Array.of(1, 2, 3, 4, 5, 6) }), [7]);
    const of = (kind: "sum" | "mean" | "prod" | "max" | "min") =>
      Array.from(valueAt(good(reduceAxis(b, v, 7, kind)).node, new Map()));
    expect(of("sum")).toEqual([9, 12]);
    expect(of("mean")).toEqual([3, 4]);
    expect(of("prod")).toEqual([15, 48]);
    expect(of("max")).toEqual([5, 6]);
    expect(of("min")).toEqual([1, 2]);
    const same = makeValue(b.tensor({ shape: [2], values: Float64Array.of(2, 3) }), []);
    const fixed = (kind: "sum" | "mean" | "prod" | "max") =>
      Array.from(valueAt(good(reduceAxis(b, same, 7, kind, 3)).node, new Map()));
    expect(fixed("sum")).toEqual([6, 9]);
    expect(fixed("prod")).toEqual([8, 27]);
    expect(fixed("mean")).toEqual([2, 3]);
    expect(isProblem(reduceAxis(b, same, 7, "max", 0))).toBe(true);
  });

  it("knows its constants", () => {
    expect([...constants]).toEqual([
      ["pi", Math.PI],
      ["e", Math.E],
      ["inf", Infinity],
    ]);
  });
});

describe("slices by comprehension indices", () => {
  const b = new Builder();
  const A = plain(b.tensor({ shape: [3, 4], values: Float64Array.from({ length: 12 }, (_, k) => k) }));
  const index = (axes: number[], sizes: number[], positions: number[], sample?: number) =>
    ({ kind: "index", axes, sizes, positions, ...(sample === undefined ? {} : { sample }) }) as const;
  const read = (v: Value | ShapeProblem) => Array.from(valueAt(good(v).node, new Map()));

  it("rows, columns and entries", () => {
    const row = good(sliceValue(b, A, [index([2], [2], [2, 0]), { kind: "all" }]));
    expect([row.axes, row.row, ownShape(row), read(row)]).toEqual([[2], true, [4], [8, 9, 10, 11, 0, 1, 2, 3]]);
    const column = good(sliceValue(b, A, [{ kind: "all" }, index([2], [2], [1, 3])]));
    expect([column.axes, column.row, read(column)]).toEqual([[2], undefined, [1, 5, 9, 3, 7, 11]]);
    // B[i, j] with j's comprehension outside
    const entries = good(sliceValue(b, A, [index([5], [3], [0, 1, 2]), index([3], [2], [0, 3])]));
    expect([entries.axes, entries.node.shape, read(entries)]).toEqual([
      [3, 5],
      [2, 3],
      [0, 4, 8, 3, 7, 11],
    ]);
    expect(read(sliceValue(b, A, [index([1, 2], [2, 2], [0, 1, 1, 2]), { kind: "one", position: 1 }]))).toEqual([
      1, 5, 5, 9,
    ]);
  });

  it.each([undefined, 9])("the same index twice, sample %s", (sample) => {
    const i = index([2], [3], [0, 1, 2], sample);
    const next = index([2], [3], [1, 2, 3], sample);
    expect(read(sliceValue(b, A, [i, i]))).toEqual([0, 5, 10]);
    expect(read(sliceValue(b, A, [i, next]))).toEqual([1, 6, 11]);
    const rows = good(sliceValue(b, A, [i, { kind: "all" }]));
    const picked = good(sliceValue(b, rows, [next]));
    expect([picked.axes, read(picked)]).toEqual([[2], [1, 6, 11]]);
    const pairs = good(sliceValue(b, rows, [index([1, 2], [2, 3], [0, 1, 2, 1, 2, 3], sample)]));
    expect([pairs.axes, pairs.node.shape, read(pairs)]).toEqual([
      [1, 2],
      [2, 3],
      [0, 5, 10, 1, 6, 11],
    ]);
  });
});
