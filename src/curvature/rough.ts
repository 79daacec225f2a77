/** Parts that are not smooth: operators that have a kink, a jump or an unbounded slope within the bounds of their arguments. */
import type { Node } from "../expr/node.js";
import { topological } from "../expr/walk.js";
import type { Analysis } from "./analysis.js";
import { squaredParts } from "./forms/squares.js";
import type { RoughPart } from "./verdict.js";

export function roughParts(a: Analysis, roots: readonly Node[]): readonly RoughPart[] {
  const found: RoughPart[] = [];
  for (const node of topological(roots)) {
    if (!a.varies(node) || node.op === "input") continue;
    const { rough } = a.bending(node);
    if (!rough) continue;
    const norm = (node.op === "sqrt" || node.op === "pow") && squaredParts(a, node.args[0]) !== undefined;
    // conditions of a choice that is known to be continuous are its kink
    const inside = rough === "jump" && a.kind(node) !== "unknown" && a.kind(node) !== "constant";
    found.push({ kind: norm || inside ? "kink" : rough, op: node.op, node, span: node.origin });
  }
  return withoutConditions(found);
}

/** Comparisons that only feed choices listed as well. */
function withoutConditions(parts: readonly RoughPart[]): readonly RoughPart[] {
  const choices = new Set(parts.filter((p) => p.op === "select").map((p) => p.node));
  const conditions = new Set([...choices].flatMap((n) => topological([n.args[0]])));
  return parts.filter((p) => choices.has(p.node) || !conditions.has(p.node) || p.op === "sign");
}
