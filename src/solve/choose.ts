/**
 * Which methods a run tries when none is asked for: the table in rules.ts applied to a problem. Its features are the classes
 * that the methods' theory names: constraints, size, and the curvature of the lower objective in y: strong convexity where it is
 * proved, else the smallest and largest eigenvalue of H at the start, by Lanczos' method. Sums marked `batch` are read in full; only where the budget is not enough for 100
 * passes over the terms do minibatches come first.
 */
import { curvatureOf } from "../curvature/index.js";
import { isConvex } from "../curvature/verdict.js";
import type { Limits } from "../methods/budget.js";
import { fitting, methods } from "../methods/registry.js";
import type { Problem } from "../model/problem.js";
import { lanczosExtremes } from "../num/lanczos.js";
import type { Random } from "../num/random.js";
import type { Oracle } from "../oracle/oracle.js";
import { sampledOf } from "../oracle/sampledOracle.js";
import { type Curvature, type Features, type Part, rules } from "./rules.js";

export interface Choice {
  readonly method: string;
  /** Why, in a sentence for people. */
  readonly why: string;
  readonly part: Part;
}

/** Relative to the largest eigenvalue: below this the lower Hessian counts as singular. */
const singular = 1e-8;
const lanczosSteps = 64;
const fewLanczosSteps = 8;

/** Passes over the terms from which on methods that read everything do better. */
const enoughPasses = 100;
/** Calls of a pass: both gradients, and two products with second derivatives at two calls each. */
const callsOfPass = 6;
/** Of a pass, per term and lower variable: measured on regressions, to an order of magnitude. */
const secondsOfEntry = 4e-8;

/** True where the limits end a run before 100 passes over the terms of sampled sums. */
function large(oracle: Oracle, { calls, seconds }: Limits): boolean {
  if (oracle.problem.samples.length === 0) return false;
  const { upper, lower } = sampledOf(oracle);
  if (!upper.random && !lower.random) return false;
  const entries = (upper.terms + lower.terms) * oracle.m;
  return (
    (calls ?? Number.POSITIVE_INFINITY) < enoughPasses * callsOfPass ||
    (seconds ?? Number.POSITIVE_INFINITY) < enoughPasses * secondsOfEntry * entries
  );
}

/** The methods to try within the limits, in order. Empty where no registered method fits the problem. */
export function chooseMethods(oracle: Oracle, random: Random, limits: Limits = {}): readonly Choice[] {
  const { problem } = oracle;
  const fit = new Set(fitting(problem));
  if (fit.size === 0) return [];
  const features = featuresOf(oracle, random, limits);
  const choices: Choice[] = [];
  for (const { part, applies, last, methods: named } of rules) {
    if (last === true && !features.upperConstraints && !features.lowerConstraints && answered(choices)) continue;
    if (!applies(features)) continue;
    for (const { method, why } of named) {
      if (!fit.has(method)) continue;
      const at = choices.findIndex((c) => c.method === method);
      if (at < 0) choices.push({ method, why, part });
      // its turn comes where it stands, also after an answer of another method
      else if (part === "search") choices[at] = { ...choices[at], part };
    }
  }
  if (choices.some((c) => c.part !== "proof")) return choices;
  const second = [...fit].find((id) => (methods().find((m) => m.id === id)?.requirements.order ?? 0) >= 1);
  const why = "It is the first method that fits the problem's constraints.";
  return [...choices, { method: second ?? [...fit][0], why, part: "answer" as const }];
}

function answered(choices: readonly Choice[]): boolean {
  return choices.some((c) => c.part === "answer");
}

/** What the table asks of a problem. */
export function featuresOf(oracle: Oracle, random: Random, limits: Limits): Features {
  const { problem, n, m } = oracle;
  const dear = large(oracle, limits);
  return {
    inequalities: hasInequalities(problem),
    game: !problem.independentFollowers,
    minimax: problem.minimax || isMinimax(problem),
    curvature: curvatureOfLower(oracle, random, dear ? fewLanczosSteps : lanczosSteps),
    convex: hasExpressions(problem) && isConvex(curvatureOf(problem).lower.objective.own),
    dear,
    variables: n + m,
    bounded: isBounded(problem),
    sampled: problem.samples.length > 0,
    upperConstraints: problem.upper.constraints.length > 0,
    lowerConstraints: problem.lowers.some((l) => l.constraints.length > 0),
  };
}

function hasInequalities({ lowers }: Problem): boolean {
  return lowers.some(
    ({ variables, constraints }) =>
      variables.some((v) => v.domain.kind !== "free") || constraints.some((c) => c.kind === "le"),
  );
}

/** Whether any variable has a domain, or any level a constraint. */
export function isBounded({ upper, lowers }: Problem): boolean {
  return [upper, ...lowers].some(
    ({ variables, constraints }) => constraints.length > 0 || variables.some((v) => v.domain.kind !== "free"),
  );
}

/** Oracles that were written by hand come without expressions to look at. */
const hasExpressions = ({ builder, lowerObjective }: Problem): boolean =>
  builder !== undefined && lowerObjective !== undefined;

function isMinimax(problem: Problem): boolean {
  return hasExpressions(problem) && curvatureOf(problem).minimaxLike;
}

function curvatureOfLower(oracle: Oracle, random: Random, steps: number): Curvature {
  const { problem } = oracle;
  if (hasExpressions(problem) && curvatureOf(problem).lower.strong !== undefined) return "proved";
  return curvatureAtStart(oracle.fork(), random, steps);
}

function curvatureAtStart(oracle: Oracle, random: Random, steps: number): Curvature {
  const { m, startX, startY, lower } = oracle;
  const at = lower.linearize(startX, startY);
  const { smallest, largest, smallestError } = lanczosExtremes((v, out) => at.hvp(v, out), m, steps, random);
  if (!Number.isFinite(smallest) || !Number.isFinite(largest)) return "unknown";
  const top = Math.max(Math.abs(smallest), Math.abs(largest));
  if (top === 0) return "singular";
  if (smallest < -singular * top) return "negative";
  // A Ritz value lies above the eigenvalue it stands for; a wide bound only means that Lanczos was cut short.
  return smallest <= singular * top && smallestError <= singular * top ? "singular" : "positive";
}
