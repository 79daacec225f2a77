/**
 * Convergence curves of a comparison: median and quartiles over the seeds of what the runs had reached after so many oracle
 * calls or seconds. A run is a step function that keeps its last value; a curve ends where the last of its runs ended.
 */
import { quartilesOf } from "./summary.js";
import type { ComparedRun, Comparison, MeasuredPoint, Quartiles } from "./types.js";

export type Quantity = "suboptimality" | "hypergradient" | "claim";
export type Axis = "calls" | "seconds";

export interface CurvePoint extends Quartiles {
  readonly at: number;
}

export interface Curve {
  readonly label: string;
  /** Only points whose median is a finite number. */
  readonly points: readonly CurvePoint[];
}

const GRID_PER_DECADE = 24;
/** Logarithmic axes have no room for the clock's own grain. */
const LEAST: Readonly<Record<Axis, number>> = { calls: 1, seconds: 1e-4 };

/** A logarithmic grid over what all runs used. */
function gridOf(runs: readonly ComparedRun[], axis: Axis): number[] {
  const used = runs.flatMap((r) => r.points.map((p) => p[axis])).filter((v) => v > 0);
  if (used.length === 0) return [];
  const from = Math.log10(
    Math.max(
      LEAST[axis],
      used.reduce((a, b) => Math.min(a, b)),
    ),
  );
  const to = Math.log10(
    Math.max(
      LEAST[axis],
      used.reduce((a, b) => Math.max(a, b)),
    ),
  );
  const steps = Math.max(1, Math.ceil((to - from) * GRID_PER_DECADE));
  return Array.from({ length: steps + 1 }, (_, i) => 10 ** (from + ((to - from) * i) / steps));
}

/** What the run had reached at `at`; NaN where it did not say. */
function reachedAt(points: readonly MeasuredPoint[], quantity: Quantity, axis: Axis, at: number): number {
  let value = Number.NaN;
  for (const p of points) {
    if (p[axis] > at) break;
    value = p[quantity];
  }
  return value;
}

export function curvesOf({ runs: all, methods }: Comparison, quantity: Quantity, axis: Axis): Curve[] {
  const completed = all.filter((r) => r.status !== "interrupted");
  const grid = gridOf(completed, axis);
  return methods.map(({ label }) => {
    const runs = completed.filter((r) => r.label === label);
    const end = Math.max(0, ...runs.map((r) => r.points[r.points.length - 1][axis]));
    const places = [...grid.filter((at) => at < end), ...(end >= LEAST[axis] ? [end] : [])];
    const points = places
      .map((at) => ({ at, ...quartilesOf(runs.map((r) => reachedAt(r.points, quantity, axis, at))) }))
      .filter((p) => Number.isFinite(p.median));
    return { label, points };
  });
}
