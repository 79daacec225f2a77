/** Products of powers of one base: u u² is u³, which bends as powers do by the bounds of u. */
import type { Node } from "../../expr/node.js";
import { power } from "../../ops/curvature.js";
import type { Analysis } from "../analysis.js";
import { composed } from "../kinds.js";
import { aligned } from "./entropy.js";
import type { Form } from "./index.js";

export const powers: Form = (a, node) => {
  if (node.op !== "mul" && node.op !== "div" && !(node.op === "contract" && aligned(node))) return undefined;
  const [p, q] = node.args.map((n) => asPower(a, n));
  if (p.base !== q.base) return undefined;
  const exponent = node.op === "div" ? p.exponent - q.exponent : p.exponent + q.exponent;
  const fixed = { lo: exponent, hi: exponent, flags: 0 };
  const bending = power([a.bounds(p.base), fixed], [true, false], node);
  const kind = composed(bending, [a.kind(p.base), "constant"]);
  return kind === "unknown"
    ? undefined
    : { kind, reason: { rule: `power ${exponent} on its bounds`, premises: [p.base] } };
};

function asPower(a: Analysis, node: Node): { readonly base: Node; readonly exponent: number } {
  let base = node;
  let exponent = 1;
  for (;;) {
    if (base.op === "square") exponent *= 2;
    else if (base.op === "sqrt" && a.bounds(base.args[0]).lo >= 0) exponent *= 0.5;
    else if (base.op === "pow" && base.args[1].attributes.value !== undefined && a.bounds(base.args[0]).lo >= 0)
      exponent *= base.args[1].attributes.value;
    else return { base, exponent };
    base = base.args[0];
  }
}
