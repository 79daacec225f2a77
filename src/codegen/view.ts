/** Layout operators over an array, resolved to strides: reading through them costs no copy. */
import type { IndexSet, Node, Shape } from "../expr/node.js";
import { reshapeGroups, stridesOf } from "./shapes.js";

export interface ViewAxis {
  readonly extent: number;
  readonly stride: number;
  /** Position k along the axis stands for table[k] where given. */
  readonly table?: IndexSet;
}

/** Entry (k0, k1, …) is at  offset + sum of stride * k  (or stride * table[k]) of the base's storage. */
export interface View {
  readonly base: Node;
  readonly offset: number;
  readonly axes: readonly ViewAxis[];
}

/** The view of `node` on the nearest array below it; undefined if something in between is not a plain layout. */
export function viewOf(node: Node, isArray: (node: Node) => boolean): View | undefined {
  if (isArray(node)) {
    const strides = stridesOf(node.shape);
    return { base: node, offset: 0, axes: node.shape.map((extent, k) => ({ extent, stride: strides[k] })) };
  }
  switch (node.op) {
    case "broadcast":
    case "reshape":
    case "transpose":
    case "take":
      break;
    default:
      return undefined;
  }
  const inner = viewOf(node.args[0], isArray);
  if (!inner) return undefined;
  const { base, offset, axes } = inner;
  switch (node.op) {
    case "broadcast": {
      const from = node.attributes.axes!;
      const spread = node.shape.map((extent, k) => (from.includes(k) ? axes[from.indexOf(k)] : { extent, stride: 0 }));
      return { base, offset, axes: spread };
    }
    case "transpose":
      return { base, offset, axes: node.attributes.axes!.map((k) => axes[k]) };
    case "take":
      return taken(inner, node.attributes.axis!, node.attributes.index!);
    default: {
      const reshaped = reshape(axes, node.args[0].shape, node.shape);
      return reshaped && { base, offset, axes: reshaped };
    }
  }
}

function taken(view: View, axis: number, index: IndexSet): View | undefined {
  const old = view.axes[axis];
  if (old.table) return undefined;
  if (index.values) {
    const table: ViewAxis = { extent: index.size, stride: old.stride, table: index };
    return { ...view, axes: view.axes.map((a, k) => (k === axis ? table : a)) };
  }
  const range = { extent: index.size, stride: old.stride * index.step };
  return {
    base: view.base,
    offset: view.offset + old.stride * index.start,
    axes: view.axes.map((a, k) => (k === axis ? range : a)),
  };
}

function reshape(axes: readonly ViewAxis[], from: Shape, to: Shape): ViewAxis[] | undefined {
  const result: ViewAxis[] = to.map((extent) => ({ extent, stride: 0 }));
  // an axis of length 1 read through a table still has its position to look up
  for (const single of axes.filter((a) => a.extent === 1 && a.table)) {
    const k = result.findIndex((a) => a.extent === 1 && !a.table);
    if (k < 0) return undefined;
    result[k] = single;
  }
  for (const group of reshapeGroups(from, to)) {
    if (group.from.length === 1 && group.to.length === 1) {
      result[group.to[0]] = axes[group.from[0]];
      continue;
    }
    const merged = mergeAxes(group.from.map((k) => axes[k]));
    if (!merged) return undefined;
    const strides = stridesOf(group.to.map((k) => to[k]));
    group.to.forEach((k, i) => {
      result[k] = { extent: to[k], stride: merged.stride * strides[i] };
    });
  }
  return result;
}

/** One axis for several neighbours that lie evenly in storage. */
function mergeAxes(axes: readonly ViewAxis[]): ViewAxis | undefined {
  if (axes.some((a) => a.table)) return undefined;
  for (let k = 0; k + 1 < axes.length; k++) {
    if (axes[k].stride !== axes[k + 1].stride * axes[k + 1].extent) return undefined;
  }
  const extent = axes.reduce((product, a) => product * a.extent, 1);
  return { extent, stride: axes[axes.length - 1].stride };
}
