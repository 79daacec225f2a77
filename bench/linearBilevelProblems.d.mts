export interface LinearBilevel {
  readonly name: string;
  readonly n: number;
  readonly m: number;
  readonly rows: number;
  readonly A: readonly (readonly number[])[];
  readonly B: readonly (readonly number[])[];
  readonly b: readonly number[];
  readonly c: readonly number[];
  readonly d: readonly number[];
  readonly e: readonly number[];
  readonly top: number;
}

export declare const families: readonly string[];
export declare function generator(seed: number): () => number;
export declare function linearBilevel(wanted: {
  readonly family?: string;
  readonly n: number;
  readonly m: number;
  readonly rows: number;
  readonly seed: number;
}): LinearBilevel;
export declare function asText(problem: LinearBilevel): string;
