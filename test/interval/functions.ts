/** Test functions with known global minima, as graphs. */
import type { InputBlock, Node } from "../../src/expr/node.js";
import type { LevelGraph } from "../../src/interval/level.js";
import { Builder } from "../../src/ops/build.js";

export type Make = (b: Builder, y: readonly Node[]) => Node;

export interface Rows {
  readonly kind: "le" | "eq";
  readonly make: Make;
}

/** min over y of make(y) with constraints. */
export function graphOf(m: number, make: Make, rows: readonly Rows[] = []): LevelGraph {
  const builder = new Builder();
  const y: InputBlock = { name: "y", size: m };
  const block = builder.input(y);
  const entries = Array.from({ length: m }, (_, j) =>
    builder.reshape(builder.take(block, 0, builder.graph.range(j, 1)), []),
  );
  return {
    builder,
    y,
    objective: make(builder, entries),
    constraints: rows.map(({ kind, make: row }) => ({ kind, body: row(builder, entries) })),
  };
}

const c = (b: Builder, v: number): Node => b.constant(v);
const power = (b: Builder, y: Node, n: number): Node => b.pow(y, b.constant(n));
const total = (b: Builder, terms: readonly Node[]): Node => terms.reduce((s, t) => b.add(s, t));

/** sum of coefficient y^n … products of powers. */
export function polynomial(terms: readonly (readonly [number, ...number[]])[]): Make {
  return (b, y) =>
    total(
      b,
      terms.map(([coefficient, ...powers]) =>
        powers.reduce<Node>((p, n, j) => (n === 0 ? p : b.mul(p, power(b, y[j], n))), c(b, coefficient)),
      ),
    );
}

export const rastrigin: Make = (b, y) =>
  total(
    b,
    y.map((v) => b.add(b.sub(b.square(v), b.mul(c(b, 10), b.apply("cos", [b.mul(c(b, 2 * Math.PI), v)]))), c(b, 10))),
  );

/** (y1² + y2 - 11)² + (y1 + y2² - 7)²: four minima of value 0. */
export const himmelblau: Make = (b, [p, q]) =>
  b.add(b.square(b.sub(b.add(b.square(p), q), c(b, 11))), b.square(b.sub(b.add(p, b.square(q)), c(b, 7))));

/** Two minima of value -1.0316284535. */
export const camel = polynomial([
  [4, 2, 0],
  [-2.1, 4, 0],
  [1 / 3, 6, 0],
  [1, 1, 1],
  [-4, 0, 2],
  [4, 0, 4],
]);

/** Ackley's function: 0 at the origin, with a kink there. */
export const ackley: Make = (b, y) => {
  const n = y.length;
  const squares = total(
    b,
    y.map((v) => b.square(v)),
  );
  const waves = total(
    b,
    y.map((v) => b.apply("cos", [b.mul(c(b, 2 * Math.PI), v)])),
  );
  return b.add(
    b.sub(
      b.neg(b.mul(c(b, 20), b.exp(b.mul(c(b, -0.2), b.sqrt(b.div(squares, c(b, n))))))),
      b.exp(b.div(waves, c(b, n))),
    ),
    c(b, 20 + Math.E),
  );
};

export const goldsteinPrice: Make = (b, [p, q]) => {
  const s = polynomial([
    [19, 0, 0],
    [-14, 1, 0],
    [3, 2, 0],
    [-14, 0, 1],
    [6, 1, 1],
    [3, 0, 2],
  ])(b, [p, q]);
  const t = polynomial([
    [18, 0, 0],
    [-32, 1, 0],
    [12, 2, 0],
    [48, 0, 1],
    [-36, 1, 1],
    [27, 0, 2],
  ])(b, [p, q]);
  const first = b.mul(b.square(b.add(b.add(p, q), c(b, 1))), s);
  const second = b.mul(b.square(b.sub(b.mul(c(b, 2), p), b.mul(c(b, 3), q))), t);
  return b.mul(b.add(first, c(b, 1)), b.add(second, c(b, 30)));
};

/** sum of y^4 - 16 y² + 5 y, half of it: -39.16616570377142 for each variable. */
export const styblinskiTang: Make = (b, y) =>
  b.mul(
    c(b, 0.5),
    total(
      b,
      y.map((v) => b.add(b.sub(power(b, v, 4), b.mul(c(b, 16), b.square(v))), b.mul(c(b, 5), v))),
    ),
  );

export const branin: Make = (b, [p, q]) => {
  const inner = b.sub(
    b.add(b.sub(q, b.mul(c(b, 5.1 / (4 * Math.PI ** 2)), b.square(p))), b.mul(c(b, 5 / Math.PI), p)),
    c(b, 6),
  );
  return b.add(b.add(b.square(inner), b.mul(c(b, 10 * (1 - 1 / (8 * Math.PI))), b.apply("cos", [p]))), c(b, 10));
};

export const rosenbrock: Make = (b, y) =>
  total(
    b,
    y
      .slice(1)
      .map((v, j) => b.add(b.mul(c(b, 100), b.square(b.sub(v, b.square(y[j])))), b.square(b.sub(c(b, 1), y[j])))),
  );

export const sineOfProduct: Make = (b, [p, q]) => b.apply("sin", [b.mul(p, q)]);
