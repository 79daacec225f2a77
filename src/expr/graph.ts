/** Hash-consing: the one place that makes nodes, so that equal expressions are one node and are computed once. */
import type { Span } from "../base/span.js";
import type { Attributes, IndexSet, InputBlock, Node, Shape, Tensor } from "./node.js";

const none: Attributes = Object.freeze({});

/** A universe of nodes. Nodes of different graphs must not be mixed. */
export class Graph {
  private readonly nodes = new Map<string, Node>();
  private readonly tensorIds = new Map<Tensor, number>();
  private readonly inputIds = new Map<InputBlock, number>();
  private readonly ranges = new Map<string, IndexSet>();
  private count = 0;
  private indexSets = 0;
  /** Given to nodes made while it is set. */
  origin: Span | undefined;

  /** Number of distinct nodes made so far. */
  get size(): number {
    return this.count;
  }

  /** All constant tensors that nodes were made of. */
  get tensors(): readonly Tensor[] {
    return [...this.tensorIds.keys()];
  }

  /** The unique node with this operator, arguments, shape and attributes. The shape must be the operator's own. */
  make(op: string, args: readonly Node[], shape: Shape, attributes: Attributes = none): Node {
    let key = `${op}|${shape.join(",")}|`;
    for (const a of args) key += `${a.id},`;
    if (attributes !== none) key += `|${this.attributesKey(attributes)}`;
    const known = this.nodes.get(key);
    if (known) return known;
    const node: Node = { id: this.count++, op, args, shape, attributes, origin: this.origin };
    this.nodes.set(key, node);
    return node;
  }

  /** Runs `build` with `origin` as the place that its new nodes come from. */
  at<T>(origin: Span | undefined, build: () => T): T {
    const before = this.origin;
    this.origin = origin ?? before;
    try {
      return build();
    } finally {
      this.origin = before;
    }
  }

  /** The positions start, start + step, … (`size` of them). */
  range(start: number, size: number, step = 1): IndexSet {
    const key = `${start}:${size}:${step}`;
    let set = this.ranges.get(key);
    if (!set) {
      set = { id: this.indexSets++, size, start, step };
      this.ranges.set(key, set);
    }
    return set;
  }

  /** Any positions; equal lists give equal sets unless they carry a sample mark; ranges are recognised. */
  positions(values: ArrayLike<number>, sample?: number): IndexSet {
    const size = values.length;
    const step = size > 1 ? values[1] - values[0] : 1;
    let isRange = size > 0;
    for (let i = 1; i < size && isRange; i++) isRange = values[i] - values[i - 1] === step;
    if (sample === undefined && isRange) return this.range(values[0], size, step);
    const list = Int32Array.from(values);
    const key = `${sample ?? ""}#${list.join(",")}`;
    let set = this.ranges.get(key);
    if (!set) {
      const base = { id: this.indexSets++, size, start: size > 0 ? values[0] : 0, step };
      set = { ...base, ...(isRange ? {} : { values: list }), ...(sample === undefined ? {} : { sample }) };
      this.ranges.set(key, set);
    }
    return set;
  }

  /** A set of its own whose positions are written before each call of a kernel that reads them (0 until then). */
  live(size: number, sample: number): IndexSet {
    return { id: this.indexSets++, size, start: 0, step: 1, values: new Int32Array(size), sample, live: true };
  }

  private attributesKey(a: Attributes): string {
    const parts: string[] = [];
    if (a.value !== undefined) parts.push(Object.is(a.value, -0) ? "v-0" : `v${a.value}`);
    if (a.tensor) parts.push(`t${identify(this.tensorIds, a.tensor)}`);
    if (a.input) parts.push(`i${identify(this.inputIds, a.input)}`);
    if (a.axes) parts.push(`a${a.axes.join(",")}`);
    if (a.axis !== undefined) parts.push(`x${a.axis}`);
    if (a.index) parts.push(`p${a.index.id}`);
    if (a.size !== undefined) parts.push(`s${a.size}`);
    if (a.labels) parts.push(`l${a.labels.left.join(",")};${a.labels.right.join(",")};${a.labels.out.join(",")}`);
    return parts.join("|");
  }
}

function identify<T>(ids: Map<T, number>, item: T): number {
  let id = ids.get(item);
  if (id === undefined) {
    id = ids.size;
    ids.set(item, id);
  }
  return id;
}
