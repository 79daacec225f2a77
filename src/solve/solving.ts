/**
 * A whole solve: run the method, certify the point, say what is true. Where the certificate refuses a claim because it
 * met a better point (a lower value of the lower objective, a lower solution the upper level prefers, a better neighbour of
 * a saddle point), the method gets further rounds from there.
 */
import type { Diagnostic } from "../base/diagnostic.js";
import { type Examination, examineSteps } from "../certify/certificate.js";
import { type Measuring, measuring } from "../measures/measuring.js";
import type { AskedMeasure } from "../measures/table.js";
import type { Cancellation, Clock, Limits } from "../methods/budget.js";
import type { Checkpoint } from "../methods/checkpoint.js";
import type { Method, ParameterValue } from "../methods/method.js";
import type { RunOutcome } from "../methods/outcome.js";
import type { Result, TraceRow } from "../methods/result.js";
import { DEFAULT_TOLERANCE, type Progress, runSteps } from "../methods/run.js";
import { withStart } from "../methods/start.js";
import { outcomes } from "../methods/stop.js";
import { createRandom } from "../num/random.js";
import { distance, norm } from "../num/vector.js";
import { calls, type Oracle } from "../oracle/oracle.js";
import type { NoiseModel } from "../oracle/sampledNoise.js";
import { withNoise } from "../oracle/sampledOracle.js";
import { withBlame } from "./notFinite.js";
import type { ProofTime } from "./proofTime.js";
import { asWritten, deservesCertificate, resultOf } from "./result.js";

export interface SolveRequest {
  readonly method: Method;
  readonly parameters: Readonly<Record<string, ParameterValue | undefined>>;
  readonly seed: number;
  readonly tolerance?: number | undefined;
  readonly limits: Limits;
  /** Of a proof that may go on beyond its share, which is the limit on seconds. */
  readonly proofTime?: ProofTime | undefined;
  readonly now: Clock;
  readonly signal?: Cancellation | undefined;
  readonly traceRows?: number | undefined;
  readonly sink?: ((row: TraceRow) => void) | undefined;
  readonly onIteration?: ((row: TraceRow, x: Float64Array, y: Float64Array) => void) | undefined;
  readonly checkpoint?: { readonly everySeconds: number; readonly write: (c: Checkpoint) => void } | undefined;
  readonly resume?: Checkpoint | undefined;
  /** Measures to follow the run by, at the trace's rows or at every `measureEvery`-th iteration. */
  readonly measures?: readonly AskedMeasure[] | undefined;
  readonly measureEvery?: number | undefined;
  /** Noise on what the method sees; certificates and measures see none. */
  readonly noise?: NoiseModel | undefined;
  readonly warnings: readonly Diagnostic[];
}

/** Part of a time limit that is kept for the certificate, and at most how many seconds of it. */
const certificateShare = 0.15;
const certificateSeconds = 5;

/** Rounds of a method, restarts included; of one that starts anywhere by itself. */
const rounds = 4;
const roundsOfPortfolio = 2;
const pauseMilliseconds = 20;

/** Pauses about every 20 ms, in certificates between two lower solves. */
export function* solving(oracle: Oracle, request: SolveRequest): Generator<Progress, Result, void> {
  const began = request.now();
  const spent = (): number => (request.now() - began) / 1000;
  const { seconds } = request.limits;
  const reserve = seconds === undefined ? certificateSeconds : Math.min(certificateShare * seconds, certificateSeconds);
  const share = seconds === undefined ? Number.POSITIVE_INFINITY : seconds - reserve;
  const { proofTime } = request;
  const stages = proofTime?.stages(share);
  const deadline = (): number => (proofTime?.granted ? proofTime.most : share);
  // after a proof nothing else is tried
  const whole = (outcome: RunOutcome): number | undefined =>
    proofTime !== undefined && (proofTime.granted || outcome.proof !== undefined) ? proofTime.whole : seconds;
  const aborted = (): boolean => request.signal?.aborted === true;
  const seen = request.noise ? withNoise(oracle, request.noise, createRandom(request.seed).split("noise")) : oracle;
  const observer = request.measures && measuring(oracle, request.measures, request.seed, aborted);
  function* examined(outcome: RunOutcome): Generator<Progress, Examination | undefined, void> {
    if (!deservesCertificate(outcome.status)) return undefined;
    const all = whole(outcome);
    const steps = examineSteps(oracle, outcome.x, outcome.y, {
      tolerance: request.tolerance ?? DEFAULT_TOLERANCE,
      random: createRandom(request.seed),
      seconds: all === undefined ? undefined : Math.max(reserve, all - spent()),
      exhausted: aborted,
      proof: outcome.proof,
    });
    const { iterations: iteration, value, stationarity } = outcome;
    let paused = request.now();
    for (;;) {
      const next = steps.next();
      if (next.done === true) return next.value;
      if (request.now() - paused < pauseMilliseconds) continue;
      yield { iteration, calls: calls(oracle.counts), seconds: spent(), value, stationarity };
      paused = request.now();
    }
  }

  /** Where only the lower solution's digits are missing, the certificate's own, next to it, takes its place. */
  function* judged(
    given: RunOutcome,
  ): Generator<Progress, { outcome: RunOutcome; examination: Examination | undefined }, void> {
    const found = yield* examined(given);
    const y = found && polished(given, found);
    if (y === undefined) return { outcome: given, examination: found };
    const { multipliers: _, ...rest } = given;
    const outcome: RunOutcome = { ...rest, y };
    const examination = yield* examined(outcome);
    return examination?.certificate.certified ? { outcome, examination } : { outcome: given, examination: found };
  }

  const first = yield* runSteps(request.method, seen, {
    ...options(request, { ...request.limits, seconds: stages?.seconds ?? share }, oracle, undefined, observer),
    longer: stages?.longer,
  });
  let { outcome, examination } = yield* judged(first);
  let latest: RunOutcome = first;
  let restart = examination && goingOn(latest, examination);
  const most = request.method.anyStart === true ? roundsOfPortfolio : rounds;
  for (let round = 1; round < most && restart !== undefined; round++) {
    const limits = left(request.limits, latest, deadline() - spent());
    if (limits === undefined || aborted() || (latest.status !== "converged" && latest.status !== "stalled")) break;
    const again = yield* runSteps(
      request.method,
      withStart(seen, restart.x, restart.y),
      options({ ...request, ...sharper(request, restart), resume: undefined }, limits, oracle, latest, observer),
    );
    const verdict = yield* judged(again);
    latest = joined(latest, verdict.outcome);
    if (verdict.examination?.certificate.certified) {
      outcome = latest;
      examination = verdict.examination;
      break;
    }
    restart = verdict.examination && goingOn(again, verdict.examination);
  }
  if (outcome !== latest) outcome = { ...outcome, counts: { ...oracle.counts } };
  if (aborted() && examination?.certificate.certified !== true) {
    outcome = { ...outcome, status: "interrupted", reason: outcomes.interrupted.sentence };
    examination = undefined;
  }
  return resultOf({
    oracle,
    method: request.method.id,
    outcome: withBlame(
      request.method,
      oracle,
      options(request, {}, oracle),
      outcome,
      examination?.certificate.certified === true,
    ),
    certificate: examination?.certificate,
    measures: observer?.columns,
    seconds: spent(),
    warnings: request.warnings,
  });
}

interface Onward {
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Factor of the tolerance. */
  readonly sharper?: number;
}

/**
 * Where the method goes on after a refusal: at the better point that was met; else, if only accuracy is missing, where it is, with a
 * tolerance smaller by ten times what is missing (methods measure in scales of their own).
 */
function goingOn({ status, x, y }: RunOutcome, { certificate, restart }: Examination): Onward | undefined {
  if (restart !== undefined || certificate.certified || status !== "converged") return restart;
  const failed = certificate.checks.filter((c) => !c.holds);
  if (!failed.every((c) => accuracyChecks.has(c.name))) return undefined;
  const missing = Math.max(1, ...failed.map((c) => c.value / c.tolerance));
  return missing <= MOST_MISSING ? { x, y, sharper: 0.1 / missing } : undefined;
}

/** The certificate's lower solution, where nothing but y's accuracy kept the point from being certified and it is next to y. */
function polished({ y }: RunOutcome, { certificate, lowerSolution }: Examination): Float64Array | undefined {
  const failed = certificate.checks.filter((c) => !c.holds);
  if (failed.length === 0 || !failed.every((c) => lowerAccuracy.has(c.name))) return undefined;
  const moved = distance(lowerSolution, y);
  return moved > 0 && moved <= NEXT * (1 + norm(y)) ? lowerSolution.slice() : undefined;
}

/** Relative distance of lower solutions that are the same to fewer digits. */
const NEXT = 1e-2;
const lowerAccuracy: ReadonlySet<string> = new Set(["value gap", "lower stationarity", "lower stationarity, scaled"]);

/** Checks that a more accurate run may pass. */
const accuracyChecks: ReadonlySet<string> = new Set([
  "hypergradient",
  "R_ker",
  "lower stationarity",
  "lower stationarity, scaled",
]);
/** A point that is further away was not meant to be a solution. */
const MOST_MISSING = 1e3;

function sharper(request: SolveRequest, { sharper: factor }: Onward): Pick<SolveRequest, "tolerance"> {
  return factor === undefined ? {} : { tolerance: factor * (request.tolerance ?? DEFAULT_TOLERANCE) };
}

/** What a second round may still use; undefined where nothing is left. Calls need no subtraction: counters go on. */
function left(limits: Limits, outcome: RunOutcome, seconds: number): Limits | undefined {
  const iterations = limits.iterations === undefined ? undefined : limits.iterations - outcome.iterations;
  if (seconds <= 0 || (iterations !== undefined && iterations <= 0)) return undefined;
  return { iterations, calls: limits.calls, seconds };
}

function options(
  request: SolveRequest,
  limits: Limits,
  { problem }: Oracle,
  before?: RunOutcome,
  observer?: Measuring,
) {
  const { parameters, seed, now, signal, sink, onIteration, checkpoint, resume, measureEvery } = request;
  const shifted = (row: TraceRow): TraceRow => asWritten(before ? after(row, before) : row, problem);
  return {
    parameters,
    seed,
    now,
    signal,
    checkpoint,
    resume,
    limits,
    measureEvery,
    measure: observer?.at,
    sink: sink && ((row: TraceRow) => sink(shifted(row))),
    onIteration: onIteration && ((row: TraceRow, x: Float64Array, y: Float64Array) => onIteration(shifted(row), x, y)),
    ...(request.tolerance === undefined ? {} : { tolerance: request.tolerance }),
    ...(request.traceRows === undefined ? {} : { traceRows: request.traceRows }),
  };
}

/** A row of the second round as a continuation of the first. */
function after(row: TraceRow, first: RunOutcome): TraceRow {
  return { ...row, iteration: first.iterations + row.iteration, seconds: first.seconds + row.seconds };
}

function joined(first: RunOutcome, second: RunOutcome): RunOutcome {
  return {
    ...second,
    iterations: first.iterations + second.iterations,
    backOffs: first.backOffs + second.backOffs,
    trace: [...first.trace, ...second.trace.map((row) => after(row, first))],
    diagnostics: [...first.diagnostics, ...second.diagnostics],
  };
}
