/** What the rules of operators share: how arguments are written, and tensors with all their entries. */
import { type Node, sizeOf, type Tensor } from "../../expr/node.js";
import type { Expression } from "../../syntax/tree.js";
import { call, literal } from "../notation/make.js";
import { times } from "./contractions.js";

/** Writes the arguments of a node. */
export interface Arguments {
  write(node: Node): Expression;
  isDefined(node: Node): boolean;
  /** The name in the source of a constant with these entries. */
  nameOf(tensor: Tensor): string | undefined;
  /** A constant by its name in the source, or written out where it is short. */
  constant(tensor: Tensor): Expression | undefined;
}

export type Rule = (w: Arguments, node: Node) => Expression | undefined;

/** A tensor with all its entries, also where it repeats a scalar, which sums and entrywise products leave implicit. */
export function full(w: Arguments, node: Node): Expression {
  const scalar = node.op === "broadcast" ? node.args[0] : undefined;
  if (!scalar || scalar.shape.length > 0 || sizeOf(node.shape) === 1) return w.write(node);
  const sizes = node.shape.map(literal);
  const { value } = scalar.attributes;
  if (value === 0) return call("zeros", ...sizes);
  return value === 1 ? call("ones", ...sizes) : times(w.write(scalar), call("ones", ...sizes));
}
