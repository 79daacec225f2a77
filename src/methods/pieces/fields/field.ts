/**
 * The pieces of the form "field x sampling rule": a field says which directions all variables have, and which loop follows
 * estimates of them; how the estimates come about is the sampling rule's.
 */
import type { Running } from "../../kit/running.js";
import type { Method } from "../../method.js";
import type { LoopRecipe } from "../../stochastic/recursion.js";
import type { Piece } from "../piece.js";
import type { SamplingPiece } from "../sampling/field.js";

export interface FieldFacts extends Omit<LoopRecipe, "make" | "parameters"> {
  readonly sampling: SamplingPiece;
}

export interface FieldPiece extends Piece {
  readonly kind: "field";
  /** Draws more than one sample of a level per evaluation, so that no table can keep its values by term. */
  readonly redraws: boolean;
  compose(facts: FieldFacts): Method<Running>;
}
