/**
 * Functions and operators of the language on values: inside a comprehension they must give, for each index, what they
 * give for that index alone; results are compared with plain loops; misfits are told in words.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { InputBlock, Shape } from "../../src/expr/node.js";
import { sizeOf } from "../../src/expr/node.js";
import { elementwise, power, product, quotient, reduceAxis, transposeValue } from "../../src/ops/algebra.js";
import { isProblem, makeValue, type ShapeProblem } from "../../src/ops/align.js";
import { Builder } from "../../src/ops/build.js";
import { constants, functions } from "../../src/ops/functions/index.js";
import { sliceValue } from "../../src/ops/slice.js";
import { ownShape, plain, type Value } from "../../src/ops/value.js";
import { generator, randomVector, relativeError, valueAt } from "./numeric.js";

type Apply = (b: Builder, args: readonly Value[]) => Value | ShapeProblem;

function good(v: Value | ShapeProblem): Value {
  if (isProblem(v)) throw new Error(v.problem);
  return v;
}

/** Own shapes of the arguments; `row` marks rows; entries are positive where a domain needs it. */
interface Subject {
  readonly name: string;
  readonly shapes: readonly Shape[];
  readonly rows?: readonly number[];
  readonly apply: Apply;
  readonly positive?: boolean;
}

const [n, m] = [3, 2];
const call = (name: string, shapes: readonly Shape[], rows: readonly number[] = []): Subject => ({
  name: `${name}(${shapes.map((s) => `[${s}]`).join(", ")})`,
  shapes,
  rows,
  apply: (b, args) => functions.get(name)!.apply(b, args),
  positive: /log|sqrt/.test(name),
});
const unit = ["asin", "acos"];
const oneArgument = [...functions.values()].filter(
  (f) => f.family === "elementwise" && f.arity[1] === 1 && !unit.includes(f.name),
);
const subjects: readonly Subject[] = [
  ...oneArgument.flatMap((f) => [call(f.name, [[]]), call(f.name, [[n]]), call(f.name, [[m, n]])]),
  ...["sum", "mean", "prod", "sumsq", "norm", "norm1", "normInf", "max", "min"].flatMap((name) => [
    call(name, [[]]),
    call(name, [[n]]),
    call(name, [[m, n]]),
  ]),
  ...["logsumexp", "softmax"].map((name) => call(name, [[n]])),
  call("atan2", [[n], []]),
  call("huber", [[n]]),
  call("huber", [[n], []]),
  call("max", [[n], [], [n]]),
  call("min", [[], []]),
  call("dot", [[n], [n]]),
  call("dot", [[n], [n]], [0]),
  call("outer", [[n], [m]]),
  call("quadform", [[n, n], [n]]),
  call("trace", [[n, n]]),
  call("diag", [[n, n]]),
  call("diag", [[n]]),
  call("transpose", [[m, n]]),
  call("solve", [[n, n], [n]]),
  call("solve", [
    [n, n],
    [n, m],
  ]),
  call("inv", [[n, n]]),
  call("concat", [[n], [], [m]]),
  call("concat", [
    [m, n],
    [n, n],
  ]),
  call("crossentropy", [[n], [n]]),
  {
    name: "linspace",
    shapes: [[], []],
    apply: (b, args) => functions.get("linspace")!.apply(b, [...args, plain(b.constant(4))]),
  },
  {
    name: "crossentropy with a class",
    shapes: [[n]],
    apply: (b, args) => functions.get("crossentropy")!.apply(b, [args[0], plain(b.constant(2))]),
  },
  ...(
    [
      ["scalar * matrix", [[], [m, n]], []],
      ["matrix * vector", [[m, n], [n]], []],
      [
        "matrix * matrix",
        [
          [m, n],
          [n, n],
        ],
        [],
      ],
      ["row * vector", [[n], [n]], [0]],
      ["vector * row", [[n], [m]], [1]],
      ["row * matrix", [[m], [m, n]], [0]],
    ] as [string, Shape[], number[]][]
  ).map(([name, shapes, rows]) => ({ name, shapes, rows, apply: ((b, [l, r]) => product(b, l, r)) as Apply })),
  { name: "quotient", shapes: [[m, n], []], apply: (b, [l, r]) => quotient(b, l, r) },
  { name: "power", shapes: [[], []], apply: (b, [l, r]) => power(b, l, r), positive: true },
  { name: "a .* b", shapes: [[n], [n]], apply: (b, args) => elementwise(b, "mul", args) },
  {
    name: "if",
    shapes: [[], [n], [n]],
    apply: (b, args) =>
      elementwise(b, "select", [good(elementwise(b, "lt", [args[0], plain(b.constant(0))])), args[1], args[2]]),
  },
  { name: "v'", shapes: [[n]], apply: (b, [v]) => transposeValue(b, v) },
  { name: "M'", shapes: [[m, n]], apply: (b, [v]) => transposeValue(b, v) },
  {
    name: "A[2, :]",
    shapes: [[m, n]],
    apply: (b, [v]) => sliceValue(b, v, [{ kind: "one", position: 1 }, { kind: "all" }]),
  },
  {
    name: "A[:, 2:3]",
    shapes: [[m, n]],
    apply: (b, [v]) => sliceValue(b, v, [{ kind: "all" }, { kind: "some", index: b.graph.range(1, 2) }]),
  },
];

/** Lengths of comprehension axes by id. */
const lengths: Readonly<Record<number, number>> = { 1: 2, 4: 3 };

describe.each(subjects)("$name", ({ shapes, rows = [], apply, positive, name }) => {
  const axesOf = fc.constantFrom<readonly number[]>([], [1], [4], [1, 4]);
  it("inside a comprehension gives each index its own result", () => {
    fc.assert(
      fc.property(fc.tuple(...shapes.map(() => axesOf)), fc.integer({ min: 1, max: 1e6 }), (axes, seed) => {
        const b = new Builder();
        const random = generator(seed);
        const blocks: InputBlock[] = [];
        const point = new Map<InputBlock, Float64Array>();
        const values = shapes.map((own, i) => {
          const shape = [...axes[i].map((id) => lengths[id]), ...own];
          const block = { name: `a${i}`, size: sizeOf(shape) };
          blocks.push(block);
          const numbers = randomVector(random, block.size).map((v, k) => {
            if (positive) return Math.abs(v) + 0.2;
            // matrices for solve: a heavy diagonal
            return own.length === 2 && own[0] === own[1] && (k % sizeOf(own)) % (own[0] + 1) === 0 ? v + 4 : v;
          });
          point.set(block, numbers);
          return makeValue(b.reshape(b.input(block), shape), axes[i], rows.includes(i));
        });
        const whole = good(apply(b, values));
        const united = [...new Set(axes.flat())].sort((p, q) => p - q);
        // a result may depend on fewer axes than its arguments (lengths), never on others
        expect(whole.axes).toEqual(united);
        const own = ownShape(whole);
        const all = valueAt(whole.node, point);
        const counts = united.map((id) => lengths[id]);
        for (let t = 0; t < sizeOf(counts); t++) {
          const at = new Map<number, number>();
          let rest = t;
          for (let k = united.length - 1; k >= 0; k--) {
            at.set(united[k], rest % counts[k]);
            rest = Math.floor(rest / counts[k]);
          }
          const alone = values.map((v, i) => {
            const tuple = axes[i].reduce((p, id) => p * lengths[id] + at.get(id)!, 0);
            const size = sizeOf(shapes[i]);
            const numbers = point.get(blocks[i])!.slice(tuple * size, (tuple + 1) * size);
            const node =
              shapes[i].length === 0 ? b.constant(numbers[0]) : b.tensor({ shape: shapes[i], values: numbers });
            return makeValue(node, [], v.row);
          });
          const one = good(apply(b, alone));
          expect(ownShape(one)).toEqual(own);
          expect(one.row).toBe(whole.row);
          const size = sizeOf(own);
          expect(relativeError(all.slice(t * size, (t + 1) * size), valueAt(one.node, new Map()))).toBeLessThan(1e-12);
        }
      }),
      { seed: name.length * 31 + 7, numRuns: 12 },
    );
  });
});

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

describe("misfits in words", () => {
  const b = new Builder();
  const zeros = (...shape: number[]) => plain(b.filled(shape, 1));
  const row = (k: number) => makeValue(b.filled([k], 1), [], true);
  const words = (v: Value | ShapeProblem) => (isProblem(v) ? v : "fits");
  const of = (name: string, ...args: Value[]) => words(functions.get(name)!.apply(b, args));
  it("functions", () => {
    expect([
      of("dot", zeros(3), zeros(4)),
      of("dot", zeros(3), zeros()),
      of("quadform", zeros(2, 3), zeros(3)),
      of("quadform", zeros(2, 2), zeros(3)),
      of("solve", zeros(2, 2), zeros(3)),
      of("crossentropy", zeros(3), plain(b.constant(4))),
      of("zeros", plain(b.constant(1.5))),
      of("linspace", zeros(), zeros(), plain(b.constant(1))),
      of("rows", zeros()),
      of("length", zeros(2, 2)),
      of("concat", zeros(2), zeros(2, 2)),
      of("concat", zeros(2, 3), zeros(2, 2)),
      of("huber", zeros(2), zeros(2)),
      of("max", zeros(2), zeros(3)),
    ]).toMatchInlineSnapshot(`
      [
        {
          "argument": 1,
          "problem": "dot needs two vectors of the same length; the first has shape [3], the second [4]",
        },
        {
          "argument": 1,
          "problem": "dot needs two vectors of the same length; the second is a scalar",
        },
        {
          "argument": 0,
          "problem": "quadform needs a square matrix; the first is a matrix [2, 3]",
        },
        {
          "argument": 1,
          "problem": "quadform needs a vector with as many entries as the matrix has rows: 2, not 3",
        },
        {
          "argument": 1,
          "problem": "solve needs a vector or matrix of 2 rows on its right side",
        },
        {
          "argument": 1,
          "problem": "crossentropy needs a class number from 1 to 3, not 4",
        },
        {
          "argument": 0,
          "problem": "zeros needs whole numbers of at least 0 that are known at compile time",
        },
        {
          "argument": 2,
          "problem": "linspace needs whole numbers of at least 2 that are known at compile time",
        },
        {
          "argument": 0,
          "problem": "rows needs a vector or matrix; the argument is a scalar",
        },
        {
          "argument": 0,
          "problem": "length needs a vector; the argument is a matrix [2, 2]",
        },
        {
          "argument": 1,
          "problem": "concat joins scalars and vectors, or matrices, but not both",
        },
        {
          "argument": 1,
          "problem": "concat needs matrices with equally many columns; it has a matrix [2, 3] and a matrix [2, 2]",
        },
        {
          "argument": 1,
          "problem": "huber needs a scalar there; the second is a vector [2]",
        },
        {
          "argument": 1,
          "problem": "max needs equal shapes or a scalar; it has a vector [2] and a vector [3]",
        },
      ]
    `);
  });
  it("operators", () => {
    expect([
      words(product(b, zeros(2), zeros(2))),
      words(product(b, zeros(2, 3), zeros(2))),
      words(product(b, zeros(2), zeros(2, 3))),
      words(product(b, row(2), row(2))),
      words(quotient(b, zeros(), zeros(2))),
      words(power(b, zeros(2), plain(b.constant(2)))),
      words(elementwise(b, "add", [zeros(2), zeros(3)], "+")),
      words(elementwise(b, "add", [zeros(2), row(2)], "+")),
      words(sliceValue(b, zeros(2, 2), [{ kind: "all" }])),
    ]).toMatchInlineSnapshot(`
      [
        {
          "problem": "* of two vectors (a vector [2] and a vector [2]) is not defined: write dot(a, b) for the inner product or a .* b entry by entry",
        },
        {
          "problem": "* needs 3 rows on its right, one for each column on its left; it has a matrix [2, 3] and a vector [2]",
        },
        {
          "argument": 0,
          "problem": "* of a vector [2] and a matrix [2, 3] is not defined: transpose the vector (v' * A)",
        },
        {
          "problem": "* of two rows (a row [1, 2] and a row [1, 2]) is not defined: transpose the second for the inner product",
        },
        {
          "argument": 1,
          "problem": "/ needs a scalar divisor, not a vector [2]: write ./ entry by entry, or solve(A, b)",
        },
        {
          "argument": 0,
          "problem": "^ needs scalars, not a vector [2]: write .^ entry by entry, or sumsq(v) for a sum of squares",
        },
        {
          "argument": 1,
          "problem": "+ needs equal shapes or a scalar; it has a vector [2] and a vector [3]",
        },
        {
          "argument": 1,
          "problem": "+ needs equal shapes; it has a vector [2] and a row [1, 2] (transpose one of them with ')",
        },
        {
          "problem": "a matrix [2, 2] takes 2 indices, not 1",
        },
      ]
    `);
  });
});
