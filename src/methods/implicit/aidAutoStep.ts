/**
 * One outer iteration of aid-auto: an L-BFGS step with a weak-Wolfe search; restarts at the tightest tolerance where that
 * fails; and near kinks steps along the shortest combination of nearby hypergradients (kinkStep).
 */
import { dot, norm, normInf, scaleInto, subtractInto } from "../../num/vector.js";
import { type AidAutoState, judge, publish, singular, stall, unsolvable } from "./aidAutoState.js";

/** Iterations without decrease above rounding and without a smaller gradient: the floor. */
const PATIENCE = 8;
const MAX_RESTARTS = 3;
/** A search of this many trials is long; after so many long ones a kink is looked for. */
const LONG_SEARCH = 3;
const HARD = 4;
/** A shortest combination of nearby hypergradients below this share of the largest hypergradient counts as zero. */
const KINK = 1e-6;
/** Radii of the neighbourhood, first and last. */
const FIRST_RADIUS = 1e-2;
const LAST_RADIUS = 1e-7;
const KINK_TRIALS = 5;

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

export function step(state: AidAutoState): void {
  const { search, memory, evaluator, points } = state;
  const before = state.current;
  if (Number.isNaN(before.phi)) {
    // The budget ran out in `init`.
    if (evaluator.evaluate(before)) {
      publish(state);
      judge(state);
    }
    return;
  }
  if (!Number.isNaN(state.radius)) {
    kinkStep(state);
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
  take(state);
  const after = state.current;
  if (state.finished !== "no") return;
  const decrease = before.phi - after.phi;
  const flat = decrease <= 1e-14 * Math.abs(after.phi) + after.slack;
  if (after.pg < state.leastPg || !flat) state.idle = 0;
  else state.idle++;
  state.hard =
    after.pg < 0.5 * state.leastPg ? Math.min(0, state.hard) : state.hard + (search.trials >= LONG_SEARCH ? 1 : 0);
  if (after.pg < state.leastPg) state.leastPg = after.pg;
  if (state.hard >= HARD && enterKink(state)) return;
  if (state.idle >= PATIENCE) restart(state, "neither the objective nor the hypergradient gets smaller");
}

/**
 * A step of the gradient sampling kind (Burke, Lewis and Overton, 2005, Algorithm GS, with the points that searches passed
 * as samples): along d = -(shortest combination of the hypergradients within the radius). A failed search has put new
 * hypergradients within the radius; where d vanishes the radius shrinks, in the end to a stationary point.
 */
function kinkStep(state: AidAutoState): void {
  const { current, evaluator, bundle, d, search, points } = state;
  const { lowerX, upperX } = evaluator.problem;
  const zero = KINK * evaluator.G0;
  const length = bundle.directionInto(current, state.radius, lowerX, upperX, d);
  state.extra.kink = length;
  if (length <= zero && current.pg <= 10 * zero) {
    // The hypergradient itself is small: no kink, but slow progress. On with quasi-Newton steps, for good.
    state.radius = Number.NaN;
    state.hard = Number.NEGATIVE_INFINITY;
    state.leastPg = current.pg;
    state.idle = 0;
    return;
  }
  if (length <= zero) {
    state.radius *= 0.1;
    state.kinkFailures = 0;
    if (state.radius >= LAST_RADIUS) return;
    if (unsolvable(current)) stall(state, singular(current));
    else {
      state.finished = "converged";
      state.reason = "a convex combination of hypergradients around x vanishes: a stationary point at a kink";
    }
    return;
  }
  scaleInto((state.reach * state.radius * (1 + normInf(current.x))) / normInf(d), d, d);
  const end = search.run(current, d, Number.POSITIVE_INFINITY, points, KINK_TRIALS);
  state.extra.trials = search.trials;
  if (end === "accepted") {
    state.kinkFailures = 0;
    state.reach = Math.min(1, 10 * state.reach);
    take(state);
    return;
  }
  if (end === "exhausted") return;
  state.reach = Math.max(1e-6, 0.2 * state.reach);
  if (++state.kinkFailures > 2 * d.length + 10) {
    if (unsolvable(current)) stall(state, singular(current));
    else
      stall(
        state,
        `the hyper-objective has a kink here; nearby hypergradients combine to no less than ${length.toExponential(1)}`,
      );
  }
}

/** From now on kink steps, if x lies in boxes; tightest tolerances, since loose ones choose the wrong active sets. */
function enterKink(state: AidAutoState): boolean {
  const { evaluator, current, bundle } = state;
  if (!evaluator.problem.oracle.domainX.boxes) return false;
  evaluator.tight = true;
  // What was seen so far was seen loosely.
  bundle.clear();
  if (!evaluator.evaluate(current)) return true;
  publish(state);
  judge(state);
  bundle.add(current);
  state.radius = FIRST_RADIUS;
  state.reach = 1;
  state.kinkFailures = 0;
  return true;
}

/** The accepted point becomes the current one. */
function take(state: AidAutoState): void {
  const { points, evaluator, memory, s, change } = state;
  const before = state.current;
  const after = points.kept;
  points.kept = before;
  state.current = after;
  evaluator.accept(after);
  subtractInto(after.x, before.x, s);
  subtractInto(after.G, before.G, change);
  memory.push(s, change);
  const sg = dot(s, change);
  const ss = dot(s, s);
  state.alpha = sg > 1e-12 * ss ? ss / sg : Math.min(10 * state.alpha, 1e10);
  publish(state);
  judge(state);
}

/** Trouble: again from the current x at the tightest tolerance; stalls after three times or where that gains nothing. */
function restart(state: AidAutoState, trouble: string): void {
  const { evaluator, current } = state;
  const gain = state.restartPhi - current.phi;
  if (state.restarts >= MAX_RESTARTS || (state.restarts > 0 && gain < 1e-10 * Math.abs(current.phi))) {
    stall(state, unsolvable(current) ? singular(current) : trouble);
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
