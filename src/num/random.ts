/** The one source of randomness: a seeded, splittable generator. Same seed, same bytes, in any process. */
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
