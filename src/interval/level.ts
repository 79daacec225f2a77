/**
 * A program  min over y of g(y)  subject to  c(y) <= 0 or c(y) = 0  as interval programs: values, first derivatives, and
 * gradient and Hessian of the Lagrangian  L(y, z) = g(y) + z c(y).  Other blocks of the graph are fixed by `prepare`.
 */
import { gradient, hessian, jacobianRows } from "../diff/index.js";
import { type InputBlock, type Node, sizeOf } from "../expr/node.js";
import { topological } from "../expr/walk.js";
import type { Builder } from "../ops/build.js";
import { type Fixed, IntervalProgram, PointProgram } from "./program.js";

type Vector = Float64Array;

export interface LevelGraph {
  readonly builder: Builder;
  readonly y: InputBlock;
  readonly objective: Node;
  /** Flat vectors of rows, each `<= 0` or `== 0`. */
  readonly constraints: readonly { readonly kind: "le" | "eq"; readonly body: Node }[];
}

export class IntervalLevel {
  readonly graph: LevelGraph;
  readonly m: number;
  readonly rows: number;
  readonly equality: Uint8Array;
  /** [g, c] */
  readonly values: IntervalProgram;
  /** [dg/dy, dc/dy row by row] */
  readonly slopes: IntervalProgram;
  /** [L, dL/dy] */
  readonly lagrangian: IntervalProgram;
  /** [d²L/dy²] */
  readonly curvature: IntervalProgram;
  /** [g, dg/dy, c, dc/dy] at points. */
  readonly points: PointProgram;
  readonly multipliers: InputBlock;
  /** Entries of all nodes: what one box costs, roughly. */
  readonly work: number;
  private fixed: Fixed = [];

  constructor(graph: LevelGraph) {
    const { builder: b, y, objective, constraints } = graph;
    this.graph = graph;
    this.m = y.size;
    const bodies = constraints.map((c) => b.reshape(c.body, [c.body.shape.reduce((p, d) => p * d, 1)]));
    this.equality = Uint8Array.from(
      bodies.flatMap((body, k) => new Array<number>(body.shape[0]).fill(constraints[k].kind === "eq" ? 1 : 0)),
    );
    this.rows = this.equality.length;
    this.multipliers = { name: "multipliers", size: this.rows };
    const c = this.rows === 0 ? b.zeros([0]) : b.concat(bodies, 0);
    const [slope] = gradient(b, objective, [y]);
    const J = this.rows === 0 ? b.zeros([0, this.m]) : jacobianRows(b, c, y);
    const L = this.rows === 0 ? objective : b.add(objective, b.dot(b.input(this.multipliers), c));
    const [slopeL] = this.rows === 0 ? [slope] : gradient(b, L, [y]);
    const H = hessian(b, L, y);
    this.values = new IntervalProgram([objective, c], y);
    this.slopes = new IntervalProgram([slope, J], y);
    this.lagrangian = new IntervalProgram([L, slopeL], y);
    this.curvature = new IntervalProgram([H], y);
    this.points = new PointProgram([objective, slope, c, J]);
    this.work = workOf([objective, c, slope, J, L, slopeL, H]);
  }

  /** Fixes the other blocks; multipliers become 0. */
  prepare(fixed: Fixed): void {
    this.fixed = fixed;
    this.values.prepare(fixed);
    this.slopes.prepare(fixed);
    for (const [block, values] of fixed) this.points.set(block, values);
    this.setMultipliers(new Float64Array(this.rows));
  }

  /** z >= 0 for inequalities: then L <= g wherever the constraints hold. */
  setMultipliers(z: Vector): void {
    const all: Fixed = [...this.fixed, [this.multipliers, z]];
    this.lagrangian.prepare(all);
    this.curvature.prepare(all);
  }

  /** g, dg/dy, c, dc/dy at a point, in plain floating point. */
  at(y: Vector): readonly Vector[] {
    this.points.set(this.graph.y, y);
    this.points.run();
    return this.points.outputs;
  }
}

/** Each node's entries, or those of its largest argument where it sums. */
function workOf(outputs: readonly Node[]): number {
  let work = 0;
  for (const { shape, args } of topological(outputs))
    work += Math.max(sizeOf(shape), ...args.map((a) => sizeOf(a.shape)));
  return work;
}
