/**
 * Sums of squares under a root or over a line:
 *   sqrt(sum of c_i u_i² + c_0), c >= 0: the norm of a vector, convex where each u_i is affine, or convex and >= 0, or concave and <= 0;
 *   sqrt(u v), u and v concave and >= 0: the geometric mean, concave;
 *   (sum of c_i u_i² + c_0) / t, t > 0 concave: convex, the perspective of a square (Boyd and Vandenberghe 2004, 3.2.6).
 */
import type { Node } from "../../expr/node.js";
import { polynomialOf } from "../../expr/polynomialOf.js";
import type { Analysis } from "../analysis.js";
import { sides } from "../kinds.js";
import { isSumOfSquares } from "../sumOfSquares.js";
import type { Form } from "./index.js";

const through = new Set(["sum", "reshape", "broadcast", "transpose", "take", "put"]);

/** The u_i, where the node is a sum of their squares with weights >= 0 and constants >= 0; else undefined. */
export function squaredParts(a: Analysis, node: Node): readonly Node[] | undefined {
  const parts = new Set<Node>();
  const stack = [node];
  const seen = new Set<Node>();
  for (let n = stack.pop(); n; n = stack.pop()) {
    if (seen.has(n)) continue;
    seen.add(n);
    if (!a.varies(n)) {
      if (!(a.bounds(n).lo >= 0)) return undefined;
    } else if (n.op === "square" && growing(a, n.args[0])) parts.add(n.args[0]);
    else if (n.op === "add" || n.op === "concat") stack.push(...n.args);
    else if (through.has(n.op)) stack.push(n.args[0]);
    else if ((n.op === "mul" || n.op === "contract") && n.args.some((f) => !a.varies(f))) stack.push(...n.args);
    else if (n.op === "div" && !a.varies(n.args[1]) && a.bounds(n.args[1]).lo >= 0) stack.push(n.args[0]);
    else return undefined;
  }
  return [...parts];
}

/** |u| is convex: the norm of such parts is. */
export function growing(a: Analysis, u: Node): boolean {
  const { convex, concave } = sides(a.kind(u));
  const { lo, hi } = a.bounds(u);
  return (convex && concave) || (convex && lo >= 0) || (concave && hi <= 0);
}

export const roots: Form = (a, node) => {
  const half = node.op === "pow" && node.args[1].attributes.value === 0.5;
  if (node.op !== "sqrt" && !half) return undefined;
  const [under] = node.args;
  const parts = squaredParts(a, under);
  if (parts) return { kind: "convex", reason: { rule: "Euclidean norm", premises: parts } };
  if (under.op !== "mul") return undefined;
  const fits = under.args.every((u) => sides(a.kind(u)).concave && a.bounds(u).lo >= 0);
  return fits ? { kind: "concave", reason: { rule: "geometric mean", premises: under.args } } : undefined;
};

export const quadraticOverLinear: Form = (a, node) => {
  if (node.op !== "div") return undefined;
  const [top, bottom] = node.args;
  const { lo, hi } = a.bounds(bottom);
  const { convex, concave } = sides(a.kind(bottom));
  const above = concave && lo >= 0;
  if (!above && !(convex && hi <= 0)) return undefined;
  const parts = squaredParts(a, top) ?? (isSquareForm(a, top) ? [top] : undefined);
  if (!parts) return undefined;
  const reason = { rule: "square over linear", premises: [...parts, bottom] };
  return { kind: above ? "convex" : "concave", reason };
};

/** A quadratic polynomial that is nowhere negative: a sum of squares of affine functions and a constant, exactly. */
function isSquareForm(a: Analysis, top: Node): boolean {
  if (top.shape.length > 0 || a.degreeOf(top) > 2) return false;
  const p = polynomialOf(top, { entries: 64 });
  return p !== undefined && isSumOfSquares(p);
}
