/**
 * Methods on a presolved problem, seen from outside as methods on the problem as it was written: each step runs on the smaller
 * problem, and its point, multipliers and counts are given back as the original's. So the loop, the trace, checkpoints and
 * certificates know nothing of it.
 */
import type { Method, MethodContext, MethodState } from "../methods/method.js";
import { withoutLower } from "../methods/singleLevel/withoutLower.js";
import { withStart } from "../methods/start.js";
import { compileOracle, type OracleOptions } from "../oracle/compile.js";
import type { Counts, Oracle } from "../oracle/oracle.js";
import type { Presolved } from "../presolve/presolve.js";

type Vector = Float64Array;

/** The method to run where no lower variable is left. */
export { withoutLower };

class PresolvedState implements MethodState {
  readonly x: Vector;
  readonly y: Vector;
  value = Number.NaN;
  stationarity = Number.NaN;
  finished: MethodState["finished"] = "no";
  reason = "";
  remark?: string;
  readonly extra: Record<string, number>;
  multipliers?: Vector;
  ray?: MethodState["ray"];
  readonly inner: MethodState;
  readonly context: MethodContext;
  private readonly charge: () => void;
  private readonly presolved: Presolved;

  constructor(method: Method, presolved: Presolved, options: OracleOptions, outer: MethodContext) {
    this.presolved = presolved;
    const { oracle } = outer;
    this.x = oracle.startX.slice();
    this.y = oracle.startY.slice();
    const start = presolved.restrict(this);
    const inner = withStart(compileOracle(presolved.problem, options), start.x, start.y);
    this.charge = charging(inner, oracle.counts);
    const exhausted = (): boolean => {
      this.charge();
      return outer.exhausted();
    };
    this.context = { ...outer, oracle: inner, exhausted };
    this.inner = method.init(this.context);
    this.extra = this.inner.extra;
    this.sync();
  }

  /** What the inner state says, as the original problem's. */
  sync(): void {
    this.charge();
    const { inner, presolved } = this;
    const point = presolved.invert(inner);
    this.x.set(point.x);
    this.y.set(point.y);
    if (point.multipliers !== undefined) this.multipliers = point.multipliers;
    this.value = inner.value;
    this.stationarity = inner.stationarity;
    this.finished = inner.finished;
    this.reason = inner.reason;
    if (inner.remark !== undefined) this.remark = inner.remark;
    if (inner.ray !== undefined) this.ray = rayOf(presolved, inner, inner.ray);
  }

  /** The loop has put the last good point in place. */
  restore(): void {
    const { x, y } = this.presolved.restrict(this);
    this.inner.x.set(x);
    this.inner.y.set(y);
  }
}

/** The method as one of the original problem. */
export function throughPresolve(method: Method, presolved: Presolved, options: OracleOptions): Method<PresolvedState> {
  const { backOff } = method;
  return {
    ...method,
    init: (context) => new PresolvedState(method, presolved, options, context),
    step: (state) => {
      method.step(state.inner, state.context);
      state.sync();
    },
    backOff: (state) => {
      state.restore();
      const shrunk = backOff?.(state.inner, state.context) === true;
      state.sync();
      return shrunk;
    },
  };
}

/** Adds what was counted inside since the last call to the counts outside. */
function charging(inner: Oracle, outer: Counts): () => void {
  const before = { ...inner.counts };
  const names = Object.keys(before) as (keyof typeof before & string)[];
  return () => {
    for (const name of names) {
      const now = inner.counts[name as keyof Counts & string] as number;
      const added = now - (before[name] as number);
      if (added === 0) continue;
      (outer as unknown as Record<string, number>)[name] += added;
      (before as unknown as Record<string, number>)[name] = now;
    }
  };
}

/** The direction that a ray of the reduced problem is in the original, where points map back affinely along it. */
function rayOf(presolved: Presolved, at: { x: Vector; y: Vector }, ray: { x: Vector; y: Vector }): MethodState["ray"] {
  const along = (t: number): { x: Vector; y: Vector } =>
    presolved.invert({ x: at.x.map((v, i) => v + t * ray.x[i]), y: at.y.map((v, i) => v + t * ray.y[i]) });
  const [zero, one, two] = [along(0), along(1), along(2)];
  const x = one.x.map((v, i) => v - zero.x[i]);
  const y = one.y.map((v, i) => v - zero.y[i]);
  const straight = [...x, ...y].every((d, i) => {
    const [from, to] = i < x.length ? [zero.x[i], two.x[i]] : [zero.y[i - x.length], two.y[i - x.length]];
    return Math.abs(to - from - 2 * d) <= 1e-9 * (1 + Math.abs(d) + Math.abs(from));
  });
  return straight ? { x, y } : undefined;
}
