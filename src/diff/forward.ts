/**
 * Forward mode on the graph: each node's tangent from its arguments' tangents, in order of evaluation.
 *   tangent(u) = sum over arguments a of (du/da) tangent(a),   Griewank & Walther (2008), section 3.1.
 */
import type { InputBlock, Node } from "../expr/node.js";
import { topological } from "../expr/walk.js";
import type { Builder } from "../ops/build.js";
import { operatorOf } from "../ops/registry.js";

/** Directional derivatives of `outputs` where each block moves along its direction (a vector of its size); others stay. */
export function jvp(b: Builder, outputs: readonly Node[], directions: ReadonlyMap<InputBlock, Node>): Node[] {
  const tangents = new Map<Node, Node>();
  for (const node of topological(outputs)) {
    const { input } = node.attributes;
    if (input) {
      const direction = directions.get(input);
      if (direction) tangents.set(node, direction);
      continue;
    }
    const own = node.args.map((a) => tangents.get(a));
    if (own.every((t) => t === undefined)) continue;
    const tangent = b.at(node.origin, () => operatorOf(node).jvp(b, node, own));
    if (tangent) tangents.set(node, tangent);
  }
  return outputs.map((node) => tangents.get(node) ?? b.zeros(node.shape));
}
