/** Products of powers of one base: u u² is u³, |u| u² is |u|³, which bend as powers do by the bounds of their base. */
import type { Node } from "../../expr/node.js";
import { power } from "../../ops/curvature.js";
import type { Analysis } from "../analysis.js";
import { composed } from "../kinds.js";
import { aligned } from "./entropy.js";
import type { Form } from "./index.js";

export const powers: Form = (a, node) => {
  const found = productOfPowers(a, node);
  if (found === undefined) return undefined;
  const { base, exponent } = found;
  const fixed = { lo: exponent, hi: exponent, flags: 0 };
  const bending = power([a.bounds(base), fixed], [true, false], node);
  const kind = composed(bending, [a.kind(base), "constant"]);
  return kind === "unknown"
    ? undefined
    : { kind, reason: { rule: `power ${exponent} on its bounds`, premises: [base] } };
};

/** A product or quotient of two powers of one base, or the sum of such products over aligned entries. */
export function productOfPowers(a: Analysis, node: Node): Power | undefined {
  if (node.op !== "mul" && node.op !== "div" && !(node.op === "contract" && aligned(node))) return undefined;
  const [p, q] = ofSizes(node.args.map((n) => asPower(a, n)));
  if (p.base !== q.base) return undefined;
  return { base: p.base, exponent: node.op === "div" ? p.exponent - q.exponent : p.exponent + q.exponent };
}

interface Power {
  readonly base: Node;
  readonly exponent: number;
}

/** v² beside |v| is |v|². */
function ofSizes([p, q]: readonly Power[]): readonly [Power, Power] {
  const sized = (one: Power, other: Power): Power =>
    other.base.op === "abs" && other.base.args[0] === one.base && one.exponent % 2 === 0
      ? { base: other.base, exponent: one.exponent }
      : one;
  return [sized(p, q), sized(q, p)];
}

function asPower(a: Analysis, node: Node): Power {
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
