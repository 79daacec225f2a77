/** The pieces by kind and id, and a composition named by its ids: what `--lower`, `--estimator` and `--outer` mean. */
import { fail } from "../../base/diagnostic.js";
import { closest } from "../../base/suggest.js";
import type { Running } from "../kit/running.js";
import type { Method } from "../method.js";
import { compose } from "./compose.js";
import { estimators } from "./estimators/index.js";
import { lowerMaps } from "./lower/index.js";
import { outerRules } from "./outer/index.js";
import type { Piece } from "./piece.js";

export const pieces = { lower: lowerMaps, estimator: estimators, outer: outerRules } as const;

export type PieceKind = keyof typeof pieces;

/** What a piece of each kind is called, with the flag that names it. */
export const pieceKinds: Readonly<Record<PieceKind, string>> = {
  lower: "lower maps",
  estimator: "estimators",
  outer: "outer rules",
};

function pieceOf<P extends Piece>(kind: PieceKind, list: readonly P[], id: string): P {
  const found = list.find((p) => p.id === id);
  if (found !== undefined) return found;
  const known = list.map((p) => p.id);
  return fail("BLO0805", { kind, piece: id, suggestion: closest(id, known), known });
}

export interface PieceIds {
  /** Default "gradient". */
  readonly lower?: string | undefined;
  /** Default "cg". */
  readonly estimator?: string | undefined;
  /** Default "gradient". */
  readonly outer?: string | undefined;
}

/** The composition of the pieces with these ids; fails with BLO0805 for an unknown one, BLO0806 where they do not fit. */
export function composeIds({ lower = "gradient", estimator = "cg", outer = "gradient" }: PieceIds): Method<Running> {
  return compose({
    lower: pieceOf("lower", pieces.lower, lower),
    estimator: pieceOf("estimator", pieces.estimator, estimator),
    outer: pieceOf("outer", pieces.outer, outer),
  });
}
