/**
 * Contracts of stochastic oracles: a finite sum read through minibatches, or an exact oracle with additive noise.
 *
 *   f = (1/N_f) Σ f_i,  g = (1/N_g) Σ g_j        token: which terms, and which noise; re-usable at any number of points
 *
 * Queries at `batch` see the current tokens, of the upper level in f's queries and of the lower level in g's; they are
 * unbiased estimates of the same queries at `full`. A query on b of N terms counts b/N.
 */
import type { Random } from "../num/random.js";
import type { Oracle } from "./oracle.js";

/** A minibatch of one level. Immutable; equal tokens give equal answers, bit for bit. */
export interface SampleToken {
  /** 0-based terms drawn, per sampled sum of the level in the order of the sums. */
  readonly terms: readonly Int32Array[];
  /** Seed of the additive noise; 0 where there is none. */
  readonly noise: number;
}

export interface LevelSampling {
  /** False where nothing is random: one block, no noise; every token then gives the full level. */
  readonly random: boolean;
  /** Number of terms of the longest sampled sum (1 where there is none), and the batch size asked for. */
  readonly terms: number;
  readonly batch: number;
  /** A fixed partition of every sampled sum into `blocks` parts of (nearly) `batch` terms; block j has weight |block| / N. */
  readonly blocks: number;
  weight(block: number): number;
  block(j: number): SampleToken;
  /** All terms, no noise. */
  readonly everything: SampleToken;
  /** Draws a minibatch: shuffled epochs without replacement, or independent with replacement, by the sampler chosen. */
  draw(random: Random): SampleToken;
}

export interface SampledOracle {
  readonly full: Oracle;
  readonly batch: Oracle;
  readonly upper: LevelSampling;
  readonly lower: LevelSampling;
  /** Sets the sample that later queries at `batch` see. */
  use(level: "upper" | "lower", token: SampleToken): void;
}
