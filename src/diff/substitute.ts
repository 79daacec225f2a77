/** The same expressions read at another point: each input block in `by` is replaced by a node of its size. */
import type { InputBlock, Node } from "../expr/node.js";
import { dependents, topological } from "../expr/walk.js";
import type { Builder } from "../ops/build.js";

export function substitute(b: Builder, outputs: readonly Node[], by: ReadonlyMap<InputBlock, Node>): readonly Node[] {
  const touched = dependents(outputs, [...by.keys()]);
  const images = new Map<Node, Node>();
  const imageOf = (node: Node): Node => images.get(node) ?? node;
  for (const node of topological(outputs)) {
    if (!touched.has(node)) continue;
    const { input } = node.attributes;
    const image = input
      ? by.get(input)!
      : b.at(node.origin, () => b.graph.make(node.op, node.args.map(imageOf), node.shape, node.attributes));
    images.set(node, image);
  }
  return outputs.map(imageOf);
}
