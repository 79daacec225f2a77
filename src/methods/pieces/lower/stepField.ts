/**
 * The direction d_k(x, u) of a lower step, with the products that sweeps ask for. Gradient steps:
 *
 *   d(x, u) = α ∇y g(x, u),   (∂d/∂u)ᵀ w = α H w,   (∂d/∂x)ᵀ w = α J w,   d' = α (H t + Jᵀ s)
 */
import type { LevelOracle, Linearization } from "../../../oracle/oracle.js";

type Vector = Float64Array;

export interface StepField {
  /** out <- d_k(x, u) */
  directionInto(x: Vector, u: Vector, k: number, out: Vector): void;
  /** outU (length m) <- (∂d_k/∂u)ᵀ w, outX (length n) <- (∂d_k/∂x)ᵀ w */
  pullInto(x: Vector, u: Vector, k: number, w: Vector, outU: Vector, outX: Vector): void;
  /** out <- (∂d_k/∂u) t + (∂d_k/∂x) s, with t of length m and s of length n */
  pushInto(x: Vector, u: Vector, k: number, t: Vector, s: Vector, out: Vector): void;
  /** out <- ∇y g(x, y) */
  gradientInto(x: Vector, y: Vector, out: Vector): void;
  /** Half the step. */
  shrink(): void;
}

/** What steps ask of a level: oracles have it, and so do views of them in scaled variables. */
export type SteppedLevel = Pick<LevelOracle, "gradY" | "jvpYX"> & {
  linearize(x: Vector, y: Vector): Pick<Linearization, "hvp" | "both">;
};

export class GradientField implements StepField {
  alpha: number;
  private readonly level: SteppedLevel;
  private readonly Ht: Vector;

  constructor(level: SteppedLevel, m: number, alpha: number) {
    this.level = level;
    this.alpha = alpha;
    this.Ht = new Float64Array(m);
  }

  directionInto(x: Vector, u: Vector, _k: number, out: Vector): void {
    this.level.gradY(x, u, out);
    for (let j = 0; j < out.length; j++) out[j] *= this.alpha;
  }

  pullInto(x: Vector, u: Vector, _k: number, w: Vector, outU: Vector, outX: Vector): void {
    this.level.linearize(x, u).both(w, outU, outX);
    for (let j = 0; j < outU.length; j++) outU[j] *= this.alpha;
    for (let i = 0; i < outX.length; i++) outX[i] *= this.alpha;
  }

  pushInto(x: Vector, u: Vector, _k: number, t: Vector, s: Vector, out: Vector): void {
    this.level.linearize(x, u).hvp(t, this.Ht);
    this.level.jvpYX(x, u, s, out);
    for (let j = 0; j < out.length; j++) out[j] = this.alpha * (out[j] + this.Ht[j]);
  }

  gradientInto(x: Vector, y: Vector, out: Vector): void {
    this.level.gradY(x, y, out);
  }

  shrink(): void {
    this.alpha *= 0.5;
  }
}
