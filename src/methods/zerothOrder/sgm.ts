/**
 * sgm: the switching subgradient method for the simple bilevel problem at the starting x, which stays: among the lower
 * solutions the one the upper level prefers. Published loop with the options' constants (simpleBilevel.ts), automatic in
 * stages (stagedSubgradient.ts). The inner solver of igfm.
 */
import { anyGiven, numberOr } from "../kit/options.js";
import { type Running, running, StateFields } from "../kit/running.js";
import type { Method, MethodContext, Parameter } from "../method.js";
import { type SwitchingOptions, SwitchingSubgradient } from "./simpleBilevel.js";
import { StagedSubgradient } from "./stagedSubgradient.js";

const WHY =
  "This method holds x at its start: y is the lower solution that the upper level prefers there, and x is not improved.";

class SgmPaper extends StateFields implements Running {
  private readonly inner: SwitchingSubgradient;
  private readonly options: SwitchingOptions;
  private k = 0;

  constructor(context: MethodContext) {
    super(context.oracle);
    this.inner = new SwitchingSubgradient(context.oracle);
    this.options = switchingOptions(context);
    this.inner.begin(this.x, this.y, this.options);
  }

  step(context: MethodContext): void {
    const { inner, options, x, y } = this;
    inner.step(x, this.k++, options);
    inner.answerInto(y);
    this.value = context.oracle.upper.value(x, y);
    this.extra.recorded = inner.recorded;
    this.extra.lowest = inner.lowest;
    if (this.k >= options.K) this.finish("stalled", WHY);
  }

  backOff(): boolean {
    return false;
  }
}

class SgmAuto extends StateFields implements Running {
  private readonly inner: StagedSubgradient;

  constructor(context: MethodContext) {
    super(context.oracle);
    this.inner = new StagedSubgradient(context.oracle, context.exhausted);
    this.inner.begin(this.x, this.y);
    this.value = context.oracle.upper.value(this.x, this.y);
  }

  step(context: MethodContext): void {
    const { inner } = this;
    inner.step(this.x, this.y);
    this.value = context.oracle.upper.value(this.x, this.y);
    this.extra.lowest = inner.lowest;
    this.extra.excess = inner.value - inner.lowest;
    if (inner.stage >= inner.stages) this.finish("stalled", WHY);
  }

  backOff(): boolean {
    return false;
  }
}

/** The options of the published switching loop, with the defaults of its paper. */
export function switchingOptions(context: MethodContext): SwitchingOptions {
  return {
    K0: numberOr(context, "K0", 100),
    K: numberOr(context, "K", 1000),
    tau: numberOr(context, "tau", 0.01),
    theta: numberOr(context, "theta", 1e-3),
    suffix: numberOr(context, "suffix", 0.5),
  };
}

/** Options of the inner loop, shared by sgm and igfm; any of them selects the published loop. */
export const switchingParameters: readonly Parameter[] = [
  {
    name: "K0",
    type: "integer",
    default: undefined,
    auto: "stages without constants; 100 in the published loop",
    min: 0,
    doc: "Subgradient steps on g that find ĝ. Giving K0, K, tau, theta or suffix selects the published loop.",
  },
  {
    name: "K",
    type: "integer",
    default: undefined,
    auto: "stages without constants; 1000 in the published loop",
    min: 1,
    doc: "Switching steps.",
  },
  {
    name: "tau",
    type: "number",
    default: undefined,
    auto: "halved from stage to stage; 0.01 in the published loop",
    min: 0,
    doc: "Step size on f and on g.",
  },
  {
    name: "theta",
    type: "number",
    default: undefined,
    auto: "a tenth of what a step on f adds to g; 0.001 in the published loop",
    min: 0,
    doc: "Relaxation: y counts as a lower solution while g(x, y) - ĝ <= 2 theta. Biases f by about sqrt(2 theta).",
  },
  {
    name: "suffix",
    type: "number",
    default: undefined,
    auto: "0.5 in the published loop",
    min: 0,
    max: 1,
    doc: "Share of the steps, from the end, whose recorded points are averaged; 1 is the published mean.",
  },
];

export const sgm: Method<Running> = {
  id: "sgm",
  title: "Switching subgradient method for the simple bilevel problem (x fixed)",
  reference:
    "Chen, Xu and Zhang, On bilevel optimization without lower-level strong convexity, 2023, Algorithm 1; switching: Polyak 1967; stages: Polyak's step, Introduction to optimization, 1987, section 5.3",
  formulas: [
    "ŷ ← P_Y(ŷ - τ ∂y g(x, ŷ)), K0 times;  ĝ = g(x, ŷ)",
    "if g(x, y) - ĝ ≤ 2θ: record y, y ← P_Y(y - τ ∂y f);  else y ← P_Y(y - τ ∂y g);  K times",
    "answer: mean of the recorded y of the last half",
    "auto: steps t ∂f/|∂f| with t halved in 30 stages, back by (g - ĝ) ∂g/|∂g|², ĝ = lowest g met",
  ],
  assumptions:
    "f and g convex in y, possibly nonsmooth; g with gradient dominance or weak sharpness. x is held at its start.",
  failures:
    "Biased by the relaxation: f may lie below its constrained minimum by about C sqrt(2 θ). Where g is merely convex no method of this kind finds φ(x) in bounded time.",
  requirements: {
    order: 1,
    class: "lower level convex, solutions need not be unique; kinks allowed",
    upperDomain: true,
    lowerDomain: true,
    upperConstraints: false,
    lowerConstraints: false,
    minimaxOnly: false,
  },
  parameters: switchingParameters,
  init: (context) =>
    anyGiven(
      context,
      switchingParameters.map((p) => p.name),
    )
      ? new SgmPaper(context)
      : new SgmAuto(context),
  ...running,
};
