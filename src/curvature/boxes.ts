/** Bounds of x and y entry by entry from the variables' domains: balls and simplices as the boxes around them. */
import type { Problem, Variable } from "../model/problem.js";
import { addDown, addUp } from "../num/interval.js";
import type { Intervals } from "../ops/operator.js";
import { free } from "./ranges.js";

export interface Boxes {
  readonly x: Intervals;
  readonly y: Intervals;
}

export function domainBoxes(problem: Problem): Boxes {
  const boxes: Boxes = { x: free(problem.x.size), y: free(problem.y.size) };
  const { upper, lowers } = problem;
  for (const v of upper.variables) domainInto(boxes.x, v);
  for (const v of lowers.flatMap((l) => l.variables)) domainInto(boxes.y, v);
  return boxes;
}

function domainInto(box: Intervals, { domain, offset, size }: Variable): void {
  for (let k = 0; k < size; k++) {
    const at = offset + k;
    if (domain.kind === "box") {
      box.lo[at] = domain.lower[k];
      box.hi[at] = domain.upper[k];
    } else if (domain.kind === "ball") {
      box.lo[at] = addDown(domain.center[k], -domain.radius);
      box.hi[at] = addUp(domain.center[k], domain.radius);
    } else if (domain.kind === "simplex") {
      box.lo[at] = 0;
      box.hi[at] = domain.total;
    }
  }
}
