/**
 * Static values: nodes that depend on no input are computed while compiling, each once. Sizes, sets, indices, bounds and
 * parameters are read off them.
 */
import { type Node, sizeOf } from "../expr/node.js";
import { operatorOf } from "../ops/registry.js";
import { ownShape, type Value } from "../ops/value.js";

interface Facts {
  /** Depends on an input block. */
  readonly varies: boolean;
  /** Reads positions that a stochastic method may exchange. */
  readonly sampled: boolean;
}

export class Statics {
  private readonly facts = new Map<Node, Facts>();
  private readonly values = new Map<Node, Float64Array>();

  isStatic(node: Node): boolean {
    return !this.factsOf(node).varies;
  }

  isSampled(node: Node): boolean {
    return this.factsOf(node).sampled;
  }

  /** Entries of a node that depends on no input, row-major; not to be changed. */
  valueOf(node: Node): Float64Array {
    const known = this.values.get(node);
    if (known) return known;
    if (!this.isStatic(node)) throw new Error("static value of a node that depends on an input");
    for (const n of unknown(node, this.values)) {
      const out = n.attributes.tensor ? n.attributes.tensor.values : new Float64Array(sizeOf(n.shape));
      if (!n.attributes.tensor) {
        operatorOf(n).evaluateInto(
          out,
          n.args.map((a) => this.values.get(a)!),
          n,
        );
      }
      this.values.set(n, out);
    }
    return this.values.get(node)!;
  }

  private factsOf(node: Node): Facts {
    const known = this.facts.get(node);
    if (known) return known;
    for (const n of unknown(node, this.facts)) {
      const args = n.args.map((a) => this.facts.get(a)!);
      this.facts.set(n, {
        varies: n.attributes.input !== undefined || args.some((f) => f.varies),
        sampled: n.attributes.index?.sample !== undefined || args.some((f) => f.sampled),
      });
    }
    return this.facts.get(node)!;
  }
}

/** The nodes that a node needs and that are not in the map, arguments first. Stops at known ones, so that growing an expression stays linear. */
function unknown(node: Node, known: ReadonlyMap<Node, unknown>): Node[] {
  const order: Node[] = [];
  const seen = new Set<Node>();
  const stack = [{ node, next: 0 }];
  while (stack.length > 0) {
    const top = stack[stack.length - 1];
    const arg = top.node.args[top.next++];
    if (arg === undefined) {
      order.push(top.node);
      stack.pop();
    } else if (!known.has(arg) && !seen.has(arg)) {
      seen.add(arg);
      stack.push({ node: arg, next: 0 });
    }
  }
  return order;
}

/** A static value: its entries over comprehension axes (ids, sizes) and its own shape. */
export interface StaticValue {
  readonly axes: readonly number[];
  readonly sizes: readonly number[];
  readonly shape: readonly number[];
  readonly values: Float64Array;
}

export function staticOf(statics: Statics, value: Value): StaticValue {
  return {
    axes: value.axes,
    sizes: value.node.shape.slice(0, value.axes.length),
    shape: ownShape(value),
    values: statics.valueOf(value.node),
  };
}

/** Digits of a flat position in a row-major grid. */
export function unravel(flat: number, sizes: readonly number[]): number[] {
  const digits = new Array<number>(sizes.length);
  for (let k = sizes.length - 1; k >= 0; k--) {
    digits[k] = flat % sizes[k];
    flat = Math.floor(flat / sizes[k]);
  }
  return digits;
}

/** The entry number of a static value (scalar per position) at the position where `axes` stand at `digits`; axes it lacks do not matter. */
export function offsetIn(
  of: { readonly axes: readonly number[]; readonly sizes: readonly number[] },
  axes: readonly number[],
  digits: readonly number[],
): number {
  let offset = 0;
  of.axes.forEach((id, k) => {
    const j = axes.indexOf(id);
    offset = offset * of.sizes[k] + (j < 0 ? 0 : digits[j]);
  });
  return offset;
}
