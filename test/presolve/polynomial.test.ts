/** Normal forms against the graph's own values at random points, against mathjs, and as goldens of what a person would write. */
import fc from "fast-check";
import { parse } from "mathjs";
import { describe, expect, test } from "vitest";
import type { Node } from "../../src/expr/node.js";
import { constantOf, keyOf } from "../../src/expr/polynomial.js";
import { simplestOf, toNode } from "../../src/expr/polynomialNode.js";
import { rationalOf, toNumber } from "../../src/expr/polynomialNumber.js";
import { polynomialOf, polynomialsOf } from "../../src/expr/polynomialOf.js";
import { exactly, texOf, textOf } from "../../src/expr/polynomialText.js";
import { Builder } from "../../src/ops/build.js";
import { evaluate } from "../../src/ops/evaluate.js";

const x = { name: "x", size: 2 };
const y = { name: "y", size: 1 };
const seed = { seed: 20240611 };

/** A random expression tree over x[1], x[2] and y, with its text for mathjs. */
interface Tree {
  readonly build: (b: Builder) => Node;
  readonly text: string;
}

const leaf: fc.Arbitrary<Tree> = fc.oneof(
  fc.integer({ min: -30, max: 30 }).map((k) => ({ build: (b: Builder) => b.constant(k / 10), text: `(${k / 10})` })),
  fc.integer({ min: 0, max: 1 }).map((i) => ({
    build: (b: Builder) => b.reshape(b.take(b.input(x), 0, b.graph.range(i, 1)), []),
    text: `x${i + 1}`,
  })),
  fc.constant({ build: (b: Builder) => b.reshape(b.input(y), []), text: "y" }),
);

const tree: fc.Arbitrary<Tree> = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, depthIdentifier: "tree" },
    leaf,
    fc.tuple(fc.constantFrom("add", "sub", "mul"), tie("tree"), tie("tree")).map(([op, a, b]) => ({
      build: (builder: Builder) => builder.apply(op, [a.build(builder), b.build(builder)]),
      text: `(${a.text}${op === "add" ? "+" : op === "sub" ? "-" : "*"}${b.text})`,
    })),
    fc.tuple(tie("tree"), fc.integer({ min: 2, max: 3 })).map(([a, k]) => ({
      build: (b: Builder) => b.pow(a.build(b), b.constant(k)),
      text: `(${a.text})^${k}`,
    })),
    tie("tree").map((a) => ({ build: (b: Builder) => b.apply("sin", [a.build(b)]), text: `sin(${a.text})` })),
    tie("tree").map((a) => ({
      build: (b: Builder) => b.div(a.build(b), b.add(b.square(b.reshape(b.input(y), [])), b.constant(1))),
      text: `(${a.text}/(y^2+1))`,
    })),
  ),
})).tree;

const point = fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 3, maxLength: 3 });

describe("normal forms", () => {
  test("have the graph's values, multiplied out or not, and as nodes again", () => {
    fc.assert(
      fc.property(tree, point, (t, [p, q, r]) => {
        const b = new Builder();
        const node = t.build(b);
        const inputs = new Map([
          [x, Float64Array.of(p, q)],
          [y, Float64Array.of(r)],
        ]);
        const [value] = evaluate([node], inputs)[0];
        for (const expand of [true, false]) {
          const form = polynomialOf(node, { expand });
          if (form === undefined) continue;
          const [again] = evaluate([toNode(b, form)], inputs)[0];
          const size = form.terms.reduce((sum, s) => sum + Math.abs(toNumber(s.coefficient)), 1) * 4096;
          expect(Math.abs(again - value)).toBeLessThanOrEqual(1e-12 * Math.max(size, Math.abs(value)));
        }
      }),
      { ...seed, numRuns: 300 },
    );
  });

  test("agree with mathjs at exact points", () => {
    fc.assert(
      fc.property(tree, (t) => {
        const b = new Builder();
        const form = polynomialOf(t.build(b));
        fc.pre(form !== undefined);
        const shown = textOf(form!, (block, i) => {
          const name = block === y ? "y" : `x${i + 1}`;
          return { text: name, tex: name };
        });
        fc.pre(exactly(form!));
        const at = { x1: 0.5, x2: -1.25, y: 0.75 };
        // a number before a bracket or name is a factor in mathjs, too
        const [ours, theirs] = [shown, t.text].map((text) => Number(parse(text).evaluate(at)));
        expect(ours).toBeCloseTo(theirs, 6 - Math.ceil(Math.log10(1 + Math.abs(theirs))));
      }),
      { ...seed, numRuns: 100 },
    );
  });

  test("equal polynomials have equal keys: both ways of writing a product", () => {
    fc.assert(
      fc.property(leaf, leaf, leaf, (p, q, r) => {
        const b = new Builder();
        const [u, v, w] = [p, q, r].map((t) => t.build(b));
        const left = polynomialOf(b.mul(b.add(u, v), w))!;
        const right = polynomialOf(b.add(b.mul(v, w), b.mul(w, u)))!;
        expect(keyOf(left)).toBe(keyOf(right));
      }),
      { ...seed, numRuns: 200 },
    );
  });

  test("as a person would write them", () => {
    const b = new Builder();
    const entry = (i: number): Node => b.reshape(b.take(b.input(x), 0, b.graph.range(i, 1)), []);
    const [u, v, w] = [entry(0), entry(1), b.reshape(b.input(y), [])];
    const c = (value: number): Node => b.constant(value);
    const forms = [
      b.div(w, c(2)),
      b.mul(c(0.75), w),
      b.add(b.mul(c(0.1), w), b.mul(c(0.2), w)),
      b.mul(c(1 / 3), b.mul(u, v)),
      b.sub(b.square(b.sub(u, c(1))), b.square(u)),
      b.square(b.sub(u, c(1))),
      b.mul(c(4), b.pow(b.add(u, v), c(3))),
      b.div(b.add(u, c(1)), b.add(b.square(w), c(1))),
      b.exp(b.add(w, w)),
      b.sub(w, w),
      b.sub(b.neg(b.mul(w, w)), c(1.5)),
      b.mul(c(1e-9), w),
    ];
    expect(forms.map((f) => textOf(simplestOf(f)![0]))).toEqual([
      "y/2",
      "0.75y",
      "0.3y",
      "x[1]*x[2]/3",
      "-2x[1] + 1",
      "(x[1] - 1)^2",
      "4(x[1] + x[2])^3",
      "(x[1] + 1)/(y^2 + 1)",
      "exp(2y)",
      "0",
      "-y^2 - 1.5",
      "1e-9*y",
    ]);
    expect(forms.slice(0, 8).map((f) => texOf(simplestOf(f)![0]))).toEqual([
      "\\frac{y}{2}",
      "0.75 y",
      "0.3 y",
      "\\frac{x_{1} x_{2}}{3}",
      "-2 x_{1} + 1",
      "\\left(x_{1} - 1\\right)^{2}",
      "4 \\left(x_{1} + x_{2}\\right)^{3}",
      "\\frac{x_{1} + 1}{y^{2} + 1}",
    ]);
  });

  test("numbers are read as written", () => {
    const read = (v: number): string => {
      const { n, d } = rationalOf(v)!;
      return `${n}/${d}`;
    };
    expect([0.1 + 0.2, 1 / 3, 2 / 7, -0.125, 1e21, 3e-7, Math.PI].map(read)).toEqual([
      "3/10",
      "1/3",
      "2/7",
      "-1/8",
      "1000000000000000000000/1",
      "3/10000000",
      "3141592653589793/1000000000000000",
    ]);
    expect(rationalOf(Number.NaN)).toBeUndefined();
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e200, max: 1e200 }), (v) => {
        const back = toNumber(rationalOf(v)!);
        expect(Math.abs(back - v)).toBeLessThanOrEqual(4 * Number.EPSILON * Math.abs(v));
      }),
      { ...seed, numRuns: 500 },
    );
  });

  test("products of matrices, sums over axes and layouts entry by entry", () => {
    const b = new Builder();
    const A = b.tensor({ shape: [2, 2], values: Float64Array.of(1, 2, 0, 3) });
    const Ax = b.matvec(A, b.input(x));
    expect(polynomialsOf(Ax)!.map((p) => textOf(p))).toEqual(["x[1] + 2x[2]", "3x[2]"]);
    expect(textOf(polynomialOf(b.dot(Ax, b.input(x)))!)).toBe("x[1]^2 + 2x[1]*x[2] + 3x[2]^2");
    const turned = b.transpose(b.broadcast(Ax, [2, 3], [0]));
    expect(polynomialsOf(turned)!.map((p) => textOf(p))).toEqual([
      ...["x[1] + 2x[2]", "3x[2]", "x[1] + 2x[2]"],
      ...["3x[2]", "x[1] + 2x[2]", "3x[2]"],
    ]);
    const joined = b.concat([b.put(b.input(y), 0, b.graph.range(1, 1), 3), b.input(x)], 0);
    expect(polynomialsOf(joined)!.map((p) => textOf(p))).toEqual(["0", "y", "0", "x[1]", "x[2]"]);
    expect(constantOf(polynomialOf(b.sum(b.sub(joined, joined)))!)).toEqual({ n: 0n, d: 1n });
    expect(polynomialOf(b.maxOf(Ax))).toBeUndefined();
  });
});
