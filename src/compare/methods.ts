/** Comparisons as callers ask for them: the event loop turns while they run; plots and pages are loaded when they are wanted. */
import { prepare } from "../methods/registry.js";
import type { Problem } from "../model/problem.js";
import { compileOracle } from "../oracle/compile.js";
import { comparing, contestantsOf } from "./compare.js";
import type { PageOptions } from "./html.js";
import { type CompareOptions, planOf } from "./options.js";
import type { Comparison } from "./types.js";

/** Runs methods with equal budgets and measures what they reached. An aborted comparison holds the completed runs. */
export async function compare(problem: Problem, options: CompareOptions = {}): Promise<Comparison> {
  const plan = planOf(problem, options);
  const { contestants } = contestantsOf(problem, plan.entrants);
  await prepare(
    contestants.map((c) => c.method),
    problem,
  );
  const steps = comparing(compileOracle(problem, options), plan);
  for (;;) {
    const next = steps.next();
    if (next.done === true) return next.value;
    options.onProgress?.(next.value);
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}

/** A comparison as one HTML page that stands on its own. */
export async function comparisonPage(comparison: Comparison, about: PageOptions = {}): Promise<string> {
  return (await import("./html.js")).comparisonPage(comparison, about);
}

/** Its curves as an SVG document. */
export async function comparisonSvg(comparison: Comparison): Promise<string> {
  return (await import("./plot.js")).comparisonSvg(comparison);
}
