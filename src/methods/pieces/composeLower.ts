/**
 * Methods of a lower map, an estimator of the hypergradient and an outer rule, with facts, options and requirements merged
 * from them.
 *
 *   published loop (as soon as a step option is given):  K steps of the map, the estimate, the outer rule
 *   automatic:  K doubled until the lower residual is at the tolerance, the estimate to the tolerance, then the outer rule;
 *               where that is the plain gradient step and the estimate is exact: L-BFGS with Wolfe's conditions
 */
import { fail } from "../../base/diagnostic.js";
import { HyperDescent } from "../kit/hyperDescent.js";
import { HyperEvaluator } from "../kit/hyperPoint.js";
import { anyGiven, flag, numberOr } from "../kit/options.js";
import { type Running, running } from "../kit/running.js";
import { ScaledProblem } from "../kit/scaledProblem.js";
import { lowerSteps, upperStep } from "../kit/stepParameters.js";
import type { Method, MethodContext, Parameter, ParameterValue, Requirements } from "../method.js";
import type { Theory } from "../theory.js";
import { ComposedLoop, type LowerStart, type Parts } from "./composedLoop.js";
import { hyperAdjoint } from "./estimators/adjoint.js";
import { MapLowerSolver } from "./mapSolver.js";
import { gradientStep } from "./outer/gradient.js";
import { PathEvaluator } from "./pathEvaluator.js";
import type { EstimatorPiece, LowerMapPiece, OuterPiece, Piece } from "./piece.js";

/** What a caller may say of a composition in place of what its pieces say. */
export interface CompositionFacts {
  /** Default: the pieces' ids joined by "+". */
  readonly id?: string;
  readonly title?: string;
  readonly reference?: string;
  readonly formulas?: readonly string[];
  readonly assumptions?: string;
  readonly failures?: string;
  readonly class?: string;
  readonly theory?: Theory;
  /** Other defaults of the pieces' options. */
  readonly defaults?: Readonly<Record<string, ParameterValue>>;
}

export interface LowerComposition extends CompositionFacts {
  readonly lower: LowerMapPiece;
  readonly estimator: EstimatorPiece;
  /** Default: the gradient step. */
  readonly outer?: OuterPiece;
  /** In place of the merged ones; the line about the automatic mode is added. */
  readonly formulas?: readonly string[];
  /** Where lower steps begin; default "warm". With "moved" the option `etaStart` is the step size of y_0. */
  readonly start?: LowerStart;
  /** The estimate is taken before the lower steps. */
  readonly simultaneous?: boolean;
  /** Lower steps of the published loop where K is not given; default 10. */
  readonly K?: number;
  /** In place of the automatic mode above, with its line for the formulas. */
  readonly automatic?: { readonly formula: string; readonly init: (context: MethodContext) => Running };
}

export const PUBLISHED_STEPS = 10;
/** Automatic lower steps of maps that mix in the upper objective: their distance to lower solutions falls like 1/K only. */
const MIXED_STEPS = 100;
export const STRONGLY_CONVEX = "lower level strongly convex; box, ball or simplex domains by projection";

export const warmStart: Parameter = {
  name: "warm",
  type: "boolean",
  default: true,
  doc: "Start the lower steps from the last y instead of the written start; dy_0/dx counts as 0.",
};

const startStep: Parameter = { ...upperStep, name: "etaStart", doc: "Step size of the initial point y_0." };

/** The method; fails with BLO0806 where the pieces do not fit each other. */
export function composeLower(parts: LowerComposition): Method<Running> {
  const { lower, estimator } = parts;
  const outer = parts.outer ?? gradientStep;
  const start = parts.start ?? "warm";
  refuseMisfits(lower, estimator);
  const id = parts.id ?? `${lower.id}+${estimator.id}+${outer.id}`;
  const parameters = mergedParameters(parts, outer, start, id);
  const steps = parameters.filter((p) => p.default === undefined).map((p) => p.name);
  const searches = outer.searches === true && estimator.bias === undefined && !lower.readsUpper && start !== "moved";
  const auto = parts.automatic?.formula ?? `auto: ${automaticWords(lower, searches)}`;
  const loop = (context: MethodContext, K: number | undefined): Running => {
    const from = start === "moved" ? start : flag(context, "warm", start === "warm") ? "warm" : "cold";
    const chosen: Parts = {
      lower,
      estimator,
      outer,
      start: from,
      simultaneous: parts.simultaneous === true,
      K,
    };
    return new ComposedLoop(context, chosen);
  };
  const automatic = (context: MethodContext): Running => {
    if (parts.automatic) return parts.automatic.init(context);
    if (searches) return searching(context, lower, estimator);
    return loop(context, lower.readsUpper ? MIXED_STEPS : undefined);
  };
  return {
    id,
    title: parts.title ?? `${lower.title}; ${lowerCase(estimator.title)}; ${lowerCase(outer.title)}`,
    reference: parts.reference ?? mergedReference([lower, estimator, outer]),
    formulas: [...(parts.formulas ?? mergedFormulas(lower, estimator, outer)), auto],
    assumptions: parts.assumptions ?? assumed(estimator),
    failures: parts.failures ?? failing(estimator),
    requirements: requirementsOf(lower, estimator, parts.class ?? STRONGLY_CONVEX),
    parameters,
    ...(parts.theory ? { theory: parts.theory } : {}),
    init: (context) =>
      anyGiven(context, steps) ? loop(context, numberOr(context, "K", parts.K ?? PUBLISHED_STEPS)) : automatic(context),
    ...running,
  };
}

export function refuseMisfits(lower: LowerMapPiece, estimator: EstimatorPiece): void {
  const { id, maps, why = "it is not defined there", keepsPath } = estimator;
  if (keepsPath && lower.pathless) {
    const words = "it follows the path of the lower steps, which this map does not keep";
    fail("BLO0806", { piece: `estimator "${id}"`, other: `lower map "${lower.id}"`, why: words, fitting: [] });
  }
  if (maps === "all" || (maps === "plain" ? !lower.readsUpper : maps.includes(lower.id))) return;
  const fitting = maps === "plain" ? [] : maps;
  fail("BLO0806", { piece: `estimator "${id}"`, other: `lower map "${lower.id}"`, why, fitting });
}

export function mergedReference(list: readonly Piece[]): string {
  return [...new Set(list.map((p) => p.reference).filter((text) => text !== ""))].join("; ");
}

function automaticWords(lower: LowerMapPiece, searches: boolean): string {
  const inner = lower.readsUpper
    ? `K = ${MIXED_STEPS}, as the map comes to lower solutions like 1/K only`
    : "K doubled until the lower residual is at the tolerance";
  return `${inner}; ${searches ? "L-BFGS with Wolfe's conditions on x" : "the outer rule with its own step size"}`;
}

/** L-BFGS on x with the composition's own lower map and estimator behind the hyper-objective. */
function searching(context: MethodContext, lower: LowerMapPiece, estimator: EstimatorPiece): Running {
  const { n, m } = context.oracle;
  const problem = new ScaledProblem(context.oracle, {
    dx: new Float64Array(n).fill(1),
    dy: new Float64Array(m).fill(1),
  });
  const map = lower.make(context);
  if (estimator.adjoint === undefined) {
    return new HyperDescent(context, new PathEvaluator(context, problem, map, estimator.make(context, map)));
  }
  const adjoint = hyperAdjoint(estimator.adjoint(context), m, (v, out) => problem.hvp(v, out));
  const solver = new MapLowerSolver(context, problem, map, !lower.readsUpper);
  return new HyperDescent(context, new HyperEvaluator(problem, context.exhausted, adjoint, solver));
}

function mergedParameters(
  parts: LowerComposition,
  outer: OuterPiece,
  start: LowerStart,
  id: string,
): readonly Parameter[] {
  const { lower, estimator, defaults = {} } = parts;
  const published = parts.K ?? PUBLISHED_STEPS;
  const K = {
    ...lowerSteps,
    auto: `lower level solved to the tolerance; ${published} if another step option is given`,
  };
  const own = start === "moved" ? [K, startStep] : [K, { ...warmStart, default: start === "warm" }];
  const all = [...own, ...lower.parameters, ...estimator.parameters, ...outer.parameters].map((p) =>
    defaults[p.name] === undefined ? p : { ...p, default: defaults[p.name] },
  );
  refuseTwins(all, id);
  const chosen = all.filter((p) => p.default === undefined).map((p) => p.name);
  const words = `${chosen.slice(0, -1).join(", ")} or ${chosen[chosen.length - 1]}`;
  return all.map((p) => (p.name === "K" ? { ...p, doc: `${p.doc} Giving ${words} selects the published loop.` } : p));
}

/** Each option once: a clash between pieces is a mistake in the pieces. */
export function refuseTwins(parameters: readonly Parameter[], id: string): void {
  const names = parameters.map((p) => p.name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new Error(`two pieces of ${id} have an option ${twice}`);
}

export function mergedFormulas(lower: LowerMapPiece, estimator: EstimatorPiece, outer: OuterPiece): readonly string[] {
  const last = lower.formulas.length - 1;
  return [
    ...lower.formulas.map((line, i) => (i === last ? `${line}      K times` : line)),
    ...estimator.formulas,
    ...outer.formulas,
  ];
}

export function requirementsOf(lower: LowerMapPiece, estimator: EstimatorPiece, words: string): Requirements {
  return {
    order: lower.order === 2 || estimator.order === 2 ? 2 : 1,
    class: words,
    upperDomain: true,
    lowerDomain: lower.projects,
    upperConstraints: false,
    lowerConstraints: false,
    minimaxOnly: false,
  };
}

export function assumed(estimator: EstimatorPiece): string {
  const smooth = estimator.order === 2 ? "twice differentiable" : "differentiable";
  return `g strongly convex in y (or a regular projected fixed point), ${smooth}.`;
}

export function failing(estimator: EstimatorPiece): string {
  const kernel =
    "Where the lower Hessian is singular y keeps the component in its kernel that it started with: stationary, not optimistic.";
  return estimator.bias === undefined ? kernel : `Biased: the estimate ${estimator.bias}. ${kernel}`;
}

export function lowerCase(title: string): string {
  const [first, second = ""] = title;
  return second === second.toUpperCase() ? title : first.toLowerCase() + title.slice(1);
}
