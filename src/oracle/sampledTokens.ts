/** Which terms a minibatch reads: shuffled permutations, independent draws, a fixed partition into blocks. */
import type { Random } from "../num/random.js";
import type { LevelSampling, Sampler, SampleToken } from "./sampled.js";

/** A sampled sum: its number of terms, and how many are read at a time. */
export interface SumSize {
  readonly terms: number;
  readonly batch: number;
}

/** A sum with its stream of terms: random permutations, one after the other. */
class Stream {
  readonly all: Int32Array;
  private readonly order: Int32Array;
  private next: number;

  constructor(readonly size: SumSize) {
    this.all = Int32Array.from({ length: size.terms }, (_, k) => k);
    this.order = this.all.slice();
    this.next = size.terms;
  }

  get random(): boolean {
    return this.size.batch < this.size.terms;
  }

  draw(random: Random, sampler: Sampler, samples: number): Int32Array {
    if (!this.random) return this.all;
    const drawn = new Int32Array(samples * this.size.batch);
    for (let k = 0; k < drawn.length; k++)
      drawn[k] = sampler === "independent" ? random.integer(this.size.terms) : this.shuffled(random);
    return drawn;
  }

  /** The next term; a new permutation (Fisher and Yates) after the last one. */
  private shuffled(random: Random): number {
    const { order } = this;
    if (this.next >= order.length) {
      for (let k = order.length - 1; k > 0; k--) {
        const j = random.integer(k + 1);
        const kept = order[k];
        order[k] = order[j];
        order[j] = kept;
      }
      this.next = 0;
    }
    return order[this.next++];
  }
}

/** A seed of additive noise, an integer that is not 0. */
export function noiseSeed(random: Random): number {
  return 1 + random.integer(2 ** 52);
}

export class Draws implements LevelSampling {
  readonly random: boolean;
  readonly terms: number;
  readonly batch: number;
  readonly blocks: number;
  readonly everything: SampleToken;
  private readonly streams: readonly Stream[];
  private readonly longest: Stream | undefined;
  private readonly parts: (SampleToken | undefined)[];

  constructor(
    sums: readonly SumSize[],
    private readonly sampler: Sampler,
    private readonly noisy: boolean,
  ) {
    this.streams = sums.map((size) => new Stream(size));
    this.everything = { terms: this.streams.map((s) => s.all), noise: 0 };
    this.longest = this.streams.filter((s) => s.random).sort((p, q) => q.size.terms - p.size.terms)[0];
    this.random = noisy || this.longest !== undefined;
    const { terms, batch } = this.longest?.size ?? { terms: 1, batch: 1 };
    this.terms = terms;
    this.batch = batch;
    this.blocks = Math.max(
      1,
      ...this.streams.filter((s) => s === this.longest).map(({ size }) => Math.ceil(size.terms / size.batch)),
    );
    this.parts = new Array(this.blocks).fill(undefined);
  }

  weight(block: number): number {
    if (this.blocks === 1) return 1;
    return part(this.terms, this.blocks, block) / this.terms;
  }

  /**
   * Block j holds the terms j, j + blocks, j + 2 blocks, …, so that sorted data do not make blocks that differ. Sums with
   * fewer terms than there are blocks are read in full; the others are weighted so that the average over blocks is exact.
   */
  block(j: number, random?: Random): SampleToken {
    let token = this.parts[j];
    if (!token) {
      const scale = 1 / this.weight(j);
      const split = (s: Stream): boolean => s.size.terms >= this.blocks && s.random;
      token =
        this.blocks === 1
          ? this.everything
          : {
              terms: this.streams.map((s) => (split(s) ? stride(s.size.terms, this.blocks, j) : s.all)),
              scale: this.streams.map((s) => (split(s) ? scale : 1)),
              noise: 0,
            };
      this.parts[j] = token;
    }
    return this.noisy && random !== undefined ? { ...token, noise: noiseSeed(random) } : token;
  }

  draw(random: Random, samples = 1): SampleToken {
    if (!this.random) return this.everything;
    const terms =
      this.longest === undefined
        ? this.everything.terms
        : this.streams.map((s) => s.draw(random, this.sampler, samples));
    return { terms, noise: this.noisy ? noiseSeed(random) : 0, samples };
  }
}

/** Number of terms of block j. */
function part(terms: number, blocks: number, j: number): number {
  return Math.floor((terms - j - 1) / blocks) + 1;
}

function stride(terms: number, blocks: number, j: number): Int32Array {
  return Int32Array.from({ length: part(terms, blocks, j) }, (_, k) => j + k * blocks);
}
