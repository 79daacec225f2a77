/**
 * What an experiment of a paper is: the paper's statement with its place, the setting, our numbers beside the published ones,
 * a verdict on every statement, and figures. Each experiment is a file of its own; list.ts names them all.
 */
import type { TopLevelSpec } from "../../src/report/vega.js";

export interface Table {
  readonly caption: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface Figure {
  /** Name of the file, without `.svg`. */
  readonly name: string;
  readonly spec: TopLevelSpec;
}

/** A statement of a paper and what became of it. */
export interface Finding {
  /** What the paper says or shows, and where. */
  readonly published: string;
  readonly agrees: boolean;
  /** What came out here; where it differs, why. */
  readonly ours: string;
}

export interface Findings {
  readonly findings: readonly Finding[];
  readonly tables: readonly Table[];
  readonly figures: readonly Figure[];
}

export interface RunOptions {
  /** A few seconds for all of them together, with fewer points and seeds. */
  readonly quick: boolean;
}

export interface Experiment {
  readonly id: string;
  readonly title: string;
  readonly paper: string;
  /** The problem, constants and budgets, for people. */
  readonly setting: string;
  /** True where `quick` changes nothing: its tables are held fresh by a test. */
  readonly same: boolean;
  run(options: RunOptions): Promise<Findings>;
}

/** Fails loudly where a published number is asked for that is not there. */
export function entry<T>(table: Readonly<Record<string, T>>, key: string): T {
  const found = table[key];
  if (found === undefined) throw new Error(`no published number for ${key}`);
  return found;
}
