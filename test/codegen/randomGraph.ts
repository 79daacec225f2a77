/** Random expression graphs for tests: all operators, scalars to batches, values kept within a few orders of magnitude. */
import { type InputBlock, type Node, type Shape, sizeOf } from "../../src/expr/node.js";
import { Builder } from "../../src/ops/build.js";

export interface RandomCase {
  readonly builder: Builder;
  readonly inputs: readonly InputBlock[];
  readonly values: readonly Float64Array[];
  readonly outputs: readonly Node[];
}

/** mulberry32 */
export function generator(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const smooth = [
  "neg",
  "square",
  "sin",
  "cos",
  "tanh",
  "atan",
  "sigmoid",
  "softplus",
  "erf",
  "abs",
  "relu",
  "tan",
  "cosh",
];
const guarded = ["exp", "expm1", "sinh", "asin", "acos"];
const positive = ["log", "sqrt", "log1p"];
const jumps = ["step", "sign", "not"];

export function randomCase(seed: number, dimensions: readonly number[], count: number): RandomCase {
  const random = generator(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)];
  const b = new Builder();
  const d = () => pick(dimensions);
  const inputs: InputBlock[] = [
    { name: "x", size: d() },
    { name: "y", size: d() * d() },
  ];
  const values = inputs.map((block) => Float64Array.from({ length: block.size }, () => 2 * random() - 1));
  const pool: Node[] = inputs.map((block) => b.input(block));
  const leaf = (shape: Shape): Node => {
    if (shape.length === 0) return b.constant(Math.round(4 * (random() - 0.5) * 4) / 4);
    const entries = Float64Array.from({ length: sizeOf(shape) }, () => (random() < 0.2 ? 0 : 2 * random() - 1));
    return b.tensor({ shape, values: entries });
  };
  pool.push(leaf([]), leaf([d()]), leaf([d(), d()]));
  const same = (shape: Shape) =>
    pool.filter((n) => n.shape.length === shape.length && n.shape.every((v, k) => v === shape[k]));
  const partner = (a: Node): Node => {
    const others = same(a.shape);
    const scalars = same([]);
    const r = random();
    if (r < 0.2 && scalars.length > 0) return pick(scalars);
    if (r < 0.4) return leaf(a.shape);
    return pick(others);
  };
  /** Random positions of an axis: a range, a strided range or a table with repetitions. */
  const positions = (length: number) => {
    const r = random();
    if (r < 0.5) {
      const start = Math.floor(random() * length);
      return b.graph.range(start, 1 + Math.floor(random() * (length - start)));
    }
    if (r < 0.7 && length > 2) return b.graph.range(length - 1, Math.floor((length + 1) / 2), -2);
    return b.graph.positions(
      Array.from({ length: 1 + Math.floor(random() * length) }, () => Math.floor(random() * length)),
    );
  };
  const tame = (n: Node): Node => b.apply("tanh", [n]);
  const step = (): Node => {
    const a = pick(pool);
    const rank = a.shape.length;
    const axis = Math.floor(random() * rank);
    switch (Math.floor(random() * 24)) {
      case 0:
      case 1:
        return b.apply(pick(smooth), [rank > 0 && random() < 0.5 ? a : tame(a)]);
      case 2:
        return b.apply(pick(guarded), [b.mul(tame(a), b.constant(0.9))]);
      case 3:
        return b.apply(pick(positive), [b.add(b.square(a), b.constant(0.5))]);
      case 4:
        return b.apply(pick(jumps), [leaf(a.shape)]);
      case 5:
      case 6:
        return b.apply(pick(["add", "sub", "mul"]), [a, partner(a)]);
      case 7:
        return b.apply(pick(["add", "sub", "mul", "min", "max"]), [partner(a), a]);
      case 8:
        return b.apply(pick(["div", "safediv", "atan2"]), [a, b.add(b.square(partner(a)), b.constant(1))]);
      case 9:
        return b.apply("pow", [
          b.add(b.abs(tame(a)), b.constant(0.5)),
          pick([b.constant(2), b.constant(3), b.constant(-1), tame(a)]),
        ]);
      case 10:
        return b.select(b.apply(pick(["lt", "le", "eq", "and", "or"]), [leaf(a.shape), leaf([])]), a, partner(a));
      case 11:
        return rank > 0 ? b.sum(a, random() < 0.5 ? [axis] : undefined) : b.apply("sin", [a]);
      case 12:
        return rank > 0
          ? pick([b.maxOf, b.minOf, b.logsumexp]).call(b, a, random() < 0.5 ? [axis] : undefined)
          : tame(a);
      case 13: {
        if (rank === 0) return b.broadcast(a, [d()], []);
        if (rank > 2) return b.sum(a, [0]);
        const shape = [...a.shape];
        const place = Math.floor(random() * (rank + 1));
        shape.splice(place, 0, d());
        return b.broadcast(
          a,
          shape,
          shape.map((_, k) => k).filter((k) => k !== place),
        );
      }
      case 14: {
        if (rank === 0) return b.reshape(a, [1]);
        if (rank > 1) return b.reshape(a, [sizeOf(a.shape)]);
        const divisors = dimensions.filter((v) => a.shape[0] % v === 0);
        return divisors.length > 0
          ? b.reshape(a, [divisors[0], a.shape[0] / divisors[0]])
          : b.reshape(a, [a.shape[0], 1]);
      }
      case 15:
        return rank > 1 ? b.transpose(a) : tame(a);
      case 16:
      case 17:
        return rank > 0 ? b.take(a, axis, positions(a.shape[axis])) : tame(a);
      case 18: {
        if (rank === 0) return tame(a);
        const size = a.shape[axis] + Math.floor(random() * 3);
        const first = Math.floor(random() * (size - a.shape[axis] + 1));
        const put = b.put(a, axis, b.graph.range(first, a.shape[axis]), size);
        const other = b.put(tame(a), axis, b.graph.range(size - a.shape[axis], a.shape[axis]), size);
        return random() < 0.5 ? b.sub(put, b.mul(other, pick(same([])))) : b.add(put, other);
      }
      case 19: {
        if (rank === 0) return tame(a);
        const size = d() + 1;
        const table = b.graph.positions(Array.from({ length: a.shape[axis] }, () => Math.floor(random() * size)));
        const put = b.put(a, axis, table, size);
        return random() < 0.5 ? put : b.add(put, leaf(put.shape));
      }
      case 20:
        return rank > 0 ? b.concat([a, tame(a), ...(random() < 0.3 ? [a] : [])], axis) : tame(a);
      case 21:
      case 22: {
        // contraction: shared axes by equal lengths
        const c = pick(pool.filter((n) => n.shape.length > 0));
        if (rank === 0) return tame(a);
        const left = a.shape.map((_, k) => k);
        const right = c.shape.map((_, k) => 10 + k);
        const taken = new Set<number>();
        a.shape.forEach((size, k) => {
          const m = c.shape.findIndex((other, i) => other === size && !taken.has(i));
          if (m >= 0 && random() < 0.8) {
            taken.add(m);
            right[m] = k;
          }
        });
        const labels = [...new Set([...left, ...right])];
        const out = labels.filter((l) => random() < (left.includes(l) && right.includes(l) ? 0.3 : 0.9));
        if (out.length > 3) return tame(a);
        const shape = out.map((l) => (left.includes(l) ? a.shape[left.indexOf(l)] : c.shape[right.indexOf(l)]));
        if (sizeOf(shape) > 4000) return tame(a);
        if (random() < 0.5) out.reverse();
        return b.mul(b.contract(a, c, { left, right, out }), b.constant(0.25));
      }
      default: {
        const k = Math.min(4, d());
        const m = b.add(leaf([k, k]), b.mul(b.tensor(identity(k)), b.constant(5)));
        const scaled = b.mul(m, b.add(b.square(tame(b.sum(a))), b.constant(1)));
        return b.solve(scaled, random() < 0.5 ? leaf([k]) : leaf([k, 2]));
      }
    }
  };
  for (let k = 0; k < count; k++) {
    const node = step();
    if (sizeOf(node.shape) <= 4000) pool.push(node);
  }
  const outputs = [pool[pool.length - 1], pool[pool.length - 2], pick(pool), pick(pool)];
  outputs.push(b.sum(tame(pick(pool))));
  return { builder: b, inputs, values, outputs };
}

function identity(k: number) {
  const values = new Float64Array(k * k);
  for (let i = 0; i < k; i++) values[i * k + i] = 1;
  return { shape: [k, k], values };
}
