/**
 * A whole solve: run the method, certify the point, say what is true. Where the certificate refuses a claim because it
 * found a lower value of the lower objective at the same x, the method gets one more round from that better point.
 */
import type { Diagnostic } from "../base/diagnostic.js";
import type { Cancellation, Clock, Limits } from "../methods/budget.js";
import type { Checkpoint } from "../methods/checkpoint.js";
import type { Method, ParameterValue } from "../methods/method.js";
import type { Result, TraceRow } from "../methods/result.js";
import { DEFAULT_TOLERANCE, type Progress, type RunOutcome, runSteps } from "../methods/run.js";
import { withStart } from "../methods/start.js";
import { createRandom } from "../num/random.js";
import type { Oracle } from "../oracle/oracle.js";
import { type Examination, examine } from "./certificate.js";
import { withBlame } from "./notFinite.js";
import { asWritten, deservesCertificate, resultOf } from "./report.js";

export interface SolveRequest {
  readonly method: Method;
  readonly parameters: Readonly<Record<string, ParameterValue | undefined>>;
  readonly seed: number;
  readonly tolerance?: number | undefined;
  readonly limits: Limits;
  readonly now: Clock;
  readonly signal?: Cancellation | undefined;
  readonly traceRows?: number | undefined;
  readonly sink?: ((row: TraceRow) => void) | undefined;
  readonly onIteration?: ((row: TraceRow, x: Float64Array, y: Float64Array) => void) | undefined;
  readonly checkpoint?: { readonly everySeconds: number; readonly write: (c: Checkpoint) => void } | undefined;
  readonly resume?: Checkpoint | undefined;
  readonly warnings: readonly Diagnostic[];
}

/** Part of a time limit that is kept for the certificate, and at most how many seconds of it. */
const certificateShare = 0.15;
const certificateSeconds = 5;

/** Pauses about every 20 ms of the run; the certificate is one piece. */
export function* solving(oracle: Oracle, request: SolveRequest): Generator<Progress, Result, void> {
  const began = request.now();
  const spent = (): number => (request.now() - began) / 1000;
  const { seconds } = request.limits;
  const reserve = seconds === undefined ? certificateSeconds : Math.min(certificateShare * seconds, certificateSeconds);
  const deadline = seconds === undefined ? Number.POSITIVE_INFINITY : seconds - reserve;
  const examined = (outcome: RunOutcome): Examination | undefined =>
    deservesCertificate(outcome.status)
      ? examine(oracle, outcome.x, outcome.y, {
          tolerance: request.tolerance ?? DEFAULT_TOLERANCE,
          random: createRandom(request.seed),
          seconds: seconds === undefined ? undefined : Math.max(reserve, seconds - spent()),
          exhausted: () => request.signal?.aborted === true,
        })
      : undefined;

  let outcome = yield* runSteps(
    request.method,
    oracle,
    options(request, { ...request.limits, seconds: deadline }, oracle),
  );
  let examination = examined(outcome);
  const limits = left(request.limits, outcome, deadline - spent());
  if (examination && limits && betterPointKnown(outcome, examination)) {
    const polished = yield* runSteps(
      request.method,
      withStart(oracle, outcome.x, examination.lowerSolution),
      options({ ...request, resume: undefined }, limits, oracle, outcome),
    );
    const second = examined(polished);
    if (second?.certificate.certified) {
      outcome = joined(outcome, polished);
      examination = second;
    } else outcome = { ...outcome, counts: { ...oracle.counts } };
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
    seconds: spent(),
    warnings: request.warnings,
  });
}

/** The certificate's own lower solve ended below the method's y: the reason the claim was refused. */
function betterPointKnown(outcome: RunOutcome, { certificate }: Examination): boolean {
  const refused = certificate.checks.some(
    (c) => !c.holds && (c.name === "value gap" || c.name === "lower stationarity"),
  );
  return (outcome.status === "converged" || outcome.status === "stalled") && refused && certificate.valueGap > 0;
}

/** What a second round may still use; undefined where nothing is left. Calls need no subtraction: counters go on. */
function left(limits: Limits, outcome: RunOutcome, seconds: number): Limits | undefined {
  const iterations = limits.iterations === undefined ? undefined : limits.iterations - outcome.iterations;
  if (seconds <= 0 || (iterations !== undefined && iterations <= 0)) return undefined;
  return { iterations, calls: limits.calls, seconds };
}

function options(request: SolveRequest, limits: Limits, { problem }: Oracle, before?: RunOutcome) {
  const { parameters, seed, now, signal, sink, onIteration, checkpoint, resume } = request;
  const shifted = (row: TraceRow): TraceRow => asWritten(before ? after(row, before) : row, problem);
  return {
    parameters,
    seed,
    now,
    signal,
    checkpoint,
    resume,
    limits,
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
