/**
 * Continuation in a penalty parameter: each value is minimised by the automatic outer rule, warm from the last, and the
 * bias of the solutions x(lambda) (a series in 1/lambda) is removed by Richardson's table. At the end the lower level is
 * solved from the extrapolated y, which stays near it: with many lower solutions that is the optimistic one.
 */
import { type AidAutoState, aidAuto } from "../implicit/aidAuto.js";
import { CurvedLowerSolver } from "../kit/curvedLowerSolver.js";
import type { HyperEvaluator } from "../kit/hyperPoint.js";
import { BoxLowerSolver, type LowerSolver } from "../kit/lowerSolver.js";
import { Richardson } from "../kit/richardson.js";
import { type Running, StateFields } from "../kit/running.js";
import { ScaledProblem } from "../kit/scaledProblem.js";
import type { MethodContext } from "../method.js";

type Vector = Float64Array;

const RATIO = 4;
const COLUMNS = 3;
/** Relative change of the extrapolated x between stages that ends the run. */
const SETTLED = 1e-8;
/** |PG| against the largest seen at which a stage counts as minimised although its descent gave up before its own goal. */
const STAGE_TOLERANCE = 1e-7;
/** Largest ratio of the gaps of two stages, 1/16 in the limit, at which their solutions may be extrapolated. */
const GAP_RATIO = 0.25;
/** Outer iterations per stage: a stage that crawls is left to the next. */
const STAGE_ITERATIONS = 300;

/** What a penalty method gives to the continuation. */
export interface PenaltyStage {
  /** The descent on the surrogate; its evaluator reads the penalty parameter. */
  readonly inner: AidAutoState;
  readonly evaluator: HyperEvaluator;
  setPenalty(lambda: number): void;
  /** g(x, y) - g(x, z) at the current point: of the order of 1/lambda² once lambda is large enough. */
  gap(): number;
  /** Least penalty parameter at which theory speaks, from constants at a lower solution (x, y); 0 where it says nothing. */
  least(x: Vector, y: Vector): number;
  /** x and the penalised y of the current point, stacked (length n + m), in the user's variables. */
  readInto(out: Vector): void;
}

export class Continuation extends StateFields implements Running {
  private readonly stage: PenaltyStage;
  private readonly table: Richardson;
  private readonly stacked: Vector;
  private readonly problem: ScaledProblem;
  private readonly solver: LowerSolver;
  private readonly stages: number;
  private readonly settled: number;
  /** Best extrapolation so far and how much it changed. */
  private best: Vector | undefined;
  private change = Number.POSITIVE_INFINITY;
  private lambda: number;
  private count = 1;
  private inStage = 0;
  private worse = 0;
  /** The penalty at which theory speaks; found out once the solutions seem to have settled. */
  private least = Number.NaN;
  private gap = Number.POSITIVE_INFINITY;
  /** The gap fell at the last stage as its order promises. */
  private asymptotic = false;

  constructor(context: MethodContext, stage: PenaltyStage, lambda: number, stages: number) {
    super(context.oracle);
    const { oracle } = context;
    this.stage = stage;
    this.lambda = lambda;
    this.stages = stages;
    this.table = new Richardson(RATIO, COLUMNS, oracle.n);
    this.stacked = new Float64Array(oracle.n + oracle.m);
    const ones = { dx: new Float64Array(oracle.n).fill(1), dy: stage.evaluator.problem.dy };
    this.problem = new ScaledProblem(oracle, ones);
    this.solver = oracle.domainY.boxes ? new BoxLowerSolver(this.problem) : new CurvedLowerSolver(this.problem);
    this.settled = Math.min(SETTLED, Math.max(1e-12, 0.01 * context.tolerance));
    this.publish();
  }

  step(context: MethodContext): void {
    const { inner } = this.stage;
    if (inner.finished === "no") aidAuto.step(inner, context);
    this.publish();
    this.inStage++;
    if (inner.finished === "no" && this.inStage < STAGE_ITERATIONS) return;
    if (context.exhausted()) return;
    this.endStage(context);
  }

  private endStage(context: MethodContext): void {
    const { stage, stacked } = this;
    stage.readInto(stacked);
    if (this.stages === 1) {
      if (stage.inner.finished === "no") this.inStage = 0;
      else this.finish(stage.inner.finished, stage.inner.reason);
      return;
    }
    // Only minimisers have an error series; a stage cut short says nothing about x(lambda).
    const { current } = stage.inner;
    const smooth = stage.inner.finished === "converged" && Number.isNaN(stage.inner.radius);
    const settledStage = smooth || current.pg <= STAGE_TOLERANCE * stage.evaluator.G0;
    if (current.finite && settledStage) {
      const { best, change } = this.table.add(stacked);
      this.extra.change = change;
      if (change < this.change || this.best === undefined) {
        this.best = best.slice();
        this.change = change;
        this.worse = 0;
      } else this.worse++;
    }
    const gap = Math.max(0, stage.gap());
    this.asymptotic = gap <= GAP_RATIO * this.gap || gap <= 1e-13 * Math.abs(this.value);
    this.gap = gap;
    // A change that grows again is rounding error times lambda: what is there is the best to be had.
    const ready = this.change <= this.settled || (this.worse >= 2 && this.change < 1e-5);
    if (ready && this.asymptotic && Number.isNaN(this.least)) {
      this.least = stage.least(this.x, this.y);
    }
    const early = !this.asymptotic || this.lambda < this.least;
    if ((ready && !early) || this.count >= this.stages) {
      this.conclude(context);
      return;
    }
    if (early) {
      // Solutions for small penalties may stand still (at bounds) far from the answer.
      this.change = Number.POSITIVE_INFINITY;
      this.best = undefined;
      this.worse = 0;
    }
    this.lambda *= RATIO;
    this.count++;
    this.inStage = 0;
    stage.setPenalty(this.lambda);
    const { inner, evaluator } = stage;
    inner.finished = "no";
    inner.idle = 0;
    inner.failures = 0;
    inner.restarts = 0;
    inner.hard = 0;
    inner.kinkFailures = 0;
    inner.radius = Number.NaN;
    inner.bundle.clear();
    evaluator.tight = false;
    inner.leastPg = Number.POSITIVE_INFINITY;
    inner.restartPhi = Number.POSITIVE_INFINITY;
    evaluator.evaluate(inner.current);
  }

  /** Takes the extrapolated point, projects it, and solves the lower level there from the penalised y. */
  private conclude(context: MethodContext): void {
    const { oracle } = context;
    const { x, y, problem, solver } = this;
    const best = this.best ?? this.stacked;
    for (let i = 0; i < oracle.n; i++) x[i] = best[i];
    for (let j = 0; j < oracle.m; j++) y[j] = best[oracle.n + j];
    oracle.domainX.project(x);
    oracle.domainY.project(y);
    const scaled = y.map((v, j) => v / problem.dy[j]);
    solver.solve(x, scaled, new Float64Array(oracle.m), 1e-12, context.exhausted);
    problem.unscaleYInto(scaled, y);
    oracle.domainY.project(y);
    this.value = oracle.upper.value(x, y);
    if (this.change <= Math.max(this.settled, 0.1 * context.tolerance) && this.asymptotic) {
      this.finish(
        "converged",
        `The solutions for ${this.count} penalty parameters up to ${this.lambda.toPrecision(3)}, extrapolated, have settled.`,
      );
    } else {
      this.finish(
        "stalled",
        `After ${this.count} penalty parameters up to ${this.lambda.toPrecision(3)} the extrapolated solutions still change by ${this.change.toPrecision(2)}.`,
      );
    }
  }

  private publish(): void {
    const { inner } = this.stage;
    const { stacked } = this;
    this.stage.readInto(stacked);
    const n = this.x.length;
    for (let i = 0; i < n; i++) this.x[i] = stacked[i];
    for (let j = 0; j < this.y.length; j++) this.y[j] = stacked[n + j];
    this.value = inner.value;
    this.stationarity = inner.stationarity;
    this.extra.lambda = this.lambda;
    this.extra.lowerResidual = inner.extra.lowerResidual;
  }

  backOff(context: MethodContext): boolean {
    // A surrogate that is unbounded below wants a larger penalty.
    this.lambda *= RATIO;
    this.stage.setPenalty(this.lambda);
    const { inner } = this.stage;
    inner.finished = "no";
    const mended = aidAuto.backOff?.(inner, context) === true;
    if (mended) this.publish();
    return mended || this.lambda < 1e8;
  }
}
