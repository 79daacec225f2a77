/**
 * Methods made of pieces: `compose` gives a method like any other, with facts, options and requirements merged from its pieces.
 *
 *   { lower, estimator, outer }              K lower steps, an estimate of the hypergradient, a step on x    (composeLower.ts)
 *   { lower, estimator, outer, sampling }    the same on minibatches                                      (composeSampled.ts)
 *   { surrogate, outer }                     descent on one function of x and y                         (composeSurrogate.ts)
 *   { field, sampling }                      all variables along sampled directions at once                (composeField.ts)
 */
import { fail } from "../../base/diagnostic.js";
import type { Running } from "../kit/running.js";
import type { Method } from "../method.js";
import { composeField, type FieldComposition } from "./composeField.js";
import { composeLower, type LowerComposition } from "./composeLower.js";
import { composeSampled, type SampledComposition } from "./composeSampled.js";
import { composeSurrogate, type SurrogateComposition } from "./composeSurrogate.js";
import type { Piece } from "./piece.js";

export type Composition = LowerComposition | SampledComposition | SurrogateComposition | FieldComposition;

/** What a piece of each kind is called. */
const kindNames = {
  lower: "lower map",
  estimator: "estimator",
  outer: "outer rule",
  surrogate: "surrogate",
  field: "field",
  sampling: "sampling rule",
} as const;

type Kind = keyof typeof kindNames;

/** Kinds that have no place beside a piece of the first, with the reason. */
const exclusive: readonly (readonly [Kind, readonly Kind[], string])[] = [
  [
    "surrogate",
    ["lower", "estimator", "field", "sampling"],
    "a surrogate is one function of x and y, whose gradients are all the directions there are",
  ],
  ["field", ["lower", "estimator", "outer"], "a field moves y and its adjoint itself, and x by a step rule of its own"],
];

/** The method; fails with BLO0806 where the pieces do not fit each other. */
export function compose(parts: Composition): Method<Running> {
  const given: Partial<Record<Kind, Piece>> = parts;
  for (const [kind, others, why] of exclusive) {
    const piece = given[kind];
    if (piece === undefined) continue;
    for (const other of others) {
      const second = given[other];
      if (second === undefined) continue;
      const named = `${kindNames[other]} "${second.id}"`;
      fail("BLO0806", { piece: `${kindNames[kind]} "${piece.id}"`, other: named, why, fitting: [] });
    }
  }
  if ("surrogate" in parts) return composeSurrogate(parts);
  if ("field" in parts) return composeField(parts);
  return "sampling" in parts ? composeSampled(parts) : composeLower(parts);
}
