/** Rules for layout operators: chains are composed, identities vanish, reads of what was just written are resolved. */
import { type IndexSet, type Node, type Shape, sameShape } from "../../expr/node.js";
import type { Builder } from "../build.js";
import { at, isRun, isWhole, isZero, uniformOf } from "./parts.js";
import { isSymmetric } from "./symmetric.js";

export function reshape(b: Builder, a: Node, shape: Shape): Node | undefined {
  if (sameShape(a.shape, shape)) return a;
  if (a.op === "reshape") return b.reshape(a.args[0], shape);
  const value = uniformOf(a);
  return value === undefined ? undefined : b.filled(shape, value);
}

export function transpose(b: Builder, a: Node, axes: readonly number[]): Node | undefined {
  if (axes.every((k, i) => k === i)) return a;
  switch (a.op) {
    case "transpose":
      return b.transpose(
        a.args[0],
        axes.map((k) => a.attributes.axes![k]),
      );
    case "tensor":
      return isSymmetric(a) ? a : undefined;
    case "broadcast":
      return b.broadcast(
        a.args[0],
        axes.map((k) => a.shape[k]),
        a.attributes.axes!.map((k) => axes.indexOf(k)),
      );
    case "contract": {
      const labels = a.attributes.labels!;
      return b.contract(a.args[0], a.args[1], { ...labels, out: axes.map((k) => labels.out[k]) });
    }
    default:
      return undefined;
  }
}

/** `axes` increasing. */
export function broadcast(b: Builder, a: Node, shape: Shape, axes: readonly number[]): Node | undefined {
  if (axes.length === shape.length) return a;
  if (a.op !== "broadcast") return undefined;
  return b.broadcast(
    a.args[0],
    shape,
    a.attributes.axes!.map((k) => axes[k]),
  );
}

export function take(b: Builder, a: Node, axis: number, index: IndexSet): Node | undefined {
  const length = a.shape[axis];
  if (isWhole(index, length)) return a;
  switch (a.op) {
    case "take": {
      const inner = a.attributes;
      if (inner.axis !== axis || inner.index!.sample !== undefined || index.live) return undefined;
      return b.take(a.args[0], axis, composed(b, inner.index!, index));
    }
    case "broadcast": {
      const own = a.attributes.axes!.indexOf(axis);
      const operand = own < 0 ? a.args[0] : b.take(a.args[0], own, index);
      const shape = a.shape.map((d, k) => (k === axis ? index.size : d));
      return b.broadcast(operand, shape, a.attributes.axes!);
    }
    case "put":
      return a.attributes.axis === axis ? takeOfPut(b, a, index) : undefined;
    case "concat":
      return a.attributes.axis === axis ? takeOfConcat(b, a, index) : undefined;
    case "reshape": {
      // whole rows of a vector seen as an array are a run of the vector
      const [source] = a.args;
      if (axis !== 0 || source.shape.length !== 1 || !isRun(index) || a.shape.length === 0) return undefined;
      const row = source.shape[0] / length;
      const rows = b.take(source, 0, b.graph.range(index.start * row, index.size * row));
      return b.reshape(rows, [index.size, ...a.shape.slice(1)]);
    }
    default:
      return undefined;
  }
}

/** Positions outer[inner[k]], with the inner set's sample mark. */
function composed(b: Builder, outer: IndexSet, inner: IndexSet): IndexSet {
  const positions = Int32Array.from({ length: inner.size }, (_, k) => at(outer, at(inner, k)));
  return b.graph.positions(positions, inner.sample);
}

/** What was put where is read: all of it, a part, or nothing but zeros. */
function takeOfPut(b: Builder, a: Node, index: IndexSet): Node | undefined {
  const { axis, index: written } = a.attributes;
  if (written!.sample !== undefined || index.sample !== undefined) return undefined;
  const place = new Map<number, number>();
  for (let k = 0; k < written!.size; k++) {
    const position = at(written!, k);
    if (place.has(position)) return undefined;
    place.set(position, k);
  }
  const found: number[] = [];
  for (let k = 0; k < index.size; k++) {
    const from = place.get(at(index, k));
    if (from !== undefined) found.push(from);
  }
  if (found.length === 0) return b.zeros(a.shape.map((d, k) => (k === axis ? index.size : d)));
  return found.length === index.size ? b.take(a.args[0], axis!, b.graph.positions(found)) : undefined;
}

/** Where all positions lie in one part. */
function takeOfConcat(b: Builder, a: Node, index: IndexSet): Node | undefined {
  const axis = a.attributes.axis!;
  if (index.sample !== undefined) return undefined;
  let start = 0;
  for (const part of a.args) {
    const end = start + part.shape[axis];
    let inside = true;
    for (let k = 0; k < index.size && inside; k++) inside = at(index, k) >= start && at(index, k) < end;
    if (inside) {
      const shifted = Int32Array.from({ length: index.size }, (_, k) => at(index, k) - start);
      return b.take(part, axis, b.graph.positions(shifted));
    }
    start = end;
  }
  return undefined;
}

export function put(b: Builder, a: Node, axis: number, index: IndexSet, size: number): Node | undefined {
  if (isWhole(index, size)) return a;
  if (isZero(a)) return b.zeros(a.shape.map((d, k) => (k === axis ? size : d)));
  if (a.op !== "put" || a.attributes.axis !== axis) return undefined;
  const inner = a.attributes.index!;
  if (index.sample !== undefined || inner.sample !== undefined) return undefined;
  return b.put(a.args[0], axis, composed(b, index, inner), size);
}

export function concat(b: Builder, args: readonly Node[], axis: number): Node | undefined {
  if (args.length === 1) return args[0];
  const shape = args[0].shape.map((d, k) => (k === axis ? args.reduce((s, a) => s + a.shape[axis], 0) : d));
  const value = uniformOf(args[0]);
  if (value !== undefined && args.every((a) => uniformOf(a) === value)) return b.filled(shape, value);
  if (args.some((a) => a.shape[axis] === 0))
    return b.concat(
      nonempty(
        args.filter((a) => a.shape[axis] > 0),
        args[0],
      ),
      axis,
    );
  const flat: Node[] = [];
  for (const a of args) {
    const parts = a.op === "concat" && a.attributes.axis === axis ? a.args : [a];
    for (const part of parts) {
      const merged = flat.length > 0 ? adjacent(b, flat[flat.length - 1], part, axis) : undefined;
      if (merged) flat[flat.length - 1] = merged;
      else flat.push(part);
    }
  }
  return flat.length === args.length ? undefined : b.concat(flat, axis);
}

function nonempty(parts: readonly Node[], otherwise: Node): readonly Node[] {
  return parts.length > 0 ? parts : [otherwise];
}

/** Two runs of one source, one after the other. */
function adjacent(b: Builder, p: Node, q: Node, axis: number): Node | undefined {
  if (p.op !== "take" || q.op !== "take" || p.args[0] !== q.args[0]) return undefined;
  const [i, j] = [p.attributes, q.attributes];
  if (i.axis !== axis || j.axis !== axis || !isRun(i.index!) || !isRun(j.index!)) return undefined;
  if (i.index!.start + i.index!.size !== j.index!.start) return undefined;
  return b.take(p.args[0], axis, b.graph.range(i.index!.start, i.index!.size + j.index!.size));
}

/**
 * A sum in which runs of one axis are put into zeros: equal runs are added first, and disjoint ones are joined by
 * concatenation with the gaps between them. Returns the terms of the simpler sum.
 */
export function joinedPuts(b: Builder, terms: readonly Node[]): readonly Node[] {
  const runs = new Map<number, Node>();
  const others: Node[] = [];
  for (const t of terms) {
    const { index, axis } = t.attributes;
    const known = t.op === "put" && axis === 0 && isRun(index!) ? runs.get(index!.start) : undefined;
    if (t.op !== "put" || axis !== 0 || !isRun(index!)) others.push(t);
    else if (!known) runs.set(index!.start, t);
    else if (known.attributes.index === index)
      runs.set(index!.start, b.put(b.add(known.args[0], t.args[0]), 0, index!, t.shape[0]));
    else others.push(t);
  }
  const sorted = [...runs.values()].filter((t) => t.op === "put").sort((p, q) => startOf(p) - startOf(q));
  const overlap = sorted.some((t, k) => k > 0 && startOf(t) < startOf(sorted[k - 1]) + sorted[k - 1].args[0].shape[0]);
  if (sorted.length < 2 || overlap || sorted.length < runs.size) return [...runs.values(), ...others];
  const [size, ...rest] = sorted[0].shape;
  const parts: Node[] = [];
  let end = 0;
  const gap = (until: number): void => {
    if (until > end) parts.push(b.zeros([until - end, ...rest]));
  };
  for (const t of sorted) {
    gap(startOf(t));
    parts.push(t.args[0]);
    end = startOf(t) + t.args[0].shape[0];
  }
  gap(size);
  return [b.concat(parts, 0), ...others];
}

function startOf(put: Node): number {
  return put.attributes.index!.start;
}
