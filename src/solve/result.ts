/** From what the loop knows and what the certificate says to the result: the verdict, named values, objectives as written. */
import type { Diagnostic } from "../base/diagnostic.js";
import { multipliersOf } from "../certify/multipliers.js";
import type { RunOutcome } from "../methods/outcome.js";
import type { ParameterValues } from "../methods/params.js";
import type { Certificate, Result, Status, TraceRow } from "../methods/result.js";
import { outcomes } from "../methods/stop.js";
import type { Problem } from "../model/problem.js";
import type { Oracle } from "../oracle/oracle.js";
import { byConstraint, objectivesOf, valuesOf, violationOf } from "../report/values.js";

export interface Verdict {
  readonly status: Status;
  readonly reason: string;
}

/** Ends of a run at which its point is worth a certificate: what the method claims is not what decides. */
const certifiable: ReadonlySet<Status> = new Set<Status>([
  "converged",
  "stalled",
  "iteration-limit",
  "call-limit",
  "time-limit",
]);

export function deservesCertificate(status: Status): boolean {
  return certifiable.has(status);
}

/**
 * `converged` is said only with a certificate that holds, and always with one: also where the method itself only knew
 * that a limit was reached (which is then said) or that it could do no more (which is then moot). A claim without a certificate is `uncertified`.
 */
export function verdict(
  outcome: Pick<RunOutcome, "status" | "reason" | "remark">,
  certificate: Certificate | undefined,
): Verdict {
  const judged = judge(outcome, certificate);
  return outcome.remark === undefined ? judged : { ...judged, reason: `${judged.reason} ${outcome.remark}` };
}

function judge(
  { status, reason }: Pick<RunOutcome, "status" | "reason">,
  certificate: Certificate | undefined,
): Verdict {
  if (!certifiable.has(status)) return { status, reason };
  if (certificate?.certified) {
    const limited = status.endsWith("-limit") ? `${reason} ` : "";
    return { status: "converged", reason: `${limited}${certificate.sentence}` };
  }
  const missing = certificate?.sentence ?? "No certificate was made.";
  if (status === "converged") {
    return { status: "uncertified", reason: `${outcomes.uncertified.sentence} ${missing}` };
  }
  return { status, reason: `${reason} ${missing}` };
}

export interface RunFacts {
  /** The oracle the method ran on, or any fork of it. */
  readonly oracle: Oracle;
  readonly method: string;
  readonly outcome: RunOutcome;
  readonly certificate: Certificate | undefined;
  /** Columns of the measures that were asked for. */
  readonly measures?: readonly string[] | undefined;
  /** Seconds of the whole solve, certificate included. */
  readonly seconds: number;
  /** Findings about the problem and the choice of method, before those of the run. */
  readonly warnings: readonly Diagnostic[];
}

export function resultOf(facts: RunFacts): Result {
  const { oracle, outcome, certificate } = facts;
  const { problem } = oracle;
  const { x, y } = outcome;
  // Counts are the method's own: what the report evaluates goes to a fork.
  const fork = oracle.fork();
  const objectives = objectivesOf(problem, x, y);
  const multipliers = certificate && multipliersOf(fork, x, y);
  return {
    problem: problem.name,
    method: facts.method,
    options: outcome.parameters,
    seed: outcome.seed,
    ...verdict(outcome, certificate),
    ...(outcome.remark !== undefined && { remark: outcome.remark }),
    x,
    y,
    values: valuesOf(problem, x, y),
    upper: { objective: objectives.upper, violation: violationOf(fork, "upper", x, y) },
    lower: {
      objective: objectives.lowers.reduce((sum, v) => sum + v, 0),
      violation: violationOf(fork, "lower", x, y),
      gap: certificate?.valueGap ?? Number.NaN,
    },
    multipliers: outcome.multipliers
      ? byConstraint(oracle.lower.constraints.names, outcome.multipliers)
      : multipliers?.lower,
    upperMultipliers: multipliers?.upper,
    ...(outcome.ray && { ray: outcome.ray }),
    certificate,
    counts: outcome.counts,
    iterations: outcome.iterations,
    seconds: facts.seconds,
    trace: outcome.trace.map((row) => asWritten(row, problem)),
    ...(facts.measures && {
      measures: Object.fromEntries(facts.measures.map((name) => [name, outcome.extra[name] ?? Number.NaN])),
    }),
    warnings: [...facts.warnings, ...outcome.diagnostics],
  };
}

/** A row of the trace with the upper objective in the sense the source wrote. */
export function asWritten(row: TraceRow, { upper }: Problem): TraceRow {
  return upper.sense === "maximize" && row.value !== 0 ? { ...row, value: -row.value } : row;
}

/** The result where the method does not fit the problem: its start, and what is in the way. */
export function notRun(
  oracle: Oracle,
  method: string,
  parameters: ParameterValues,
  seed: number,
  obstacles: readonly Diagnostic[],
): Result {
  const reason = obstacles.map((d) => `${d.message[0].toUpperCase()}${d.message.slice(1)}.`).join(" ");
  const result = unrun(oracle, method, parameters, seed, "not-applicable", oracle.problem.warnings, reason);
  return { ...result, warnings: [...result.warnings, ...obstacles] };
}

/** The start as the point of a run that did not take place. */
export function unrun(
  oracle: Oracle,
  method: string,
  parameters: ParameterValues,
  seed: number,
  status: Status,
  warnings: readonly Diagnostic[],
  reason = outcomes[status].sentence,
): Result {
  const outcome: RunOutcome = {
    status,
    reason,
    x: oracle.startX.slice(),
    y: oracle.startY.slice(),
    value: Number.NaN,
    stationarity: Number.NaN,
    extra: {},
    iterations: 0,
    seconds: 0,
    counts: { ...oracle.counts },
    backOffs: 0,
    parameters,
    seed,
    trace: [],
    diagnostics: [],
  };
  return resultOf({ oracle, method, outcome, certificate: undefined, seconds: 0, warnings });
}
