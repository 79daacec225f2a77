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
import type { NoiseModel } from "./sampledNoise.js";

/** A minibatch of one level. Immutable; equal tokens give equal answers, bit for bit. */
export interface SampleToken {
  /** 0-based terms drawn, per sampled sum of the level in the order of the sums. */
  readonly terms: readonly Int32Array[];
  /** Factor of each sampled sum where it is not N / (number of terms drawn). */
  readonly scale?: readonly number[];
  /** Seed of the additive noise; 0 where there is none. */
  readonly noise: number;
  /** Number of samples drawn together (default 1): the variance of the additive noise is divided by it. */
  readonly samples?: number;
}

/** How minibatches are drawn: `shuffle`: random permutations one after the other; `independent`: with replacement. */
export type Sampler = "shuffle" | "independent";

export interface SamplingOptions {
  /** Default: shuffle. */
  readonly sampler?: Sampler;
  /** Terms drawn at a time, in place of what the marks say (never more than a sum has). */
  readonly batch?: number;
  /** Additive noise on what `batch` answers. */
  readonly noise?: NoiseModel;
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
  /** With `random` the block carries fresh additive noise where the level has some; the same object where it has none. */
  block(j: number, random?: Random): SampleToken;
  /** All terms, no noise. */
  readonly everything: SampleToken;
  /** Draws `samples` minibatches (default 1) as one token: by shuffled permutations, or independently with replacement. */
  draw(random: Random, samples?: number): SampleToken;
}

export interface SampledOracle {
  readonly full: Oracle;
  readonly batch: Oracle;
  readonly upper: LevelSampling;
  readonly lower: LevelSampling;
  /** Sets the sample that later queries at `batch` see; at first it is `everything`. */
  use(level: "upper" | "lower", token: SampleToken): void;
  /** The sample that queries at `batch` see. */
  current(level: "upper" | "lower"): SampleToken;
}
