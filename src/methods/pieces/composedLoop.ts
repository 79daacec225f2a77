/**
 * The loop of a composition: lower map, estimator, outer rule in turn,
 *
 *   y <- Φ(x, y), K times;   G ~ dφ/dx at (x, y);   x <- outer rule (x, G)
 *
 * with K and the estimator's iterations as given (published), or each to a tolerance of 1e-2 of the hypergradient's share
 * (automatic, for outer rules and estimates that no search on values fits). Ends with a claim where step and lower residual
 * are small; stalled where then the estimate's own equation stays unsolved.
 */
import { copyInto, hypotenuse } from "../../num/vector.js";
import { claimTolerance, RelativeStop } from "../kit/claim.js";
import { type Running, StateFields } from "../kit/running.js";
import type { MethodContext } from "../method.js";
import { Approach } from "./approach.js";
import type { Estimator, EstimatorPiece, LowerMap, LowerMapPiece, OuterPiece, OuterRule } from "./piece.js";

type Vector = Float64Array;

/** Where the lower steps of an outer step begin. `moved`: y_0 is a variable too, moved along the estimator's startGradient. */
export type LowerStart = "warm" | "cold" | "moved";

export interface Parts {
  readonly lower: LowerMapPiece;
  readonly estimator: EstimatorPiece;
  readonly outer: OuterPiece;
  readonly start: LowerStart;
  /** The estimate is taken before the lower steps, at (x, y) as they were; both move from there. */
  readonly simultaneous: boolean;
  /** Lower steps; undefined: to the tolerance. */
  readonly K: number | undefined;
}

const SHARE = 1e-2;
const LOOSEST = 1e-3;
/** Outer steps with a vanished G after which an estimate whose own residual no longer falls is given up. */
const PATIENCE = 50;

export class ComposedLoop extends StateFields implements Running {
  private readonly parts: Parts;
  private readonly map: LowerMap;
  private readonly estimator: Estimator;
  private readonly outer: OuterRule;
  private readonly approach: Approach;
  private readonly G: Vector;
  private readonly before: Vector;
  private readonly stop: RelativeStop;
  private readonly lowerStop: RelativeStop;
  private readonly startRule: OuterRule | undefined;
  private readonly y0: Vector;
  private longest = 1;
  private share = 1;
  private idle = 0;
  private leastResidual = Number.POSITIVE_INFINITY;

  constructor(context: MethodContext, parts: Parts) {
    super(context.oracle);
    const { n, m, startY } = context.oracle;
    this.parts = parts;
    this.map = parts.lower.make(context);
    this.estimator = parts.estimator.make(context, this.map);
    this.outer = parts.outer.make(context, n);
    this.approach = new Approach(this.map, m, !parts.lower.readsUpper);
    this.G = new Float64Array(n);
    this.before = new Float64Array(m);
    this.y0 = startY.slice();
    this.stop = new RelativeStop(claimTolerance(context.tolerance));
    this.lowerStop = new RelativeStop(claimTolerance(context.tolerance));
    const { bias } = parts.estimator;
    if (bias !== undefined) this.remark = `The estimate of the hypergradient ${bias}.`;
    if (parts.start === "moved") {
      const { parameters } = context;
      this.startRule = parts.outer.make({ ...context, parameters: { ...parameters, eta: parameters.etaStart } }, m);
    }
  }

  step(context: MethodContext): void {
    const { domainX, domainY } = context.oracle;
    const { x, y, G, estimator, outer, parts, extra, startRule } = this;
    if (!parts.simultaneous) this.moveLower(context);
    this.value = estimator.estimate(x, y, G, parts.K === undefined ? Math.max(1e-11, SHARE * this.share) : undefined);
    let stationarity = outer.measure(domainX, x, G);
    if (startRule && estimator.startGradient) {
      stationarity = hypotenuse(stationarity, startRule.measure(domainY, this.y0, estimator.startGradient));
    }
    this.stationarity = stationarity;
    const residual = this.map.residual(x, y);
    extra.lowerResidual = residual;
    extra.adjointResidual = estimator.residual;
    extra.eta = outer.eta;
    if (parts.K === undefined) extra.lowerSteps = this.approach.steps;
    this.judge(context, residual);
    if (this.finished !== "no") return;
    if (parts.simultaneous) {
      copyInto(y, this.before);
      this.moveLower(context);
      const theta = outer.relaxation ?? 1;
      if (theta !== 1) for (let j = 0; j < y.length; j++) y[j] = this.before[j] + theta * (y[j] - this.before[j]);
    }
    outer.take(domainX, x, G);
    if (startRule && estimator.startGradient) startRule.take(domainY, this.y0, estimator.startGradient);
  }

  /** A lower step size that was given is kept: then the map is the one that was asked for. */
  backOff(context: MethodContext): boolean {
    if (context.parameters.alpha === undefined) this.map.shrink();
    this.estimator.reset();
    this.outer.shrink();
    this.startRule?.shrink();
    return true;
  }

  private moveLower(context: MethodContext): void {
    const { x, y, y0, map, parts, approach } = this;
    const keep = parts.estimator.keepsPath;
    if (parts.start !== "warm") copyInto(y0, y);
    if (parts.K !== undefined) {
      map.run(x, y, parts.K, keep);
      return;
    }
    if (keep) copyInto(y, this.before);
    const residual = map.residual(x, y);
    const largest = Math.max(residual, this.lowerStop.largest);
    const least = 0.5 * this.lowerStop.tolerance;
    const target = Math.max(least, SHARE * Math.min(LOOSEST / SHARE, this.share)) * largest;
    approach.run(x, y, residual, target, context.exhausted);
    if (!keep) return;
    // The sweep needs all steps in one piece.
    this.longest = Math.max(this.longest, approach.steps);
    copyInto(this.before, y);
    map.run(x, y, this.longest, true);
  }

  private judge(context: MethodContext, residual: number): void {
    const { stop, lowerStop, estimator, parts } = this;
    const floor = 1e-14 * (estimator.size ?? 0);
    const small = stop.passes(this.stationarity, floor);
    this.share = stop.largest > 0 ? Math.min(1, this.stationarity / stop.largest) : 1;
    const solved = lowerStop.passes(residual, floor);
    const { bias } = parts.estimator;
    const unrolled = parts.estimator.keepsPath && parts.K !== undefined;
    if (!small || !(solved || unrolled)) {
      this.idle = 0;
      this.leastResidual = Number.POSITIVE_INFINITY;
      return;
    }
    if (bias !== undefined) {
      this.finish("converged", "The projected step is below the tolerance.");
    } else if (unrolled) {
      this.finish("converged", `The gradient of f(x, y_K(x)) with K = ${parts.K} lower steps is below the tolerance.`);
    } else if (!(estimator.residual > context.tolerance)) {
      this.finish("converged", "The projected hypergradient and the lower gradient are below the tolerance.");
    } else this.wait();
  }

  /** The step has vanished before the equation of the estimate is solved: some patience, then that is the answer. */
  private wait(): void {
    const left = this.estimator.residual;
    if (left < 0.9 * this.leastResidual) {
      this.leastResidual = left;
      this.idle = 0;
    } else if (++this.idle >= PATIENCE) {
      const words = `The steps vanish, but the estimate's own equation is left with a relative residual of ${left.toExponential(1)}`;
      this.finish("stalled", `${words}: the hypergradient is not to be trusted.`);
    }
  }
}
