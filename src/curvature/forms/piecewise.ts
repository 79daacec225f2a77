/**
 * Choices that are one convex function: Huber's loss of a residual of convex size, and choices between A and B by a
 * condition that compares them (`if p <= q then A else B` with A - B = q - p is the larger of the two).
 */
import type { Node } from "../../expr/node.js";
import { larger } from "../../ops/curvature.js";
import type { Analysis } from "../analysis.js";
import { composed } from "../kinds.js";
import type { Form } from "./index.js";
import { growing } from "./squares.js";

export const piecewise: Form = (a, node) => {
  if (node.op !== "select") return undefined;
  return huber(a, node) ?? extreme(a, node);
};

/** r²/2 where |r| <= d, else d (|r| - d/2): equal nodes are one node, so the form is built and compared. */
function huber(a: Analysis, node: Node): ReturnType<Form> {
  const [condition] = node.args;
  const { builder: b } = a;
  if (condition.op !== "le" || a.varies(condition.args[1])) return undefined;
  const [each, d] = condition.args;
  // of a residual that is not negative, the size is the residual itself
  const [r] = each.op === "abs" ? each.args : [each];
  if (!(a.bounds(d).lo >= 0) || !growing(a, r) || !(each.op === "abs" || a.bounds(r).lo >= 0)) return undefined;
  const half = b.constant(0.5);
  const loss = b.select(condition, b.mul(half, b.square(r)), b.mul(d, b.sub(each, b.mul(half, d))));
  if (loss !== node) return undefined;
  return { kind: "convex", reason: { rule: "Huber's loss", premises: [r] } };
}

function extreme(a: Analysis, node: Node): ReturnType<Form> {
  const [condition, yes, no] = node.args;
  const { builder: b } = a;
  if (condition.op !== "le" && condition.op !== "lt") return undefined;
  const [p, q] = condition.args;
  const difference = b.sub(yes, no);
  const sign = difference === b.sub(q, p) ? 1 : difference === b.sub(p, q) ? -1 : 0;
  if (sign === 0) return undefined;
  const rule = larger(sign)([a.bounds(yes), a.bounds(no)], [true, true], node);
  const kind = composed(rule, [a.kind(yes), a.kind(no)]);
  const words = sign > 0 ? "the larger of two" : "the smaller of two";
  return kind === "unknown" ? undefined : { kind, reason: { rule: words, premises: [yes, no] } };
}
