/**
 * Which axes of which nodes run over the terms of a sampled sum: an axis read through an index set with a sample mark,
 * followed through the operators until it is summed.
 */
import type { Node } from "../expr/node.js";
import { topological } from "../expr/walk.js";

/** For each node that has some: axis to sample id. */
export type SampleAxes = ReadonlyMap<Node, ReadonlyMap<number, number>>;

export interface Sampling {
  readonly axes: SampleAxes;
  /** Ids that a node depends on, summed or not. */
  readonly ids: ReadonlyMap<Node, ReadonlySet<number>>;
}

export function samplingOf(roots: readonly Node[]): Sampling {
  const axes = new Map<Node, Map<number, number>>();
  const ids = new Map<Node, Set<number>>();
  for (const node of topological(roots)) {
    const own = follow(node, axes);
    const sample = node.attributes.index?.sample;
    if (sample !== undefined && node.op === "take") own.set(node.attributes.axis!, sample);
    if (own.size > 0) axes.set(node, own);
    const all = new Set(node.args.flatMap((a) => [...(ids.get(a) ?? [])]));
    if (sample !== undefined) all.add(sample);
    if (all.size > 0) ids.set(node, all);
  }
  return { axes, ids };
}

function follow(node: Node, known: SampleAxes): Map<number, number> {
  const result = new Map<number, number>();
  node.args.forEach((arg, position) => {
    for (const [axis, id] of known.get(arg) ?? []) {
      const to = moved(node, position, arg, axis);
      if (to !== undefined) result.set(to, id);
    }
  });
  return result;
}

/** The axis of the result that an axis of an argument becomes; undefined where it is gone. */
function moved(node: Node, position: number, arg: Node, axis: number): number | undefined {
  const { axes, labels } = node.attributes;
  switch (node.op) {
    case "broadcast":
      return axes![axis];
    case "transpose":
      return axes!.indexOf(axis);
    case "reshape":
      return reshaped(arg.shape, node.shape, axis);
    case "take":
    case "put":
      return axis === node.attributes.axis ? undefined : axis;
    case "contract": {
      const label = (position === 0 ? labels!.left : labels!.right)[axis];
      const to = labels!.out.indexOf(label);
      return to < 0 ? undefined : to;
    }
    case "sum":
    case "maxOf":
    case "minOf":
    case "logsumexp":
      return axes!.includes(axis) ? undefined : axis - axes!.filter((a) => a < axis).length;
    default:
      return arg.shape.length === node.shape.length ? axis : undefined;
  }
}

/** The axis with the same length and the same number of entries before it; undefined where it was joined or split. */
export function reshaped(from: readonly number[], to: readonly number[], axis: number): number | undefined {
  const before = from.slice(0, axis).reduce((n, d) => n * d, 1);
  let product = 1;
  for (let k = 0; k < to.length; k++) {
    if (product === before && to[k] === from[axis]) return k;
    product *= to[k];
  }
  return undefined;
}
