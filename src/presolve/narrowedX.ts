/**
 * Bounds of x that the constraints of both levels imply, as domains: every x with an answer is within them, so that they may stand in
 * place of the constraints where a step needs bounds. Balls and simplices stay what they are.
 */
import { domainBoxes } from "../curvature/boxes.js";
import { impliedBoxes } from "../curvature/implied.js";
import type { Domain, Problem, Variable } from "../model/problem.js";
import type { Box } from "./ranges.js";

export interface NarrowedX {
  readonly box: Box;
  readonly domains: ReadonlyMap<Variable, Domain>;
}

/** Undefined where the domains are as narrow. */
export function narrowedX(problem: Problem): NarrowedX | undefined {
  const { x, empty } = impliedBoxes(problem);
  if (empty !== undefined) return undefined;
  const plain = domainBoxes(problem).x;
  const box = { lo: new Float64Array(x.lo.length), hi: new Float64Array(x.hi.length) };
  const domains = new Map<Variable, Domain>();
  for (const v of problem.upper.variables) {
    const { domain, offset, size } = v;
    const lower = x.lo.slice(offset, offset + size);
    const upper = x.hi.slice(offset, offset + size);
    const written = domain.kind === "box" ? domain : undefined;
    if (domain.kind === "ball" || domain.kind === "simplex") {
      lower.set(plain.lo.subarray(offset, offset + size));
      upper.set(plain.hi.subarray(offset, offset + size));
    } else if (
      lower.some((l, k) => l > (written?.lower[k] ?? Number.NEGATIVE_INFINITY)) ||
      upper.some((h, k) => h < (written?.upper[k] ?? Number.POSITIVE_INFINITY))
    )
      domains.set(v, { kind: "box", lower, upper });
    box.lo.set(lower, offset);
    box.hi.set(upper, offset);
  }
  return domains.size === 0 ? undefined : { box, domains };
}
