/** What the topics of an explanation are given: the problem, and what was asked about it. */
import type { ParameterValue } from "../elaborate/overrides.js";
import type { Problem } from "../model/problem.js";
import type { Section } from "./document.js";

export interface ExplainContext {
  readonly problem: Problem;
  /** Id of the one method that is asked about. */
  readonly method?: string | undefined;
  /** Seed of what is drawn at random; the same seed gives the same explanation. */
  readonly seed: number;
  /** Values of params that the problem was compiled with in place of those in its source. */
  readonly params?: Readonly<Record<string, ParameterValue>> | undefined;
}

/** A topic says what it knows of the problem, or nothing where it has nothing to say. */
export type Topic = (context: ExplainContext) => Section | undefined;
