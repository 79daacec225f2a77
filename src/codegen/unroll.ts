/**
 * Small problems: every entry of every tensor becomes one scalar term, so that a kernel is straight-line code over
 * locals. Layout, sparsity and constant entries are resolved here; loops, buffers and index arithmetic disappear.
 */
import { type Node, type Shape, sizeOf } from "../expr/node.js";
import { operators } from "../ops/registry.js";
import { eachPosition, flatOf, isLive, positionAt, stridesOf } from "./shapes.js";
import type { Term, Terms } from "./terms.js";
import { needed } from "./walk.js";

export interface UnrollLimits {
  /** Longest axis of anything computed. */
  readonly axis: number;
  /** Most entries of any tensor. */
  readonly entries: number;
  /** Most operators after folding. */
  readonly operators: number;
}

/** Where the entries of leaves and of values computed elsewhere are read; undefined: compute them. */
export type ReadEntry = (node: Node, entry: number) => Term | undefined;

/** The terms of all entries of `outputs`, or undefined where the limits say that loops are better. */
export function unroll(
  outputs: readonly Node[],
  terms: Terms,
  read: ReadEntry,
  stop: (node: Node) => boolean,
  limits: UnrollLimits,
): Term[][] | undefined {
  const values = new Map<Node, readonly Term[]>();
  const order = needed(outputs, stop);
  if (!order.every((node) => fits(node, limits, stop(node)))) return undefined;
  for (const node of order) {
    const size = sizeOf(node.shape);
    if (node.op === "input" || stop(node)) {
      values.set(
        node,
        Array.from({ length: size }, (_, k) => read(node, k)!),
      );
    } else {
      values.set(
        node,
        expand(node, terms, (arg) => values.get(arg)!),
      );
    }
    if (terms.applications > limits.operators) return undefined;
  }
  return outputs.map((node) => [...values.get(node)!]);
}

function fits(node: Node, limits: UnrollLimits, given: boolean): boolean {
  if (node.attributes.index && isLive(node.attributes.index)) return false;
  const size = sizeOf(node.shape);
  if (given || node.op === "input") return size <= 4 * limits.entries;
  if (size > limits.entries) return false;
  if (node.op === "tensor" || node.op === "constant") return true;
  return expanders.has(node.op) || isElementwise(node) ? node.shape.every((d) => d <= limits.axis) : false;
}

function isElementwise(node: Node): boolean {
  return operators.get(node.op)?.scalar !== undefined;
}

type Entries = readonly Term[];
type Expander = (node: Node, args: readonly Entries[], terms: Terms) => Term[];

function expand(node: Node, terms: Terms, entriesOf: (arg: Node) => Entries): Term[] {
  const args = node.args.map(entriesOf);
  const expander = expanders.get(node.op);
  if (expander) return expander(node, args, terms);
  const size = sizeOf(node.shape);
  const result: Term[] = [];
  for (let k = 0; k < size; k++) {
    const operands = args.map((entries, i) => (node.args[i].shape.length === 0 ? entries[0] : entries[k]));
    result.push(terms.apply(node.op, operands));
  }
  return result;
}

/** Entry (position) of the result is entry source(position) of the operand. */
function rearrange(node: Node, entries: Entries, source: (position: readonly number[]) => number): Term[] {
  const result: Term[] = [];
  eachPosition(node.shape, (position) => result.push(entries[source(position)]));
  return result;
}

function operandShape(node: Node): Shape {
  return node.args[0].shape;
}

/** Folds the operand's entries along the reduced axes. */
function reduceWith(op: string): Expander {
  return (node, [entries], terms) => {
    const removed = new Set(node.attributes.axes);
    const shape = operandShape(node);
    const strides = stridesOf(node.shape);
    const kept = shape.map((_, k) => k).filter((k) => !removed.has(k));
    const result: (Term | undefined)[] = new Array(sizeOf(node.shape)).fill(undefined);
    eachPosition(shape, (position, flat) => {
      let to = 0;
      kept.forEach((axis, k) => {
        to += position[axis] * strides[k];
      });
      const before = result[to];
      result[to] = before ? terms.apply(op, [before, entries[flat]]) : entries[flat];
    });
    const empty = op === "add" ? 0 : op === "max" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
    return result.map((term) => term ?? terms.number(empty));
  };
}

const expanders: ReadonlyMap<string, Expander> = new Map<string, Expander>([
  ["constant", (node, _args, terms) => [terms.number(node.attributes.value ?? 0)]],
  ["tensor", (node, _args, terms) => Array.from(node.attributes.tensor!.values, (v) => terms.number(v))],
  ["sum", reduceWith("add")],
  ["maxOf", reduceWith("max")],
  ["minOf", reduceWith("min")],
  ["reshape", (_node, [entries]) => [...entries]],
  [
    "broadcast",
    (node, [entries]) => {
      const strides = stridesOf(operandShape(node));
      const axes = node.attributes.axes ?? [];
      return rearrange(node, entries, (p) => {
        let flat = 0;
        axes.forEach((axis, k) => {
          flat += p[axis] * strides[k];
        });
        return flat;
      });
    },
  ],
  [
    "transpose",
    (node, [entries]) => {
      const strides = stridesOf(operandShape(node));
      const axes = node.attributes.axes ?? [];
      return rearrange(node, entries, (p) =>
        flatOf(
          p,
          axes.map((axis) => strides[axis]),
        ),
      );
    },
  ],
  [
    "take",
    (node, [entries]) => {
      const { axis = 0, index } = node.attributes;
      const strides = stridesOf(operandShape(node));
      return rearrange(node, entries, (p) =>
        flatOf(
          p.map((v, k) => (k === axis ? positionAt(index!, v) : v)),
          strides,
        ),
      );
    },
  ],
  [
    "put",
    (node, [entries], terms) => {
      const { axis = 0, index } = node.attributes;
      const strides = stridesOf(node.shape);
      const result: Term[] = new Array(sizeOf(node.shape)).fill(terms.number(0));
      eachPosition(operandShape(node), (p, flat) => {
        const to = flatOf(
          p.map((v, k) => (k === axis ? positionAt(index!, v) : v)),
          strides,
        );
        result[to] = terms.add(result[to], entries[flat]);
      });
      return result;
    },
  ],
  [
    "concat",
    (node, args, terms) => {
      const { axis = 0 } = node.attributes;
      const strides = stridesOf(node.shape);
      const result: Term[] = new Array(sizeOf(node.shape)).fill(terms.number(0));
      let start = 0;
      args.forEach((entries, i) => {
        const shape = node.args[i].shape;
        eachPosition(shape, (p, flat) => {
          result[flatOf(p, strides) + start * strides[axis]] = entries[flat];
        });
        start += shape[axis];
      });
      return result;
    },
  ],
  [
    "contract",
    (node, [left, right], terms) => {
      const labels = node.attributes.labels!;
      const [a, b] = node.args;
      const extents = new Map<number, number>();
      labels.left.forEach((label, k) => {
        extents.set(label, a.shape[k]);
      });
      labels.right.forEach((label, k) => {
        extents.set(label, b.shape[k]);
      });
      const summed = [...extents.keys()].filter((label) => !labels.out.includes(label));
      const all = [...labels.out, ...summed];
      const place = (of: readonly number[], shape: Shape) => {
        const strides = stridesOf(shape);
        return all.map((label) => (of.includes(label) ? strides[of.indexOf(label)] : 0));
      };
      const ls = place(labels.left, a.shape);
      const rs = place(labels.right, b.shape);
      const os = place(labels.out, node.shape);
      const result: Term[] = new Array(sizeOf(node.shape)).fill(terms.number(0));
      eachPosition(
        all.map((label) => extents.get(label)!),
        (p) => {
          const to = flatOf(p, os);
          result[to] = terms.add(result[to], terms.mul(left[flatOf(p, ls)], right[flatOf(p, rs)]));
        },
      );
      return result;
    },
  ],
]);
