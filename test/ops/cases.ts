/** For every operator of the graph, nodes over fresh inputs with points that keep away from kinks and borders of the domain. */
import type { InputBlock, Node, Shape } from "../../src/expr/node.js";
import { sizeOf } from "../../src/expr/node.js";
import type { Builder } from "../../src/ops/build.js";
import { operators } from "../../src/ops/registry.js";

export interface Case {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly InputBlock[];
  readonly make: (b: Builder) => Node;
  readonly point: (random: () => number) => Float64Array[];
}

/** Ranges of arguments where the function is smooth (several intervals: one is drawn). */
const ranges: Record<string, readonly (readonly [number, number])[][]> = {
  log: [[[0.3, 3]]],
  log1p: [[[-0.6, 2]]],
  sqrt: [[[0.3, 3]]],
  asin: [[[-0.8, 0.8]]],
  acos: [[[-0.8, 0.8]]],
  tan: [[[-1, 1]]],
  abs: [
    [
      [-2, -0.3],
      [0.3, 2],
    ],
  ],
  sign: [
    [
      [-2, -0.3],
      [0.3, 2],
    ],
  ],
  relu: [
    [
      [-2, -0.3],
      [0.3, 2],
    ],
  ],
  step: [
    [
      [-2, -0.3],
      [0.3, 2],
    ],
  ],
  not: [[[0.3, 2]]],
  div: [
    [[-2, 2]],
    [
      [-2, -0.5],
      [0.5, 2],
    ],
  ],
  safediv: [
    [[-2, 2]],
    [
      [-2, -0.5],
      [0.5, 2],
    ],
  ],
  pow: [[[0.3, 2]], [[-2, 2]]],
  atan2: [
    [
      [-2, -0.3],
      [0.3, 2],
    ],
    [
      [-2, -0.3],
      [0.3, 2],
    ],
  ],
  and: [[[0.3, 2]], [[0.3, 2]]],
  or: [[[0.3, 2]], [[0.3, 2]]],
  // the order of the arguments is decided by disjoint ranges, in both orders
  min: [
    [
      [-2, -1.2],
      [1.2, 2],
    ],
    [[-1, 1]],
  ],
  max: [
    [
      [-2, -1.2],
      [1.2, 2],
    ],
    [[-1, 1]],
  ],
  lt: [
    [
      [-2, -1.2],
      [1.2, 2],
    ],
    [[-1, 1]],
  ],
  le: [
    [
      [-2, -1.2],
      [1.2, 2],
    ],
    [[-1, 1]],
  ],
  eq: [
    [
      [-2, -1.2],
      [1.2, 2],
    ],
    [[-1, 1]],
  ],
};
const anywhere: readonly (readonly [number, number])[] = [[-2, 2]];

function draw(random: () => number, intervals: readonly (readonly [number, number])[]): number {
  const [lo, hi] = intervals[Math.floor(random() * intervals.length)];
  return lo + (hi - lo) * random();
}

function blocks(shapes: readonly Shape[]): InputBlock[] {
  return shapes.map((s, i) => ({ name: `a${i}`, size: sizeOf(s) }));
}

function inputNodes(b: Builder, inputs: readonly InputBlock[], shapes: readonly Shape[]): Node[] {
  return inputs.map((block, i) => b.reshape(b.input(block), shapes[i]));
}

function elementwiseCases(): Case[] {
  const found: Case[] = [];
  for (const operator of operators.values()) {
    if (operator.family !== "elementwise") continue;
    const arity = operator.arity!;
    const full: Shape = [2, 3];
    const layouts: Shape[][] = [Array.from({ length: arity }, () => full), Array.from({ length: arity }, () => [])];
    // each argument in turn a repeated scalar
    if (arity > 1)
      for (let i = 0; i < arity; i++) layouts.push(Array.from({ length: arity }, (_, k) => (k === i ? [] : full)));
    for (const shapes of layouts) {
      const inputs = blocks(shapes);
      const own = ranges[operator.name];
      found.push({
        name: `${operator.name}(${shapes.map((s) => `[${s}]`).join(", ")})`,
        op: operator.name,
        inputs,
        make: (b) => b.raw(operator.name, inputNodes(b, inputs, shapes)),
        point: (random) =>
          shapes.map((s, i) => Float64Array.from({ length: sizeOf(s) }, () => draw(random, own?.[i] ?? anywhere))),
      });
    }
  }
  return found;
}

function structural(
  name: string,
  op: string,
  shapes: readonly Shape[],
  build: (b: Builder, args: Node[]) => Node,
  shift: (i: number, k: number) => number = () => 0,
): Case {
  const inputs = blocks(shapes);
  return {
    name,
    op,
    inputs,
    make: (b) => build(b, inputNodes(b, inputs, shapes)),
    point: (random) =>
      shapes.map((s, i) => Float64Array.from({ length: sizeOf(s) }, (_, k) => draw(random, anywhere) + shift(i, k))),
  };
}

function structuralCases(): Case[] {
  const found: Case[] = [];
  for (const op of ["sum", "maxOf", "minOf", "logsumexp"]) {
    for (const axes of [[0], [1], [2], [0, 2], [0, 1, 2]])
      found.push(structural(`${op} over ${axes}`, op, [[2, 3, 4]], (b, args) => b.raw(op, args, { axes })));
  }
  const range = (b: Builder, ...a: [number, number, number?]) => b.graph.range(...a);
  found.push(
    structural("broadcast to the front", "broadcast", [[3]], (b, [a]) => b.broadcast(a, [2, 3], [1])),
    structural("broadcast in between", "broadcast", [[2, 3]], (b, [a]) => b.broadcast(a, [2, 4, 3], [0, 2])),
    structural("broadcast turned", "broadcast", [[2, 3]], (b, [a]) => b.broadcast(a, [3, 4, 2], [2, 0])),
    structural("reshape", "reshape", [[2, 6]], (b, [a]) => b.reshape(a, [3, 4])),
    structural("transpose", "transpose", [[2, 3]], (b, [a]) => b.transpose(a)),
    structural("transpose of rank 3", "transpose", [[2, 3, 4]], (b, [a]) => b.transpose(a, [2, 0, 1])),
    structural("take a range", "take", [[3, 5]], (b, [a]) => b.take(a, 1, range(b, 1, 3))),
    structural("take with a step", "take", [[9]], (b, [a]) => b.take(a, 0, range(b, 0, 3, 4))),
    structural("take backwards", "take", [[5, 2]], (b, [a]) => b.take(a, 0, range(b, 4, 3, -1))),
    structural("take repeated positions", "take", [[4, 2]], (b, [a]) => b.take(a, 0, b.graph.positions([3, 0, 3, 1]))),
    structural("put a range", "put", [[3, 2]], (b, [a]) => b.put(a, 0, range(b, 1, 3), 5)),
    structural("put with a step", "put", [[3]], (b, [a]) => b.put(a, 0, range(b, 0, 3, 4), 9)),
    structural("put on repeated positions", "put", [[2, 4]], (b, [a]) =>
      b.put(a, 1, b.graph.positions([2, 0, 2, 1]), 3),
    ),
    structural(
      "concat rows",
      "concat",
      [
        [2, 3],
        [1, 3],
      ],
      (b, args) => b.concat(args, 0),
    ),
    structural(
      "concat columns",
      "concat",
      [
        [2, 3],
        [2, 1],
        [2, 2],
      ],
      (b, args) => b.concat(args, 1),
    ),
    structural("dot", "contract", [[4], [4]], (b, [a, c]) => b.dot(a, c)),
    structural("outer product", "contract", [[3], [4]], (b, [a, c]) =>
      b.contract(a, c, { left: [0], right: [1], out: [0, 1] }),
    ),
    structural("matrix times vector", "contract", [[3, 4], [4]], (b, [a, c]) => b.matvec(a, c)),
    structural("transposed matrix times vector", "contract", [[3, 4], [3]], (b, [a, c]) =>
      b.contract(a, c, { left: [0, 1], right: [0], out: [1] }),
    ),
    structural(
      "matrix product",
      "contract",
      [
        [3, 4],
        [4, 2],
      ],
      (b, [a, c]) => b.matmul(a, c),
    ),
    structural(
      "batched matrix times vector",
      "contract",
      [
        [2, 3, 4],
        [2, 4],
      ],
      (b, [a, c]) => b.contract(a, c, { left: [0, 1, 2], right: [0, 2], out: [0, 1] }),
    ),
    structural("batch on one side", "contract", [[5, 3, 4], [4]], (b, [a, c]) =>
      b.contract(a, c, { left: [0, 1, 2], right: [2], out: [1, 0] }),
    ),
    structural(
      "Frobenius product",
      "contract",
      [
        [3, 4],
        [3, 4],
      ],
      (b, [a, c]) => b.contract(a, c, { left: [0, 1], right: [0, 1], out: [] }),
    ),
    structural("contraction with a lone label", "contract", [[3, 4], [3]], (b, [a, c]) =>
      b.contract(a, c, { left: [0, 1], right: [0], out: [0] }),
    ),
    structural(
      "solve for a vector",
      "solve",
      [[3, 3], [3]],
      (b, [a, c]) => b.solve(a, c),
      (i, k) => (i === 0 && k % 4 === 0 ? 5 : 0),
    ),
    structural(
      "solve for a matrix",
      "solve",
      [
        [3, 3],
        [3, 2],
      ],
      (b, [a, c]) => b.solve(a, c),
      (i, k) => (i === 0 && k % 4 === 0 ? 5 : 0),
    ),
  );
  return found;
}

export const cases: readonly Case[] = [...elementwiseCases(), ...structuralCases()];
