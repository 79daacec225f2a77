/**
 * From measured runs to one line per method. Suboptimality is relative to the start, as in data profiles: a target tau is
 * reached where
 *
 *   |phi(x) - phi*| <= tau |phi(x0) - phi*|      (Moré and Wild, Benchmarking derivative-free optimization algorithms,
 *                                                  SIAM J. Optim. 20, 2009, eq. 2.2; phi the hyper-objective)
 *
 * phi* is the lowest value at a point whose lower level and constraints a certificate confirms. The absolute value counts
 * points "better" than phi* as wrong: there y*(x) was not the lower solution, or constraints do not hold.
 */
import type { Status } from "../methods/result.js";
import type { ComparedRun, Contestant, MethodSummary, Quartiles, Reference } from "./types.js";

/** Relative suboptimalities for which the oracle calls are told. */
export const targets: readonly number[] = [1e-2, 1e-4, 1e-6];

/** Quantiles by linear interpolation between order statistics; what is not a number counts as infinite. */
export function quartilesOf(values: readonly number[]): Quartiles {
  const sorted = values.map((v) => (Number.isNaN(v) ? Number.POSITIVE_INFINITY : v)).sort((a, b) => a - b);
  const at = (p: number): number => {
    if (sorted.length === 0) return Number.NaN;
    const place = p * (sorted.length - 1);
    const low = Math.floor(place);
    const part = place - low;
    return part === 0 ? sorted[low] : sorted[low] + part * (sorted[low + 1] - sorted[low]);
  };
  const finite = (v: number): number => (Number.isNaN(v) && sorted.length > 0 ? Number.POSITIVE_INFINITY : v);
  return { q1: finite(at(0.25)), median: finite(at(0.5)), q3: finite(at(0.75)) };
}

/** An expected upper objective, to be minimised. */
export interface Expected {
  readonly value: number;
  readonly within: number;
}

export function referenceOf(runs: readonly ComparedRun[], expected: Expected | undefined): Reference {
  const lowest = (candidates: readonly ComparedRun[]): ComparedRun | undefined =>
    candidates
      .filter((r) => Number.isFinite(r.value))
      .reduce<ComparedRun | undefined>((a, b) => (a === undefined || b.value < a.value ? b : a), undefined);
  const best = lowest(runs.filter((r) => r.confirmed));
  if (expected !== undefined && !(best !== undefined && best.value <= expected.value + expected.within)) {
    return { value: expected.value, from: "expectation" };
  }
  if (best !== undefined) return { value: best.value, from: "run", label: best.label, seed: best.seed };
  const met = lowest(runs);
  if (met === undefined) return { value: Number.NaN, from: "none" };
  return { value: met.value, from: "unconfirmed run", label: met.label, seed: met.seed };
}

/** The start's distance from the reference; 1 + |reference| where that is unknown or nothing. */
export function scaleOf(reference: number, start: number): number {
  const distance = Math.abs(start - reference);
  const size = 1 + Math.abs(reference);
  return Number.isFinite(distance) && distance > 1e-12 * size ? distance : size;
}

export function withSuboptimality(run: ComparedRun, reference: number, scale: number): ComparedRun {
  return {
    ...run,
    points: run.points.map((p) => ({ ...p, suboptimality: Math.abs(p.value - reference) / scale })),
  };
}

/** Calls at the kept point from which on the run stays within the target: passing by is not enough. Else infinite. */
export function callsTo({ points }: ComparedRun, target: number): number {
  const outside = points.findLastIndex((p) => !(p.suboptimality <= target));
  return points[outside + 1]?.calls ?? Number.POSITIVE_INFINITY;
}

/** Of the completed runs of a contestant. */
export function summaryOf({ label, method, given }: Contestant, all: readonly ComparedRun[]): MethodSummary {
  const runs = all.filter((r) => r.label === label && r.status !== "interrupted");
  const over = (f: (run: ComparedRun) => number): Quartiles => quartilesOf(runs.map(f));
  const last = (run: ComparedRun) => run.points[run.points.length - 1];
  const statuses: Partial<Record<Status, number>> = {};
  for (const { status } of runs) statuses[status] = (statuses[status] ?? 0) + 1;
  return {
    label,
    method: method.id,
    title: method.title,
    given,
    runs: runs.length,
    certified: runs.filter((r) => r.certified).length,
    claimed: runs.filter((r) => r.claimed).length,
    statuses,
    suboptimality: over((r) => last(r).suboptimality),
    hypergradient: over((r) => last(r).hypergradient),
    iterations: over((r) => r.iterations),
    calls: over((r) => r.calls),
    seconds: over((r) => r.seconds),
    toReach: targets.map((target) => {
      const needed = runs.map((r) => callsTo(r, target));
      return { target, reached: needed.filter(Number.isFinite).length, calls: quartilesOf(needed) };
    }),
  };
}
