/**
 * Functions and operators of the language on values: inside a comprehension they must give, for each index, what they
 * give for that index alone; results are compared with plain loops; misfits are told in words.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { InputBlock, Shape } from "../../src/expr/node.js";
import { sizeOf } from "../../src/expr/node.js";
import { elementwise, power, product, quotient, transposeValue } from "../../src/ops/algebra.js";
import { makeValue, type ShapeProblem } from "../../src/ops/align.js";
import { Builder } from "../../src/ops/build.js";
import { functions } from "../../src/ops/functions/index.js";
import { sliceValue } from "../../src/ops/slice.js";
import { ownShape, plain, type Value } from "../../src/ops/value.js";
import { generator, good, randomVector, relativeError, valueAt } from "./numeric.js";

type Apply = (b: Builder, args: readonly Value[]) => Value | ShapeProblem;

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
