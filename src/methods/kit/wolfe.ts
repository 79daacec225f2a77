/**
 * Weak-Wolfe bracketing along P_X(x + a d) for hyper-objectives known with slack (after Lewis and Overton, 2013, Algorithm
 * 2.6, with decrease 1e-4 and slope 0.9). Where differences of phi drown in its slack, a slope that has fallen to 0.8 of its
 * size counts as decrease (Hager and Zhang, 2005, approximate Wolfe).
 */
import { copyInto, dot } from "../../num/vector.js";
import type { HyperObjective, HyperPoint } from "./hyperPoint.js";

type Vector = Float64Array;

const MAX_TRIALS = 35;
/** Attempts to go further after a point that is good enough already. */
const MAX_FURTHER = 6;
const DECREASE = 1e-4;
const SLOPE = 0.9;

export type SearchEnd = "accepted" | "failed" | "exhausted";

export class WolfeSearch {
  /** Trials of the last search. */
  trials = 0;
  private readonly evaluator: HyperObjective;
  private readonly s: Vector;
  private readonly witness: (p: HyperPoint) => void;

  /** `witness` is shown every finite trial point. */
  constructor(evaluator: HyperObjective, witness: (p: HyperPoint) => void) {
    this.evaluator = evaluator;
    this.witness = witness;
    this.s = new Float64Array(evaluator.problem.n);
  }

  /**
   * Searches from `base` along d with steps a <= longest, using `points` as room: on "accepted" points.kept is the new
   * point. d must point downhill to first order.
   */
  run(
    base: HyperPoint,
    d: Vector,
    longest: number,
    points: { trial: HyperPoint; kept: HyperPoint },
    maxTrials = MAX_TRIALS,
  ): SearchEnd {
    const { evaluator, s } = this;
    const { problem } = evaluator;
    const n = d.length;
    let low = 0;
    let high = Number.POSITIVE_INFINITY;
    let a = Math.min(1, longest);
    let found = false;
    let further = 0;
    this.trials = 0;
    while (this.trials < maxTrials) {
      const p = points.trial;
      for (let i = 0; i < n; i++) p.x[i] = base.x[i] + a * d[i];
      problem.projectX(p.x);
      let cut = a >= longest;
      let moved = 0;
      let slope0 = 0;
      for (let i = 0; i < n; i++) {
        s[i] = p.x[i] - base.x[i];
        if (Math.abs(s[i]) < 0.999 * Math.abs(a * d[i]) - 1e-300) cut = true;
        slope0 += base.G[i] * s[i];
        const share = Math.abs(s[i]) / (Math.abs(base.x[i]) + 1e-300);
        if (share > moved) moved = share;
      }
      if (moved <= 2e-16) break;
      copyInto(base.y, p.y);
      copyInto(base.v, p.v);
      this.trials++;
      if (!evaluator.evaluate(p)) return found ? "accepted" : "exhausted";
      if (!p.finite) {
        high = a;
        a = low + 0.1 * (a - low);
        continue;
      }
      this.witness(p);
      const slope = dot(p.G, s);
      const eps = 1e-14 * Math.abs(base.phi) + base.slack + p.slack;
      const good =
        slope0 < 0 &&
        (p.phi <= base.phi + DECREASE * slope0 ||
          (p.phi <= base.phi + 10 * eps && Math.abs(slope) <= 0.8 * Math.abs(slope0)));
      if (!good) {
        if (found && ++further > MAX_FURTHER) break;
        high = a;
        if (low > 0) a = 0.5 * (low + high);
        else a *= slope0 < 0 ? Math.min(0.6, Math.max(0.1, slope0 / (slope0 - slope))) : 0.3;
        continue;
      }
      found = true;
      points.trial = points.kept;
      points.kept = p;
      if (cut || slope >= SLOPE * slope0 || ++further > MAX_FURTHER) break;
      low = a;
      const ratio = slope0 / (slope0 - slope);
      a =
        high < Number.POSITIVE_INFINITY ? 0.5 * (low + high) : a * (ratio > 0 ? Math.min(10, Math.max(2, ratio)) : 10);
      a = Math.min(a, longest);
    }
    return found ? "accepted" : "failed";
  }
}
