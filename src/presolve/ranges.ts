/** Bounds of expressions over the boxes that the domains of a problem's variables describe, by interval arithmetic: rigorous. */
import { domainBoxes as boxesOfDomains } from "../curvature/boxes.js";
import { type InputBlock, type Node, sizeOf } from "../expr/node.js";
import { topological } from "../expr/walk.js";
import type { Problem } from "../model/problem.js";
import type { Intervals } from "../ops/operator.js";
import { operatorOf } from "../ops/registry.js";

export interface Box {
  readonly lo: Float64Array;
  readonly hi: Float64Array;
}

export type Boxes = ReadonlyMap<InputBlock, Box>;

/** The smallest boxes that hold the domains of x and y. */
export function domainBoxes(problem: Problem): Boxes {
  const { x, y } = boxesOfDomains(problem);
  return new Map([
    [problem.x, x],
    [problem.y, y],
  ]);
}

/** Bounds of each output, entry by entry; blocks without a box are unbounded. */
export function rangesOver(outputs: readonly Node[], boxes: Boxes): readonly Intervals[] {
  const found = new Map<Node, Intervals>();
  for (const node of topological(outputs)) {
    const size = sizeOf(node.shape);
    const out = { lo: new Float64Array(size), hi: new Float64Array(size), flags: new Float64Array(size) };
    found.set(node, out);
    const { input } = node.attributes;
    if (input !== undefined) {
      const box = boxes.get(input);
      out.lo.set(box?.lo ?? out.lo.fill(Number.NEGATIVE_INFINITY));
      out.hi.set(box?.hi ?? out.hi.fill(Number.POSITIVE_INFINITY));
      continue;
    }
    const args = node.args.map((a) => found.get(a)!);
    operatorOf(node).intervalInto(
      out,
      { lo: args.map((a) => a.lo), hi: args.map((a) => a.hi), flags: args.map((a) => a.flags) },
      node,
    );
  }
  return outputs.map((node) => found.get(node)!);
}
