/**
 * Which methods a run tries, in turn, when none is asked for. Decided by the classes the methods' theory names: constraints first,
 * then the curvature of the lower objective in y at the start (smallest and largest eigenvalue of H, by Lanczos).
 * Sums marked `batch` are read in full by these methods; only where the budget is not enough for 100 passes over the terms
 * do minibatches come first.
 */
import type { Limits } from "../methods/budget.js";
import { fitting, methods } from "../methods/registry.js";
import type { Problem } from "../model/problem.js";
import { lanczosExtremes } from "../num/lanczos.js";
import type { Random } from "../num/random.js";
import type { Oracle } from "../oracle/oracle.js";
import { sampledOf } from "../oracle/sampledOracle.js";

export interface Choice {
  readonly method: string;
  /** Why, in a sentence for people. */
  readonly why: string;
}

/** Relative to the largest eigenvalue: below this the lower Hessian counts as singular. */
const singular = 1e-8;
const lanczosSteps = 64;
const fewLanczosSteps = 8;

type Curvature = "strongly convex" | "singular" | "negative" | "unknown";

interface Preference {
  readonly method: string;
  readonly why: string;
}

const general = "It needs no inverse of the lower Hessian and keeps the optimistic choice among lower solutions.";

/** In order of preference; those that are registered and fit are tried in turn until one answer is certified. */
const preferences: Readonly<Record<Curvature, readonly Preference[]>> = {
  "strongly convex": [
    { method: "aid-auto", why: "The lower Hessian is positive definite at the start." },
    { method: "f2ba", why: general },
  ],
  singular: [
    { method: "null-aid", why: "The lower Hessian is singular at the start: the lower level may have many solutions." },
    { method: "f2ba", why: "The lower Hessian is singular at the start: the lower level may have many solutions." },
    {
      method: "aid-auto",
      why: "Where the upper level does not care which lower solution it gets, this is the fastest.",
    },
  ],
  negative: [
    {
      method: "f2ba",
      why: "The lower Hessian has negative eigenvalues at the start: a penalty method needs no inverse.",
    },
    { method: "aid-auto", why: "The lower Hessian may be positive definite at the lower solution." },
  ],
  unknown: [
    { method: "aid-auto", why: "The curvature of the lower level could not be computed at the start." },
    { method: "f2ba", why: general },
  ],
};

/** Where lower inequalities or bounds make the hyper-objective piecewise, and all pieces are linear or quadratic. */
const exact: Preference = {
  method: "branch-and-bound",
  why: "Both levels are linear or convex quadratic with affine constraints: the solution is found globally, with proof.",
};

/** Where no method of the lists above keeps the problem's constraints. */
const constrainedPreferences: readonly Preference[] = [
  {
    method: "kkt-auto",
    why: "The levels have constraints: first-order conditions are solved from several starts, and answers filtered by lower solves.",
  },
  {
    method: "blocc",
    why: "The lower level has constraints: its value and multipliers are followed by a penalty method.",
  },
  { method: "bic-gaffa", why: "The lower level has constraints: its gap function needs no exact lower solution." },
  { method: "lv-hba", why: "The lower level has constraints: its proximal Lagrangian needs no exact lower solution." },
  { method: "bvfim", why: "It keeps constraints of both levels by barriers." },
  {
    method: "kkt-mpcc",
    why: "The followers depend on each other: the first-order conditions of each are solved together.",
  },
];

/** Where data are large. */
const sampled: Preference = {
  method: "saba",
  why: "The budget is not enough for a hundred passes over the terms: it reads minibatches, without noise at the end.",
};

/** For games f = -g that are (almost) bilinear there is no curvature to invert. */
const bilinear: Preference = { method: "extragradient", why: "The game has no curvature in the lower variables." };

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
  const proved = fit.has(exact.method) && (hasInequalities(problem) || !problem.independentFollowers) ? [exact] : [];
  const passesAreDear = large(oracle, limits);
  const curvature = curvatureAtStart(oracle.fork(), random, passesAreDear ? fewLanczosSteps : lanczosSteps);
  const wanted = [
    ...(problem.minimax && curvature === "singular" ? [bilinear] : []),
    ...(passesAreDear && curvature === "strongly convex" ? [sampled] : []),
    ...preferences[curvature],
  ];
  const found = wanted.filter((p) => fit.has(p.method));
  if (found.length > 0) return [...proved, ...found];
  const constrained = constrainedPreferences.filter((p) => fit.has(p.method));
  if (constrained.length > 0) return [...proved, ...constrained];
  const second = [...fit].find((id) => (methods().find((m) => m.id === id)?.requirements.order ?? 0) >= 1);
  return [{ method: second ?? [...fit][0], why: "It is the first method that fits the problem's constraints." }];
}

function hasInequalities({ lowers }: Problem): boolean {
  return lowers.some(
    ({ variables, constraints }) =>
      variables.some((v) => v.domain.kind !== "free") || constraints.some((c) => c.kind === "le"),
  );
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
  return smallest <= singular * top && smallestError <= singular * top ? "singular" : "strongly convex";
}
