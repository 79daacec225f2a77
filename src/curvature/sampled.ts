/**
 * Checks of convexity by samples: f((a + b)/2) <= (f(a) + f(b))/2 on segments of the set that the bounds describe, between random
 * points and, for few variables, along the direction of least curvature at random points. What it finds is a witness against
 * convexity, confirmed in interval arithmetic or far above rounding; what it does not find proves nothing.
 */
import { type InputBlock, type Node, sizeOf } from "../expr/node.js";
import { topological } from "../expr/walk.js";
import type { Problem } from "../model/problem.js";
import { symmetricEigen } from "../num/eigen.js";
import { createRandom } from "../num/random.js";
import { evaluate } from "../ops/evaluate.js";
import type { Boxes } from "./boxes.js";
import { matrixNode, readEntries } from "./hessian.js";
import { type Point, Points } from "./points.js";
import { Ranges } from "./ranges.js";
import type { Selection } from "./selection.js";
import type { Witness } from "./verdict.js";

export interface SampledCheck {
  readonly samples: number;
  readonly witness: Witness | undefined;
}

/** Entries of the graph evaluated in all; every check has at least LEAST segments. */
const WORK = 1.5e6;
const MOST = 60;
const LEAST = 4;
/** Directions of least curvature are looked for in so many variables. */
const DENSE = 24;
const STEPS = [1, 0.1, 0.01, 10];

/** Each entry of the node is to be convex (sign 1) or concave (sign -1) in the selected entries u; with mu, even f - mu/2 |u|². */
export function sampledCheck(
  problem: Problem,
  boxes: Boxes,
  node: Node,
  selection: Selection,
  sign: 1 | -1 = 1,
  mu = 0,
  most = MOST,
): SampledCheck {
  const check = new Check(problem, boxes, node, selection, sign, mu);
  const cost = topological([node]).reduce((n, v) => n + sizeOf(v.shape) + 8, 0);
  const rounds = Math.max(LEAST, Math.min(most, Math.floor(WORK / (3 * cost))));
  return check.run(rounds, cost);
}

class Check {
  private readonly problem: Problem;
  private readonly boxes: Boxes;
  private readonly node: Node;
  private readonly selection: Selection;
  private readonly sign: 1 | -1;
  private readonly mu: number;

  constructor(problem: Problem, boxes: Boxes, node: Node, selection: Selection, sign: 1 | -1, mu: number) {
    this.problem = problem;
    this.boxes = boxes;
    this.node = node;
    this.selection = selection;
    this.sign = sign;
    this.mu = mu;
  }

  run(rounds: number, cost: number): SampledCheck {
    const random = createRandom(1).split("curvature");
    const points = new Points(this.problem, this.boxes, random.split("points"));
    const dense = this.matrix(cost);
    let samples = 0;
    for (let round = 0; round < rounds; round++) {
      const first = points.next();
      const last = this.moved(first, points.next());
      for (const [a, b] of [[first, last] as const, ...this.leastCurved(dense, first)]) {
        samples++;
        const witness = this.broken(a, b);
        if (witness) return { samples, witness };
      }
    }
    return { samples, witness: undefined };
  }

  /** The second derivatives of a scalar function of few variables. */
  private matrix(
    cost: number,
  ): { readonly node: Node; readonly positions: ReturnType<typeof readEntries> } | undefined {
    if (sizeOf(this.node.shape) !== 1) return undefined;
    const positions = readEntries(this.node, this.selection).filter((p) => p.entries.length > 0);
    const size = positions.reduce((n, p) => n + p.entries.length, 0);
    if (size === 0 || size > DENSE || cost * size > 2e4) return undefined;
    const { builder: b } = this.problem;
    return { node: matrixNode(b, b.reshape(this.node, []), positions), positions };
  }

  /** Segments around a point along the eigenvector of the smallest eigenvalue, at several lengths. */
  private leastCurved(dense: ReturnType<Check["matrix"]>, at: Point): readonly (readonly [Point, Point])[] {
    if (!dense) return [];
    const k = dense.positions.reduce((n, p) => n + p.entries.length, 0);
    const H = this.values(dense.node, at).map((v) => this.sign * v);
    const { values, vectors } = symmetricEigen(H, k);
    if (!(values[0] - this.mu < 0)) return [];
    return STEPS.flatMap((step) => {
      const ends = [1, -1].map((way) => {
        const end: Point = { x: at.x.slice(), y: at.y.slice() };
        let row = 0;
        for (const { block, entries } of dense.positions) {
          const own = this.own(end, block);
          const box = this.box(block);
          for (const e of entries) {
            const moved = Math.fround(own[e] + way * step * vectors[row++ * k]);
            own[e] = Math.min(box.hi[e], Math.max(box.lo[e], moved));
          }
        }
        return end;
      });
      return ends.every((e) => this.inDomains(e)) ? [[ends[0], ends[1]] as const] : [];
    });
  }

  private own(p: Point, block: InputBlock): Float64Array {
    return block === this.problem.x ? p.x : p.y;
  }

  private box(block: InputBlock): Boxes["x"] {
    return block === this.problem.x ? this.boxes.x : this.boxes.y;
  }

  /** Balls and simplices hold less than their boxes. */
  private inDomains({ x, y }: Point): boolean {
    const { upper, lowers } = this.problem;
    return [...upper.variables, ...lowers.flatMap((l) => l.variables)].every((v) => {
      const own = (v.level === "upper" ? x : y).subarray(v.offset, v.offset + v.size);
      if (v.domain.kind === "simplex") return Math.abs(own.reduce((s, t) => s + t, 0) - v.domain.total) <= 1e-9;
      if (v.domain.kind !== "ball") return true;
      const { center, radius } = v.domain;
      return Math.hypot(...own.map((t, k) => t - center[k])) <= radius * (1 + 1e-12);
    });
  }

  /** The first point with the selected entries of the second. */
  private moved(first: Point, second: Point): Point {
    const out: Point = { x: first.x.slice(), y: first.y.slice() };
    for (const [block, mask] of this.selection) {
      const [to, from] = [this.own(out, block), this.own(second, block)];
      for (let k = 0; k < to.length; k++) if (mask === true || mask[k] === 1) to[k] = from[k];
    }
    return out;
  }

  private values(node: Node, { x, y }: Point): Float64Array {
    const [found] = evaluate(
      [node],
      new Map([
        [this.problem.x, x],
        [this.problem.y, y],
      ]),
    );
    return found;
  }

  private broken(first: Point, last: Point): Witness | undefined {
    const half = (a: Float64Array, b: Float64Array): Float64Array => a.map((v, k) => v / 2 + b[k] / 2);
    const middle: Point = { x: half(first.x, last.x), y: half(first.y, last.y) };
    const exact = (["x", "y"] as const).every((k) => middle[k].every((v, i) => 2 * v - first[k][i] === last[k][i]));
    const [f, m, l] = [first, middle, last].map((p) => this.values(this.node, p));
    let distance = 0;
    for (const [block, mask] of this.selection) {
      const [p, q] = [this.own(first, block), this.own(last, block)];
      for (let k = 0; k < p.length; k++) if (mask === true || mask[k] === 1) distance += (p[k] - q[k]) ** 2;
    }
    // mu/2 (|a|² + |b|²)/2 - mu/2 |(a + b)/2|² = mu |a - b|² / 8
    const owed = (this.mu * distance) / 8;
    for (let i = 0; i < m.length; i++) {
      const excess = this.sign * (m[i] - f[i] / 2 - l[i] / 2) + owed;
      const size = Math.abs(f[i]) + Math.abs(m[i]) + Math.abs(l[i]) + owed;
      if (!(excess > 1e-11 * size) || !Number.isFinite(excess)) continue;
      if (excess > 1e-6 * (1 + size) || (exact && this.confirmed(first, middle, last, i, owed)))
        return { first, middle, last, excess };
    }
    return undefined;
  }

  /** The same in interval arithmetic: then it is proved. */
  private confirmed(first: Point, middle: Point, last: Point, i: number, owed: number): boolean {
    const at = (p: Point): { lo: number; hi: number } => {
      const ranges = new Ranges(
        new Map([
          [this.problem.x, { lo: p.x, hi: p.x, flags: new Float64Array(p.x.length) }],
          [this.problem.y, { lo: p.y, hi: p.y, flags: new Float64Array(p.y.length) }],
        ]),
      );
      const each = ranges.each(this.node);
      return each ? { lo: each.lo[i], hi: each.hi[i] } : ranges.hull(this.node);
    };
    const [f, m, l] = [first, middle, last].map(at);
    const [up, down] = this.sign > 0 ? [m.lo, f.hi / 2 + l.hi / 2] : [-m.hi, -f.lo / 2 - l.lo / 2];
    const slack = 1e-14 * (Math.abs(up) + Math.abs(down) + owed);
    return up - down + owed > slack;
  }
}
