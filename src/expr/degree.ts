/**
 * Polynomial degree of an expression in some input blocks together, by composition rules on the graph: 0 means it does not depend on
 * them, Infinity that no bound is known. Degree at most 2 in y makes the lower Hessian constant in y, so that its
 * eigenvalues at one point prove convexity.
 */
import type { InputBlock, Node } from "./node.js";

/** Operators that keep the degree of their (largest) argument. */
const linear = new Set(["neg", "add", "sub", "sum", "broadcast", "reshape", "transpose", "take", "put", "concat"]);
/** Operators bilinear in their arguments. */
const product = new Set(["mul", "contract"]);

export function degreeIn(root: Node, ...blocks: readonly InputBlock[]): number {
  const known = new Map<Node, number>();
  const stack: Node[] = [root];
  while (stack.length > 0) {
    const node = stack[stack.length - 1];
    if (known.has(node)) {
      stack.pop();
      continue;
    }
    const waiting = node.args.filter((a) => !known.has(a));
    if (waiting.length > 0) {
      stack.push(...waiting);
      continue;
    }
    stack.pop();
    known.set(
      node,
      rule(
        node,
        blocks,
        node.args.map((a) => known.get(a) ?? 0),
      ),
    );
  }
  return known.get(root) ?? Number.POSITIVE_INFINITY;
}

function rule(node: Node, blocks: readonly InputBlock[], degrees: readonly number[]): number {
  if (node.op === "input") {
    return node.attributes.input !== undefined && blocks.includes(node.attributes.input) ? 1 : 0;
  }
  const most = Math.max(0, ...degrees);
  if (most === 0 || linear.has(node.op)) return most;
  if (product.has(node.op)) return degrees[0] + degrees[1];
  if (node.op === "square") return 2 * degrees[0];
  if ((node.op === "div" || node.op === "safediv") && degrees[1] === 0) return degrees[0];
  if (node.op === "solve" && degrees[0] === 0) return degrees[1];
  if (node.op === "pow" && degrees[1] === 0) {
    const exponent = node.args[1].attributes.value;
    if (exponent !== undefined && Number.isInteger(exponent) && exponent >= 0) return exponent * degrees[0];
  }
  return Number.POSITIVE_INFINITY;
}
