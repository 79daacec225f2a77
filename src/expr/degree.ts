/**
 * Polynomial degree of an expression in some input blocks together, by composition rules on the graph: 0 means it does not depend on
 * them, Infinity that no bound is known. Degree at most 2 in y makes the lower Hessian constant in y, so that its
 * eigenvalues at one point prove convexity.
 */
import type { InputBlock, Node } from "./node.js";
import { topological } from "./walk.js";

/** Operators that keep the degree of their (largest) argument. */
const linear = new Set(["neg", "add", "sub", "sum", "broadcast", "reshape", "transpose", "take", "put", "concat"]);
/** Operators bilinear in their arguments. */
const product = new Set(["mul", "contract"]);

export function degreeIn(root: Node, ...blocks: readonly InputBlock[]): number {
  const own = ({ attributes }: Node): number | undefined =>
    attributes.input && (blocks.includes(attributes.input) ? 1 : 0);
  return degrees([root], own).get(root) ?? Number.POSITIVE_INFINITY;
}

/** The degrees of all nodes under `roots`, given those of some nodes (at least of the inputs). */
export function degrees(roots: readonly Node[], given: (node: Node) => number | undefined): ReadonlyMap<Node, number> {
  const known = new Map<Node, number>();
  for (const node of topological(roots)) {
    const args = node.args.map((a) => known.get(a) ?? 0);
    known.set(node, given(node) ?? rule(node, args));
  }
  return known;
}

function rule(node: Node, degrees: readonly number[]): number {
  const most = Math.max(0, ...degrees);
  if (most === 0 || linear.has(node.op)) return most;
  if (product.has(node.op)) return degrees[0] + degrees[1];
  if (node.op === "square") return 2 * degrees[0];
  if ((node.op === "div" || node.op === "safediv") && degrees[1] === 0) return degrees[0];
  if (node.op === "solve" && degrees[0] === 0) return degrees[1];
  if (node.op === "select" && degrees[0] === 0) return most;
  if (node.op === "pow" && degrees[1] === 0) {
    const exponent = node.args[1].attributes.value;
    if (exponent !== undefined && Number.isInteger(exponent) && exponent >= 0) return exponent * degrees[0];
  }
  return Number.POSITIVE_INFINITY;
}
