/**
 * Surrogate: the barrier on the lower value function (barrier.ts) with y eliminated, a function of x alone (Liu, Liu, Yuan, Zeng
 * and Zhang, A value-function-based interior-point method for non-convex bi-level optimization, ICML 2021, Algorithm 1):
 *
 *   L(x) = min_y φ(x, y),   S_x = dφ/dx at its minimiser (Danskin),   S_y = 0: `evaluate` moves y itself, by Newton steps
 */
import type { MethodContext } from "../../method.js";
import type { Surrogate, SurrogatePiece } from "../piece.js";
import { type Barrier, barrierParameters, makeBarrier } from "./barrier.js";

type Vector = Float64Array;

class NestedBarrier implements Surrogate {
  settled = false;
  upper = Number.NaN;
  readonly multipliers: Vector;
  private readonly barrier: Barrier;
  private readonly exhausted: () => boolean;

  constructor(context: MethodContext) {
    this.barrier = makeBarrier(context, 0.01);
    this.exhausted = context.exhausted;
    this.multipliers = new Float64Array(context.oracle.lower.constraints.rows);
  }

  get residual(): number {
    return this.barrier.residual;
  }

  evaluate(x: Vector, y: Vector, Gx: Vector, Gy: Vector): number {
    const { barrier, exhausted, multipliers } = this;
    this.settled = barrier.prepare(x, exhausted) && barrier.minimiseInto(y, exhausted);
    if (!this.settled) {
      Gy.fill(0);
      Gx.fill(0);
      if (!exhausted()) this.upper = Number.POSITIVE_INFINITY;
      return this.upper;
    }
    const value = barrier.gradientInto(x, y, Gx, Gy);
    Gy.fill(0);
    this.upper = barrier.f;
    for (let r = 0; r < multipliers.length; r++) multipliers[r] = barrier.lowerRows.first[r];
    return value;
  }

  note(extra: Record<string, number>): void {
    extra.tau = this.barrier.tau;
    extra.gap = this.barrier.gap;
  }

  claim(): string {
    return `The gradient of the barrier function with tau = ${this.barrier.tau} is below the tolerance; its solution is biased by the order of the square root of tau.`;
  }

  shrink(): void {
    this.barrier.shrink();
  }
}

export const barrier: SurrogatePiece = {
  kind: "surrogate",
  id: "barrier",
  title: "Barrier on the lower value function",
  formulas: ["g* = min_z ĝ(x, z) + (μ1/2)|z|² + μ2", "f + (θ/2)|y|² - τ ln(g*(x) - ĝ(x, y))", "ĝ = g - τ Σ ln(-h)"],
  reference: "Liu, Liu, Yuan, Zeng and Zhang, ICML 2021, (6)-(8)",
  parameters: barrierParameters,
  order: 1,
  projects: true,
  constraints: true,
  upperConstraints: true,
  moves: ["nested"],
  class: "lower level smooth, with constraints or without; box, ball or simplex domains; upper constraints by barrier",
  make: (context: MethodContext) => new NestedBarrier(context),
};
