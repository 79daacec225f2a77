/** Dense Jacobians and Hessians as single nodes: one vectorised sweep over the unit directions, in whichever mode has fewer. */
import type { InputBlock, Node } from "../expr/node.js";
import type { Builder } from "../ops/build.js";
import { batched } from "./batch.js";
import { jvp } from "./forward.js";
import { gradient, vjp } from "./reverse.js";

/** The matrix [rows, size] of d vector_i / d block_j for a node of shape [rows]. Meant for small or linear cases. */
export function jacobianRows(b: Builder, vector: Node, wrt: InputBlock): Node {
  if (vector.shape.length !== 1) throw new Error(`Jacobian of a node of shape [${vector.shape}]`);
  const rows = vector.shape[0];
  const forward = wrt.size < rows;
  const count = forward ? wrt.size : rows;
  // a fresh block stands for the direction; it vanishes when the unit directions take its place
  const direction = b.input({ name: "direction", size: count });
  const [product] = forward ? jvp(b, [vector], new Map([[wrt, direction]])) : vjp(b, [vector], [direction], [wrt]);
  const [all] = batched(b, [product], new Map([[direction, b.eye(count)]]), count);
  return forward ? b.transpose(all) : all;
}

/** The symmetric matrix [size, size] of second derivatives of a scalar by one block. Meant for small cases. */
export function hessian(b: Builder, scalar: Node, wrt: InputBlock): Node {
  return jacobianRows(b, gradient(b, scalar, [wrt])[0], wrt);
}
