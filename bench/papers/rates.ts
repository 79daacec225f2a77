/**
 * How fast |grad phi| falls with the oracle calls: for methods that go on improving the root mean square of |grad phi| over
 * iterations and seeds along the run, for methods set up for one epsilon the calls until it is reached; and the exponent p
 * of calls ~ epsilon^-p by least squares on logarithms.
 */
import type { Problem } from "../../src/api.js";
import { slope } from "./numbers.js";
import { run, type Setting } from "./problem.js";

type Error = (x: Float64Array) => number;

export interface Curve {
  /** Calls, and the root mean square of |grad phi| since the point before, over all seeds. */
  readonly points: readonly (readonly [number, number])[];
  /** Of calls ~ epsilon^-p, fitted over the points from `fitFrom` iterations on. */
  readonly exponent: number;
  /** The largest and the smallest error of the fit. */
  readonly range: readonly [number, number];
}

const FACTOR = 1.15;
const FIRST = 10;
/** Errors below are rounding. */
const FLOOR = 1e-11;

function checkpoints(last: number): number[] {
  const found: number[] = [];
  for (let k = FIRST; k <= last; k *= FACTOR) found.push(Math.round(k));
  return [...new Set(found)];
}

export function rateOf(
  problem: Problem,
  setting: Omit<Setting, "seed" | "watch" | "tolerance">,
  error: Error,
  seeds: number,
  fitFrom: number,
): Curve {
  const at = checkpoints(setting.iterations);
  const squares = new Float64Array(at.length);
  const calls = new Float64Array(at.length);
  let shortest = at.length;
  for (let seed = 1; seed <= seeds; seed++) {
    let [next, sum, count] = [0, 0, 0];
    run(problem, {
      ...setting,
      seed,
      tolerance: 1e-300,
      watch: (k, spent, x) => {
        sum += error(x) ** 2;
        count++;
        if (k !== at[next]) return;
        squares[next] += sum / count / seeds;
        calls[next++] = spent;
        [sum, count] = [0, 0];
      },
    });
    shortest = Math.min(shortest, next);
  }
  const points = at.slice(0, shortest).map((_, i) => [calls[i], Math.sqrt(squares[i])] as const);
  const fitted = points.filter(([, e], i) => at[i] >= fitFrom && e > FLOOR);
  const errors = fitted.map(([, e]) => e);
  return { points, exponent: -1 / slope(fitted), range: [Math.max(...errors), Math.min(...errors)] };
}

/** Calls until the root mean square of |grad phi| over the last `window` iterations is at most epsilon; NaN if never. */
export function callsTo(
  problem: Problem,
  setting: Omit<Setting, "watch" | "tolerance">,
  error: Error,
  epsilon: number,
  window = 1,
): number {
  let reached = Number.NaN;
  const last: number[] = [];
  run(problem, {
    ...setting,
    tolerance: 1e-300,
    watch: (_k, calls, x) => {
      if (!Number.isNaN(reached)) return;
      last.push(error(x) ** 2);
      if (last.length > window) last.shift();
      if (last.length === window && last.reduce((a, b) => a + b, 0) / window <= epsilon ** 2) reached = calls;
    },
  });
  return reached;
}

/** The exponent of calls ~ epsilon^-p. */
export function exponentOf(points: readonly (readonly [number, number])[]): number {
  return -slope(points.map(([calls, epsilon]) => [epsilon, calls] as const));
}
