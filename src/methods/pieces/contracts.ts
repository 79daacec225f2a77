/** The contracts of all kinds of pieces, for those who write pieces of their own. */
export type { FieldFacts, FieldPiece } from "./fields/field.js";
export type {
  Estimator,
  EstimatorPiece,
  LowerMap,
  LowerMapPiece,
  MoveOrder,
  OuterPiece,
  OuterRule,
  Piece,
  Surrogate,
  SurrogatePiece,
} from "./piece.js";
export type { FieldEstimator, SampledField, SamplingPiece, SamplingSettings } from "./sampling/field.js";
