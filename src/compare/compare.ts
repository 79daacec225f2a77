/**
 * The comparison of methods on one problem: every method and seed gets the same start and the same budget, one after
 * another in one process (seed by seed, the methods in turn, so that a machine that slows down slows them all down). Values
 * and hypergradients are measured afterwards by solvers that no method shares (compareMeasure.ts).
 */
import { BloError } from "../base/diagnostic.js";
import { entryOf } from "../base/explain.js";
import type { Cancellation, Clock, Limits } from "../methods/budget.js";
import type { ParameterValue } from "../methods/method.js";
import { resolveParameters } from "../methods/params.js";
import { fitting, methodOf, whyNot } from "../methods/registry.js";
import type { Problem } from "../model/problem.js";
import type { Oracle } from "../oracle/oracle.js";
import { measure } from "./measure.js";
import { oneRun, type RunProgress, warmUp } from "./run.js";
import { type Expected, referenceOf, scaleOf, summaryOf, withSuboptimality } from "./summary.js";
import type { ComparedRun, CompareProgress, Comparison, Contestant, Skipped } from "./types.js";

/** A method's id, or a method with options and a name of its own (so that one method can take part several times). */
export type Entrant =
  | string
  | {
      readonly method: string;
      readonly label?: string | undefined;
      readonly options?: Readonly<Record<string, ParameterValue>> | undefined;
    };

export interface ComparePlan {
  /** Absent: every method that fits. */
  readonly entrants?: readonly Entrant[] | undefined;
  readonly seeds: readonly number[];
  readonly limits: Limits;
  readonly tolerance: number;
  readonly spread: number;
  /** May the problem's expected upper objective serve as the reference? */
  readonly expectations: boolean;
  readonly now: Clock;
  readonly signal?: Cancellation | undefined;
}

/** Resolves names and options; throws a BloError for those that do not exist. */
export function contestantsOf(
  problem: Problem,
  entrants: readonly Entrant[] | undefined,
): { readonly contestants: readonly Contestant[]; readonly skipped: readonly Skipped[] } {
  const contestants: Contestant[] = [];
  const skipped: Skipped[] = [];
  const settings = problem.solve;
  for (const entrant of entrants ?? fitting(problem)) {
    const { method: id, options = {}, label = id } = typeof entrant === "string" ? { method: entrant } : entrant;
    const method = methodOf(id);
    // What the source says of a method's options holds here, too, as in a single run.
    const given = { ...(settings.method === id ? settings.options : {}), ...options };
    const { values: parameters, diagnostics } = resolveParameters(method, given);
    if (diagnostics.some((d) => d.severity === "error")) throw new BloError(diagnostics);
    const reasons = whyNot(method, problem).map((d) => entryOf(d.code).title);
    if (reasons.length > 0) skipped.push({ method: id, reasons });
    else if (!contestants.some((c) => c.label === label)) contestants.push({ label, method, given, parameters });
  }
  return { contestants, skipped };
}

/** Pauses about every 20 ms. Once the signal is aborted it returns with the runs that were completed. */
export function* comparing(oracle: Oracle, plan: ComparePlan): Generator<CompareProgress, Comparison, void> {
  const { problem } = oracle;
  const { contestants, skipped } = contestantsOf(problem, plan.entrants);
  const aborted = (): boolean => plan.signal?.aborted === true;
  // Also compiles the kernels that all runs share, so that the first method does not pay for them.
  const start = measure(oracle, oracle.startX, oracle.startY, aborted);
  const runs: ComparedRun[] = [];
  const total = plan.seeds.length * contestants.length;
  for (const contestant of contestants) {
    for (const step of warmUp(oracle, contestant, plan.seeds[0], plan)) {
      yield { label: contestant.label, seed: plan.seeds[0], run: 1, runs: total, ...step };
    }
  }
  for (const seed of plan.seeds) {
    for (const contestant of contestants) {
      if (aborted()) break;
      const place = { label: contestant.label, seed, run: runs.length + 1, runs: total };
      yield { ...place, stage: "running", share: 0 };
      const steps: Generator<RunProgress, ComparedRun, void> = oneRun(oracle, contestant, seed, plan);
      let step = steps.next();
      for (; step.done !== true; step = steps.next()) yield { ...place, ...step.value };
      runs.push(step.value);
    }
  }
  const completed = runs.filter((r) => r.status !== "interrupted");
  const reference = referenceOf(completed, plan.expectations ? expectedOf(problem) : undefined);
  const scale = scaleOf(reference.value, start.value);
  const finished = runs.map((r) => withSuboptimality(r, reference.value, scale));
  return {
    problem: problem.name,
    sign: problem.upper.sense === "maximize" ? -1 : 1,
    tolerance: plan.tolerance,
    budget: plan.limits,
    seeds: plan.seeds,
    spread: plan.spread,
    interrupted: aborted(),
    start,
    reference,
    scale,
    methods: contestants.map((c) => summaryOf(c, finished)),
    skipped,
    runs: finished,
  };
}

/** The upper objective that the problem's `expect` block names. */
function expectedOf(problem: Problem): Expected | undefined {
  const sign = problem.upper.sense === "maximize" ? -1 : 1;
  for (const e of problem.expect) {
    if (e.kind !== "value" || !("objective" in e.target) || e.target.objective !== "upper") continue;
    return { value: sign * e.value[0], within: e.within ?? 1e-6 * (1 + Math.abs(e.value[0])) };
  }
  return undefined;
}
