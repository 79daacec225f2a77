/**
 * The one loop. It owns budgets, the finite guard with its back-off, the trace, callbacks, cancellation, checkpoints and
 * the point that is returned. Methods only `init` and `step`. The core is synchronous; `runSteps` pauses about every
 * 20 ms so that a caller can let the event loop turn.
 */
import { type Diagnostic, diagnostic } from "../base/diagnostic.js";
import { createRandom } from "../num/random.js";
import { calls, type Oracle } from "../oracle/oracle.js";
import { Budget, type Cancellation, type Clock, type Limits } from "./budget.js";
import { type Checkpoint, checkpointOf, resumable, resumeFrom } from "./checkpoint.js";
import { Guard } from "./guard.js";
import type { Method, MethodContext, MethodState, ParameterValue } from "./method.js";
import type { RunOutcome } from "./outcome.js";
import { defaultsOf } from "./params.js";
import type { Status, TraceRow } from "./result.js";
import { idleState, startWhereNotFinite, troubleAtStart } from "./startCheck.js";
import { sentenceOf } from "./stop.js";
import { TraceKeeper } from "./trace.js";

/** Relative tolerance on stationarity when the user gives none. */
export const DEFAULT_TOLERANCE = 1e-6;
const MAX_BACK_OFFS = 10;
const YIELD_MILLISECONDS = 20;

export interface RunOptions {
  /** Option values by name; what is missing takes its default. Checked by `resolveParameters` beforehand. */
  readonly parameters?: Readonly<Record<string, ParameterValue | undefined>>;
  readonly seed?: number;
  readonly tolerance?: number;
  readonly limits?: Limits;
  /** Asked when the seconds are up: how many the run may take in all instead; undefined ends it. */
  readonly longer?: ((state: MethodState) => number | undefined) | undefined;
  readonly now: Clock;
  readonly signal?: Cancellation | undefined;
  /** Rows of the trace to keep, at least 2 (thinned evenly); 0 keeps none. Default 2,000. */
  readonly traceRows?: number;
  /** Gets every row, however many. */
  readonly sink?: ((row: TraceRow) => void) | undefined;
  /** Called after every iteration with the row and the current point (arrays of the method: copy, do not keep). */
  readonly onIteration?: ((row: TraceRow, x: Float64Array, y: Float64Array) => void) | undefined;
  /** Adds numbers of its own to the `extra` of rows that the trace keeps, or of every `measureEvery`-th iteration, and of the last. */
  readonly measure?: ((x: Float64Array, y: Float64Array, extra: Record<string, number>) => void) | undefined;
  readonly measureEvery?: number | undefined;
  readonly checkpoint?: { readonly everySeconds: number; readonly write: (c: Checkpoint) => void } | undefined;
  readonly resume?: Checkpoint | undefined;
}

/** Where a paused run stands. */
export interface Progress {
  readonly iteration: number;
  readonly calls: number;
  readonly seconds: number;
  readonly value: number;
  readonly stationarity: number;
}

/** Runs to the end without pausing. */
export function runMethod<S extends MethodState>(method: Method<S>, oracle: Oracle, options: RunOptions): RunOutcome {
  const run = new Run(method, oracle, options);
  while (run.status === undefined) run.batch();
  return run.finish();
}

/** Runs with a pause (a `yield`) about every 20 ms; returns the outcome. */
export function* runSteps<S extends MethodState>(
  method: Method<S>,
  oracle: Oracle,
  options: RunOptions,
): Generator<Progress, RunOutcome, void> {
  const run = new Run(method, oracle, options);
  let paused = run.budget.time;
  while (run.status === undefined) {
    run.batch();
    if (run.status === undefined && run.budget.time - paused >= YIELD_MILLISECONDS) {
      yield run.progress();
      // Time spent elsewhere during the pause is not held against the pace.
      run.budget.read();
      paused = run.budget.time;
    }
  }
  return run.finish();
}

/** Runs with the event loop turning at every pause, so that timers, signals and messages are served. */
export async function runMethodAsync<S extends MethodState>(
  method: Method<S>,
  oracle: Oracle,
  options: RunOptions,
  breathe: () => Promise<void> = () => new Promise((resolve) => setTimeout(resolve, 0)),
): Promise<RunOutcome> {
  const steps = runSteps(method, oracle, options);
  for (;;) {
    const next = steps.next();
    if (next.done === true) return next.value;
    await breathe();
  }
}

class Run<S extends MethodState> {
  status: Status | undefined = undefined;
  readonly budget: Budget;
  private readonly method: Method<S>;
  private readonly oracle: Oracle;
  private readonly options: RunOptions;
  private readonly context: MethodContext;
  private readonly state: S;
  private readonly guard: Guard;
  private readonly trace: TraceKeeper | undefined;
  private readonly watched: boolean;
  private readonly seed: number;
  private readonly diagnostics: Diagnostic[] = [];
  private iteration = 0;
  private backOffs = 0;
  /** Steps per batch, and the calls after which a batch ends early because its steps have become dearer. */
  private size = 1;
  private callAllowance = Number.POSITIVE_INFINITY;
  private checkpointDue: number;

  constructor(method: Method<S>, oracle: Oracle, options: RunOptions) {
    const { resume } = options;
    this.method = method;
    this.options = options;
    this.seed = resume?.seed ?? options.seed ?? 1;
    this.oracle = resume === undefined ? oracle : resumeFrom(resume, method.id, oracle);
    this.iteration = resume?.iteration ?? 0;
    const root = createRandom(this.seed);
    this.budget = new Budget(oracle.counts, options.limits ?? {}, options.now, options.signal, resume?.seconds ?? 0);
    this.context = {
      oracle: this.oracle,
      parameters: { ...defaultsOf(method), ...options.parameters },
      tolerance: options.tolerance ?? DEFAULT_TOLERANCE,
      random: resume === undefined ? root : root.split(`resumed at ${resume.iteration}`),
      exhausted: this.budget.exhausted,
    };
    const rows = options.traceRows ?? 2000;
    this.trace = rows > 0 ? new TraceKeeper(rows) : undefined;
    this.watched = options.sink !== undefined || options.onIteration !== undefined;
    this.checkpointDue = this.budget.time + 1000 * (options.checkpoint?.everySeconds ?? Number.POSITIVE_INFINITY);

    const { startX, startY } = this.oracle;
    const before = method.anyStart ? [] : troubleAtStart(this.oracle, "lower", startX, startY);
    this.state = before.length === 0 ? method.init(this.context) : (idleState(this.oracle) as S);
    const { x, y } = this.state;
    const trouble = before.length > 0 || method.anyStart ? before : troubleAtStart(this.oracle, "upper", x, y);
    this.guard = new Guard(this.state);
    if (trouble.length > 0 || !this.guard.accept(this.state)) {
      this.diagnostics.push(...trouble);
      this.status = "not-finite";
      return;
    }
    this.observe();
    if (this.state.finished !== "no") this.status = this.state.finished;
    this.budget.read();
    this.checkBudget();
  }

  /** Some steps, then one look at clock, signal and checkpoints. */
  batch(): void {
    const before = calls(this.oracle.counts);
    const planned = this.size;
    const done = this.advance(planned, before + this.callAllowance);
    const passed = this.budget.read();
    const perStep = (calls(this.oracle.counts) - before) / Math.max(1, done);
    if (passed < 1) this.size = Math.min(2 * planned, 65536);
    else if (passed > 4) this.size = Math.max(1, Math.floor((2 * done) / passed));
    this.callAllowance = perStep > 0 ? 4 * perStep * this.size + 16 : Number.POSITIVE_INFINITY;
    if (this.status !== undefined) return;
    this.checkBudget();
    const { checkpoint } = this.options;
    if (checkpoint !== undefined && this.budget.time >= this.checkpointDue) {
      checkpoint.write(this.snapshot());
      this.checkpointDue = this.budget.time + 1000 * checkpoint.everySeconds;
    }
  }

  progress(): Progress {
    const { value, stationarity } = this.state;
    const { seconds } = this.budget;
    return { iteration: this.iteration, calls: calls(this.oracle.counts), seconds, value, stationarity };
  }

  finish(): RunOutcome {
    const { state, budget } = this;
    const status = this.status ?? "interrupted";
    const failed = status === "not-finite" || status === "diverged";
    budget.read();
    if (resumable.has(status)) this.options.checkpoint?.write(this.snapshot());
    const row = this.iteration === 0 && failed ? undefined : this.row(true);
    return {
      status,
      reason: sentenceOf(status, failed || state.finished === "no" ? "" : state.reason),
      remark: failed ? undefined : state.remark,
      x: Float64Array.from(state.x),
      y: Float64Array.from(state.y),
      value: state.value,
      stationarity: state.stationarity,
      extra: row?.extra ?? { ...state.extra },
      multipliers: failed ? undefined : state.multipliers?.slice(),
      ray: state.ray,
      proof: status === "converged" ? state.proof : undefined,
      iterations: this.iteration,
      seconds: budget.seconds,
      counts: { ...this.oracle.counts },
      backOffs: this.backOffs,
      parameters: this.context.parameters,
      seed: this.seed,
      trace: this.trace?.finish(row) ?? [],
      diagnostics: this.diagnostics,
    };
  }

  /** At most `steps` steps; fewer if something ends the run or they turn out dear. Returns the number done. */
  private advance(steps: number, callLimit: number): number {
    const { method, state, context, guard, budget, trace, watched } = this;
    const { counts } = this.oracle;
    const { maxIterations, maxCalls } = budget;
    const limited = maxCalls < Number.POSITIVE_INFINITY;
    for (let k = 1; k <= steps; k++) {
      method.step(state, context);
      this.iteration++;
      if (!guard.accept(state)) {
        if (!this.recover()) return k;
      } else {
        if (watched || (trace !== undefined && this.iteration >= trace.due)) this.observe();
        if (state.finished !== "no") {
          this.status = state.finished;
          return k;
        }
      }
      // without a limit on calls they only guard the pace of batches: now and then is enough
      const used = limited || (k & 3) === 0 ? calls(counts) : 0;
      if (used >= maxCalls) this.status = "call-limit";
      else if (this.iteration >= maxIterations) this.status = "iteration-limit";
      else if (used <= callLimit && budget.spent === undefined) continue;
      return k;
    }
    return steps;
  }

  /** After a bad state: last good point back, smaller steps. False if the run has failed. */
  private recover(): boolean {
    const { guard, state, method } = this;
    guard.restore(state);
    this.backOffs++;
    if (this.backOffs <= MAX_BACK_OFFS && method.backOff?.(state, this.context) === true) return true;
    guard.restoreBest(state);
    startWhereNotFinite(this.oracle, state);
    this.status = guard.trouble;
    const code = guard.trouble === "diverged" ? "BLO0903" : "BLO0902";
    this.diagnostics.push(diagnostic(code, { iteration: this.iteration, backOffs: this.backOffs - 1 }));
    return false;
  }

  private checkBudget(): void {
    if (this.status !== undefined) return;
    const { budget } = this;
    const more = budget.spent === "time-limit" ? this.options.longer?.(this.state) : undefined;
    if (more !== undefined) budget.allow(more);
    if (budget.spent !== undefined) this.status = budget.spent;
    else if (calls(this.oracle.counts) >= budget.maxCalls) this.status = "call-limit";
    else if (this.iteration >= budget.maxIterations) this.status = "iteration-limit";
  }

  private observe(): void {
    const { trace, state, options } = this;
    this.budget.read();
    const due = trace !== undefined && this.iteration >= trace.due;
    const { measureEvery } = options;
    const row = this.row(measureEvery === undefined ? due : this.iteration % measureEvery === 0);
    if (due) trace.add(row);
    options.sink?.(row);
    options.onIteration?.(row, state.x, state.y);
    if (options.signal?.aborted === true) this.budget.spent = "interrupted";
  }

  private row(measured: boolean): TraceRow {
    const { value, stationarity, x, y } = this.state;
    const extra = { ...this.state.extra };
    if (measured) this.options.measure?.(x, y, extra);
    return {
      iteration: this.iteration,
      value,
      stationarity,
      calls: calls(this.oracle.counts),
      seconds: this.budget.seconds,
      extra,
    };
  }

  private snapshot(): Checkpoint {
    const { goodX, goodY } = this.guard;
    return checkpointOf({
      method: this.method.id,
      seed: this.seed,
      iteration: this.iteration,
      seconds: this.budget.seconds,
      counts: this.oracle.counts,
      x: goodX,
      y: goodY,
    });
  }
}
