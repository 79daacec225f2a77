/**
 * Outer rule: the step along an exponential mean of the directions (heavy ball, Polyak 1964, with the mean's weights),
 *
 *   m <- beta m + (1 - beta) G,   x <- P_X(x - eta m)        m = 0 at first
 *
 * On a quadratic with curvature at most L it is stable for eta < 2 (1 + beta) / ((1 - beta) L).
 */
import type { DomainOracle } from "../../../oracle/oracle.js";
import { given, numberOr } from "../../kit/options.js";
import { OuterStep } from "../../kit/outerStep.js";
import { upperStep } from "../../kit/stepParameters.js";
import type { Parameter } from "../../method.js";
import type { OuterPiece, OuterRule } from "../piece.js";

type Vector = Float64Array;

const beta: Parameter = {
  name: "outerMomentum",
  type: "number",
  default: 0.9,
  min: 0,
  max: 0.9999,
  doc: "Weight β of the mean's past.",
};

class Momentum implements OuterRule {
  private readonly step: OuterStep;
  private readonly mean: Vector;
  private readonly weight: number;

  constructor(size: number, eta: number | undefined, weight: number) {
    this.step = new OuterStep(size, eta);
    this.mean = new Float64Array(size);
    this.weight = weight;
  }

  get eta(): number {
    return this.step.eta;
  }

  measure(domain: DomainOracle, x: Vector, G: Vector): number {
    return this.step.measure(domain, x, G);
  }

  take(domain: DomainOracle, x: Vector, G: Vector): void {
    const { mean, weight } = this;
    for (let i = 0; i < mean.length; i++) mean[i] = weight * mean[i] + (1 - weight) * G[i];
    this.step.take(domain, x, mean);
  }

  shrink(): void {
    this.step.shrink();
    this.mean.fill(0);
  }
}

export const momentum: OuterPiece = {
  kind: "outer",
  id: "momentum",
  title: "Step along an exponential mean of the directions",
  formulas: ["m ← β m + (1 - β) G", "x ← P_X(x - η m)"],
  reference: "Polyak, Some methods of speeding up the convergence of iteration methods, 1964",
  parameters: [upperStep, beta],
  make: (context, size) => new Momentum(size, given(context, "eta"), numberOr(context, "outerMomentum", 0.9)),
};
