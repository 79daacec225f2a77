/**
 * Which methods a run tries, in turn, when none is asked for. Decided by the classes the methods' theory names: constraints first,
 * then the curvature of the lower objective in y at the start (smallest and largest eigenvalue of H, by Lanczos).
 */
import { fitting, methods } from "../methods/registry.js";
import type { Problem } from "../model/problem.js";
import { lanczosExtremes } from "../num/lanczos.js";
import type { Random } from "../num/random.js";
import type { Oracle } from "../oracle/oracle.js";

export interface Choice {
  readonly method: string;
  /** Why, in a sentence for people. */
  readonly why: string;
}

/** Relative to the largest eigenvalue: below this the lower Hessian counts as singular. */
const singular = 1e-8;
const lanczosSteps = 64;

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
    method: "blocc",
    why: "The lower level has constraints: its value and multipliers are followed by a penalty method.",
  },
  { method: "bic-gaffa", why: "The lower level has constraints: its gap function needs no exact lower solution." },
  { method: "lv-hba", why: "The lower level has constraints: its proximal Lagrangian needs no exact lower solution." },
  { method: "bvfim", why: "It keeps constraints of both levels by barriers." },
];

/** For games f = -g that are (almost) bilinear there is no curvature to invert. */
const bilinear: Preference = { method: "extragradient", why: "The game has no curvature in the lower variables." };

/** The methods to try, in order. Empty where no registered method fits the problem. */
export function chooseMethods(oracle: Oracle, random: Random): readonly Choice[] {
  const { problem } = oracle;
  const fit = new Set(fitting(problem));
  if (fit.size === 0) return [];
  const proved = fit.has(exact.method) && hasInequalities(problem) ? [exact] : [];
  const curvature = curvatureAtStart(oracle.fork(), random);
  const wanted = [...(problem.minimax && curvature === "singular" ? [bilinear] : []), ...preferences[curvature]];
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

function curvatureAtStart(oracle: Oracle, random: Random): Curvature {
  const { m, startX, startY, lower } = oracle;
  const at = lower.linearize(startX, startY);
  const { smallest, largest, smallestError } = lanczosExtremes((v, out) => at.hvp(v, out), m, lanczosSteps, random);
  if (!Number.isFinite(smallest) || !Number.isFinite(largest)) return "unknown";
  const top = Math.max(Math.abs(smallest), Math.abs(largest));
  if (top === 0) return "singular";
  if (smallest < -singular * top) return "negative";
  // A Ritz value lies above the eigenvalue it stands for; a wide bound only means that Lanczos was cut short.
  return smallest <= singular * top && smallestError <= singular * top ? "singular" : "strongly convex";
}
