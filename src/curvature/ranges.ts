/**
 * Bounds of every node over the variables' bounds, by interval arithmetic in one pass: entry by entry where tensors are small,
 * one interval for all entries where they are large, so that the cost does not grow with data. A constant tensor is looked
 * at once in its life.
 */
import { type InputBlock, type Node, sizeOf } from "../expr/node.js";
import { topological } from "../expr/walk.js";
import type { Bounds } from "../ops/curvature.js";
import type { Intervals } from "../ops/operator.js";
import { operatorOf } from "../ops/registry.js";

/** Tensors with more entries are bounded as a whole (inputs and what only moves their entries: with more than `moved`). */
export interface Limits {
  readonly entries: number;
  /** Terms that one sum or product adds one by one. */
  readonly terms: number;
  readonly moved: number;
}

const usual: Limits = { entries: 1024, terms: 20_000, moved: 200_000 };
/** For matrices of second derivatives. */
export const fineLimits: Limits = { entries: 20_000, terms: 400_000, moved: 200_000 };

const moves = new Set(["take", "reshape", "transpose"]);

interface Entry {
  readonly hull: Bounds;
  /** Entry by entry; absent: the hull serves all. */
  readonly each: Intervals | undefined;
}

export class Ranges {
  private readonly known = new Map<Node, Entry>();
  private readonly inputs: ReadonlyMap<InputBlock, Intervals>;
  private readonly limits: Limits;

  constructor(inputs: ReadonlyMap<InputBlock, Intervals>, limits = usual) {
    this.inputs = inputs;
    this.limits = limits;
  }

  /** Bounds of all entries of a node. */
  hull(node: Node): Bounds {
    return this.entry(node).hull;
  }

  /** Bounds entry by entry; undefined where the tensor is large. */
  each(node: Node): Intervals | undefined {
    return this.entry(node).each;
  }

  private entry(node: Node): Entry {
    let found = this.known.get(node);
    if (found) return found;
    for (const n of topological([node])) if (!this.known.has(n)) this.known.set(n, this.made(n));
    found = this.known.get(node);
    if (!found) throw new Error("a node without a range");
    return found;
  }

  private made(node: Node): Entry {
    const { input } = node.attributes;
    if (input) return whole(this.inputs.get(input) ?? free(input.size));
    const operator = operatorOf(node);
    const args = node.args.map((a) => this.known.get(a)!);
    const size = sizeOf(node.shape);
    const { entries, terms, moved } = this.limits;
    const light = moves.has(node.op) ? size <= moved : size <= entries && termsOf(node) <= terms;
    const parts = light
      ? args.map((a, i) => a.each ?? (sizeOf(node.args[i].shape) <= entries ? spread(a.hull, node.args[i]) : undefined))
      : [];
    if (!light || parts.some((p) => p === undefined))
      return {
        hull: operator.hull(
          args.map((a) => a.hull),
          node,
        ),
        each: undefined,
      };
    const out = fresh(size);
    const given = parts as readonly Intervals[];
    operator.intervalInto(
      out,
      { lo: given.map((p) => p.lo), hi: given.map((p) => p.hi), flags: given.map((p) => p.flags) },
      node,
    );
    return whole(out);
  }
}

function fresh(size: number): Intervals {
  return { lo: new Float64Array(size), hi: new Float64Array(size), flags: new Float64Array(size) };
}

/** No bound at all. */
export function free(size: number): Intervals {
  const out = fresh(size);
  out.lo.fill(Number.NEGATIVE_INFINITY);
  out.hi.fill(Number.POSITIVE_INFINITY);
  return out;
}

function spread({ lo, hi, flags }: Bounds, node: Node): Intervals {
  const out = fresh(sizeOf(node.shape));
  out.lo.fill(lo);
  out.hi.fill(hi);
  out.flags.fill(flags);
  return out;
}

function whole(each: Intervals): Entry {
  let lo = Number.POSITIVE_INFINITY;
  let hi = Number.NEGATIVE_INFINITY;
  let flags = 0;
  for (let i = 0; i < each.lo.length; i++) {
    if (each.lo[i] < lo) lo = each.lo[i];
    if (each.hi[i] > hi) hi = each.hi[i];
    flags |= each.flags[i];
  }
  return { hull: each.lo.length === 0 ? { lo: 0, hi: 0, flags: 0 } : { lo, hi, flags }, each };
}

/** How many products or terms a node's sums have. */
function termsOf(node: Node): number {
  if (node.op === "contract") {
    const { left, right } = node.attributes.labels!;
    const lone = right.reduce((n, label, k) => (left.includes(label) ? n : n * node.args[1].shape[k]), 1);
    return sizeOf(node.args[0].shape) * lone;
  }
  return node.args.reduce((n, a) => n + sizeOf(a.shape), 0);
}
