/** What the tests of derivatives share: a seeded generator, evaluation at points, Richardson differences. */
import type { InputBlock, Node } from "../../src/expr/node.js";
import { isProblem, type ShapeProblem } from "../../src/ops/align.js";
import { evaluate } from "../../src/ops/evaluate.js";
import type { Value } from "../../src/ops/value.js";

/** mulberry32. */
export function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export function randomVector(random: () => number, n: number): Float64Array {
  return Float64Array.from({ length: n }, () => 2 * random() - 1);
}

export type Point = ReadonlyMap<InputBlock, Float64Array>;

export function valueAt(node: Node, point: Point): Float64Array {
  return evaluate([node], new Map(point))[0];
}

/** point + t direction (directions are given for some blocks). */
export function moved(point: Point, direction: Point, t: number): Point {
  return new Map(
    [...point].map(([block, p]) => {
      const d = direction.get(block);
      return [block, d ? p.map((v, i) => v + t * d[i]) : p];
    }),
  );
}

/** Directional derivative by central differences with two steps of Richardson extrapolation (error about 1e-10 relative). */
export function differences(f: (point: Point) => Float64Array, point: Point, direction: Point, h = 8e-3): Float64Array {
  const central = (t: number): Float64Array => {
    const [up, down] = [f(moved(point, direction, t)), f(moved(point, direction, -t))];
    return up.map((v, i) => (v - down[i]) / (2 * t));
  };
  const [a, b, c] = [central(h), central(h / 2), central(h / 4)];
  const ab = b.map((v, i) => (4 * v - a[i]) / 3);
  const bc = c.map((v, i) => (4 * v - b[i]) / 3);
  return bc.map((v, i) => (16 * v - ab[i]) / 15);
}

export function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((s, v, i) => s + v * b[i], 0);
}

/** Largest difference relative to 1 + the largest entry. */
export function relativeError(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let worst = 0;
  let scale = 1;
  for (let i = 0; i < a.length; i++) {
    if (Object.is(a[i], b[i])) continue;
    const d = Math.abs(a[i] - b[i]);
    worst = Math.max(worst, Number.isNaN(d) ? Number.POSITIVE_INFINITY : d);
    if (Number.isFinite(b[i])) scale = Math.max(scale, Math.abs(b[i]));
  }
  return worst / scale;
}

/** The value, where the arguments fit. */
export function good(v: Value | ShapeProblem): Value {
  if (isProblem(v)) throw new Error(v.problem);
  return v;
}
