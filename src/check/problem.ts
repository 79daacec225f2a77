/** All checks of a finished problem, pass by pass. Each pass says what it found; some also put things in their place. */
import type { Diagnostic } from "../base/diagnostic.js";
import type { Span } from "../base/span.js";
import type { Problem } from "../model/problem.js";
import { placeConstraints } from "./constraints.js";
import { checkDependence } from "./dependence.js";
import { checkFinite } from "./finite.js";
import { findFollowers } from "./followers.js";
import { checkSamples, readSamples } from "./samples.js";
import { checkVariables } from "./variables.js";

export interface Checked {
  readonly problem: Problem;
  readonly diagnostics: readonly Diagnostic[];
}

/** Where the objectives are written: several may be one node, whose origin is the first place. */
export interface ObjectivePlaces {
  readonly upper: Span;
  readonly lowers: readonly Span[];
}

export function checkProblem(draft: Problem, places: ObjectivePlaces): Checked {
  const placed = placeConstraints(draft);
  const problem = findFollowers({ ...placed.problem, samples: readSamples(placed.problem) });
  const diagnostics = [
    ...placed.diagnostics,
    ...checkVariables(problem),
    ...checkDependence(problem, places),
    ...checkFinite(problem),
    ...checkSamples(placed.problem),
  ];
  return { problem, diagnostics };
}
