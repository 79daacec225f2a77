/** Walks over the expression graph: evaluation order, node counts, dependence on inputs. None of them recurses. */
import type { InputBlock, Node } from "./node.js";

/** Every node that `outputs` need, once, arguments before users; deterministic. */
export function topological(outputs: readonly Node[]): Node[] {
  const order: Node[] = [];
  const seen = new Set<Node>();
  const stack: { node: Node; next: number }[] = [];
  for (const output of outputs) {
    if (seen.has(output)) continue;
    seen.add(output);
    stack.push({ node: output, next: 0 });
    while (stack.length > 0) {
      const top = stack[stack.length - 1];
      if (top.next < top.node.args.length) {
        const arg = top.node.args[top.next++];
        if (!seen.has(arg)) {
          seen.add(arg);
          stack.push({ node: arg, next: 0 });
        }
      } else {
        order.push(top.node);
        stack.pop();
      }
    }
  }
  return order;
}

/** Number of distinct nodes that `outputs` need. */
export function nodeCount(outputs: readonly Node[]): number {
  return topological(outputs).length;
}

/** The nodes among those that `outputs` need whose value can change with one of the blocks. */
export function dependents(outputs: readonly Node[], blocks: readonly InputBlock[]): Set<Node> {
  const found = new Set<Node>();
  for (const node of topological(outputs)) {
    const { input } = node.attributes;
    if (input ? blocks.includes(input) : node.args.some((a) => found.has(a))) found.add(node);
  }
  return found;
}

/** Whether a node's value can change with one of the blocks. */
export function dependsOn(node: Node, ...blocks: InputBlock[]): boolean {
  return dependents([node], blocks).has(node);
}

/** The input blocks that `outputs` read, in order of first use. */
export function inputsOf(outputs: readonly Node[]): InputBlock[] {
  const blocks: InputBlock[] = [];
  for (const { attributes } of topological(outputs))
    if (attributes.input && !blocks.includes(attributes.input)) blocks.push(attributes.input);
  return blocks;
}
