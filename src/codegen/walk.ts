/** The nodes that some outputs need, arguments before users, without recursion (sums can be thousands of nodes deep). */
import type { Node } from "../expr/node.js";

/** `stop` marks nodes whose arguments are not wanted: they count as leaves. */
export function needed(outputs: readonly Node[], stop: (node: Node) => boolean = () => false): Node[] {
  const order: Node[] = [];
  const seen = new Set<Node>();
  const entered = new Set<Node>();
  const stack = [...outputs].reverse();
  while (stack.length > 0) {
    const node = stack[stack.length - 1];
    if (seen.has(node)) {
      stack.pop();
      continue;
    }
    if (entered.has(node) || node.args.length === 0 || stop(node)) {
      stack.pop();
      seen.add(node);
      order.push(node);
      continue;
    }
    entered.add(node);
    for (let k = node.args.length - 1; k >= 0; k--) if (!seen.has(node.args[k])) stack.push(node.args[k]);
  }
  return order;
}

/** How many arguments and outputs refer to each node. */
export function useCounts(order: readonly Node[], outputs: readonly Node[]): Map<Node, number> {
  const uses = new Map<Node, number>();
  const count = (node: Node) => uses.set(node, (uses.get(node) ?? 0) + 1);
  for (const node of order) node.args.forEach(count);
  outputs.forEach(count);
  return uses;
}
