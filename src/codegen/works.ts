/**
 * The work that fills a stored node: one or several nests, each over its own range, or one product of matrices. A work
 * also lists what it reads, so that the schedule can order works and fuse those over the same range.
 */
import { type Node, type Shape, sizeOf } from "../expr/node.js";
import { piecesOf } from "./assemble.js";
import type { Nest } from "./nest.js";
import type { Plan } from "./plan.js";
import { type Read, readsOf } from "./reads.js";
import { squeezed } from "./shapes.js";

export interface Work {
  readonly root: Node;
  /** Loop extents, outermost first; undefined where the work is not a nest (see `products`). */
  readonly extents: readonly number[] | undefined;
  readonly reads: readonly Read[];
  /** Adds the statements of this work to a nest. */
  readonly emit: (nest: Nest) => void;
  /** Writes each entry once, at the position that the loops are at. */
  readonly pointwise: boolean;
  /** Zeros are to be in place before. */
  readonly fills: boolean;
  /** Must come after all earlier works of the same node. */
  readonly last: boolean;
}

/** All works of a root. */
export function worksOf(root: Node, plan: Plan, isProduct: (node: Node) => boolean): Work[] {
  if (plan.assembled.has(root)) return assembly(root, plan);
  if (root.op === "sum" || root.op === "maxOf" || root.op === "minOf") return [reduction(root, plan)];
  if (root.op === "contract" && !isProduct(root)) return [contraction(root, plan)];
  if (plan.isElementwise(root) || plan.isLayout(root)) return [pointwise(root, plan)];
  const reads = root.args.flatMap((arg) => readsOf(arg, plan, undefined));
  return [{ root, extents: undefined, reads, emit: () => {}, pointwise: false, fills: false, last: false }];
}

function pointwise(root: Node, plan: Plan): Work {
  const extents = squeezed(root.shape);
  const emit = (nest: Nest) => {
    const at = nest.positions(root.shape);
    nest.set(root, at, nest.value(root, at));
  };
  return { root, extents, reads: readsOf(root, plan, extents, true), emit, pointwise: true, fills: false, last: false };
}

function reduction(root: Node, plan: Plan): Work {
  const [operand] = root.args;
  const removed = root.attributes.axes ?? [];
  const axes = operand.shape.map((_, k) => k);
  const kept = axes.filter((k) => !removed.includes(k));
  const kind = root.op as "sum" | "maxOf" | "minOf";
  const value = (nest: Nest, at: ReturnType<Nest["positions"]>) => nest.value(operand, at);
  return fold(root, plan, kind, operand.shape, kept, [operand], true, value);
}

/** A contraction as a plain sum over products computed in place. */
function contraction(root: Node, plan: Plan): Work {
  const { left, right, out } = root.attributes.labels!;
  const [a, b] = root.args;
  const all = left.length >= right.length ? [...left] : [...right];
  for (const label of [...left, ...right]) if (!all.includes(label)) all.push(label);
  const shape = all.map((label) =>
    left.includes(label) ? a.shape[left.indexOf(label)] : b.shape[right.indexOf(label)],
  );
  const kept = out.map((label) => all.indexOf(label));
  return fold(root, plan, "sum", shape, kept, [a, b], false, (nest, at) => {
    const pick = (labels: readonly number[]) => labels.map((label) => at[all.indexOf(label)]);
    return nest.product(nest.value(a, pick(left)), nest.value(b, pick(right)));
  });
}

/** Folds a value over `shape` into the axes `kept` (in the order of the result's axes). */
function fold(
  root: Node,
  plan: Plan,
  kind: "sum" | "maxOf" | "minOf",
  shape: Shape,
  kept: readonly number[],
  operands: readonly Node[],
  aligned: boolean,
  value: (nest: Nest, at: ReturnType<Nest["positions"]>) => ReturnType<Nest["value"]>,
): Work {
  const axes = shape.map((_, k) => k);
  const long = axes.filter((k) => shape[k] !== 1);
  const last = long[long.length - 1];
  // the innermost axis is kept: run through memory in order and add into the result
  const inPlace = kind === "sum" && sizeOf(root.shape) > 1 && kept.includes(last);
  const order = inPlace ? axes : [...kept, ...axes.filter((k) => !kept.includes(k))];
  const extents = order.map((k) => shape[k]).filter((d) => d !== 1);
  const natural = order.every((v, k) => v === k);
  const all = operands.flatMap((operand) => readsOf(operand, plan, aligned && natural ? extents : undefined));
  const depth = kept.filter((k) => shape[k] !== 1).length;
  const emit = (nest: Nest) => {
    const at = nest.positions(shape, order);
    const term = value(nest, at);
    const to = kept.map((k) => at[k]);
    if (extents.length === 0) nest.set(root, to, term);
    else if (inPlace) nest.store(root, to, term, true);
    else nest.reduce(kind, term, depth, root, to);
  };
  return { root, extents, reads: all, emit, pointwise: false, fills: inPlace, last: false };
}

/** Plain summands in one go, then each piece added at its place. */
function assembly(root: Node, plan: Plan): Work[] {
  const { whole, pieces } = piecesOf(root, plan);
  const works: Work[] = [];
  const base = { root, pointwise: false };
  if (whole.length > 0) {
    const extents = squeezed(root.shape);
    const emit = (nest: Nest) => {
      const at = nest.positions(root.shape);
      nest.store(root, at, nest.total(whole.map((piece) => piece.term(nest, at))));
    };
    const reads = whole.flatMap((piece) => piece.reads(extents));
    works.push({ ...base, extents, reads, emit, fills: false, last: false });
  }
  for (const piece of pieces) {
    const extents = squeezed(piece.node.shape);
    const emit = (nest: Nest) => {
      const at = nest.positions(piece.node.shape);
      nest.store(root, piece.place(nest, at), piece.term(nest, at), piece.adds);
    };
    const last = piece.adds && !piece.fills;
    works.push({ ...base, extents, reads: piece.reads(extents), emit, fills: piece.fills, last });
  }
  return works;
}
