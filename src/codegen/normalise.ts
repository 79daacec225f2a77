/**
 * Rewrites requested nodes into the form the emitters like, in a graph of its own: constant parts are evaluated,
 * logsumexp is spelled out, contractions that sum nothing become products, and a symmetric matrix is always read by rows.
 */
import { Graph } from "../expr/graph.js";
import { type ContractLabels, type Node, type Shape, sizeOf, type Tensor } from "../expr/node.js";
import { operatorOf, operators } from "../ops/registry.js";
import { isLive } from "./shapes.js";
import { needed } from "./walk.js";

/** Constants up to this many entries are rearranged ahead of time; longer ones are read in place through strides. */
const copiedEntries = 4096;

/** Constants that were evaluated, by the node asked for: every kernel of a problem shares them. */
const evaluated = new WeakMap<Node, Tensor>();

export class Normaliser {
  readonly graph = new Graph();
  private readonly images = new Map<Node, Node>();
  private readonly constants = new Map<Node, boolean>();
  private readonly values = new Map<Node, Float64Array>();
  private readonly tensors = new Map<Node, Node>();
  private readonly symmetric = new Map<Tensor, boolean>();

  /** The image of `node`; equal for every request made through this normaliser. */
  image(node: Node): Node {
    for (const item of needed([node], (n) => this.images.has(n))) {
      if (this.images.has(item)) continue;
      const known = evaluated.get(item);
      const args = item.args.map((arg) => this.images.get(arg)!);
      const image = known ? this.graph.make("tensor", [], known.shape, { tensor: known }) : this.rewrite(item, args);
      if (image.attributes.tensor && item.args.length > 0) evaluated.set(item, image.attributes.tensor);
      this.images.set(item, image);
      this.images.set(image, image);
    }
    return this.images.get(node)!;
  }

  private make(op: string, args: readonly Node[], shape: Shape, attributes: Node["attributes"] = {}): Node {
    return this.settle(this.graph.make(op, args, shape, attributes));
  }

  private rewrite(node: Node, args: readonly Node[]): Node {
    this.graph.origin = node.origin;
    if (node.op === "logsumexp") return this.logsumexp(node, args[0]);
    if (node.op === "contract") return this.contract(node.shape, node.attributes.labels!, args[0], args[1]);
    if (operators.get(node.op)?.scalar) return this.elementwise(node.op, args, node.shape);
    return this.make(node.op, args, node.shape, node.attributes);
  }

  /** Evaluates what does not depend on any input, unless it is cheaper to read through the layout. */
  private settle(node: Node): Node {
    if (node.args.length === 0 || !this.isConstant(node)) return node;
    const known = this.tensors.get(node);
    if (known) return known;
    const layout = operatorOf(node).family === "layout" && node.op !== "put" && node.op !== "concat";
    if (layout && (sizeOf(node.shape) > copiedEntries || node.op === "broadcast")) return node;
    const values = this.valueOf(node);
    const settled =
      node.shape.length === 0
        ? this.graph.make("constant", [], [], { value: values[0] })
        : this.graph.make("tensor", [], node.shape, { tensor: { shape: node.shape, values } });
    this.constants.set(settled, true);
    this.tensors.set(node, settled);
    return settled;
  }

  private isConstant(node: Node): boolean {
    let known = this.constants.get(node);
    if (known === undefined) {
      const { index } = node.attributes;
      known = node.op !== "input" && !(index && isLive(index)) && node.args.every((arg) => this.isConstant(arg));
      this.constants.set(node, known);
    }
    return known;
  }

  private valueOf(node: Node): Float64Array {
    if (node.attributes.tensor) return node.attributes.tensor.values;
    let values = this.values.get(node);
    if (!values) {
      const args = node.args.map((arg) => this.valueOf(arg));
      values = new Float64Array(sizeOf(node.shape));
      operatorOf(node).evaluateInto(values, args, node);
      if (node.args.length === 0) this.values.set(node, values);
    }
    return values;
  }

  /** Repeated scalars lose their broadcast: elementwise operators repeat scalars by themselves. */
  private elementwise(op: string, args: readonly Node[], shape: Shape): Node {
    const bare = args.map((arg) => (arg.op === "broadcast" && arg.args[0].shape.length === 0 ? arg.args[0] : arg));
    if (shape.length === 0 || bare.some((arg) => arg.shape.length > 0)) return this.make(op, bare, shape);
    return this.make("broadcast", [this.make(op, bare, [])], shape, { axes: [] });
  }

  private broadcast(node: Node, shape: Shape, axes: readonly number[]): Node {
    if (shape.length === node.shape.length && axes.every((axis, k) => axis === k)) return node;
    return this.make("broadcast", [node], shape, { axes });
  }

  /** log sum exp(a) = m + log(sum(exp(a - m))) with m the maximum, kept finite so that ±Infinity come out right. */
  private logsumexp(node: Node, operand: Node): Node {
    const axes = node.attributes.axes ?? [];
    const kept = operand.shape.map((_, k) => k).filter((k) => !axes.includes(k));
    const largest = this.make("maxOf", [operand], node.shape, { axes });
    const most = this.graph.make("constant", [], [], { value: Number.MAX_VALUE });
    const least = this.graph.make("constant", [], [], { value: -Number.MAX_VALUE });
    const top = this.elementwise("min", [this.elementwise("max", [largest, least], node.shape), most], node.shape);
    const shifted = this.elementwise("sub", [operand, this.broadcast(top, operand.shape, kept)], operand.shape);
    const total = this.make("sum", [this.elementwise("exp", [shifted], operand.shape)], node.shape, { axes });
    return this.elementwise("add", [top, this.elementwise("log", [total], node.shape)], node.shape);
  }

  private contract(shape: Shape, labels: ContractLabels, a: Node, b: Node): Node {
    const [left, leftLabels] = this.sumAlone(a, labels.left, [...labels.right, ...labels.out]);
    const [right, rightLabels] = this.sumAlone(b, labels.right, [...labels.left, ...labels.out]);
    const summed = leftLabels.some((label) => !labels.out.includes(label));
    if (!summed) {
      const spread = (node: Node, own: readonly number[]) => {
        const order = own.map((_, k) => k).sort((p, q) => labels.out.indexOf(own[p]) - labels.out.indexOf(own[q]));
        const sorted = order.every((v, k) => v === k)
          ? node
          : this.make(
              "transpose",
              [node],
              order.map((k) => node.shape[k]),
              { axes: order },
            );
        if (own.length === 0) return sorted;
        return this.broadcast(
          sorted,
          shape,
          order.map((k) => labels.out.indexOf(own[k])),
        );
      };
      return this.elementwise("mul", [spread(left, leftLabels), spread(right, rightLabels)], shape);
    }
    const own = {
      left: this.rowsFirst(left, leftLabels, labels.out),
      right: this.rowsFirst(right, rightLabels, labels.out),
      out: labels.out,
    };
    return this.make("contract", [left, right], shape, { labels: own });
  }

  /** Sums axes that neither the other operand nor the result has. */
  private sumAlone(node: Node, labels: readonly number[], others: readonly number[]): [Node, readonly number[]] {
    const axes = labels.map((_, k) => k).filter((k) => !others.includes(labels[k]));
    if (axes.length === 0) return [node, labels];
    const shape = node.shape.filter((_, k) => !axes.includes(k));
    return [this.make("sum", [node], shape, { axes }), labels.filter((label) => others.includes(label))];
  }

  /** For a symmetric constant matrix the summed label comes last, so that both products with it are one node. */
  private rowsFirst(node: Node, labels: readonly number[], out: readonly number[]): readonly number[] {
    const { tensor } = node.attributes;
    if (!tensor || labels.length !== 2 || out.includes(labels[0]) || !out.includes(labels[1])) return labels;
    return this.isSymmetric(tensor) ? [labels[1], labels[0]] : labels;
  }

  private isSymmetric(tensor: Tensor): boolean {
    let known = this.symmetric.get(tensor);
    if (known === undefined) {
      const [rows, cols] = tensor.shape;
      known = rows === cols;
      for (let i = 0; known && i < rows; i++) {
        for (let j = 0; known && j < i; j++) known = tensor.values[i * cols + j] === tensor.values[j * rows + i];
      }
      this.symmetric.set(tensor, known);
    }
    return known;
  }
}
