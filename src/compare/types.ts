/** What a comparison of methods is: one record per run with its measured points, one summary per method. Plain data. */
import type { Limits } from "../methods/budget.js";
import type { Method, ParameterValue } from "../methods/method.js";
import type { ParameterValues } from "../methods/params.js";
import type { Status } from "../methods/result.js";
import type { Counts } from "../oracle/oracle.js";

/** A method with its options as it takes part; the label names it in tables and plots. */
export interface Contestant {
  readonly label: string;
  readonly method: Method;
  /** What was asked for, and all values with the defaults (undefined: chosen by the method). */
  readonly given: Readonly<Record<string, ParameterValue>>;
  readonly parameters: ParameterValues;
}

/** A method that does not fit the problem, and why, in words. */
export interface Skipped {
  readonly method: string;
  readonly reasons: readonly string[];
}

/** A kept point of a run, measured after the run by solvers of the certificate. Not finite where it could not be measured. */
export interface MeasuredPoint {
  readonly iteration: number;
  readonly calls: number;
  readonly seconds: number;
  /** Hyper-objective f(x, y*(x)), to be minimised. */
  readonly value: number;
  /** |value - reference| as a share of the start's; see `Comparison.scale`. */
  readonly suboptimality: number;
  /** Length of the projected hypergradient at x. */
  readonly hypergradient: number;
  /** What the method itself says of its stationarity. */
  readonly claim: number;
}

export interface ComparedRun {
  readonly label: string;
  readonly seed: number;
  readonly status: Status;
  readonly reason: string;
  /** Does the certificate hold, and did the method claim convergence? */
  readonly certified: boolean;
  readonly claimed: boolean;
  /** True where the certificate confirms the lower level and all constraints: then `value` bounds the optimum. */
  readonly confirmed: boolean;
  /** Hyper-objective at the returned point, to be minimised. */
  readonly value: number;
  readonly iterations: number;
  readonly calls: number;
  readonly seconds: number;
  readonly counts: Readonly<Counts>;
  readonly points: readonly MeasuredPoint[];
}

/** Over the seeds; infinite where a run has no number. */
export interface Quartiles {
  readonly q1: number;
  readonly median: number;
  readonly q3: number;
}

export interface MethodSummary {
  readonly label: string;
  readonly method: string;
  readonly title: string;
  readonly given: Readonly<Record<string, ParameterValue>>;
  /** Runs that were completed, and how many of them were certified and claimed convergence. */
  readonly runs: number;
  readonly certified: number;
  readonly claimed: number;
  readonly statuses: Readonly<Partial<Record<Status, number>>>;
  /** At the returned points. */
  readonly suboptimality: Quartiles;
  readonly hypergradient: Quartiles;
  readonly iterations: Quartiles;
  readonly calls: Quartiles;
  readonly seconds: Quartiles;
  /** Oracle calls until the relative suboptimality was at most `target` for good; infinite where it was not. */
  readonly toReach: readonly { readonly target: number; readonly reached: number; readonly calls: Quartiles }[];
}

export interface Reference {
  /** The value that suboptimality is measured from, to be minimised; NaN where there is none. */
  readonly value: number;
  readonly from: "run" | "expectation" | "unconfirmed run" | "none";
  readonly label?: string;
  readonly seed?: number;
}

export interface Comparison {
  readonly problem: string;
  /** Objectives of people are `sign` times the minimised ones. */
  readonly sign: 1 | -1;
  readonly tolerance: number;
  readonly budget: Limits;
  readonly seeds: readonly number[];
  readonly spread: number;
  readonly interrupted: boolean;
  /** Hyper-objective and hypergradient at the written start. */
  readonly start: { readonly value: number; readonly hypergradient: number };
  readonly reference: Reference;
  /** Suboptimalities are divided by this: the start's distance from the reference. */
  readonly scale: number;
  readonly methods: readonly MethodSummary[];
  readonly skipped: readonly Skipped[];
  readonly runs: readonly ComparedRun[];
}

export interface CompareProgress {
  readonly label: string;
  readonly seed: number;
  /** This run's number from 1, and how many there are. */
  readonly run: number;
  readonly runs: number;
  readonly stage: "running" | "measuring";
  /** Part of the budget that is used, or of the points that are measured. */
  readonly share: number;
}
