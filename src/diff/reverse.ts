/**
 * Reverse mode on the graph: adjoints flow from the outputs to the inputs, summed where a node has several users.
 *   adjoint(a) = sum over users u of vjp_u(adjoint(u)),   Griewank & Walther, Evaluating Derivatives (2008), section 3.2.
 * Only nodes between `wrt` and the outputs take part. New nodes inherit the origin of what they derive.
 */
import type { InputBlock, Node } from "../expr/node.js";
import { sameShape } from "../expr/node.js";
import { dependents, topological } from "../expr/walk.js";
import type { Builder } from "../ops/build.js";
import { operatorOf } from "../ops/registry.js";

/** For each block of `wrt`, the sum over outputs of (d output / d block)' adjoint: a vector of the block's size. */
export function vjp(
  b: Builder,
  outputs: readonly Node[],
  adjoints: readonly (Node | undefined)[],
  wrt: readonly InputBlock[],
): Node[] {
  const active = dependents(outputs, wrt);
  const collected = new Map<Node, Node[]>();
  const give = (to: Node, adjoint: Node): void => {
    if (!sameShape(to.shape, adjoint.shape))
      throw new Error(`adjoint of ${to.op} [${to.shape}] has shape [${adjoint.shape}]`);
    const list = collected.get(to);
    if (list) list.push(adjoint);
    else collected.set(to, [adjoint]);
  };
  outputs.forEach((output, i) => {
    const adjoint = adjoints[i];
    if (adjoint && active.has(output)) give(output, adjoint);
  });
  const found = new Map<InputBlock, Node>();
  for (const node of topological(outputs).reverse()) {
    const list = collected.get(node);
    if (!list) continue;
    collected.delete(node);
    b.at(node.origin, () => {
      const adjoint = b.addAll(list);
      const { input } = node.attributes;
      if (input) {
        found.set(input, adjoint);
        return;
      }
      const needed = node.args.map((a) => active.has(a));
      operatorOf(node)
        .vjp(b, node, adjoint, needed)
        .forEach((part, i) => {
          if (part && needed[i]) give(node.args[i], part);
        });
    });
  }
  return wrt.map((block) => found.get(block) ?? b.zeros([block.size]));
}

/** Gradient of a scalar node by each block. */
export function gradient(b: Builder, scalar: Node, wrt: readonly InputBlock[]): Node[] {
  if (scalar.shape.length !== 0) throw new Error(`gradient of a node of shape [${scalar.shape}]`);
  return vjp(b, [scalar], [b.constant(1)], wrt);
}
