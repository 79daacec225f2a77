/** The pieces by kind and id, and a composition named by its ids: what `--lower`, `--surrogate`, `--field` … mean. */
import { fail } from "../../base/diagnostic.js";
import { closest } from "../../base/suggest.js";
import type { Running } from "../kit/running.js";
import type { Method } from "../method.js";
import { type Composition, compose } from "./compose.js";
import { estimators } from "./estimators/index.js";
import { fields } from "./fields/index.js";
import { lowerMaps } from "./lower/index.js";
import { outerRules } from "./outer/index.js";
import type { Piece } from "./piece.js";
import { samplingRules } from "./sampling/index.js";
import { surrogates } from "./surrogates/index.js";

export const pieces = {
  lower: lowerMaps,
  estimator: estimators,
  outer: outerRules,
  surrogate: surrogates,
  field: fields,
  sampling: samplingRules,
} as const;

export type PieceKind = keyof typeof pieces;

/** What the pieces of each kind are called, with the flag that names one. */
export const pieceKinds: Readonly<Record<PieceKind, string>> = {
  lower: "lower maps",
  estimator: "estimators",
  outer: "outer rules",
  surrogate: "surrogates",
  field: "fields",
  sampling: "sampling rules",
};

function pieceOf<P extends Piece>(kind: PieceKind, list: readonly P[], id: string): P {
  const found = list.find((p) => p.id === id);
  if (found !== undefined) return found;
  const known = list.map((p) => p.id);
  return fail("BLO0805", { kind, piece: id, suggestion: closest(id, known), known });
}

export interface PieceIds {
  /** Default "gradient", unless a surrogate or a field is named. */
  readonly lower?: string | undefined;
  /** Default "cg", likewise. */
  readonly estimator?: string | undefined;
  /** Default "gradient". */
  readonly outer?: string | undefined;
  /** In place of lower map and estimator. */
  readonly surrogate?: string | undefined;
  /** In place of all three, with a sampling rule (default "minibatch"). */
  readonly field?: string | undefined;
  readonly sampling?: string | undefined;
}

/** The composition of the pieces with these ids; fails with BLO0805 for an unknown one, BLO0806 where they do not fit. */
export function composeIds(ids: PieceIds): Method<Running> {
  const whole = ids.surrogate !== undefined || ids.field !== undefined;
  const { lower, estimator } = whole ? ids : { lower: ids.lower ?? "gradient", estimator: ids.estimator ?? "cg" };
  const outer = ids.outer ?? (ids.field === undefined ? "gradient" : undefined);
  const { surrogate, field, sampling } = ids;
  const parts = {
    ...(lower === undefined ? {} : { lower: pieceOf("lower", pieces.lower, lower) }),
    ...(estimator === undefined ? {} : { estimator: pieceOf("estimator", pieces.estimator, estimator) }),
    ...(outer === undefined ? {} : { outer: pieceOf("outer", pieces.outer, outer) }),
    ...(surrogate === undefined ? {} : { surrogate: pieceOf("surrogate", pieces.surrogate, surrogate) }),
    ...(field === undefined ? {} : { field: pieceOf("field", pieces.field, field) }),
    ...(sampling === undefined ? {} : { sampling: pieceOf("sampling", pieces.sampling, sampling) }),
  };
  // `compose` refuses what does not fit together.
  return compose(parts as Composition);
}

/** Kinds of the pieces in the id of a composition, in its order. */
const orders: readonly (readonly PieceKind[])[] = [
  ["lower", "estimator", "outer"],
  ["lower", "estimator", "outer", "sampling"],
  ["surrogate", "outer"],
  ["field", "sampling"],
];

/** The composition of an id such as `nesterov+cg+adam`: what `compose` calls its methods. Undefined where it is none. */
export function composedNamed(id: string): Method<Running> | undefined {
  const ids = id.split("+");
  const kinds = orders.find(
    (order) => order.length === ids.length && order.every((kind, i) => pieces[kind].some((p) => p.id === ids[i])),
  );
  return kinds && composeIds(Object.fromEntries(kinds.map((kind, i) => [kind, ids[i]])));
}
