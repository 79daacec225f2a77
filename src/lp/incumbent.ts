/** The best point of a program with pairs found so far, and what bounds it lets a search cut off. */

import type { QuadraticProgram } from "./quadratic.js";
import type { Pairs } from "./search.js";
import { modelOf } from "./smallModel.js";

type Vector = Float64Array;

const inf = Number.POSITIVE_INFINITY;
/** Nodes whose bound is not better than this share of 1 + |objective| below the incumbent are cut off. */
const GAP = 1e-7;

/** Objectives without the program's offset. */
export class Incumbent {
  u: Vector | undefined;
  objective = inf;
  /** The lowest bound that was cut off. */
  floor = inf;
  solves = 0;

  constructor(
    private readonly program: QuadraticProgram,
    private readonly pairs: Pairs,
  ) {}

  get margin(): number {
    return this.objective === inf ? 0 : GAP * (1 + Math.abs(this.objective));
  }

  /** Bounds from here on are cut off. */
  get cutoff(): number {
    return this.objective - this.margin;
  }

  cutOff(bound: number): boolean {
    if (!(bound >= this.cutoff)) return false;
    this.floor = Math.min(this.floor, bound);
    return true;
  }

  /** Solves the whole program with these pairs tight and no other multipliers; the objective, Infinity where there is no point, -Infinity where it is unbounded. */
  accept(tight: Uint8Array): number {
    const { program, pairs } = this;
    const rowLower = program.rowLower.slice();
    const upper = program.upper.slice();
    for (let j = 0; j < tight.length; j++) {
      if (tight[j] === 1) rowLower[pairs.slackRow[j]] = program.rowUpper[pairs.slackRow[j]];
      else upper[pairs.multiplier[j]] = 0;
    }
    const model = modelOf({ ...program, offset: 0, rowLower, upper });
    this.solves++;
    const status = model.solve();
    const found = status === "optimal" ? model.objective : status === "unbounded" ? -inf : inf;
    if (found > -inf && found < this.objective) {
      this.objective = found;
      this.u = model.solution().u;
    }
    model.dispose();
    return found;
  }
}
