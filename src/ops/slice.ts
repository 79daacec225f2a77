/**
 * Indexing and slicing of values: y[3], y[2:5], A[i, :] with a comprehension index i. One selector per own axis.
 * Positions are 0-based here; the elaborator has checked them against the lengths.
 */
import { type IndexSet, type Node, sizeOf } from "../expr/node.js";
import { makeValue, type ShapeProblem, words } from "./align.js";
import type { Builder } from "./build.js";
import { rowMajor } from "./strides.js";
import { ownShape, type Value } from "./value.js";

export type Selector =
  /** `:` */
  | { readonly kind: "all" }
  /** One position: the axis goes. */
  | { readonly kind: "one"; readonly position: number }
  /** Several positions: the axis stays. */
  | { readonly kind: "some"; readonly index: IndexSet }
  /**
   * A position for each tuple of comprehension indices (row-major over `axes`, whose lengths are `sizes`; ids
   * increasing): the axis goes and the comprehension axes come. `sample`: see IndexSet.
   */
  | {
      readonly kind: "index";
      readonly axes: readonly number[];
      readonly sizes: readonly number[];
      readonly positions: ArrayLike<number>;
      readonly sample?: number;
    };

export function sliceValue(b: Builder, value: Value, selectors: readonly Selector[]): Value | ShapeProblem {
  const own = ownShape(value);
  if (selectors.length !== own.length) {
    const wanted = own.length === 0 ? "no index" : own.length === 1 ? "one index" : `${own.length} indices`;
    return { problem: `${words(value)} takes ${wanted}, not ${selectors.length}` };
  }
  // work on a node whose axes carry marks: comprehension ids or "own k"
  let current: Axes = {
    node: value.node,
    marks: [...value.axes.map((id) => ({ id })), ...own.map((_, own) => ({ own }))],
  };
  const dropped = new Set<number>();
  for (const [k, selector] of selectors.entries()) {
    const at = current.marks.findIndex((m) => m.own === k);
    switch (selector.kind) {
      case "all":
        break;
      case "some":
        current = { ...current, node: b.take(current.node, at, selector.index) };
        break;
      case "one":
        dropped.add(k);
        current = pick(b, current, at, { axes: [], sizes: [], positions: [selector.position] });
        break;
      case "index":
        dropped.add(k);
        current = pick(b, current, at, selector);
        break;
    }
  }
  const sorted = sortAxes(b, current);
  const row = own.length === 2 ? dropped.has(0) && !dropped.has(1) : value.row === true && !dropped.has(0);
  return makeValue(
    sorted.node,
    sorted.marks.filter((m) => m.id !== undefined).map((m) => m.id!),
    row,
  );
}

interface Mark {
  readonly id?: number;
  readonly own?: number;
}
interface Axes {
  readonly node: Node;
  readonly marks: readonly Mark[];
}
interface Picks {
  readonly axes: readonly number[];
  readonly sizes: readonly number[];
  readonly positions: ArrayLike<number>;
  readonly sample?: number;
}

/** Replaces axis `at` by the comprehension axes of the picks. */
function pick(b: Builder, current: Axes, at: number, picks: Picks): Axes {
  const { node, marks } = current;
  const shared = picks.axes.filter((id) => marks.some((m) => m.id === id));
  if (shared.length > 0) return pickShared(b, current, at, picks);
  const taken = b.take(node, at, b.graph.positions(picks.positions, picks.sample));
  const shape = [...node.shape.slice(0, at), ...picks.sizes, ...node.shape.slice(at + 1)];
  return {
    node: b.reshape(taken, shape),
    marks: [...marks.slice(0, at), ...picks.axes.map((id) => ({ id })), ...marks.slice(at + 1)],
  };
}

/** Where the value itself varies with an index that also selects: r[i] inside the comprehension over i that r depends on, B[i, i]. */
function pickShared(b: Builder, current: Axes, at: number, picks: Picks): Axes {
  return picks.sample === undefined ? pickFlat(b, current, at, picks) : pickSampled(b, current, at, picks);
}

/** Flattens the shared axes and axis `at` into one and reads position (shared index) * length + position there. */
function pickFlat(b: Builder, { node, marks }: Axes, at: number, picks: Picks): Axes {
  const place = (id: number): number => marks.findIndex((m) => m.id === id);
  const shared = picks.axes.filter((id) => place(id) >= 0);
  const front = [...shared.map(place), at];
  const rest = [...marks.keys()].filter((k) => !front.includes(k));
  const moved = b.transpose(node, [...front, ...rest]);
  const length = node.shape[at];
  const restShape = rest.map((k) => node.shape[k]);
  const flat = b.reshape(moved, [sizeOf(front.map((k) => node.shape[k])), ...restShape]);
  const strides = rowMajor(picks.sizes);
  const positions = Int32Array.from(picks.positions, (position, t) => {
    let row = 0;
    picks.axes.forEach((id, k) => {
      if (shared.includes(id)) row = row * picks.sizes[k] + (Math.floor(t / strides[k]) % picks.sizes[k]);
    });
    return row * length + position;
  });
  return {
    node: b.reshape(b.take(flat, 0, b.graph.positions(positions)), [...picks.sizes, ...restShape]),
    marks: [...picks.axes.map((id) => ({ id })), ...rest.map((k) => marks[k])],
  };
}

/**
 * Sampled indices must stay axes of their own: sum over k of value[…, k] [k = position], where the positions are read
 * from a constant through the sampled index set.
 */
function pickSampled(b: Builder, { node, marks }: Axes, at: number, picks: Picks): Axes {
  const length = node.shape[at];
  const total = picks.positions.length;
  const flat = b.tensor({ shape: [total], values: Float64Array.from(picks.positions) });
  const every = b.graph.positions(
    Int32Array.from({ length: total }, (_, k) => k),
    picks.sample,
  );
  const shape = [...picks.sizes, length];
  const places = b.reshape(b.take(flat, 0, every), picks.sizes);
  const indicator = b.eq(
    b.broadcast(places, shape, [...picks.axes.keys()]),
    b.broadcast(b.counting(length), shape, [picks.axes.length]),
  );
  // labels: one per axis of the node; the picks' axes share those with the same id
  let next = marks.length;
  const right = picks.axes.map((id) => {
    const known = marks.findIndex((m) => m.id === id);
    return known >= 0 ? known : next++;
  });
  const added = [...picks.axes.keys()].filter((i) => right[i] >= marks.length);
  const kept = [...marks.keys()].filter((k) => k !== at);
  return {
    node: b.contract(node, indicator, {
      left: [...marks.keys()],
      right: [...right, at],
      out: [...kept, ...added.map((i) => right[i])],
    }),
    marks: [...kept.map((k) => marks[k]), ...added.map((i) => ({ id: picks.axes[i] }))],
  };
}

/** Comprehension axes first, by id, then the own axes that are left, in order. */
function sortAxes(b: Builder, { node, marks }: Axes): Axes {
  const order = [...marks.keys()].sort((p, q) => {
    const [m, n] = [marks[p], marks[q]];
    if (m.id !== undefined && n.id !== undefined) return m.id - n.id;
    if (m.id !== undefined) return -1;
    if (n.id !== undefined) return 1;
    return m.own! - n.own!;
  });
  return { node: b.transpose(node, order), marks: order.map((k) => marks[k]) };
}
