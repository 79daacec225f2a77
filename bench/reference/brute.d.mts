export type Domain =
  | {
      readonly kind: "box";
      readonly size: number;
      readonly lower: readonly number[];
      readonly upper: readonly number[];
    }
  | { readonly kind: "ball"; readonly size: number; readonly center: readonly number[]; readonly radius: number }
  | { readonly kind: "simplex"; readonly size: number };

/** A random problem: its text, and closures of 1-based arrays. Ill-posed ones have `text` and `never` only. */
export interface Trial {
  readonly text: string;
  readonly X: Domain;
  readonly Y: Domain;
  readonly f: (x: ArrayLike<number>, y: ArrayLike<number>) => number;
  readonly g: (x: ArrayLike<number>, y: ArrayLike<number>) => number;
  readonly sign: 1 | -1;
  /** Why a claim of convergence would be false. */
  readonly never?: string;
  /** Followers that depend on each other, with one variable each: their objectives. */
  readonly players?: readonly ((x: ArrayLike<number>, y: ArrayLike<number>) => number)[];
}

export interface Judgement {
  readonly verdict: "solved" | "local" | "saddle" | "WRONG";
  readonly detail?: string;
}

export function judge(problem: Trial, x: ArrayLike<number>, y: ArrayLike<number>, claimed: number): Judgement;
export function judgeGame(problem: Trial, x: ArrayLike<number>, y: ArrayLike<number>, claimed: number): Judgement;
export function random(seed: number): () => number;
