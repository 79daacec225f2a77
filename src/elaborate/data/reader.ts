/** What every reader of a data format gets, and the limits it must respect. Readers refuse bad input with `fail` (BloError). */
import type { Diagnostic } from "../../base/diagnostic.js";
import type { DataSet } from "../dataset.js";

export interface Limits {
  /** Bytes of a file, also after decompression. */
  readonly bytes: number;
  /** Numbers held in memory (8 bytes each). */
  readonly values: number;
}

export const defaultLimits: Limits = { bytes: 2 ** 30, values: 2 ** 27 };

export interface Input {
  readonly bytes: Uint8Array;
  /** The path as declared, for messages. */
  readonly file: string;
  /** True where the first row of a table holds the names of its columns. */
  readonly header: boolean;
  readonly limits: Limits;
  readonly warnings: Diagnostic[];
}

export type Reader = (input: Input) => DataSet;
