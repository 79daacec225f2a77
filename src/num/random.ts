/**
 * The one source of randomness: a seeded, splittable generator. Same seed, same bytes, in any process.
 *
 * The state comes from a hash of the seed and of the labels on the way from the root, so `split` neither draws nor
 * depends on what was drawn. Engine: xoroshiro128+ (Blackman and Vigna, 2018). Only high bits are used; its low bits are weak.
 */
import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";

export interface Random {
  /** Uniform in [0, 1), 53 bits. */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
  /** Uniform integer in [0, n). */
  integer(n: number): number;
  /** +1 or -1. */
  sign(): number;
  /** An independent generator that depends on this one's seed and the label only, not on what was drawn. */
  split(label: string): Random;
}

/** Finaliser of MurmurHash3: a bijection of 32-bit words in which each input bit moves each output bit. */
function mix(word: number): number {
  let h = word | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** Four words that depend on the key and on every character of the label. */
function derive(key: readonly number[], label: string): number[] {
  return key.map((word, lane) => {
    let h = mix(word ^ Math.imul(lane + 1, 0x9e3779b9));
    for (let i = 0; i < label.length; i++)
      h = mix(Math.imul(h, 31) ^ label.charCodeAt(i) ^ Math.imul(i + 1, 0x27d4eb2f));
    return mix(h ^ label.length);
  });
}

class Stream implements Random {
  private readonly key: readonly number[];
  private readonly engine: { next(): number };
  private spare = Number.NaN;

  constructor(key: readonly number[]) {
    this.key = key;
    const state = derive(key, "state");
    // The all-zero state is the engine's only fixed point.
    if (!state.some((word) => word !== 0)) state[0] = 1;
    this.engine = xoroshiro128plusFromState(state);
  }

  uniform(): number {
    const high = this.engine.next() >>> 5;
    const low = this.engine.next() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  /** Marsaglia's polar method; the second of each pair is kept for the next call. */
  normal(): number {
    const kept = this.spare;
    if (!Number.isNaN(kept)) {
      this.spare = Number.NaN;
      return kept;
    }
    for (;;) {
      const u = 2 * this.uniform() - 1;
      const v = 2 * this.uniform() - 1;
      const s = u * u + v * v;
      if (s >= 1 || s === 0) continue;
      const scale = Math.sqrt((-2 * Math.log(s)) / s);
      this.spare = v * scale;
      return u * scale;
    }
  }

  integer(n: number): number {
    return Math.floor(this.uniform() * n);
  }

  sign(): number {
    return this.engine.next() < 0 ? -1 : 1;
  }

  split(label: string): Random {
    return new Stream(derive(this.key, `/${label}`));
  }
}

/** The root generator of a seed; any finite number is a seed, and different numbers give different streams. */
export function createRandom(seed: number): Random {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, seed);
  const high = bits.getInt32(0);
  const low = bits.getInt32(4);
  return new Stream([mix(high ^ 0x6a09e667), mix(low ^ 0xbb67ae85), mix(high ^ mix(low)), mix(low ^ mix(high + 1))]);
}
