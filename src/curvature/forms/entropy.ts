/**
 * u log(u) and u log(u / t) for affine u and t, t > 0: convex, jointly in u and t (the relative entropy; Boyd and Vandenberghe 2004,
 * example 3.19). The logarithm may carry constant terms, and u constant factors: c u (log u - log t + d). Where u and t are negative
 * together, u log(u / t) is -|u| log(|u| / |t|).
 */
import type { Node } from "../../expr/node.js";
import type { Analysis } from "../analysis.js";
import type { Form } from "./index.js";

export const entropy: Form = (a, node) => {
  if (node.op !== "mul" && !(node.op === "contract" && aligned(node))) return undefined;
  const [first, second] = node.args;
  return matched(a, first, second) ?? matched(a, second, first);
};

/** An inner product: entry k of one operand meets entry k of the other only. */
export function aligned(node: Node): boolean {
  const { left, right } = node.attributes.labels!;
  return left.length === right.length && left.every((label, k) => label === right[k]);
}

function matched(a: Analysis, factor: Node, logs: Node): ReturnType<Form> {
  const { core, sign } = scaled(a, factor);
  if (sign === 0 || !a.straight(core)) return undefined;
  const parts = logParts(a, logs);
  if (parts?.plus.length !== 1) return undefined;
  const own = scaled(a, parts.plus[0]);
  if (own.sign <= 0) return undefined;
  let lines = parts.minus;
  let side = 1;
  if (own.core !== core) {
    // log(u / t)
    if (own.core.op !== "div" || scaled(a, own.core.args[0]).core !== core) return undefined;
    if (scaled(a, own.core.args[0]).sign <= 0) return undefined;
    // the quotient of two negative numbers has a logarithm, too
    const [u, t] = [a.bounds(core), a.bounds(own.core.args[1])];
    const above = u.lo >= 0 || t.lo >= 0;
    if (!above && u.hi > 0 && t.hi > 0) return undefined;
    if (!above) side = -1;
    lines = [...lines, own.core.args[1]];
  }
  if (lines.length > 1 || !lines.every((t) => a.straight(t))) return undefined;
  const rule = lines.length === 0 ? "entropy u log(u)" : "relative entropy u log(u / t)";
  return { kind: sign * side > 0 ? "convex" : "concave", reason: { rule, premises: [core, ...lines] } };
}

/** Constant factors of known sign taken off: node = sign |c| core. */
function scaled(a: Analysis, node: Node): { readonly core: Node; readonly sign: number } {
  let core = node;
  let sign = 1;
  for (;;) {
    if (core.op === "neg") {
      sign = -sign;
      core = core.args[0];
      continue;
    }
    const other = core.op === "mul" ? core.args.findIndex((f) => !a.varies(f)) : -1;
    const divisor = core.op === "div" && !a.varies(core.args[1]);
    if (other < 0 && !divisor) return { core, sign };
    const { lo, hi } = a.bounds(core.args[divisor ? 1 : other]);
    if (lo <= 0 && hi >= 0) return { core, sign: 0 };
    if (hi < 0) sign = -sign;
    core = core.args[divisor ? 0 : 1 - other];
  }
}

/** Arguments of logarithms that are added and taken away; constants besides them do not count. */
function logParts(a: Analysis, node: Node): { plus: Node[]; minus: Node[] } | undefined {
  const plus: Node[] = [];
  const minus: Node[] = [];
  const stack: [Node, number][] = [[node, 1]];
  for (let top = stack.pop(); top; top = stack.pop()) {
    const [n, sign] = top;
    if (!a.varies(n)) continue;
    if (n.op === "add") stack.push([n.args[0], sign], [n.args[1], sign]);
    else if (n.op === "sub") stack.push([n.args[0], sign], [n.args[1], -sign]);
    else if (n.op === "neg") stack.push([n.args[0], -sign]);
    else if (n.op === "log") (sign > 0 ? plus : minus).push(n.args[0]);
    else return undefined;
  }
  return { plus, minus };
}
