/**
 * Decides which nodes are stored ("roots") and which are computed in place where they are read. Reductions, products,
 * solves and assembled tensors are stored; layouts are always read through; elementwise values are stored if an inner loop
 * would otherwise repeat dear work.
 */
import { type Node, sizeOf } from "../expr/node.js";
import { operators } from "../ops/registry.js";
import { reshapeGroups } from "./shapes.js";
import { type View, viewOf } from "./view.js";
import { needed, useCounts } from "./walk.js";

/** Repeated work up to this cost (in multiplications) is cheaper than a trip through memory. */
const cheap = 3;
const layouts: ReadonlySet<string> = new Set(["broadcast", "reshape", "transpose", "take"]);

export class Plan {
  readonly order: readonly Node[];
  readonly roots = new Set<Node>();
  /** Nodes whose value is put together from pieces (put and concat, and sums of those), piece by piece in place. */
  readonly assembled = new Set<Node>();
  private readonly uses: ReadonlyMap<Node, number>;
  private readonly costs = new Map<Node, number>();
  /** Single numbers that some operator wants in an array. */
  private readonly arrays = new Set<Node>();

  /** `given`: nodes whose values are supplied in arrays. */
  constructor(
    outputs: readonly Node[],
    readonly given: (node: Node) => boolean,
  ) {
    this.order = needed(outputs, given);
    this.uses = useCounts(this.order, outputs);
    for (const node of this.order) this.decide(node);
    for (const node of outputs) {
      const target = this.unshaped(node);
      this.demand(target);
    }
  }

  /** Reshapes do not move anything: the node whose storage an output can share. */
  unshaped(node: Node): Node {
    while (node.op === "reshape" && !this.isArray(node)) node = node.args[0];
    return node;
  }

  isLeaf(node: Node): boolean {
    return node.args.length === 0 || this.given(node);
  }

  isElementwise(node: Node): boolean {
    return operators.get(node.op)?.scalar !== undefined;
  }

  isLayout(node: Node): boolean {
    return layouts.has(node.op);
  }

  /** Has its entries in an array. */
  isArray(node: Node): boolean {
    if (this.isLeaf(node)) return node.op !== "constant" || this.given(node);
    return this.roots.has(node);
  }

  /** Stored as one number in a local. */
  isScalar(node: Node): boolean {
    if (sizeOf(node.shape) !== 1 || !this.roots.has(node)) return false;
    return !this.assembled.has(node) && !this.arrays.has(node);
  }

  /** The node as a strided window on an array, if it is one. */
  view(node: Node): View | undefined {
    return viewOf(node, (n) => this.isArray(n) && !this.isScalar(n));
  }

  usedOnce(node: Node): boolean {
    return this.uses.get(node) === 1;
  }

  /** A piece of `owner` that is written straight into it: used nowhere else, same entries. */
  absorbs(owner: Node, arg: Node): boolean {
    if (!this.assembled.has(arg) || !this.usedOnce(arg)) return false;
    switch (owner.op) {
      case "put":
      case "concat":
      case "transpose":
        return true;
      case "reshape":
        return reshapeGroups(arg.shape, owner.shape).every((group) => group.to.length <= 1);
      case "add":
      case "sub":
      case "neg":
        return arg.shape.length > 0;
      case "mul":
        return arg.shape.length > 0 && owner.args.some((other) => other !== arg && other.shape.length === 0);
      default:
        return false;
    }
  }

  private decide(node: Node): void {
    if (this.isLeaf(node)) {
      this.costs.set(node, node.op === "constant" ? 0 : 1);
      return;
    }
    const absorbed = node.args.filter((arg) => this.absorbs(node, arg));
    if (absorbed.length > 0 || node.op === "put" || node.op === "concat") {
      this.assembled.add(node);
      for (const arg of absorbed) this.roots.delete(arg);
      this.store(node);
      return;
    }
    if (this.isElementwise(node)) this.decideElementwise(node);
    else if (this.isLayout(node)) this.decideLayout(node);
    else {
      if (node.op === "contract") this.decideContract(node);
      else if (operators.get(node.op)?.family !== "reduction") this.demandArrays(node);
      this.store(node);
    }
  }

  private store(node: Node): void {
    this.roots.add(node);
    this.costs.set(node, 1);
  }

  private costOf(node: Node): number {
    return this.costs.get(node) ?? 1;
  }

  private decideElementwise(node: Node): void {
    let cost = operators.get(node.op)!.scalar!.cost;
    for (const arg of node.args) cost += this.costOf(arg);
    const often = !this.usedOnce(node);
    if (often && (cost > cheap || sizeOf(node.shape) === 1)) this.store(node);
    else this.costs.set(node, cost);
  }

  private decideLayout(node: Node): void {
    const [arg] = node.args;
    this.costs.set(node, this.costOf(arg));
    if (this.view(node)) return;
    const size = sizeOf(arg.shape);
    if (node.op === "reshape") {
      if (reshapeGroups(arg.shape, node.shape).some((group) => group.from.length > 1)) this.demand(arg);
    } else if (size > 1 && sizeOf(node.shape) > size && this.costOf(arg) > 1) this.demandInner(arg);
    this.costs.set(node, this.costOf(arg));
  }

  /** Contractions read their operands through strides, or compute entries in place that are read just once. */
  private decideContract(node: Node): void {
    const labels = node.attributes.labels!;
    const own = [labels.left, labels.right];
    const all = new Set([...labels.left, ...labels.right]);
    node.args.forEach((arg, k) => {
      if (this.view(arg) || sizeOf(arg.shape) === 1) return;
      if (own[k].length === all.size && this.usedOnce(arg)) return;
      this.demandInner(arg);
      if (!this.view(arg)) this.demand(arg);
    });
  }

  /** An operator that only its own evaluation knows: everything about it lies in arrays. */
  private demandArrays(node: Node): void {
    this.arrays.add(node);
    for (const arg of node.args) {
      this.demand(arg);
      this.arrays.add(arg);
    }
  }

  private demand(node: Node): void {
    if (!this.isLeaf(node)) this.store(node);
  }

  /** Stores what the layouts above it read. */
  private demandInner(node: Node): void {
    while (this.isLayout(node) && !this.isArray(node)) node = node.args[0];
    this.demand(node);
  }
}
