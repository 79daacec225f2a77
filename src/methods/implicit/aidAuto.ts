/**
 * aid-auto: hypergradient descent without settings. Lower level by warm projected L-BFGS, adjoint by preconditioned CG, both
 * to tolerances checked against the gradient they give; upper level by L-BFGS on the free set with a weak-Wolfe search on
 * the corrected hyper-objective; variables scaled once at the start.
 *
 *   G = grad_x f - J v,   H v = grad_y f     (implicit function theorem, e.g. Pedregosa 2016, (3)-(4))
 */
import { LbfgsMemory } from "../../num/lbfgs.js";
import { dot, norm, subtractInto } from "../../num/vector.js";
import { HyperEvaluator, HyperPoint } from "../kit/hyperPoint.js";
import { ScaledProblem } from "../kit/scaledProblem.js";
import { estimateScaling } from "../kit/scaling.js";
import { WolfeSearch } from "../kit/wolfe.js";
import type { Method, MethodContext, MethodState } from "../method.js";

type Vector = Float64Array;

const PAIRS = 20;
/** Iterations without decrease above rounding and without a smaller gradient: the floor. */
const PATIENCE = 8;
const MAX_RESTARTS = 3;
/** Above this share of b out of reach the implicit function theorem does not hold at the point. */
const KERNEL = 1e-6;

export interface AidAutoState extends MethodState {
  readonly evaluator: HyperEvaluator;
  readonly search: WolfeSearch;
  readonly memory: LbfgsMemory;
  /** The current point and room for two more; scaled variables. */
  current: HyperPoint;
  readonly points: { trial: HyperPoint; kept: HyperPoint };
  readonly d: Vector;
  readonly s: Vector;
  readonly change: Vector;
  /** |PG| <= stop G0 ends the run. */
  readonly stop: number;
  /** Length of projected-gradient steps where x is not in a box. */
  alpha: number;
  /** Bookkeeping of the floor and of restarts at the tightest tolerance. */
  leastPg: number;
  idle: number;
  failures: number;
  restarts: number;
  restartPhi: number;
}

function init(context: MethodContext): AidAutoState {
  const scaling = estimateScaling(context.oracle, context.random.split("scaling"));
  const problem = new ScaledProblem(context.oracle, scaling);
  return descend(new HyperEvaluator(problem, context.exhausted), context.tolerance);
}

/** The outer rule on any evaluator of a hyper-objective (or a surrogate of one), from the start of its oracle. */
export function descend(evaluator: HyperEvaluator, tolerance: number): AidAutoState {
  const { problem } = evaluator;
  const { oracle, n, m } = problem;
  const current = new HyperPoint(n, m);
  for (let i = 0; i < n; i++) current.x[i] = oracle.startX[i] / problem.dx[i];
  for (let i = 0; i < m; i++) current.y[i] = oracle.startY[i] / problem.dy[i];
  const state: AidAutoState = {
    x: Float64Array.from(oracle.startX),
    y: Float64Array.from(oracle.startY),
    value: Number.NaN,
    stationarity: Number.NaN,
    finished: "no",
    reason: "",
    extra: { lowerResidual: Number.NaN, adjointResidual: Number.NaN, tolerance: Number.NaN, trials: 0, notPositive: 0 },
    evaluator,
    search: new WolfeSearch(evaluator),
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

/** Copies the current point into the user's variables. */
function publish(state: AidAutoState): void {
  const { current, evaluator, extra } = state;
  const { problem } = evaluator;
  if (!current.finite) {
    // The loop's guard sees the infinite value and puts the last good point back.
    state.value = Number.POSITIVE_INFINITY;
    return;
  }
  problem.unscaleXInto(current.x, state.x);
  problem.unscaleYInto(current.y, state.y);
  state.value = current.f;
  let sum = 0;
  for (let i = 0; i < current.PG.length; i++) sum += (current.PG[i] / problem.dx[i]) ** 2;
  state.stationarity = Math.sqrt(sum);
  extra.lowerResidual = current.lowerResidual;
  extra.adjointResidual = current.adjointResidual;
  extra.tolerance = current.rt;
  extra.trials = state.search.trials;
  extra.notPositive = current.notPositive ? 1 : 0;
}

/** Ends the run where the projected hypergradient is small at a checked tolerance. */
function judge(state: AidAutoState): void {
  const { current, evaluator } = state;
  if (!current.finite) return;
  const floor = 2e-15 * current.rounding;
  if (!(current.pg <= state.stop * evaluator.G0 || current.pg <= floor)) return;
  if (current.adjointResidual > KERNEL) stall(state, singular(current));
  else if (current.checked) {
    state.finished = "converged";
    state.reason = "the projected hypergradient is small at checked tolerances";
  }
}

function singular(p: HyperPoint): string {
  const kind = p.notPositive ? "is singular or has negative curvature" : "is too badly conditioned";
  return `the lower Hessian ${kind}: ${p.adjointResidual.toExponential(1)} of the upper gradient in y is out of reach of the adjoint equation, so the hypergradient is not to be trusted`;
}

function stall(state: AidAutoState, reason: string): void {
  state.finished = "stalled";
  state.reason = reason;
}

/** d downhill: L-BFGS on the free set; without pairs the steepest descent of length min(1, |PG|). */
function direction(state: AidAutoState): number {
  const { memory, d, current, evaluator } = state;
  const { domainX } = evaluator.problem.oracle;
  const n = d.length;
  if (!domainX.boxes) {
    if (!(state.alpha > 0)) state.alpha = Math.min(1, 1 / norm(current.G));
    for (let i = 0; i < n; i++) d[i] = current.x[i] - state.alpha * current.G[i];
    evaluator.problem.projectX(d);
    subtractInto(d, current.x, d);
    return 1;
  }
  for (let attempt = 0; attempt < 2; attempt++) {
    if (domainX.free) memory.applyInto(current.G, d);
    else memory.applyFreeInto(current.G, current.free, d);
    const scale = memory.size === 0 ? -Math.min(1, 1 / current.pg) : -1;
    for (let i = 0; i < n; i++) d[i] *= scale;
    if (dot(d, current.PG) < 0) break;
    memory.clear();
  }
  return Number.POSITIVE_INFINITY;
}

function step(state: AidAutoState): void {
  const { search, memory, evaluator, points, s, change } = state;
  const before = state.current;
  if (Number.isNaN(before.phi)) {
    // The budget ran out in `init`.
    if (evaluator.evaluate(before)) {
      publish(state);
      judge(state);
    }
    return;
  }
  const longest = direction(state);
  const end = search.run(before, state.d, longest, points);
  if (end === "exhausted") return;
  if (end === "failed") {
    const fresh = evaluator.problem.oracle.domainX.boxes ? memory.size === 0 : state.failures > 0;
    memory.clear();
    state.alpha = Number.NaN;
    state.extra.trials = search.trials;
    if (fresh || ++state.failures >= 3) restart(state, "the line search finds no better point");
    return;
  }
  state.failures = 0;
  const after = points.kept;
  points.kept = before;
  state.current = after;
  subtractInto(after.x, before.x, s);
  subtractInto(after.G, before.G, change);
  memory.push(s, change);
  const sg = dot(s, change);
  const ss = dot(s, s);
  state.alpha = sg > 1e-12 * ss ? ss / sg : Math.min(10 * state.alpha, 1e10);
  publish(state);
  judge(state);
  if (state.finished !== "no") return;
  const decrease = before.phi - after.phi;
  const flat = decrease <= 1e-14 * Math.abs(after.phi) + after.slack;
  if (after.pg < state.leastPg || !flat) state.idle = 0;
  else state.idle++;
  if (after.pg < state.leastPg) state.leastPg = after.pg;
  if (state.idle >= PATIENCE) restart(state, "neither the objective nor the hypergradient gets smaller");
}

/** Trouble: again from the current x at the tightest tolerance; stalls after three times or where that gains nothing. */
function restart(state: AidAutoState, trouble: string): void {
  const { evaluator, current } = state;
  const gain = state.restartPhi - current.phi;
  if (state.restarts >= MAX_RESTARTS || (state.restarts > 0 && gain < 1e-10 * Math.abs(current.phi))) {
    stall(state, current.adjointResidual > KERNEL ? singular(current) : trouble);
    return;
  }
  state.restarts++;
  state.restartPhi = current.phi;
  state.failures = 0;
  state.idle = 0;
  state.leastPg = Number.POSITIVE_INFINITY;
  state.memory.clear();
  state.alpha = Number.NaN;
  evaluator.tight = true;
  if (!evaluator.evaluate(current)) return;
  publish(state);
  judge(state);
}

/** After a non-finite or exploding state: the best that can be done is to forget all curvature and go on from the last good point. */
function backOff(state: AidAutoState): boolean {
  const { current, evaluator } = state;
  const { problem } = evaluator;
  for (let i = 0; i < problem.n; i++) current.x[i] = state.x[i] / problem.dx[i];
  for (let i = 0; i < problem.m; i++) current.y[i] = state.y[i] / problem.dy[i];
  current.v.fill(0);
  state.memory.clear();
  evaluator.solver.reset();
  state.alpha = Number.NaN;
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
