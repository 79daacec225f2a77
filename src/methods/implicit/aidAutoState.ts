/** The state of aid-auto, how it is published to the loop, and when the run is over. */
import type { LbfgsMemory } from "../../num/lbfgs.js";
import type { HyperObjective, HyperPoint } from "../kit/hyperPoint.js";
import type { KinkBundle } from "../kit/kink.js";
import type { WolfeSearch } from "../kit/wolfe.js";
import type { MethodState } from "../method.js";

type Vector = Float64Array;

/** Above this share of b out of reach the implicit function theorem does not hold at the point. */
const KERNEL = 1e-6;

export interface AidAutoState extends MethodState {
  readonly evaluator: HyperObjective;
  readonly search: WolfeSearch;
  readonly bundle: KinkBundle;
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
  /** Long searches without a smaller hypergradient: a kink is near. */
  hard: number;
  /** Radius of the neighbourhood whose hypergradients are combined, relative to 1 + |x_i|; NaN while no kink is near. */
  radius: number;
  kinkFailures: number;
  /** First trial of kink steps as a share of the radius. */
  reach: number;
  failures: number;
  restarts: number;
  restartPhi: number;
}

/** Copies the current point into the user's variables. */
export function publish(state: AidAutoState): void {
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
export function judge(state: AidAutoState): void {
  const { current, evaluator } = state;
  if (!current.finite) return;
  const floor = 2e-15 * current.rounding;
  if (!(current.pg <= state.stop * evaluator.G0 || current.pg <= floor)) return;
  if (unsolvable(current)) stall(state, singular(current));
  else if (current.checked) {
    state.finished = "converged";
    state.reason = "the projected hypergradient is small at checked tolerances";
  }
}

/** The adjoint equation has no solution at the point, whatever the effort. */
export function unsolvable(p: HyperPoint): boolean {
  return p.adjointResidual > KERNEL && p.adjointResidual > 3 * p.rt;
}

export function singular(p: HyperPoint): string {
  const kind = p.notPositive ? "is singular or has negative curvature" : "is too badly conditioned";
  return `the lower Hessian ${kind}: ${p.adjointResidual.toExponential(1)} of the upper gradient in y is out of reach of the adjoint equation, so the hypergradient is not to be trusted`;
}

export function stall(state: AidAutoState, reason: string): void {
  state.finished = "stalled";
  state.reason = reason;
}
