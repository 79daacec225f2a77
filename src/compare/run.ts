/**
 * One run of a comparison: the method alone (no restarts, no other method after it), watched at kept points; then its
 * certificate and the measure of each point. Clock and counters stand still for what comes after the run.
 */

import { examineSteps } from "../certify/certificate.js";
import type { Cancellation, Clock, Limits } from "../methods/budget.js";
import type { RunOutcome } from "../methods/outcome.js";
import type { Certificate } from "../methods/result.js";
import { type Progress, runSteps } from "../methods/run.js";
import { withStart } from "../methods/start.js";
import { createRandom } from "../num/random.js";
import { calls, type Oracle } from "../oracle/oracle.js";
import { deservesCertificate, verdict } from "../solve/result.js";
import { type Measured, measure } from "./measure.js";
import { type KeptPoint, PointKeeper } from "./points.js";
import type { ComparedRun, Contestant, MeasuredPoint } from "./types.js";

export interface RunPlan {
  readonly limits: Limits;
  readonly tolerance: number;
  /** Standard deviation of the start around the written one, relative to max(1, |entry|). */
  readonly spread: number;
  readonly now: Clock;
  readonly signal?: Cancellation | undefined;
}

export interface RunProgress {
  readonly stage: "running" | "measuring";
  readonly share: number;
}

/** Seconds for a certificate, and for the measures of one run: points beyond it stay without numbers. */
const CERTIFICATE_SECONDS = 10;
const MEASURE_SECONDS = 20;
const PAUSE_MILLISECONDS = 20;

export function* oneRun(
  base: Oracle,
  contestant: Contestant,
  seed: number,
  plan: RunPlan,
): Generator<RunProgress, ComparedRun, void> {
  const { limits, tolerance, now, signal } = plan;
  const oracle = plan.spread > 0 ? spreadStart(base.fork(), seed, plan.spread) : base.fork();
  const keeper = new PointKeeper();
  keeper.add({ iteration: 0, calls: 0, seconds: 0, claim: Number.NaN, x: oracle.startX, y: oracle.startY });
  const steps = runSteps(contestant.method, oracle, {
    parameters: contestant.parameters,
    seed,
    tolerance,
    limits,
    now,
    signal,
    traceRows: 0,
    onIteration: (row, x, y) => {
      if (!keeper.wants(row.calls, row.iteration)) return;
      const { iteration, seconds, stationarity: claim } = row;
      keeper.add({ iteration, calls: row.calls, seconds, claim, x, y });
    },
  });
  let step = steps.next();
  for (; step.done !== true; step = steps.next()) yield { stage: "running", share: shareOf(step.value, limits) };
  const outcome = step.value;
  const { iterations: iteration, seconds, x, y, stationarity: claim } = outcome;
  const spent = calls(outcome.counts);
  const kept = keeper.finish({ iteration, calls: spent, seconds, claim, x, y });
  const certificate = yield* certificateOf(base, outcome, seed, plan);
  const measured = yield* measuring(base, kept, now, signal);
  const interrupted = signal?.aborted === true;
  const { status, reason } = interrupted
    ? { status: "interrupted" as const, reason: "" }
    : verdict(outcome, certificate);
  return {
    label: contestant.label,
    seed,
    status,
    reason,
    certified: certificate?.certified === true,
    claimed: outcome.status === "converged",
    confirmed: confirms(certificate),
    value: measured[measured.length - 1].value,
    iterations: iteration,
    calls: spent,
    seconds,
    counts: { ...outcome.counts },
    points: kept.map((point, i): MeasuredPoint => {
      const { x: _x, y: _y, ...facts } = point;
      return { ...facts, ...measured[i], suboptimality: Number.NaN };
    }),
  };
}

const WARM_SECONDS = 0.25;

/** A short run that nobody sees, so that the first run recorded does not pay for the compilation of a method's code. */
export function* warmUp(
  base: Oracle,
  contestant: Contestant,
  seed: number,
  plan: RunPlan,
): Generator<RunProgress, void> {
  const { limits, tolerance, now, signal } = plan;
  const seconds = Math.min(WARM_SECONDS, limits.seconds ?? WARM_SECONDS);
  const { parameters } = contestant;
  const all = { parameters, seed, tolerance, limits: { ...limits, seconds }, now, signal, traceRows: 0 };
  for (const _ of runSteps(contestant.method, base.fork(), { ...all, onIteration: () => {} })) {
    yield { stage: "running", share: 0 };
  }
}

function shareOf(at: Progress, limits: Limits): number {
  const parts = [
    at.calls / (limits.calls ?? Number.POSITIVE_INFINITY),
    at.seconds / (limits.seconds ?? Number.POSITIVE_INFINITY),
    at.iteration / (limits.iterations ?? Number.POSITIVE_INFINITY),
  ];
  return Math.min(1, Math.max(...parts));
}

/** The same for all methods with the same seed. */
function spreadStart(oracle: Oracle, seed: number, spread: number): Oracle {
  const random = createRandom(seed).split("spread of starts");
  const moved = (v: number): number => v + spread * Math.max(1, Math.abs(v)) * random.normal();
  return withStart(oracle, oracle.startX.map(moved), oracle.startY.map(moved));
}

function* certificateOf(
  base: Oracle,
  outcome: RunOutcome,
  seed: number,
  { tolerance, signal, now }: RunPlan,
): Generator<RunProgress, Certificate | undefined, void> {
  if (!deservesCertificate(outcome.status)) return undefined;
  const examination = examineSteps(base, outcome.x, outcome.y, {
    tolerance,
    random: createRandom(seed),
    seconds: CERTIFICATE_SECONDS,
    exhausted: () => signal?.aborted === true,
  });
  let paused = now();
  for (;;) {
    const next = examination.next();
    if (next.done === true) return next.value.certificate;
    if (now() - paused < PAUSE_MILLISECONDS) continue;
    yield { stage: "measuring", share: 0 };
    paused = now();
  }
}

/** The last point first: it matters most where time runs out. */
function* measuring(
  base: Oracle,
  kept: readonly KeptPoint[],
  now: Clock,
  signal: Cancellation | undefined,
): Generator<RunProgress, readonly Measured[], void> {
  const end = now() + 1000 * MEASURE_SECONDS;
  const exhausted = (): boolean => signal?.aborted === true || now() > end;
  const last = kept.length - 1;
  const found: Measured[] = [];
  const final = measure(base, kept[last].x, kept[last].y, exhausted);
  let paused = now();
  for (let i = 0; i < last; i++) {
    found.push(measure(base, kept[i].x, kept[i].y, exhausted));
    if (now() - paused < PAUSE_MILLISECONDS) continue;
    yield { stage: "measuring", share: (i + 1) / kept.length };
    paused = now();
  }
  return [...found, final];
}

const feasibility: ReadonlySet<string> = new Set(["domains", "upper constraints", "lower constraints", "value gap"]);

/** The point lies in the domains, keeps the constraints, and y solves the lower level: its value bounds the optimum. */
function confirms(certificate: Certificate | undefined): boolean {
  if (certificate === undefined || certificate.lowerEvidence === "none") return false;
  return certificate.checks.every((c) => c.holds || !feasibility.has(c.name));
}
