/**
 * Lints: what is sound but may not be what was meant. Static ones read the problem; sampled ones solve small lower levels at a few
 * points x, say what they saw there, and prove nothing about other points.
 */
import type { Diagnostic } from "../base/diagnostic.js";
import type { Oracle } from "../oracle/oracle.js";
import { alwaysActive } from "./alwaysActive.js";
import { conditioning } from "./conditioning.js";
import { constantData } from "./constantData.js";
import { LintContext } from "./context.js";
import { notUnique } from "./notUnique.js";
import { regularisation } from "./regularisation.js";
import { rough } from "./rough.js";
import { scaling } from "./scaling.js";

export type Lint = (context: LintContext) => readonly Diagnostic[];

const lints: readonly Lint[] = [constantData, regularisation, notUnique, rough, scaling, conditioning, alwaysActive];

/** All that the lints say, in the order of the list. Deterministic for a seed; the oracle's counters stay untouched. */
export function lint(oracle: Oracle, seed = 1): readonly Diagnostic[] {
  const context = new LintContext(oracle, seed);
  return lints.flatMap((look) => look(context));
}
