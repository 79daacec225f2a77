/**
 * The hyper-objective by its values, phi~(x) = f(x, A(x)), A an inner solver for the optimistic lower solution at fixed x.
 * Every evaluation of a difference starts A from the same y, so that what A leaves unsolved cancels.
 */
import type { MethodContext } from "../method.js";
import { mayHaveKinks } from "./kinks.js";
import { OptimisticLower } from "./optimisticLower.js";
import { StagedSubgradient } from "./stagedSubgradient.js";

type Vector = Float64Array;

export interface HyperValue {
  /** phi~(x); y holds the start and then A(x). NaN where A fails. */
  at(x: Vector, y: Vector): number;
  /** What phi~ may be off by, relative to 1 + |phi~|: rounding and the inner tolerance. */
  readonly noise: number;
}

/** Tilting and restoring where g is smooth, staged subgradients where it has kinks or the former gets stuck. */
export class OptimisticValue implements HyperValue {
  private readonly smooth: OptimisticLower;
  private readonly staged: StagedSubgradient;
  private subgradients: boolean;
  private readonly trial: Vector;

  /** What A asks: an oracle, randomness for its constants, the budget. */
  constructor(context: Pick<MethodContext, "oracle" | "random" | "exhausted">, inner: "accurate" | "sgm" | "auto") {
    const { oracle } = context;
    const { problem } = oracle;
    this.smooth = new OptimisticLower(oracle, context.random.split("optimistic"), context.exhausted);
    this.staged = new StagedSubgradient(oracle, context.exhausted);
    this.subgradients = inner === "auto" ? mayHaveKinks(problem.lowerObjective, problem.y) : inner === "sgm";
    this.trial = new Float64Array(oracle.m);
  }

  /** True where subgradient steps are taken. */
  get kinks(): boolean {
    return this.subgradients;
  }

  get noise(): number {
    return this.subgradients ? 1e-7 : 3e-14;
  }

  at(x: Vector, y: Vector): number {
    if (!this.subgradients) {
      this.trial.set(y);
      const value = this.smooth.solve(x, this.trial);
      if (this.smooth.smooth) {
        y.set(this.trial);
        return value;
      }
      this.subgradients = true;
    }
    return this.staged.solve(x, y);
  }
}
