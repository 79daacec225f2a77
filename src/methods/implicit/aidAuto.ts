/**
 * aid-auto: hypergradient descent without settings. Lower level by warm projected L-BFGS, adjoint by preconditioned CG, both
 * to tolerances checked against the gradient they give; upper level by L-BFGS on the free set with a weak-Wolfe search on
 * the corrected hyper-objective; variables scaled once at the start.
 *
 *   G = grad_x f - J v,   H v = grad_y f     (implicit function theorem, e.g. Pedregosa 2016, (3)-(4))
 */
import { LbfgsMemory } from "../../num/lbfgs.js";
import { HyperEvaluator, type HyperObjective, HyperPoint } from "../kit/hyperPoint.js";
import { KinkBundle } from "../kit/kink.js";
import { ScaledProblem } from "../kit/scaledProblem.js";
import { estimateScaling } from "../kit/scaling.js";
import { WolfeSearch } from "../kit/wolfe.js";
import type { Method, MethodContext } from "../method.js";
import { type AidAutoState, judge, publish, stall } from "./aidAutoState.js";
import { step } from "./aidAutoStep.js";

export type { AidAutoState } from "./aidAutoState.js";

const PAIRS = 20;

function init(context: MethodContext): AidAutoState {
  const scaling = estimateScaling(context.oracle, context.random.split("scaling"));
  const problem = new ScaledProblem(context.oracle, scaling);
  return descend(new HyperEvaluator(problem, context.exhausted), context.tolerance);
}

/** The outer rule on any evaluator of a hyper-objective (or a surrogate of one), from the start of its oracle. */
export function descend(evaluator: HyperObjective, tolerance: number): AidAutoState {
  const { problem } = evaluator;
  const { oracle, n, m } = problem;
  const current = new HyperPoint(n, m);
  for (let i = 0; i < n; i++) current.x[i] = oracle.startX[i] / problem.dx[i];
  for (let i = 0; i < m; i++) current.y[i] = oracle.startY[i] / problem.dy[i];
  const bundle = new KinkBundle(n);
  const state: AidAutoState = {
    x: Float64Array.from(oracle.startX),
    y: Float64Array.from(oracle.startY),
    value: Number.NaN,
    stationarity: Number.NaN,
    finished: "no",
    reason: "",
    extra: { lowerResidual: Number.NaN, adjointResidual: Number.NaN, tolerance: Number.NaN, trials: 0, notPositive: 0 },
    evaluator,
    search: new WolfeSearch(evaluator, bundle.add),
    bundle,
    memory: new LbfgsMemory(n, PAIRS),
    current,
    points: { trial: new HyperPoint(n, m), kept: new HyperPoint(n, m) },
    d: new Float64Array(n),
    s: new Float64Array(n),
    change: new Float64Array(n),
    stop: Math.min(1e-3, Math.max(1e-12, 1e-3 * tolerance)),
    alpha: Number.NaN,
    leastPg: Number.POSITIVE_INFINITY,
    idle: 0,
    hard: 0,
    radius: Number.NaN,
    kinkFailures: 0,
    reach: 1,
    failures: 0,
    restarts: 0,
    restartPhi: Number.POSITIVE_INFINITY,
  };
  if (evaluator.evaluate(current)) {
    if (current.lowerEnd === "unbounded") stall(state, "the lower level is unbounded below in y at the starting point");
    else {
      publish(state);
      judge(state);
    }
  }
  return state;
}

/** After a non-finite or exploding state: the best that can be done is to forget all curvature and go on from the last good point. */
function backOff(state: AidAutoState): boolean {
  const { current, evaluator } = state;
  const { problem } = evaluator;
  for (let i = 0; i < problem.n; i++) current.x[i] = state.x[i] / problem.dx[i];
  for (let i = 0; i < problem.m; i++) current.y[i] = state.y[i] / problem.dy[i];
  current.v.fill(0);
  state.memory.clear();
  evaluator.reset();
  state.alpha = Number.NaN;
  state.radius = Number.NaN;
  return evaluator.evaluate(current) && current.finite;
}

export const aidAuto: Method<AidAutoState> = {
  id: "aid-auto",
  title: "Implicit differentiation with automatic tolerances, scaling and line search",
  reference:
    "implicit hypergradient: Pedregosa, Hyperparameter optimization with approximate gradient, ICML 2016, (3)-(4); outer rule: L-BFGS with a weak-Wolfe search, Lewis and Overton 2013",
  formulas: [
    "y ~ argmin_{y in Y} g(x, y)            projected L-BFGS(10), warm, |PG_y| <= rt r0",
    "H v = grad_y f  on the free coordinates  preconditioned CG, |res| <= rt |grad_y f|",
    "G = grad_x f - J v,  phi = f - v' grad_y g",
    "rt = max(1e-11, 0.01 |PG| / G0), checked against the G it gave",
    "x <- P_X(x - a B G)                     L-BFGS(20) on the free set, weak Wolfe on phi",
  ],
  assumptions:
    "f once and g twice continuously differentiable; the lower Hessian positive definite on the free coordinates at lower solutions. Domains: boxes, balls and simplices at both levels.",
  failures:
    "Singular lower Hessian: stops where the selected lower solution is stationary, which need not be the optimistic one; reported as stalled where the adjoint equation has no solution. Kinks of the lower solution where active sets change can stop the line search.",
  requirements: {
    order: 2,
    class: "lower level strongly convex in y (or with positive definite Hessian at the solutions followed)",
    upperDomain: true,
    lowerDomain: true,
    upperConstraints: false,
    lowerConstraints: false,
    minimaxOnly: false,
  },
  parameters: [],
  init,
  step,
  backOff,
};
