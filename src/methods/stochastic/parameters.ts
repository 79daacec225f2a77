/** Options that stochastic methods share, and how they are read. */
import type { SampledOracle, Sampler } from "../../oracle/sampled.js";
import { sampledOf } from "../../oracle/sampledOracle.js";
import { choice, given } from "../kit/options.js";
import type { MethodContext, Parameter } from "../method.js";
import type { Schedule } from "../pieces/sampling/field.js";
import { decaying } from "../pieces/sampling/schedule.js";

export const batchParameter: Parameter = {
  name: "batch",
  type: "integer",
  default: undefined,
  auto: "what the sums marked `batch` say",
  min: 1,
  doc: "Terms read at a time.",
};

export const averageParameter: Parameter = {
  name: "average",
  type: "boolean",
  default: undefined,
  auto: "true in automatic runs of methods whose noise stays, else false",
  doc: "Returns the average of the last iterates (between a half and three quarters of them) in place of the last one.",
};

export const passesParameter: Parameter = {
  name: "passes",
  type: "number",
  default: 300,
  min: 1,
  doc: "Automatic runs of methods whose noise stays end after this many passes over the terms, a step of x counted as one minibatch.",
};

export const rhoParameter: Parameter = {
  name: "rho",
  type: "number",
  default: undefined,
  auto: "1 / (3 L_max), L_max the largest curvature of a block of lower terms, followed along the run; 1 / L where nothing is sampled (with `gamma` given: 0.1 / L_max)",
  min: 0,
  doc: "First step size of y and v.",
};

export const gammaParameter: Parameter = {
  name: "gamma",
  type: "number",
  default: undefined,
  auto: "0.3 max(1, |x|) / sqrt(sum of |D_x|²) after two passes with x held; up to ten times less where y and v lag behind in runs without noise at the end (with `rho` given: 0.4 rho)",
  min: 0,
  doc: "First step size of x.",
};

/** `upperPower`: where x has an exponent of its own. */
export function decayParameters(t0: number, power: number, upperPower?: number): readonly Parameter[] {
  const ofUpper: Parameter = {
    name: "upperPower",
    type: "number",
    default: upperPower,
    min: 0,
    max: 1,
    doc: "The same exponent for the steps of x.",
  };
  return [
    { name: "t0", type: "number", default: t0, min: 1e-9, doc: "Steps are divided by (1 + t/t0)^power." },
    {
      name: "power",
      type: "number",
      default: power,
      min: 0,
      max: 1,
      doc: "Exponent of the decay; 0 keeps steps constant.",
    },
    ...(upperPower === undefined ? [] : [ofUpper]),
  ];
}

/** The problem's stochastic view as the options say. */
export function openSampled(context: MethodContext): SampledOracle {
  const batch = given(context, "batch");
  const sampler = choice(context, "sampler", "shuffle") as Sampler;
  return sampledOf(context.oracle, { sampler, ...(batch === undefined ? {} : { batch }) });
}

/** a / (1 + t/t0)^power with the run's `t0` and `power` (for x: `upperPower` where there is one). */
export function decayOf(context: MethodContext, a: number, exponent: "power" | "upperPower" = "power"): Schedule {
  return decaying(a, given(context, "t0") ?? 1, given(context, exponent) ?? given(context, "power") ?? 0);
}

/** Evaluations that come to one pass over the terms. */
export function evaluationsPerPass({ upper, lower }: SampledOracle): number {
  return Math.max(upper.blocks, lower.blocks);
}
