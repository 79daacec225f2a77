/** A sum as its terms: sums, differences, negations, factors and weights of known sign are opened, below sums over axes as well. */
import { type Node, sameShape } from "../expr/node.js";
import type { Analysis } from "./analysis.js";

export interface Term {
  /** The term as it stands in the sum, a scalar. */
  readonly node: Node;
  /** The node of the graph it was made of: it bends like it, or the other way round where the sign is -1. */
  readonly source: Node;
  readonly sign: 1 | -1;
}

/** Larger sums stay closed. */
const MOST_TERMS = 400;

/** Terms that vary; those that do not are left out. */
export function additiveTerms(a: Analysis, root: Node): readonly Term[] {
  const { builder: b } = a;
  const found: Term[] = [];
  interface Open {
    readonly node: Node;
    readonly sign: 1 | -1;
    /** The scalar term that a node in this place stands for. */
    readonly close: (node: Node) => Node;
  }
  const stack: Open[] = [{ node: root, sign: 1, close: (n) => n }];
  for (let top = stack.pop(); top; top = stack.pop()) {
    const { node, sign, close } = top;
    if (!a.varies(node)) continue;
    const flipped = sign > 0 ? -1 : 1;
    const full = found.length + stack.length > MOST_TERMS;
    // an operand that is repeated to the sum's shape
    const wide = (n: Node): Node => (sameShape(n.shape, node.shape) ? n : b.broadcast(n, node.shape, []));
    const factor = node.op === "mul" ? node.args.findIndex((f) => !a.varies(f)) : -1;
    const weight = isDot(node) ? node.args.findIndex((f) => !a.varies(f) && signOf(a, f) !== 0) : -1;
    if (!full && (node.op === "add" || node.op === "sub")) {
      const [p, q] = node.args;
      stack.push({
        node: q,
        sign: node.op === "add" ? sign : flipped,
        close: (n) => negatedIf(node.op === "sub", close, b, wide(n)),
      });
      stack.push({ node: p, sign, close: (n) => close(wide(n)) });
    } else if (!full && node.op === "neg") {
      stack.push({ node: node.args[0], sign: flipped, close: (n) => close(b.neg(n)) });
    } else if (!full && node.op === "sum") {
      const { axes } = node.attributes;
      stack.push({ node: node.args[0], sign, close: (n) => close(b.sum(n, axes!)) });
    } else if (!full && factor >= 0 && signOf(a, node.args[factor]) !== 0) {
      const scale = node.args[factor];
      stack.push({
        node: node.args[1 - factor],
        sign: signOf(a, scale) > 0 ? sign : flipped,
        close: (n) => close(wide(b.mul(scale, n))),
      });
    } else if (!full && weight >= 0) {
      const scale = node.args[weight];
      stack.push({
        node: node.args[1 - weight],
        sign: signOf(a, scale) > 0 ? sign : flipped,
        close: (n) => close(b.dot(scale, n)),
      });
    } else found.push({ node: close(node), source: node, sign });
  }
  return found;
}

/** w · v, which is the sum of w v. */
function isDot({ op, shape, args }: Node): boolean {
  return op === "contract" && shape.length === 0 && args.every((v) => v.shape.length === 1);
}

function negatedIf(negate: boolean, close: (node: Node) => Node, b: Analysis["builder"], node: Node): Node {
  return close(negate ? b.neg(node) : node);
}

function signOf(a: Analysis, node: Node): -1 | 0 | 1 {
  const { lo, hi } = a.bounds(node);
  return lo >= 0 ? 1 : hi <= 0 ? -1 : 0;
}
