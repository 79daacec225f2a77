/** Outer rule: a relaxed projected gradient step,   x <- x + theta (P_X(x - eta G) - x)   (Huang, 2023, Algorithm 1). */
import type { DomainOracle } from "../../../oracle/oracle.js";
import { given, numberOr } from "../../kit/options.js";
import { OuterStep } from "../../kit/outerStep.js";
import { upperStep } from "../../kit/stepParameters.js";
import type { Parameter } from "../../method.js";
import type { OuterPiece, OuterRule } from "../piece.js";

type Vector = Float64Array;

const relaxation: Parameter = {
  name: "relaxation",
  type: "number",
  default: 0.9,
  min: 0,
  max: 1,
  doc: "Share θ of the projected step that is taken.",
};

class Relaxed implements OuterRule {
  readonly relaxation: number;
  private readonly step: OuterStep;
  private readonly before: Vector;

  constructor(size: number, eta: number | undefined, theta: number) {
    this.step = new OuterStep(size, eta);
    this.relaxation = theta;
    this.before = new Float64Array(size);
  }

  get eta(): number {
    return this.step.eta;
  }

  measure(domain: DomainOracle, x: Vector, G: Vector): number {
    return this.step.measure(domain, x, G);
  }

  take(domain: DomainOracle, x: Vector, G: Vector): void {
    const { before, relaxation: theta } = this;
    before.set(x);
    this.step.take(domain, x, G);
    for (let i = 0; i < x.length; i++) x[i] = before[i] + theta * (x[i] - before[i]);
  }

  shrink(): void {
    this.step.shrink();
  }
}

export const relaxed: OuterPiece = {
  kind: "outer",
  id: "relaxed",
  title: "Relaxed projected gradient step",
  formulas: ["x ← x + θ (P_X(x - η G) - x)"],
  reference: "Huang, On momentum-based gradient methods for bilevel optimization with nonconvex lower-level, 2023",
  parameters: [upperStep, relaxation],
  searches: true,
  make: (context, size) => new Relaxed(size, given(context, "eta"), numberOr(context, "relaxation", 0.9)),
};
