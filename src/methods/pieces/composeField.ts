/**
 * Methods of a field and a sampling rule: all variables move at once along estimates of the field (stochastic/loop.ts), so
 *
 *   soba = joint x minibatch,  saba = joint x saga,  srba = joint x spider,  mrbo = neumann x storm,  sustain = random-neumann x storm
 */
import { fail } from "../../base/diagnostic.js";
import type { Running } from "../kit/running.js";
import type { Method } from "../method.js";
import { type CompositionFacts, lowerCase, mergedReference, refuseTwins } from "./composeLower.js";
import type { FieldPiece } from "./fields/field.js";
import type { SamplingPiece } from "./sampling/field.js";
import { minibatch } from "./sampling/minibatch.js";

export interface FieldComposition extends CompositionFacts {
  readonly field: FieldPiece;
  /** Default: fresh minibatches. */
  readonly sampling?: SamplingPiece;
}

const T0 = 200;

export function composeField(parts: FieldComposition): Method<Running> {
  const { field, sampling = minibatch, defaults = {} } = parts;
  refuseMisfit(field, sampling);
  const id = parts.id ?? `${field.id}+${sampling.id}`;
  const reducesVariance = sampling.reducesVariance === true;
  const method = field.compose({
    id,
    title: parts.title ?? `${field.title}; ${lowerCase(sampling.title)}`,
    reference: parts.reference ?? mergedReference([field, sampling]),
    formulas: parts.formulas ?? [...field.formulas, ...sampling.formulas],
    assumptions: parts.assumptions ?? "g strongly convex in y, f and g smooth; unbiased samples of bounded variance.",
    failures:
      parts.failures ??
      (reducesVariance
        ? "Too large constant steps diverge. Additive noise is not reduced."
        : "The noise of the samples stays: two to three digits are usual."),
    sampling,
    reducesVariance,
    decay: { t0: T0, power: sampling.power ?? (reducesVariance ? 0 : 0.5) },
  });
  const parameters = method.parameters.map((p) =>
    defaults[p.name] === undefined ? p : { ...p, default: defaults[p.name] },
  );
  refuseTwins(parameters, id);
  const requirements = { ...method.requirements, class: parts.class ?? method.requirements.class };
  return { ...method, requirements, parameters };
}

function refuseMisfit(field: FieldPiece, sampling: SamplingPiece): void {
  const refuse = (why: string): void => {
    fail("BLO0806", { piece: `sampling rule "${sampling.id}"`, other: `field "${field.id}"`, why, fitting: [] });
  };
  if (sampling.keepsTables && field.redraws) {
    refuse("it draws several samples at each evaluation, so that no table can keep its values by term");
  }
  if (sampling.readsAll) {
    refuse("nothing would be sampled; a lower map and an estimator do the same without noise in mind");
  }
}
