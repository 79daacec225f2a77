/**
 * Outer rule for noisy estimates: eta_t = r / sqrt(Σ_s |G_s|²), which falls like 1/sqrt(t) (AdaGrad with one step size for
 * all coordinates: Streeter and McMahan 2010; Ward, Wu and Bottou, AdaGrad stepsizes, JMLR 2020, Algorithm 1).
 * r = 0.3 max(1, |x_0|).
 */
import { norm } from "../../num/vector.js";
import type { DomainOracle } from "../../oracle/oracle.js";
import { projectedNorm } from "../kit/lowerGradient.js";
import type { OuterPiece, OuterRule } from "../pieces/piece.js";

type Vector = Float64Array;

class DecreasingStep implements OuterRule {
  eta = Number.NaN;
  private reach: number;
  private sum = 0;
  private readonly scratch: Vector;

  constructor(x0: Vector, size: number) {
    this.reach = 0.3 * Math.max(1, norm(x0));
    this.scratch = new Float64Array(size);
  }

  measure(domain: DomainOracle, x: Vector, G: Vector): number {
    const size = norm(G);
    this.sum += size * size;
    this.eta = this.sum > 0 ? this.reach / Math.sqrt(this.sum) : 0;
    return projectedNorm(domain, x, G, this.scratch);
  }

  take(domain: DomainOracle, x: Vector, G: Vector): void {
    for (let i = 0; i < x.length; i++) x[i] -= this.eta * G[i];
    if (!domain.free) domain.project(x);
  }

  shrink(): void {
    this.reach *= 0.5;
  }
}

export const decreasingStep: OuterPiece = {
  kind: "outer",
  id: "decreasing",
  title: "Gradient step that shrinks with what it has seen",
  formulas: ["η_t = r / √(Σ_s |G_s|²)", "x ← P_X(x - η_t G)"],
  reference: "Ward, Wu and Bottou, AdaGrad stepsizes, JMLR 2020, Algorithm 1",
  parameters: [],
  make: (context, size) => new DecreasingStep(context.oracle.startX, size),
};
