/**
 * The same expressions with input blocks replaced by other nodes, put together again by the builder, so that what
 * becomes constant is folded and terms that vanish are dropped.
 */
import type { InputBlock, Node } from "../expr/node.js";
import { dependents, topological } from "../expr/walk.js";
import type { Builder } from "../ops/build.js";
import { operatorOf } from "../ops/registry.js";

export function rebuilt(b: Builder, outputs: readonly Node[], by: ReadonlyMap<InputBlock, Node>): readonly Node[] {
  if (by.size === 0) return outputs;
  const touched = dependents(outputs, [...by.keys()]);
  const images = new Map<Node, Node>();
  for (const node of topological(outputs)) {
    if (!touched.has(node)) continue;
    const { input } = node.attributes;
    images.set(
      node,
      input
        ? by.get(input)!
        : b.at(node.origin, () =>
            made(
              b,
              node,
              node.args.map((a) => images.get(a) ?? a),
            ),
          ),
    );
  }
  return outputs.map((node) => images.get(node) ?? node);
}

function made(b: Builder, node: Node, args: readonly Node[]): Node {
  const { axes, axis, index, size, labels } = node.attributes;
  if (operatorOf(node).family === "elementwise") return b.apply(node.op, args);
  switch (node.op) {
    case "sum":
      return b.sum(args[0], axes);
    case "maxOf":
      return b.maxOf(args[0], axes);
    case "minOf":
      return b.minOf(args[0], axes);
    case "logsumexp":
      return b.logsumexp(args[0], axes);
    case "broadcast":
      return b.broadcast(args[0], node.shape, axes!);
    case "reshape":
      return b.reshape(args[0], node.shape);
    case "transpose":
      return b.transpose(args[0], axes);
    case "take":
      return b.take(args[0], axis!, index!);
    case "put":
      return b.put(args[0], axis!, index!, size!);
    case "concat":
      return b.concat(args, axis!);
    case "contract":
      return b.contract(args[0], args[1], labels!);
    default:
      return b.graph.make(node.op, args, node.shape, node.attributes);
  }
}
