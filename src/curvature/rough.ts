/** Parts that are not smooth: operators that have a kink, a jump or an unbounded slope within the bounds of their arguments. */
import type { Node } from "../expr/node.js";
import type { Analysis } from "./analysis.js";
import { squaredParts } from "./forms/squares.js";
import type { RoughPart } from "./verdict.js";

/** In the order in which they are written: first the outer ones. Conditions of choices count as their choice. */
export function roughParts(a: Analysis, roots: readonly Node[]): readonly RoughPart[] {
  const found: RoughPart[] = [];
  const seen = new Set<Node>();
  const stack = [...roots].reverse();
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (seen.has(node) || !a.varies(node) || node.op === "input") continue;
    seen.add(node);
    const part = { op: node.op, node, span: node.origin };
    const reason = a.reason(node)?.rule;
    if (reason === "Huber's loss") {
      found.push({ ...part, kind: "bend" });
      stack.push(...a.reason(node)!.premises);
      continue;
    }
    const { rough } = a.bending(node);
    if (rough) {
      const norm = rough === "steep" && squaredParts(a, node.args[0]) !== undefined;
      const continuous = rough === "jump" && a.kind(node) !== "unknown" && a.kind(node) !== "constant";
      found.push({ ...part, kind: norm || continuous ? "kink" : rough });
    }
    const choice = node.op === "select" && rough !== undefined;
    stack.push(...(choice ? node.args.slice(1) : node.args).slice().reverse());
  }
  return found;
}
