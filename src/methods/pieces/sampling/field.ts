/**
 * The contracts of stochastic methods of the form "field x sampling rule x step rule":
 *
 *   D(z) = (D_1(z), …, D_k(z))   a vector field of the variables z = (x, y, v, …), each part read from one level's samples
 *   d ~ D(z)                     an estimate by a sampling rule: full, minibatch, SAGA, SPIDER, STORM
 *
 * A field evaluates all its parts with the samples that are in use. Parts that are added up later (grad_y f + H v) stay
 * apart where they come from different levels, since the levels draw independently; sums are formed after the reduction.
 */
import type { Random } from "../../../num/random.js";
import type { SampledOracle } from "../../../oracle/sampled.js";
import type { MethodContext } from "../../method.js";
import type { Piece } from "../piece.js";

type Vector = Float64Array;
export type Level = "upper" | "lower";

export interface FieldPart {
  readonly length: number;
  /** The level whose sample the part is linear in. */
  readonly level: Level;
}

export interface SampledField {
  readonly parts: readonly FieldPart[];
  /** Lengths of the variables, in the order of `at`. */
  readonly variables: readonly number[];
  /** out[k] <- part k at the variables `at`, with the samples in use (`SampledOracle.use` was called). */
  evaluate(at: readonly Vector[], out: readonly Vector[]): void;
  /**
   * Draws whatever else the field needs (tokens of a Neumann series, a random number of its terms) and keeps it until the
   * next call, so that the same sample can be evaluated at two points. `everything`: all terms, no randomness. Called
   * after the levels' samples were set; what it sets in `evaluate` it must set back. A field with it has no SAGA tables.
   */
  redraw?(random: Random, everything: boolean): void;
}

/** Estimates of one field along a run. Nothing allocates after it was made. */
export interface FieldEstimator {
  /** Draws a sample; out[k] <- estimate of part k at `at`. */
  direction(at: readonly Vector[], out: readonly Vector[]): void;
  /** Forgets tables and recursions, after a jump of the variables (a restored point). */
  reset(): void;
  /** Doubles kept between calls. */
  readonly memory: number;
}

/** A number that changes along the run: t = 0, 1, 2, … */
export type Schedule = (t: number) => number;

/** What a method may fix of a rule; what it leaves out comes from the options of the run, then from the rule's defaults. */
export interface SamplingSettings {
  /** Where tokens are drawn from; default: `context.random.split("samples")`. */
  readonly random?: Random;
  /** Minibatches per draw (default 1). */
  readonly samples?: number;
  /** spider: evaluations between full ones, q. */
  readonly period?: number;
  /** storm: eta_t. */
  readonly eta?: Schedule;
  /** saga: fill the tables at the first point (default) or start them at zero. */
  readonly start?: "full" | "zero";
}

export interface SamplingPiece extends Piece {
  readonly kind: "sampling";
  /** The noise of its estimates vanishes where the variables come to rest. */
  readonly reducesVariance?: true;
  /** Keeps the last values of every term (or block of terms). */
  readonly keepsTables?: true;
  /** Reads all terms every time: nothing is random. */
  readonly readsAll?: true;
  /** Published decay of the steps taken along its estimates, (1 + t/t0)^(-power); default: 0 with reduced variance, else 1/2. */
  readonly power?: number;
  make(
    context: MethodContext,
    sampled: SampledOracle,
    field: SampledField,
    settings?: SamplingSettings,
  ): FieldEstimator;
}
