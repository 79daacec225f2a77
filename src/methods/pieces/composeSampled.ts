/**
 * Methods of a lower map, an estimator, an outer rule and a sampling rule: the published loop of the three on minibatches
 * (sampledLoop.ts), a fresh sample for each lower step and for each estimate; with the rule `full`, or where nothing is sampled,
 * on all terms. Rules that keep tables or differences estimate one field along a run, which steps of a lower map are not.
 */
import { fail } from "../../base/diagnostic.js";
import { anyGiven, flag, numberOr } from "../kit/options.js";
import { type Running, running } from "../kit/running.js";
import { lowerSteps } from "../kit/stepParameters.js";
import type { Method, Parameter } from "../method.js";
import {
  averageParameter,
  batchParameter,
  decayParameters,
  openSampled,
  passesParameter,
} from "../stochastic/parameters.js";
import { ComposedLoop, type Parts } from "./composedLoop.js";
import {
  assumed,
  failing,
  type LowerComposition,
  lowerCase,
  mergedFormulas,
  mergedReference,
  PUBLISHED_STEPS,
  refuseMisfits,
  refuseTwins,
  requirementsOf,
  STRONGLY_CONVEX,
  warmStart,
} from "./composeLower.js";
import { gradientStep } from "./outer/gradient.js";
import type { OuterPiece } from "./piece.js";
import { SampledLoop } from "./sampledLoop.js";
import type { SamplingPiece } from "./sampling/field.js";

export interface SampledComposition extends Omit<LowerComposition, "automatic" | "simultaneous" | "start"> {
  readonly sampling: SamplingPiece;
  /** Where lower steps begin; default "warm". */
  readonly start?: "warm" | "cold";
}

/** Options that belong to minibatches; rules bring their own (`sampler`). */
const sampledOptions: readonly Parameter[] = [
  batchParameter,
  averageParameter,
  passesParameter,
  ...decayParameters(200, 0.5).map((p) =>
    p.name === "power" ? { ...p, doc: "Exponent of the decay of the steps on x where eta is given; 0 keeps them." } : p,
  ),
];

export function composeSampled(parts: SampledComposition): Method<Running> {
  const { lower, estimator, sampling } = parts;
  const outer = parts.outer ?? gradientStep;
  refuseMisfits(lower, estimator);
  refuseOnSamples(parts, outer);
  const id = parts.id ?? `${lower.id}+${estimator.id}+${outer.id}+${sampling.id}`;
  const parameters = mergedParameters(parts, outer);
  refuseTwins(parameters, id);
  const requirements = { ...requirementsOf(lower, estimator, parts.class ?? STRONGLY_CONVEX), stochastic: true };
  const noise = sampling.readsAll
    ? ""
    : " The noise of the samples stays, and where an equation is solved on one minibatch so does a bias of the order of its variance.";
  return {
    id,
    title:
      parts.title ?? [lower, estimator, outer, sampling].map((p, i) => (i ? lowerCase(p.title) : p.title)).join("; "),
    reference: parts.reference ?? mergedReference([lower, estimator, outer, sampling]),
    formulas: parts.formulas ?? [
      ...mergedFormulas(lower, estimator, outer),
      sampling.readsAll
        ? "all terms at every step"
        : "a fresh minibatch at each lower step and at each estimate; sweeps meet those of the steps",
    ],
    assumptions: parts.assumptions ?? assumed(estimator),
    failures: parts.failures ?? failing(estimator) + noise,
    requirements,
    parameters,
    init: (context) => {
      const K = numberOr(context, "K", parts.K ?? PUBLISHED_STEPS);
      const start = flag(context, "warm", parts.start !== "cold") ? "warm" : "cold";
      const chosen: Parts = { lower, estimator, outer, start, simultaneous: false, K };
      const sampled = openSampled(context);
      const random = !sampling.readsAll && (sampled.upper.random || sampled.lower.random);
      if (!random) return new ComposedLoop(context, chosen);
      return new SampledLoop(context, sampled, chosen, K, anyGiven(context, ["eta"]), requirements.order);
    },
    ...running,
  };
}

function refuseOnSamples({ lower, estimator, sampling }: SampledComposition, outer: OuterPiece): void {
  const refuse = (piece: string, why: string, fitting: readonly string[] = []): void => {
    fail("BLO0806", { piece, other: `sampling rule "${sampling.id}"`, why, fitting });
  };
  if (sampling.readsAll) return;
  if (sampling.id !== "minibatch") {
    refuse(
      `lower map "${lower.id}"`,
      "it corrects estimates of one field by earlier ones, and each lower step has a field of its own; --field joint has one",
    );
  }
  if (lower.stepwise !== true) refuse(`lower map "${lower.id}"`, "it does not say when a step begins");
  if (estimator.exactOnly !== undefined) refuse(`estimator "${estimator.id}"`, estimator.exactOnly);
  if (outer.exactOnly !== undefined) refuse(`outer rule "${outer.id}"`, outer.exactOnly);
}

function mergedParameters(parts: SampledComposition, outer: OuterPiece): readonly Parameter[] {
  const { lower, estimator, sampling, defaults = {} } = parts;
  const K = { ...lowerSteps, default: parts.K ?? PUBLISHED_STEPS };
  const own = [K, { ...warmStart, default: parts.start !== "cold" }];
  const onSamples = (p: Parameter): Parameter => {
    if (p.name === "alpha" || p.name === "sl")
      return { ...p, auto: "1/(3 L_max), L_max the largest curvature of a block" };
    if (p.name !== "eta") return p;
    const auto = outer.scaleFree
      ? "0.1 (1 + max |x|) at the start, decaying"
      : "0.3 max(1, |x|) / sqrt(sum of |G|²) after two passes with x held";
    return { ...p, auto };
  };
  const pieces = [...lower.parameters, ...estimator.parameters, ...outer.parameters];
  const all = sampling.readsAll
    ? [...own, ...pieces]
    : [...own, ...pieces.map(onSamples), ...sampledOptions, ...sampling.parameters];
  return all.map((p) => (defaults[p.name] === undefined ? p : { ...p, default: defaults[p.name] }));
}
