/** The acceptance matrix as data: one row per method, problem and published setting; run by tests and printed by a command. */
import type { ParameterValue } from "../../src/methods/method.js";

/** What the run must have come to; every value given is held. */
export interface Expected {
  readonly x?: readonly number[];
  readonly y?: readonly number[];
  /** Absolute tolerance on each entry of x and y. */
  readonly within?: number;
  /** Any other fact of the end point: named, computed, with the bounds it must lie in. */
  readonly measures?: readonly {
    readonly name: string;
    readonly of: (end: End) => number;
    readonly from: number;
    readonly to: number;
  }[];
  /** The run must end as diverged (caught, stepped back from, reported). */
  readonly diverges?: boolean;
}

export interface End {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly extra: Readonly<Record<string, number>>;
  /** Of the lower rows, where the method has them. */
  readonly multipliers?: Float64Array | undefined;
}

export interface Row {
  readonly method: string;
  /** A file of problems/, without `.blo`. */
  readonly problem: string;
  /** Values of the file's `param`s that differ. */
  readonly params?: Readonly<Record<string, number>>;
  /** Where it differs from the file's `init`. */
  readonly start?: { readonly x?: readonly number[]; readonly y?: readonly number[] };
  readonly options: Readonly<Record<string, ParameterValue>>;
  readonly iterations: number;
  /** Default 1. With several, every one must reach what is expected. */
  readonly seeds?: readonly number[];
  readonly expected: Expected;
  /** In a few words, where it is not plain: why this answer is the right one (a known failure, a bias). */
  readonly note?: string;
}
