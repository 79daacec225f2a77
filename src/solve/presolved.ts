/**
 * Methods on a presolved problem, seen from outside as methods on the problem as it was written: each step runs on the smaller
 * problem, and its point, multipliers and counts are given back as the original's. So the loop, the trace, checkpoints and
 * certificates know nothing of it.
 */
import type { Method, MethodContext, MethodState, Requirements } from "../methods/method.js";
import { withStart } from "../methods/start.js";
import type { Problem } from "../model/problem.js";
import { compileOracle, type OracleOptions } from "../oracle/compile.js";
import type { Counts, Oracle } from "../oracle/oracle.js";
import { lowerByFormula } from "../presolve/lowerByFormula.js";
import { type Presolved, presolve, presolveSteps, reduced } from "../presolve/presolve.js";

type Vector = Float64Array;

/** Presolve for a method that is named: it keeps lower variables for the method to work on. */
export function presolvedFor(problem: Problem): Presolved {
  const all = presolve(problem);
  if (all.problem.y.size > 0) return all;
  const careful = reduced(
    problem,
    presolveSteps.filter((s) => s !== lowerByFormula),
  );
  return careful.problem.y.size > 0 ? careful : reduced(problem, []);
}

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
  proof?: MethodState["proof"];
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
    if (inner.proof !== undefined) this.proof = inner.proof;
    if (inner.ray !== undefined) this.ray = rayOf(presolved, inner, inner.ray);
  }

  /** The loop has put the last good point in place. */
  restore(): void {
    const { x, y } = this.presolved.restrict(this);
    this.inner.x.set(x);
    this.inner.y.set(y);
  }
}

/** The original problem need not fit the method: the smaller one does. */
const anything: Partial<Requirements> = {
  upperDomain: true,
  lowerDomain: true,
  upperConstraints: true,
  lowerConstraints: true,
  minimaxOnly: false,
  dependentFollowers: true,
  structure: () => undefined,
};

/** The method as one of the original problem. */
export function throughPresolve(method: Method, presolved: Presolved, options: OracleOptions): Method<PresolvedState> {
  const { backOff } = method;
  return {
    ...method,
    requirements: { ...method.requirements, ...anything },
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
