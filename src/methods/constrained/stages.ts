/**
 * Continuation for surrogates with a parameter t -> 0 (1/γ, 1/c, the square root of the barrier parameter): each value is
 * minimised by the automatic outer rule, warm from the last; the bias of the solutions, a series in t, is removed by
 * Richardson's table; at the end the lower level is solved at the extrapolated x from the extrapolated y, with its multipliers.
 */
import { type AidAutoState, aidAuto } from "../implicit/aidAuto.js";
import type { HyperEvaluator } from "../kit/hyperPoint.js";
import { Richardson } from "../kit/richardson.js";
import { type Running, StateFields } from "../kit/running.js";
import type { MethodContext } from "../method.js";
import { LowerProgram } from "./lowerProgram.js";

type Vector = Float64Array;

const COLUMNS = 3;
/** A bound may hold x for the first values of the parameter, and only for them: y must have settled to this relative change. */
const SETTLED_Y = 0.05;
/** Relative change of the extrapolated x between stages that ends the run. */
const SETTLED = 1e-8;
/** Outer iterations per stage. */
const STAGE_ITERATIONS = 300;
/** |PG| against the largest seen at which a stage counts as minimised although its descent gave up before its own goal. */
const STAGE_TOLERANCE = 1e-5;
/** Solutions of successive stages draw together by `ratio`; where they do so by 50 times that, the last descent stood still. */
const STOOD_STILL = 0.02;
/** Not told from rounding where the stages before were as near as this. */
const NEAR = 1e-7;
/** Largest ratio of the lower gaps of two stages at which their solutions may be extrapolated. */
const GAP_RATIO = 0.5;

export interface Stage {
  readonly inner: AidAutoState;
  readonly evaluator: HyperEvaluator;
  /** t <- t / ratio. */
  readonly ratio: number;
  /** Name and value of the parameter, for the trace and for people. */
  readonly name: string;
  parameter(): number;
  sharpen(): void;
  /** True where a smaller t would drown in rounding. */
  finest?(): boolean;
  /** Outer iterations per value of the parameter; default 300. */
  readonly iterations?: number;
  /** How far the surrogate's y is from solving the lower level: g(x, y) - g*(x), tends to 0 with t. */
  gap(): number;
  /** x and y of the current point, stacked, in the user's variables. */
  readInto(out: Vector): void;
}

export class Stages extends StateFields implements Running {
  readonly multipliers: Vector;
  private readonly stage: Stage;
  private readonly table: Richardson;
  private readonly stacked: Vector;
  private readonly program: LowerProgram;
  private readonly last: number;
  private readonly settled: number;
  private best: Vector | undefined;
  private change = Number.POSITIVE_INFINITY;
  private gap = Number.POSITIVE_INFINITY;
  private asymptotic = false;
  private worse = 0;
  private count = 1;
  private inStage = 0;
  /** How far the last two stages' solutions were apart, relative. */
  private apart = Number.NaN;
  private movedY = Number.POSITIVE_INFINITY;
  private readonly before: Vector;

  /** With one stage only (`stages` = 1) the parameter given is minimised and its bias stays. */
  constructor(context: MethodContext, stage: Stage, stages: number) {
    super(context.oracle);
    const { oracle } = context;
    this.stage = stage;
    this.last = stages;
    this.table = new Richardson(stage.ratio, COLUMNS, oracle.n);
    this.stacked = new Float64Array(oracle.n + oracle.m);
    this.before = new Float64Array(oracle.n + oracle.m);
    this.program = new LowerProgram(oracle);
    this.multipliers = new Float64Array(oracle.lower.constraints.rows);
    this.settled = Math.min(SETTLED, Math.max(1e-12, 0.01 * context.tolerance));
    this.publish();
  }

  step(context: MethodContext): void {
    if (this.finished !== "no") return;
    const { stage } = this;
    const { inner } = stage;
    if (inner.finished === "no") aidAuto.step(inner, context);
    this.publish();
    this.inStage++;
    if (inner.finished === "no" && this.inStage < (stage.iterations ?? STAGE_ITERATIONS)) return;
    if (context.exhausted()) return;
    if (this.last === 1) {
      if (inner.finished === "no") this.inStage = 0;
      else this.finish(inner.finished, `${this.words()}: ${inner.reason}; its solution is biased.`);
    } else this.endStage(context);
  }

  private endStage(context: MethodContext): void {
    const { stage, stacked } = this;
    const { inner, evaluator } = stage;
    stage.readInto(stacked);
    const smooth = inner.finished === "converged";
    const still = this.standsStill();
    if (!still && inner.current.finite && (smooth || inner.current.pg <= STAGE_TOLERANCE * evaluator.G0)) {
      const { best, change } = this.table.add(stacked);
      this.extra.change = change;
      if (change < this.change || this.best === undefined) {
        this.best = best.slice();
        this.change = change;
        this.worse = 0;
      } else this.worse++;
    }
    const gap = Math.max(0, stage.gap());
    this.asymptotic = gap <= GAP_RATIO * this.gap || gap <= 1e-12 * (1 + Math.abs(this.value));
    this.gap = gap;
    const ready = this.change <= this.settled || (this.worse >= 2 && this.change < 1e-5);
    const over = this.count >= this.last || stage.finest?.() === true || (still && this.best !== undefined);
    if ((ready && this.asymptotic && this.movedY <= SETTLED_Y) || over) {
      this.conclude(context);
      return;
    }
    if (!this.asymptotic) {
      this.change = Number.POSITIVE_INFINITY;
      this.best = undefined;
      this.worse = 0;
    }
    this.count++;
    this.inStage = 0;
    stage.sharpen();
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

  /** True where x moved so little since the last stage that its descent must have failed. */
  private standsStill(): boolean {
    const { stacked, before, apart } = this;
    const n = this.x.length;
    let moved = 0;
    this.movedY = 0;
    for (let k = 0; k < before.length; k++) {
      const change = Math.abs(stacked[k] - before[k]) / (1 + Math.abs(stacked[k]));
      if (k < n) moved = Math.max(moved, change);
      else this.movedY = Math.max(this.movedY, change);
      before[k] = stacked[k];
    }
    if (this.count === 1) this.movedY = Number.POSITIVE_INFINITY;
    this.apart = this.count > 1 ? moved : Number.NaN;
    return apart > NEAR && moved < (STOOD_STILL * apart) / this.stage.ratio;
  }

  /** Takes the extrapolated point and solves the lower level there. */
  private conclude(context: MethodContext): void {
    const { oracle } = context;
    const { x, y, program } = this;
    const best = this.best ?? this.stacked;
    for (let i = 0; i < oracle.n; i++) x[i] = best[i];
    for (let j = 0; j < oracle.m; j++) y[j] = best[oracle.n + j];
    oracle.domainX.project(x);
    const end = program.solve(x, y, 0, context.exhausted);
    oracle.domainY.project(y);
    for (let r = 0; r < this.multipliers.length; r++) this.multipliers[r] = program.z[r];
    this.value = oracle.upper.value(x, y);
    const settled = this.change <= Math.max(this.settled, 0.1 * context.tolerance) && this.asymptotic;
    if (settled && end === "solved") {
      this.finish("converged", `${this.words()}, extrapolated, have settled.`);
    } else if (end !== "solved") {
      this.finish("stalled", `The lower level at the last x was not solved accurately (${end}).`);
    } else {
      this.finish("stalled", `${this.words()}, extrapolated, still change by ${this.change.toPrecision(2)}.`);
    }
  }

  private words(): string {
    const at = `${this.stage.name} = ${this.stage.parameter().toPrecision(3)}`;
    return this.last === 1 ? `At ${at}` : `The solutions for ${this.count} values of the parameter down to ${at}`;
  }

  private publish(): void {
    const { inner } = this.stage;
    const { stacked, x, y } = this;
    this.stage.readInto(stacked);
    for (let i = 0; i < x.length; i++) x[i] = stacked[i];
    for (let j = 0; j < y.length; j++) y[j] = stacked[x.length + j];
    this.value = inner.value;
    this.stationarity = inner.stationarity;
    this.extra[this.stage.name] = this.stage.parameter();
    this.extra.lowerResidual = inner.extra.lowerResidual;
    if (inner.finished === "stalled" && !inner.current.finite && Number.isNaN(inner.current.phi)) {
      this.finish("stalled", inner.reason);
    }
  }

  backOff(context: MethodContext): boolean {
    // Late parameters may be beyond what numbers can hold: what the earlier ones gave stands.
    if (this.best !== undefined) {
      this.conclude(context);
      return true;
    }
    // A surrogate that is unbounded below wants more weight on the lower level.
    this.stage.sharpen();
    const { inner } = this.stage;
    inner.finished = "no";
    const mended = aidAuto.backOff?.(inner, context) === true;
    if (mended) this.publish();
    return mended || ++this.count < this.last;
  }
}
