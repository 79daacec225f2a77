/**
 * Points of the set that the variables' bounds describe, for checks by samples: around the starting values at several scales
 * (checks far away alone misjudge functions that bend near the start), and all over finite boxes.
 */

import type { Problem, Variable } from "../model/problem.js";
import { projectBallInto, projectSimplexInto } from "../num/project.js";
import type { Random } from "../num/random.js";
import type { Boxes } from "./boxes.js";

export interface Point {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** Distances from the starting values, in units of 1 + |start|, or of a finite box's width. */
const SCALES = [1, 0.1, 0.01, 10];

export class Points {
  private readonly problem: Problem;
  private readonly boxes: Boxes;
  private readonly random: Random;
  private drawn = 0;

  constructor(problem: Problem, boxes: Boxes, random: Random) {
    this.problem = problem;
    this.boxes = boxes;
    this.random = random;
  }

  next(): Point {
    const scale = SCALES[this.drawn++ % SCALES.length];
    const { upper, lowers } = this.problem;
    const x = new Float64Array(this.problem.x.size);
    const y = new Float64Array(this.problem.y.size);
    for (const v of upper.variables) this.drawInto(x, v, this.boxes.x, scale);
    for (const level of lowers) for (const v of level.variables) this.drawInto(y, v, this.boxes.y, scale);
    return { x, y };
  }

  private drawInto(out: Float64Array, v: Variable, box: Boxes["x"], scale: number): void {
    const own = out.subarray(v.offset, v.offset + v.size);
    for (let k = 0; k < v.size; k++) {
      const lo = box.lo[v.offset + k];
      const hi = box.hi[v.offset + k];
      const start = v.init[k];
      const finite = hi - lo < Number.POSITIVE_INFINITY;
      const width = finite ? Math.min(hi - lo, 100 * (1 + Math.abs(start))) : 3 * (1 + Math.abs(start));
      const raw =
        scale >= 1 && finite
          ? lo + (hi - lo) * this.random.uniform()
          : start + scale * width * (2 * this.random.uniform() - 1);
      // short numbers: middles of segments are exact
      own[k] = inside(Math.fround(raw), lo, hi);
    }
    if (v.domain.kind === "ball") projectBallInto(own, v.domain.center, v.domain.radius, 0, v.size);
    if (v.domain.kind === "simplex") projectSimplexInto(own, v.domain.total, 0, v.size, new Float64Array(v.size));
  }
}

function inside(v: number, lo: number, hi: number): number {
  return v < lo ? lo : v > hi ? hi : v;
}
