/**
 * Simplification keeps the meaning: random programs are built twice, by the simplifying constructors and literally, and
 * must have the same values, and derivatives that agree with differences of the literal one.
 */
import { describe, expect, it } from "vitest";
import { gradient, hvp } from "../../src/diff/index.js";
import { Graph } from "../../src/expr/graph.js";
import type { ContractLabels, Node, Shape } from "../../src/expr/node.js";
import { sizeOf } from "../../src/expr/node.js";
import { Builder } from "../../src/ops/build.js";
import { operatorNamed } from "../../src/ops/registry.js";
import { differences, dot, generator, type Point, randomVector, relativeError, valueAt } from "./numeric.js";

/** Two nodes of the same meaning: simplified and literal. */
interface Pair {
  readonly s: Node;
  readonly l: Node;
}

class Twice {
  readonly b = new Builder();
  private readonly literal = new Graph();
  readonly x = { name: "x", size: 6 };
  readonly pool: Pair[] = [];

  constructor(private readonly random: () => number) {
    const input = { s: this.b.input(this.x), l: this.literal.make("input", [], [6], { input: this.x }) };
    this.pool.push(input, this.reshape(input, [2, 3]), this.reshape(input, [3, 2]));
    for (const shape of [[], [2], [3], [2, 3], [3, 3], [6]] as Shape[]) this.pool.push(this.tensor(shape));
    for (const v of [0, 1, -1, 2])
      this.pool.push({ s: this.b.constant(v), l: this.literal.make("constant", [], [], { value: v }) });
    this.pool.push({
      s: this.b.eye(3),
      l: this.literal.make("tensor", [], [3, 3], { tensor: this.b.eye(3).attributes.tensor! }),
    });
  }

  private int(n: number): number {
    return Math.floor(this.random() * n);
  }
  private some(test: (p: Pair) => boolean = () => true): Pair {
    const fit = this.pool.filter(test);
    // younger nodes more often, so that chains grow
    return fit[Math.max(this.int(fit.length), this.int(fit.length))];
  }
  private tensor(shape: Shape): Pair {
    const tensor = { shape, values: Float64Array.from({ length: sizeOf(shape) }, () => this.int(4) - 1.5) };
    if (shape.length === 0) {
      const value = tensor.values[0];
      return { s: this.b.constant(value), l: this.literal.make("constant", [], [], { value }) };
    }
    return { s: this.b.tensor(tensor), l: this.literal.make("tensor", [], shape, { tensor }) };
  }
  private reshape(p: Pair, shape: Shape): Pair {
    return { s: this.b.reshape(p.s, shape), l: this.literal.make("reshape", [p.l], shape) };
  }

  /** One more random node in the pool. */
  grow(): void {
    const { b, literal: g } = this;
    const p = this.some();
    const shape = p.l.shape;
    const rank = shape.length;
    const steps: (() => Pair | undefined)[] = [
      () => {
        const op = ["neg", "square", "sin", "tanh", "sigmoid", "softplus", "abs", "relu", "exp"][this.int(9)];
        return { s: b.apply(op, [p.s]), l: g.make(op, [p.l], shape) };
      },
      () => {
        const q = this.some((c) => c.l.shape.length === 0 || rank === 0 || c.l.shape.join() === shape.join());
        const op = ["add", "sub", "mul", "mul", "min", "max", "safediv"][this.int(7)];
        const args = this.int(2) ? [p, q] : [q, p];
        const out = operatorNamed(op).shape(
          args.map((a) => a.l.shape),
          {},
        );
        return {
          s: b.apply(
            op,
            args.map((a) => a.s),
          ),
          l: g.make(
            op,
            args.map((a) => a.l),
            out,
          ),
        };
      },
      () => {
        const c = this.some((q) => q.l.shape.join() === shape.join() || q.l.shape.length === 0);
        const q = this.some((o) => o.l.shape.join() === shape.join() || o.l.shape.length === 0);
        const [cs, cl] = [
          b.lt(c.s, b.constant(0.137)),
          g.make("lt", [c.l, g.make("constant", [], [], { value: 0.137 })], c.l.shape),
        ];
        return {
          s: b.select(cs, p.s, q.s),
          l: g.make("select", [cl, p.l, q.l], operatorNamed("select").shape([cl.shape, shape, q.l.shape], {})),
        };
      },
      () => {
        const axes = [...shape.keys()].filter(() => this.int(2));
        return axes.length
          ? {
              s: b.sum(p.s, axes),
              l: g.make(
                "sum",
                [p.l],
                shape.filter((_, k) => !axes.includes(k)),
                { axes },
              ),
            }
          : undefined;
      },
      () => {
        if (rank > 2) return undefined;
        const at = this.int(rank + 1);
        const out = [...shape.slice(0, at), 2 + this.int(2), ...shape.slice(at)];
        const axes = out.map((_, k) => k).filter((k) => k !== at);
        return { s: b.broadcast(p.s, out, axes), l: g.make("broadcast", [p.l], out, { axes }) };
      },
      () => {
        const order = [...shape.keys()].sort(() => this.random() - 0.5);
        return rank > 1
          ? {
              s: b.transpose(p.s, order),
              l: g.make(
                "transpose",
                [p.l],
                order.map((k) => shape[k]),
                { axes: order },
              ),
            }
          : undefined;
      },
      () => {
        if (rank === 0) return undefined;
        const axis = this.int(rank);
        const n = shape[axis];
        const size = 1 + this.int(n);
        const start = this.int(n - size + 1);
        const set = this.int(3) ? { start, size } : undefined;
        const picks = Array.from({ length: size }, () => this.int(n));
        const index = (graph: Graph) => (set ? graph.range(set.start, set.size) : graph.positions(picks));
        const out = shape.map((d, k) => (k === axis ? size : d));
        return { s: b.take(p.s, axis, index(b.graph)), l: g.make("take", [p.l], out, { axis, index: index(g) }) };
      },
      () => {
        if (rank === 0) return undefined;
        const axis = this.int(rank);
        const n = shape[axis];
        const size = n + this.int(3);
        const start = this.int(size - n + 1);
        const picks = Array.from({ length: n }, () => this.int(size));
        const ranged = this.int(3) > 0;
        const index = (graph: Graph) => (ranged ? graph.range(start, n) : graph.positions(picks));
        const out = shape.map((d, k) => (k === axis ? size : d));
        return {
          s: b.put(p.s, axis, index(b.graph), size),
          l: g.make("put", [p.l], out, { axis, index: index(g), size }),
        };
      },
      () => {
        if (rank === 0) return undefined;
        const axis = this.int(rank);
        const same = (q: Pair) => q.l.shape.length === rank && q.l.shape.every((d, k) => k === axis || d === shape[k]);
        const parts = [p, this.some(same), ...(this.int(2) ? [this.some(same)] : [])];
        const out = operatorNamed("concat").shape(
          parts.map((a) => a.l.shape),
          { axis },
        );
        return {
          s: b.concat(
            parts.map((a) => a.s),
            axis,
          ),
          l: g.make(
            "concat",
            parts.map((a) => a.l),
            out,
            { axis },
          ),
        };
      },
      () => {
        const flat = sizeOf(shape);
        const target = [[flat], [1, flat], ...(flat % 2 ? [] : [[2, flat / 2]]), ...(flat % 3 ? [] : [[flat / 3, 3]])][
          this.int(2)
        ];
        return this.reshape(p, target);
      },
      ...Array.from({ length: 4 }, () => () => this.contraction(p)),
    ];
    const made = steps[this.int(steps.length)]();
    if (made && sizeOf(made.l.shape) <= 300) this.pool.push(made);
  }

  private contraction(p: Pair): Pair | undefined {
    const q = this.some((c) => c.l.shape.length <= 3);
    // match axes of equal length at random
    const left = [...p.l.shape.keys()];
    let next = left.length;
    const free = new Set(left);
    const right = q.l.shape.map((d) => {
      const fit = [...free].filter((k) => p.l.shape[k] === d);
      if (fit.length === 0 || this.int(4) === 0) return next++;
      const label = fit[this.int(fit.length)];
      free.delete(label);
      return label;
    });
    const out = [...new Set([...left, ...right])].filter(() => this.int(2)).sort(() => this.random() - 0.5);
    const labels: ContractLabels = { left, right, out };
    const shape = operatorNamed("contract").shape([p.l.shape, q.l.shape], { labels });
    if (shape.length > 3) return undefined;
    return { s: this.b.contract(p.s, q.s, labels), l: this.literal.make("contract", [p.l, q.l], shape, { labels }) };
  }
}

function finite(values: Float64Array): boolean {
  return values.every((v) => Number.isFinite(v) && Math.abs(v) < 1e6);
}

describe("simplification of random programs", () => {
  it.each(Array.from({ length: 300 }, (_, seed) => seed))("program %i", (seed) => {
    const random = generator(seed * 1000003 + 17);
    const twice = new Twice(random);
    for (let k = 0; k < 40; k++) twice.grow();
    const point: Point = new Map([[twice.x, randomVector(random, 6)]]);
    for (const { s, l } of twice.pool) {
      expect(s.shape).toEqual(l.shape);
      const expected = valueAt(l, point);
      if (!finite(expected)) continue;
      const error = relativeError(valueAt(s, point), expected);
      if (!(error < 1e-11)) expect.fail(`error ${error} at ${l.op}`);
    }
    // derivatives of the youngest smooth outcome by differences of the literal graph
    const v = { name: "v", size: 6 };
    const direction = randomVector(random, 6);
    let checked = 0;
    for (const { s, l } of [...twice.pool].reverse()) {
      if (checked === 3) break;
      const { b, x } = twice;
      const f = b.sum(s);
      const sumOfLiteral = (p: Point) => Float64Array.of(valueAt(l, p).reduce((a, c) => a + c, 0));
      const along: Point = new Map([[x, direction]]);
      const slopes = [8e-3, 4e-3, 2e-3].map((h) => differences(sumOfLiteral, point, along, h)[0]);
      // kinks nearby show as disagreement between step sizes
      if (!slopes.every((d) => Math.abs(d - slopes[2]) < 1e-8 * (1 + Math.abs(d))) || Math.abs(slopes[0]) > 1e5)
        continue;
      checked++;
      const [g] = gradient(b, f, [x]);
      const got = dot(valueAt(g, point), direction);
      expect(Math.abs(got - slopes[2])).toBeLessThan(1e-7 * (1 + Math.abs(slopes[2])));
      const product = valueAt(hvp(b, f, x, b.input(v)), new Map([...point, [v, direction]]));
      const curve = [8e-3, 4e-3].map((h) => differences((p) => valueAt(g, p), point, along, h));
      if (relativeError(curve[0], curve[1]) > 1e-8 || curve[1].some((c) => Math.abs(c) > 1e5)) continue;
      expect(relativeError(product, curve[1])).toBeLessThan(1e-7);
    }
  });
});
