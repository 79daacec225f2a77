/** Bounds of expressions over the boxes that the domains of a problem's variables describe, by interval arithmetic: rigorous. */
import { type InputBlock, type Node, sizeOf } from "../expr/node.js";
import { topological } from "../expr/walk.js";
import type { Problem, Variable } from "../model/problem.js";
import { addDown, addUp } from "../num/interval.js";
import type { Intervals } from "../ops/operator.js";
import { operatorOf } from "../ops/registry.js";

export interface Box {
  readonly lo: Float64Array;
  readonly hi: Float64Array;
}

export type Boxes = ReadonlyMap<InputBlock, Box>;

/** The smallest boxes that hold the domains of x and y. */
export function domainBoxes(problem: Problem): Boxes {
  const box = (block: InputBlock, variables: readonly Variable[]): Box => {
    const lo = new Float64Array(block.size).fill(Number.NEGATIVE_INFINITY);
    const hi = new Float64Array(block.size).fill(Number.POSITIVE_INFINITY);
    for (const { domain, offset, size } of variables) {
      if (domain.kind === "box") {
        lo.set(domain.lower, offset);
        hi.set(domain.upper, offset);
      } else if (domain.kind === "simplex") {
        lo.fill(0, offset, offset + size);
        hi.fill(domain.total, offset, offset + size);
      } else if (domain.kind === "ball") {
        domain.center.forEach((c, k) => {
          lo[offset + k] = addDown(c, -domain.radius);
          hi[offset + k] = addUp(c, domain.radius);
        });
      }
    }
    return { lo, hi };
  };
  return new Map([
    [problem.x, box(problem.x, problem.upper.variables)],
    [
      problem.y,
      box(
        problem.y,
        problem.lowers.flatMap((l) => l.variables),
      ),
    ],
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
