/**
 * Bounds over the whole of the variables' domains: gradients, Hessians and third derivatives of an objective in u = (x, y) by the
 * operators' interval rules on the box of the domains. Domains without bounds give infinite intervals; many derivatives are
 * bounded all the same (constant ones, those of logistic losses).
 */
import { gradient, hessian, jacobianRows, substitute } from "../diff/index.js";
import { type InputBlock, type Node, sizeOf } from "../expr/node.js";
import { topological } from "../expr/walk.js";
import { IntervalProgram } from "../interval/program.js";
import type { Problem } from "../model/problem.js";
import type { Intervals } from "../ops/operator.js";
import { boundedBlock } from "../reform/levels.js";

type Vector = Float64Array;

/** The box that contains the domains of both levels, in the order (x, y). */
export interface Box {
  readonly lo: Vector;
  readonly hi: Vector;
}

export function domainBox(problem: Problem): Box {
  const upper = boundedBlock(problem, "upper");
  const lower = boundedBlock(problem, "lower");
  const n = problem.x.size;
  const lo = Float64Array.from([...upper.lower, ...lower.lower]);
  const hi = Float64Array.from([...upper.upper, ...lower.upper]);
  const narrow = (i: number, from: number, to: number): void => {
    lo[i] = Math.max(lo[i], from);
    hi[i] = Math.min(hi[i], to);
  };
  for (const { level, domain, offset, size } of [problem.upper, ...problem.lowers].flatMap((l) => l.variables)) {
    const first = (level === "upper" ? 0 : n) + offset;
    for (let k = 0; k < size; k++) {
      if (domain.kind === "simplex") narrow(first + k, 0, domain.total);
      if (domain.kind === "ball") narrow(first + k, domain.center[k] - domain.radius, domain.center[k] + domain.radius);
    }
  }
  return { lo, hi };
}

/** Entries of all nodes of a graph: what one pass over it costs, roughly. */
export function work(outputs: readonly Node[]): number {
  let entries = 0;
  for (const node of topological(outputs))
    entries += Math.max(sizeOf(node.shape), ...node.args.map((a) => sizeOf(a.shape)));
  return entries;
}

export interface DerivativeBounds {
  /** [n + m] */
  readonly gradient: Intervals;
  /** [n + m, n + m] */
  readonly hessian: Intervals | undefined;
  /** [(n + m)², n + m]: derivatives of the Hessian's entries */
  readonly third: Intervals | undefined;
}

/** Above these numbers of variables the derivatives are not formed. */
const mostForHessian = 40;
const mostForThird = 8;
/** Above this cost of a graph (in entries) interval passes take longer than an analysis may. */
const mostWork = 2e6;

/** Undefined where the graph is too large. */
export function derivativeBounds(problem: Problem, objective: Node, box: Box): DerivativeBounds | undefined {
  const { builder: b, x, y } = problem;
  const N = x.size + y.size;
  if (work([objective]) > mostWork) return undefined;
  const u: InputBlock = { name: "u", size: N };
  const part = (first: number, size: number): Node =>
    b.take(b.input(u), 0, b.graph.positions(Int32Array.from({ length: size }, (_, k) => first + k)));
  const [joined] = substitute(
    b,
    [objective],
    new Map([
      [x, part(0, x.size)],
      [y, part(x.size, y.size)],
    ]),
  );
  const over = (node: Node): Intervals | undefined => {
    if (work([node]) > mostWork) return undefined;
    const program = new IntervalProgram([node], u);
    program.prepare([]);
    program.over(box.lo, box.hi);
    return program.outputs[0];
  };
  const slope = over(gradient(b, joined, [u])[0]);
  if (slope === undefined) return undefined;
  const H = N <= mostForHessian ? hessian(b, joined, u) : undefined;
  const third = H !== undefined && N <= mostForThird ? jacobianRows(b, b.reshape(H, [N * N]), u) : undefined;
  return { gradient: slope, hessian: H && over(H), third: third && over(third) };
}
