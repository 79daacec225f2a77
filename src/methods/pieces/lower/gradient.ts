/**
 * Lower map: projected gradient steps  y <- P_Y(y - α ∇y g(x, y)). Where Y is the whole space the projection is the identity, so
 * this one map is also the plain gradient map. Paths that nobody keeps run in the fused kernel of small problems.
 */
import type { Oracle } from "../../../oracle/oracle.js";
import { lowerGradientInto } from "../../kit/lowerGradient.js";
import { lowerStepOf } from "../../kit/lowerStep.js";
import type { Parameter } from "../../method.js";
import type { LowerMapPiece } from "../piece.js";
import { MomentumMap } from "./momentumMap.js";
import { GradientField } from "./stepField.js";

type Vector = Float64Array;

export const lowerStep: Parameter = {
  name: "alpha",
  type: "number",
  default: undefined,
  auto: "1/L, L by Lanczos at the start",
  min: 0,
  doc: "Lower step size.",
};

export class GradientMap extends MomentumMap {
  private readonly oracle: Oracle;
  private readonly step: GradientField;
  private readonly last: Vector;

  constructor(oracle: Oracle, alpha: number) {
    const field = new GradientField(oracle.lower, oracle.m, alpha);
    super(oracle.n, oracle.m, oracle.domainY, field);
    this.oracle = oracle;
    this.step = field;
    this.last = new Float64Array(oracle.m);
  }

  get alpha(): number {
    return this.step.alpha;
  }

  protected override repeat(x: Vector, y: Vector, K: number): void {
    if (this.beforeStep) {
      super.repeat(x, y, K);
      return;
    }
    const { lower, domainY } = this.oracle;
    lowerGradientInto(lower, domainY, x, y, this.step.alpha, K, this.last);
  }
}

export const gradient: LowerMapPiece = {
  kind: "lower",
  id: "gradient",
  title: "Projected gradient steps",
  formulas: ["y ← P_Y(y - α ∇y g(x, y))"],
  reference: "Franceschi and others, ICML 2017; Ghadimi and Wang, 2018",
  parameters: [lowerStep],
  order: 1,
  readsUpper: false,
  projects: true,
  stepwise: true,
  make: (context) => new GradientMap(context.oracle, lowerStepOf(context)),
};
