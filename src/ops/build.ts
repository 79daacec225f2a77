/**
 * Builds nodes: one constructor per operator, each of which infers the shape, folds constants and simplifies locally.
 * The constructors assume well-formed arguments; what a user can get wrong is checked before (see functions/ and algebra.ts).
 */
import type { Span } from "../base/span.js";
import { Graph } from "../expr/graph.js";
import type { Attributes, ContractLabels, IndexSet, InputBlock, Node, Shape, Tensor } from "../expr/node.js";
import { sizeOf } from "../expr/node.js";
import { inversePermutation } from "./layout.js";
import { operatorNamed } from "./registry.js";
import { likeTerms } from "./simplify/arithmetic.js";
import { contract } from "./simplify/contract.js";
import { elementwise } from "./simplify/elementwise.js";
import { folded } from "./simplify/fold.js";
import * as layout from "./simplify/layout.js";
import * as reduce from "./simplify/reduce.js";

export class Builder {
  readonly graph: Graph;
  private readonly constants = new Map<Node, Node>();
  private readonly identities = new Map<number, Node>();
  private readonly countings = new Map<number, Node>();

  constructor(graph = new Graph()) {
    this.graph = graph;
  }

  /** Runs `build` with `origin` as the place that its new nodes come from. */
  at<T>(origin: Span | undefined, build: () => T): T {
    return this.graph.at(origin, build);
  }

  constant(value: number): Node {
    return this.graph.make("constant", [], [], { value });
  }

  tensor(tensor: Tensor): Node {
    if (tensor.values.length !== sizeOf(tensor.shape)) throw new Error("tensor: shape and number of values differ");
    if (tensor.shape.length === 0) return this.constant(tensor.values[0]);
    return this.graph.make("tensor", [], tensor.shape, { tensor });
  }

  /** The node of an input block: a vector [size]. */
  input(input: InputBlock): Node {
    return this.graph.make("input", [], [input.size], { input });
  }

  /** `value` in every entry (never materialised: a broadcast of the constant). */
  filled(shape: Shape, value: number): Node {
    return this.broadcast(this.constant(value), shape, []);
  }

  zeros(shape: Shape): Node {
    return this.filled(shape, 0);
  }

  /** The identity matrix [n, n]; the same node each time. */
  eye(n: number): Node {
    let node = this.identities.get(n);
    if (!node) {
      const values = new Float64Array(n * n);
      for (let i = 0; i < n; i++) values[i * n + i] = 1;
      node = this.tensor({ shape: [n, n], values, name: "I" });
      this.identities.set(n, node);
    }
    return node;
  }

  /** The vector 0, 1, …, n - 1; the same node each time. */
  counting(n: number): Node {
    let node = this.countings.get(n);
    if (!node) {
      node = this.tensor({ shape: [n], values: Float64Array.from({ length: n }, (_, k) => k) });
      this.countings.set(n, node);
    }
    return node;
  }

  /** Any elementwise operator by name. */
  apply(op: string, args: readonly Node[]): Node {
    return elementwise(this, op, args);
  }

  add(a: Node, b: Node): Node {
    return this.apply("add", [a, b]);
  }
  sub(a: Node, b: Node): Node {
    return this.apply("sub", [a, b]);
  }
  mul(a: Node, b: Node): Node {
    return this.apply("mul", [a, b]);
  }
  div(a: Node, b: Node): Node {
    return this.apply("div", [a, b]);
  }
  neg(a: Node): Node {
    return this.apply("neg", [a]);
  }
  exp(a: Node): Node {
    return this.apply("exp", [a]);
  }
  log(a: Node): Node {
    return this.apply("log", [a]);
  }
  sqrt(a: Node): Node {
    return this.apply("sqrt", [a]);
  }
  square(a: Node): Node {
    return this.apply("square", [a]);
  }
  abs(a: Node): Node {
    return this.apply("abs", [a]);
  }
  pow(a: Node, b: Node): Node {
    return this.apply("pow", [a, b]);
  }
  min(a: Node, b: Node): Node {
    return this.apply("min", [a, b]);
  }
  max(a: Node, b: Node): Node {
    return this.apply("max", [a, b]);
  }
  /** a where the condition is true, else b. */
  select(condition: Node, a: Node, b: Node): Node {
    return this.apply("select", [condition, a, b]);
  }
  lt(a: Node, b: Node): Node {
    return this.apply("lt", [a, b]);
  }
  le(a: Node, b: Node): Node {
    return this.apply("le", [a, b]);
  }
  eq(a: Node, b: Node): Node {
    return this.apply("eq", [a, b]);
  }

  /** Sum of nodes of one shape (at least one). */
  addAll(nodes: readonly Node[]): Node {
    return likeTerms(this, layout.joinedPuts(this, nodes)).reduce((a, b) => this.add(a, b));
  }

  /** Sum over axes (default: all). */
  sum(a: Node, axes: readonly number[] = allAxes(a)): Node {
    return axes.length === 0 ? a : reduce.sum(this, a, axes);
  }
  mean(a: Node, axes: readonly number[] = allAxes(a)): Node {
    return this.div(this.sum(a, axes), this.constant(sizeOf(axes.map((k) => a.shape[k]))));
  }
  maxOf(a: Node, axes: readonly number[] = allAxes(a)): Node {
    return reduce.ones(this, a, axes) ?? this.raw("maxOf", [a], { axes });
  }
  minOf(a: Node, axes: readonly number[] = allAxes(a)): Node {
    return reduce.ones(this, a, axes) ?? this.raw("minOf", [a], { axes });
  }
  logsumexp(a: Node, axes: readonly number[] = allAxes(a)): Node {
    return reduce.ones(this, a, axes) ?? this.raw("logsumexp", [a], { axes });
  }

  /** Product along one axis, by halves: about 2 log2(n) nodes, and derivatives that are right at zeros too. */
  product(a: Node, axis: number): Node {
    const rest = a.shape.filter((_, k) => k !== axis);
    if (a.shape[axis] === 0) return this.filled(rest, 1);
    let current = a;
    while (current.shape[axis] > 1) {
      const half = current.shape[axis] >> 1;
      const odd = current.shape[axis] - 2 * half;
      const [head, tail] = [0, half].map((start) => this.take(current, axis, this.graph.range(start, half)));
      const folded = this.mul(head, tail);
      current = odd ? this.concat([folded, this.take(current, axis, this.graph.range(2 * half, 1))], axis) : folded;
    }
    return this.reshape(current, rest);
  }

  /** Repeats `a` to `shape`; its axis i becomes axis axes[i] of the result. */
  broadcast(a: Node, shape: Shape, axes: readonly number[]): Node {
    if (axes.length !== a.shape.length || axes.some((k, i) => shape[k] !== a.shape[i]))
      throw new Error(`broadcast: [${a.shape}] to [${shape}] by [${axes}]`);
    if (axes.some((k, i) => i > 0 && k < axes[i - 1])) {
      const order = axes.map((_, i) => i).sort((p, q) => axes[p] - axes[q]);
      return this.broadcast(
        this.transpose(a, order),
        shape,
        order.map((i) => axes[i]),
      );
    }
    return layout.broadcast(this, a, shape, axes) ?? this.graph.make("broadcast", [a], shape, { axes });
  }

  reshape(a: Node, shape: Shape): Node {
    if (sizeOf(a.shape) !== sizeOf(shape)) throw new Error(`reshape: [${a.shape}] to [${shape}]`);
    return layout.reshape(this, a, shape) ?? this.known(this.graph.make("reshape", [a], shape));
  }

  /** Permutes axes (default: reverses them): output axis k is axis axes[k] of `a`. */
  transpose(a: Node, axes: readonly number[] = allAxes(a).reverse()): Node {
    const simple = layout.transpose(this, a, axes);
    if (simple) return simple;
    const turned = this.raw("transpose", [a], { axes });
    // turning a folded constant back gives the first one again
    if (turned.op === "tensor")
      this.constants.set(this.graph.make("transpose", [turned], a.shape, { axes: inversePermutation(axes) }), a);
    return turned;
  }

  /** Reads positions along an axis. */
  take(a: Node, axis: number, index: IndexSet): Node {
    return layout.take(this, a, axis, index) ?? this.raw("take", [a], { axis, index });
  }

  /** Adds entries into zeros of length `size` along an axis. */
  put(a: Node, axis: number, index: IndexSet, size: number): Node {
    return layout.put(this, a, axis, index, size) ?? this.raw("put", [a], { axis, index, size });
  }

  concat(args: readonly Node[], axis: number): Node {
    return layout.concat(this, args, axis) ?? this.raw("concat", args, { axis });
  }

  /** Einstein summation; labels absent from `out` are summed. */
  contract(a: Node, b: Node, labels: ContractLabels): Node {
    return contract(this, a, b, labels);
  }
  dot(a: Node, b: Node): Node {
    return this.contract(a, b, { left: [0], right: [0], out: [] });
  }
  matvec(a: Node, v: Node): Node {
    return this.contract(a, v, { left: [0, 1], right: [1], out: [0] });
  }
  matmul(a: Node, b: Node): Node {
    return this.contract(a, b, { left: [0, 1], right: [1, 2], out: [0, 2] });
  }

  /** X with A X = b. */
  solve(a: Node, b: Node): Node {
    return this.raw("solve", [a, b]);
  }

  /** The node exactly as given: its shape is inferred and constants are folded, nothing else. For the rules in simplify/. */
  raw(op: string, args: readonly Node[], attributes?: Attributes): Node {
    const shape = operatorNamed(op).shape(
      args.map((a) => a.shape),
      attributes ?? {},
    );
    return this.known(this.graph.make(op, args, shape, attributes));
  }

  /** The constant that a node stands for, if it does; the same one each time. */
  private known(node: Node): Node {
    let result = this.constants.get(node);
    if (!result) {
      result = folded(this, node) ?? node;
      if (result !== node) this.constants.set(node, result);
    }
    return result;
  }
}

function allAxes(a: Node): number[] {
  return a.shape.map((_, k) => k);
}
