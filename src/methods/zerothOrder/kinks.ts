/**
 * Whether an expression may have kinks or jumps in one input block, read off its operators: then quasi-Newton steps on it
 * may stall away from its minimum, and subgradient steps do not. A kink that is squared at once, relu(t)², is none.
 */
import type { InputBlock, Node } from "../../expr/node.js";
import { dependents, topological } from "../../expr/walk.js";

/** The square root counts for its infinite slope at 0: norms have a kink there. */
const kinked = new Set(["abs", "relu", "sign", "step", "min", "max", "select", "maxOf", "minOf", "sqrt"]);

export function mayHaveKinks(root: Node, block: InputBlock): boolean {
  const moving = dependents([root], [block]);
  const bare = new Set<Node>([root]);
  for (const node of topological([root])) if (node.op !== "square") for (const arg of node.args) bare.add(arg);
  for (const node of moving) if (kinked.has(node.op) && bare.has(node)) return true;
  return false;
}
