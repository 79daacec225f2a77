/** Gradients, products and dense Jacobians against differences; kinks, extreme arguments and branches not taken. */
import { describe, expect, it } from "vitest";
import { cross, gradient, hessian, hvp, jacobianRows, jvp, vjp } from "../../src/diff/index.js";
import type { InputBlock, Node } from "../../src/expr/node.js";
import { nodeCount } from "../../src/expr/walk.js";
import { Builder } from "../../src/ops/build.js";
import { differences, generator, type Point, randomVector, relativeError, valueAt } from "../ops/numeric.js";
import { quadratic, regression } from "./models.js";

describe.each([
  ["quadratic", quadratic()],
  ["ridge", regression("ridge", 20)],
  ["logistic", regression("logistic", 20, 1)],
  ["softmax", regression("softmax", 20, 1)],
] as const)("%s", (_, { b, f, w, x }) => {
  const random = generator(11);
  const point: Point = new Map([
    [w, randomVector(random, w.size)],
    [x, randomVector(random, x.size)],
  ]);
  const unit = (block: InputBlock, i: number): Point =>
    new Map([[block, Float64Array.from({ length: block.size }, (_, k) => (k === i ? 1 : 0))]]);

  it("gradient", () => {
    const g = gradient(b, f, [x, w]);
    [x, w].forEach((block, which) => {
      const expected = Array.from(
        { length: block.size },
        (_, i) => differences((p) => valueAt(f, p), point, unit(block, i))[0],
      );
      expect(relativeError(valueAt(g[which], point), expected)).toBeLessThan(1e-9);
    });
  });

  it("Hessian, its products and cross products", () => {
    const [gw] = gradient(b, f, [w]);
    const columns = Array.from({ length: w.size }, (_, i) => differences((p) => valueAt(gw, p), point, unit(w, i)));
    const flat = columns.flatMap((c) => Array.from(c));
    expect(relativeError(valueAt(hessian(b, f, w), point), flat)).toBeLessThan(1e-8);
    const [v, u] = [
      { name: "v", size: w.size },
      { name: "u", size: x.size },
    ];
    const [vv, uu] = [randomVector(random, v.size), randomVector(random, u.size)];
    const all: Point = new Map([...point, [v, vv], [u, uu]]);
    expect(
      relativeError(
        valueAt(hvp(b, f, w, b.input(v)), all),
        differences((p) => valueAt(gw, p), point, new Map([[w, vv]])),
      ),
    ).toBeLessThan(1e-9);
    expect(
      relativeError(
        valueAt(cross(b, f, w, x, b.input(u)), all),
        differences((p) => valueAt(gw, p), point, new Map([[x, uu]])),
      ),
    ).toBeLessThan(1e-9);
    const [gx] = gradient(b, f, [x]);
    expect(
      relativeError(
        valueAt(cross(b, f, x, w, b.input(v)), all),
        differences((p) => valueAt(gx, p), point, new Map([[w, vv]])),
      ),
    ).toBeLessThan(1e-9);
  });
});

describe("dense Jacobians", () => {
  const y = { name: "y", size: 5 };
  const point: Point = new Map([[y, randomVector(generator(3), 5)]]);
  const b = new Builder();
  const v = b.input(y);
  const some = b.take(v, 0, b.graph.range(1, 3));
  const nine = b.reshape(b.contract(some, some, { left: [0], right: [1], out: [0, 1] }), [9]);
  const spd = b.add(b.eye(3), b.reshape(nine, [3, 3]));
  const one = (node: Node): Node => b.reshape(node, [1]);
  it.each<[string, Node]>([
    ["elementwise", b.apply("tanh", [some])],
    ["fewer rows than columns", b.concat([b.sum(b.square(v)), b.logsumexp(v)].map(one), 0)],
    ["more rows than columns", b.concat([nine, b.exp(v)], 0)],
    [
      "repetition and reductions",
      b.concat([b.maxOf(b.broadcast(v, [2, 5], [1]), [0]), b.put(b.exp(some), 0, b.graph.positions([3, 0, 3]), 4)], 0),
    ],
    ["a system", b.solve(spd, some)],
    ["a system with a fixed matrix", b.solve(b.add(b.eye(3), b.filled([3, 3], 0.25)), b.square(some))],
    ["choice", b.select(b.lt(v, b.constant(0)), b.square(v), b.mul(b.sum(v), v))],
    ["no dependence", b.filled([2], 3)],
  ])("%s", (_, node) => {
    const J = jacobianRows(b, node, y);
    const rows = node.shape[0];
    expect(J.shape).toEqual([rows, 5]);
    const got = valueAt(J, point);
    for (let j = 0; j < 5; j++) {
      const unit = Float64Array.from({ length: 5 }, (_, k) => (k === j ? 1 : 0));
      const expected = differences((p) => valueAt(node, p), point, new Map([[y, unit]]));
      expect(
        relativeError(
          Array.from({ length: rows }, (_, i) => got[i * 5 + j]),
          expected,
        ),
      ).toBeLessThan(1e-9);
    }
  });

  it("a linear map's Jacobian is its matrix, and constants stay small in nodes", () => {
    const A = b.tensor({ shape: [100, 5], values: randomVector(generator(8), 500) });
    expect(jacobianRows(b, b.matvec(A, v), y)).toBe(A);
    const wide = { name: "z", size: 300 };
    const node = b.concat([b.apply("sin", [b.input(wide)]), b.exp(b.input(wide))], 0);
    expect(nodeCount([jacobianRows(b, node, wide)])).toBeLessThan(30);
  });

  it("batched systems with a matrix that varies", () => {
    const J = jacobianRows(b, b.solve(spd, some), y);
    const [tangent] = jvp(b, [b.solve(spd, some)], new Map([[y, b.filled([5], 1)]]));
    const sums = valueAt(b.sum(J, [1]), point);
    expect(relativeError(sums, valueAt(tangent, point))).toBeLessThan(1e-13);
  });
});

describe("at kinks and extremes", () => {
  const b = new Builder();
  const a = { name: "a", size: 1 };
  const s = b.reshape(b.input(a), []);
  const d = { name: "d", size: 1 };
  /** Value, first and second derivative of a scalar node at a point, in reverse and forward mode. */
  function orders(node: Node, at: number): number[] {
    const point: Point = new Map([
      [a, Float64Array.of(at)],
      [d, Float64Array.of(1)],
    ]);
    const [g] = gradient(b, node, [a]);
    const [t] = jvp(b, [node], new Map([[a, b.input(d)]]));
    const second = hvp(b, node, a, b.input(d));
    const [value, reverse, forward, curve] = [node, g, t, second].map((n) => valueAt(n, point)[0]);
    expect(forward === reverse || Math.abs(forward - reverse) < 1e-14 * Math.abs(reverse)).toBe(true);
    return [value, reverse, curve];
  }
  const c = (k: number) => b.constant(k);
  const f = (op: string) => b.apply(op, [s]);

  it.each<[string, Node, number, number[]]>([
    ["abs at 0", f("abs"), 0, [0, 0, 0]],
    ["relu at 0", f("relu"), 0, [0, 0, 0]],
    ["step at 0", f("step"), 0, [0, 0, 0]],
    ["max at a tie", b.max(b.mul(c(2), s), s), 0, [0, 1.5, 0]],
    ["min at a tie", b.min(b.mul(c(2), s), s), 0, [0, 1.5, 0]],
    [
      "max of a vector at a tie",
      b.maxOf(b.concat([b.mul(c(3), b.input(a)), b.input(a), b.filled([1], -1)], 0)),
      0,
      [0, 2, 0],
    ],
    [
      "min of a vector at a tie",
      b.minOf(b.concat([b.mul(c(3), b.input(a)), b.input(a), b.filled([1], 1)], 0)),
      0,
      [0, 2, 0],
    ],
    ["norm at 0", b.sqrt(b.sum(b.square(b.concat([b.input(a), b.mul(c(2), b.input(a))], 0)))), 0, [0, 0, 0]],
    ["sqrt at 0", f("sqrt"), 0, [0, 0, 0]],
    ["safediv at 0", b.apply("safediv", [c(1), s]), 0, [0, 0, 0]],
    ["atan2 at the origin", b.apply("atan2", [s, s]), 0, [0, 0, 0]],
    ["a^3 at 0", b.pow(s, c(3)), 0, [0, 0, 0]],
    ["a^5 at a negative base", b.pow(s, c(5)), -2, [-32, 80, -160]],
    ["a^-2 at a negative base", b.pow(s, c(-2)), -2, [0.25, 0.25, 0.375]],
    ["a^6 at 0", b.pow(s, c(6)), 0, [0, 0, 0]],
    ["0^a", b.pow(c(0), s), 2, [0, 0, 0]],
    ["sigmoid at 1000", f("sigmoid"), 1000, [1, 0, 0]],
    ["sigmoid at -1000", f("sigmoid"), -1000, [0, 0, 0]],
    ["softplus at 1000", f("softplus"), 1000, [1000, 1, 0]],
    ["softplus at -1000", f("softplus"), -1000, [0, 0, 0]],
    ["tanh at 1000", f("tanh"), 1000, [1, 0, 0]],
    ["erf at 1000", f("erf"), 1000, [1, 0, 0]],
    ["log1p near 0", f("log1p"), 1e-12, [1e-12 - 5e-25, 1 - 1e-12, -1 + 2e-12]],
    ["expm1 near 0", f("expm1"), 1e-12, [1e-12 + 5e-25, 1 + 1e-12, 1 + 1e-12]],
    [
      "logsumexp of large entries",
      b.logsumexp(b.concat([b.input(a), b.filled([1], 1000)], 0)),
      1000,
      [1000 + Math.LN2, 0.5, 0.25],
    ],
    [
      "logsumexp of small entries",
      b.logsumexp(b.concat([b.input(a), b.filled([1], -1000)], 0)),
      -1000,
      [-1000 + Math.LN2, 0.5, 0.25],
    ],
  ])("%s", (_, node, at, expected) => {
    const got = orders(node, at);
    got.forEach((v, k) => {
      // exp(1000 - logsumexp) rounds to 1000 * 1.1e-16
      expect(Math.abs(v - expected[k])).toBeLessThan(1.2e-13 * (1 + Math.abs(expected[k])));
      if (Math.abs(expected[k]) > 0 && Math.abs(expected[k]) < 1e-6)
        expect(Math.abs(v / expected[k] - 1)).toBeLessThan(1e-15);
    });
  });

  it.each<[string, Node, number, number[]]>([
    ["sqrt beside 0", b.select(b.lt(c(0), s), b.sqrt(s), c(0)), 0, [0, 0, 0]],
    ["log beside 0", b.select(b.lt(c(0), s), b.log(s), b.square(s)), 0, [0, 0, 2]],
    ["log of a negative number", b.select(b.lt(c(0), s), b.log(s), b.square(s)), -2, [4, -4, 2]],
    ["1/a beside 0", b.select(b.eq(s, c(0)), c(1), b.div(b.apply("sin", [s]), s)), 0, [1, 0, 0]],
    ["a^0.5 in the branch not taken", b.select(b.lt(s, c(1)), s, b.pow(s, c(0.3))), 0, [0, 1, 0]],
    ["max with log", b.max(s, b.log(s)), 0, [0, 1, 0]],
    ["relu of log", b.apply("relu", [b.log(s)]), 0, [0, 0, 0]],
    ["overflow not taken", b.select(b.lt(s, c(100)), s, b.exp(s)), 5, [5, 1, 0]],
  ])("the branch not taken leaks no NaN: %s", (_, node, at, expected) => {
    expect(orders(node, at).map((v) => v + 0)).toEqual(expected);
  });

  it("never NaN for products with many factors, one of them 0", () => {
    const p = { name: "p", size: 7 };
    const product = b.product(b.input(p), 0);
    const point: Point = new Map([[p, Float64Array.of(1, 2, 0, 3, 1, 2, 1)]]);
    expect(Array.from(valueAt(gradient(b, product, [p])[0], point), (v) => v + 0)).toEqual([0, 0, 12, 0, 0, 0, 0]);
  });

  it("pow with a variable exponent", () => {
    const point: Point = new Map([[a, Float64Array.of(0.7)]]);
    const node = b.pow(b.add(s, c(1)), b.apply("sin", [s]));
    const got = valueAt(gradient(b, node, [a])[0], point);
    const expected = differences((p) => valueAt(node, p), point, new Map([[a, Float64Array.of(1)]]));
    expect(relativeError(got, expected)).toBeLessThan(1e-10);
  });

  it("outputs that share parts and outputs that do not depend", () => {
    const e = b.exp(s);
    const g = vjp(b, [e, b.square(e), c(4)], [c(1), c(2), c(3)], [a, d]);
    const point: Point = new Map([[a, Float64Array.of(0.5)]]);
    expect(valueAt(g[0], point)[0]).toBeCloseTo(Math.exp(0.5) + 4 * Math.exp(1), 13);
    expect(g[1]).toBe(b.zeros([1]));
  });
});
