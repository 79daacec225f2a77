/** The stochastic view of an oracle: its two levels at samples of their own, sharing its counters. */
import type { Random } from "../num/random.js";
import type { LevelName } from "./engine.js";
import type { Oracle } from "./oracle.js";
import type { SampledOracle, SampleToken, SamplingOptions } from "./sampled.js";
import { type SampledLevel, sampledLevel, type ThinnedLevel, type ThinnedLevels } from "./sampledLevel.js";
import { LevelNoise, type NoiseModel } from "./sampledNoise.js";
import { Draws, noiseSeed, type SumSize } from "./sampledTokens.js";

/** What a level offers: its sampled sums with the batch sizes of their marks, and queries on parts of them. */
export interface Samples {
  readonly sums: readonly SumSize[];
  thinned(sizes: readonly number[], scales: readonly number[]): ThinnedLevel;
}

const nothing: Samples = {
  sums: [],
  thinned: () => {
    throw new Error("nothing is sampled here");
  },
};

/** `samples`: absent for oracles without sampled sums (one block per level, all that is random is the noise). */
export function sampledView(
  full: Oracle,
  samples: Readonly<Record<LevelName, Samples>> = { upper: nothing, lower: nothing },
  { sampler = "shuffle", batch, noise = {} }: SamplingOptions = {},
): SampledOracle {
  const side = (name: LevelName) => {
    const level = samples[name];
    const sums = level.sums.map((s) => ({ terms: s.terms, batch: Math.min(batch ?? s.batch, s.terms) }));
    const added = new LevelNoise(noise, name);
    const draws = new Draws(sums, sampler, added.present);
    const queries = sampledLevel(full[name], thinnedLevels(level, draws.everything), added, full.m, draws.everything);
    return { draws, queries };
  };
  const upper = side("upper");
  const lower = side("lower");
  const levels: Readonly<Record<LevelName, SampledLevel>> = { upper: upper.queries, lower: lower.queries };
  return {
    full,
    batch: withLevels(full, levels),
    upper: upper.draws,
    lower: lower.draws,
    use(level, token) {
      levels[level].token = token;
    },
    current: (level) => levels[level].token,
  };
}

/** The stochastic view of any oracle; one written by hand, which has none, is one block. */
export function sampledOf(oracle: Oracle, options: SamplingOptions = {}): SampledOracle {
  return oracle.sampled?.(options) ?? sampledView(oracle, undefined, options);
}

/**
 * For experiments: every query of a level sees fresh noise; the stochastic view has noise per token. `fork` is exact, so
 * that certificates judge the problem and not its noise.
 */
export function withNoise(oracle: Oracle, noise: NoiseModel, random: Random): Oracle {
  const streams = { upper: random.split("upper noise"), lower: random.split("lower noise") };
  const queries = (name: LevelName): SampledLevel => {
    const added = new LevelNoise(noise, name);
    const token = { terms: [], noise: 0 };
    const next = (): SampleToken => ({ terms: token.terms, noise: noiseSeed(streams[name]) });
    return sampledLevel(oracle[name], () => undefined, added, oracle.m, token, added.present ? next : undefined);
  };
  return {
    ...withLevels(oracle, { upper: queries("upper"), lower: queries("lower") }),
    sampled: (options = {}) => sampledOf(oracle, { ...options, noise: { ...noise, ...options.noise } }),
  };
}

function withLevels(full: Oracle, { upper, lower }: Readonly<Record<LevelName, SampledLevel>>): Oracle {
  const { problem, n, m, startX, startY, domainX, domainY, counts, backend } = full;
  const shared = backend === undefined ? {} : { backend };
  return { problem, n, m, startX, startY, upper, lower, domainX, domainY, counts, ...shared, fork: () => full.fork() };
}

/** The queries of each token, made once per profile of sizes and factors. */
function thinnedLevels({ sums, thinned }: Samples, everything: SampleToken): ThinnedLevels {
  const known = new Map<string, ThinnedLevel>();
  let last: { readonly token: SampleToken; readonly level: ThinnedLevel | undefined } | undefined;
  return (token) => {
    if (sums.length === 0 || token.terms === everything.terms) return undefined;
    if (last?.token === token) return last.level;
    const sizes = token.terms.map((t) => t.length);
    const scales = token.scale ?? sums.map((s, k) => (sizes[k] === 0 ? 0 : s.terms / sizes[k]));
    const key = `${sizes.join(",")};${scales.join(",")}`;
    let level = known.get(key);
    if (!level) {
      level = thinned(sizes, scales);
      known.set(key, level);
    }
    last = { token, level };
    return level;
  };
}
