/** Second derivatives times vectors, forward over reverse (Pearlmutter, Fast exact multiplication by the Hessian, 1994). */
import type { InputBlock, Node } from "../expr/node.js";
import type { Builder } from "../ops/build.js";
import { jvp } from "./forward.js";
import { gradient } from "./reverse.js";

/** Hessian of a scalar by one block, times v (a vector of the block's size). */
export function hvp(b: Builder, scalar: Node, wrt: InputBlock, v: Node): Node {
  return cross(b, scalar, wrt, wrt, v);
}

/**
 * Cross derivative times a vector: (d2 scalar / d first d second) v, with v along `second`; a vector of `first`'s size.
 * cross(g, x, y, v) is J v and cross(g, y, x, u) is J' u for J[i][j] = d2 g / dx_i dy_j.
 */
export function cross(b: Builder, scalar: Node, first: InputBlock, second: InputBlock, v: Node): Node {
  const [slope] = gradient(b, scalar, [first]);
  return jvp(b, [slope], new Map([[second, v]]))[0];
}
