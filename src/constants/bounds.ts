/**
 * Bounds over the whole of the variables' domains: gradients, Hessians and third derivatives of an objective in u = (x, y) by the
 * operators' interval rules on the box of the domains. Domains without bounds give infinite intervals; many derivatives are
 * bounded all the same (constant ones, those of logistic losses).
 */
import { impliedBoxes } from "../curvature/implied.js";
import { gradient, hessian, jacobianRows, substitute } from "../diff/index.js";
import { type InputBlock, type Node, sizeOf } from "../expr/node.js";
import { topological } from "../expr/walk.js";
import { IntervalProgram } from "../interval/program.js";
import type { Problem } from "../model/problem.js";
import type { Intervals } from "../ops/operator.js";
import { boundedBlock } from "../reform/levels.js";

type Vector = Float64Array;

/** The box that contains the domains of both levels, and what their constraints allow, in the order (x, y). */
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
  const implied = impliedBoxes(problem);
  for (const [box, first] of [
    [implied.x, 0],
    [implied.y, n],
  ] as const)
    for (let k = 0; k < box.lo.length; k++) narrow(first + k, box.lo[k], box.hi[k]);
  return { lo, hi };
}

/** Entries of all nodes of a graph: what one pass over it costs, roughly. */
export function work(outputs: readonly Node[]): number {
  let entries = 0;
  for (const node of topological(outputs))
    entries += Math.max(sizeOf(node.shape), ...node.args.map((a) => sizeOf(a.shape)));
  return entries;
}

/** Bounds of derivatives over any box; what they are written to is rewritten by the next call. */
export interface Over {
  (box: Box): Intervals;
  /** Entries that one call works out. */
  readonly work: number;
}

export interface DerivativeBounds {
  /** [n + m] */
  readonly gradient: Over;
  /** [n + m, n + m] */
  readonly hessian: Over | undefined;
  /** [(n + m)², n + m]: derivatives of the Hessian's entries */
  readonly third: Over | undefined;
}

/** Above these numbers of variables the derivatives are not formed. */
const mostForHessian = 40;
const mostForThird = 8;
/** Above this cost (in entries) interval passes take longer than an analysis may: of one pass, and of all that split boxes. */
const mostWork = 5e5;
const mostSplits = 256;

/** Undefined where the graph is too large. */
export function derivativeBounds(problem: Problem, objective: Node): DerivativeBounds | undefined {
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
  const over = (node: Node): Over | undefined => {
    if (work([node]) > mostWork) return undefined;
    const program = new IntervalProgram([node], u);
    program.prepare([]);
    const bounds = ({ lo, hi }: Box): Intervals => {
      program.over(lo, hi);
      return program.outputs[0];
    };
    return Object.assign(bounds, { work: work([node]) });
  };
  const slope = over(gradient(b, joined, [u])[0]);
  if (slope === undefined) return undefined;
  const H = N <= mostForHessian ? hessian(b, joined, u) : undefined;
  const third = H !== undefined && N <= mostForThird ? jacobianRows(b, b.reshape(H, [N * N]), u) : undefined;
  return { gradient: slope, hessian: H && over(H), third: third && over(third) };
}

/**
 * An upper bound of a quantity over the box from bounds of it over parts: the part with the largest one is halved across its widest
 * side, again and again, because
 * intervals overestimate less on smaller boxes.
 */
export function refinedBound(box: Box, over: Over, bound: (part: Box) => number): number {
  const splits = Math.min(mostSplits, Math.floor(mostWork / (2 * over.work)));
  const parts: { readonly box: Box; readonly value: number }[] = [{ box, value: bound(box) }];
  for (let k = 0; k < splits; k++) {
    let worst = 0;
    for (let i = 1; i < parts.length; i++) if (parts[i].value > parts[worst].value) worst = i;
    const { box: whole, value } = parts[worst];
    const side = widest(whole);
    if (side === undefined) break;
    const middle = 0.5 * whole.lo[side] + 0.5 * whole.hi[side];
    const left = { lo: whole.lo, hi: whole.hi.with(side, middle) };
    const right = { lo: whole.lo.with(side, middle), hi: whole.hi };
    const halves = [left, right].map((part) => ({ box: part, value: Math.min(value, bound(part)) }));
    parts.splice(worst, 1, ...halves);
  }
  return parts.reduce((most, p) => Math.max(most, p.value), Number.NEGATIVE_INFINITY);
}

/** Of the sides with bounds and a length; undefined where there is none. */
function widest({ lo, hi }: Box): number | undefined {
  let side: number | undefined;
  let length = 0;
  for (let i = 0; i < lo.length; i++) {
    const here = hi[i] - lo[i];
    if (Number.isFinite(here) && here > length && here > 1e-9 * (Math.abs(lo[i]) + Math.abs(hi[i]))) {
      side = i;
      length = here;
    }
  }
  return side;
}
