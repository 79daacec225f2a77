/**
 * Several solves in turn. Methods are tried until the certificate confirms an answer; where the rules say so, the run is not `quick` and
 * the answer could not be proved to be global, a search for a better one follows. The best confirmed answer is the result, and without
 * one the best of the answers whose lower level holds. Everything that was tried is listed.
 */
import { diagnostic } from "../base/diagnostic.js";
import type { Attempt, Result, Status } from "../methods/result.js";
import { DEFAULT_TOLERANCE, type Progress } from "../methods/run.js";
import { withStart } from "../methods/start.js";
import { calls, type Oracle } from "../oracle/oracle.js";
import { GlobalAnswers } from "./global/answers.js";
import { PROOF_SHARE, ProofTime } from "./proofTime.js";
import type { Part } from "./rules.js";
import { type SolveRequest, solving } from "./solving.js";
import { uncertifiedBetter } from "./uncertifiedBetter.js";

export interface Turn {
  readonly part: Part;
  /** Why it has this turn, where nobody asked for it. */
  readonly why?: string | undefined;
  readonly request: SolveRequest;
  /** What presolve did to the problem, where the method runs on the smaller one. */
  readonly presolve?: Result["presolve"];
}

/** Ends after which another method may do better. After a limit nothing is left; after an interruption nobody waits. */
const worthAnother: ReadonlySet<Status> = new Set<Status>([
  "converged",
  "uncertified",
  "stalled",
  "diverged",
  "not-finite",
]);

/** A proof that there is no answer. */
const refuted: ReadonlySet<Status> = new Set<Status>(["infeasible", "unbounded"]);

/** At most this part of a method's time is kept for the certificate (see solving.ts). */
const CERTIFICATE = 0.15;

/** An answer must be better by this times 1 + |f| to take the place of one found before. */
const BETTER = 1e-6;

/** `more` makes further turns once those given are over without a proof or, where `quick`, without an answer. */
export function* solvingInTurn(
  oracle: Oracle,
  given: readonly Turn[],
  quick = false,
  more?: () => readonly Turn[],
): Generator<Progress, Result, void> {
  const turns = [...given];
  const { now, limits: whole, tolerance } = turns[0].request;
  const began = now();
  const results: Result[] = [];
  let proved = false;
  /** The feasible point of a proof that ran out of time: others start there, to better it. */
  let open: Result | undefined;
  const tried: Attempt[] = [];
  const { signal } = turns[0].request;
  const late = (): boolean => whole.seconds !== undefined && now() - began > 1000 * PROOF_SHARE * whole.seconds;
  const answers = new GlobalAnswers(oracle, () => signal?.aborted === true || late());
  function* isGlobal(answer: Result): Generator<Progress, boolean, void> {
    const steps = answers.proved(answer);
    for (;;) {
      const next = steps.next();
      if (next.done === true) return next.value;
      yield progressOf(answer, oracle);
    }
  }
  for (let k = 0; ; k++) {
    const found = results.some((r) => r.status === "converged");
    if (k === given.length && more !== undefined && !(found && (quick || proved))) {
      turns.push(...more());
      yield progressOf(results[results.length - 1], oracle);
    }
    if (k >= turns.length) break;
    const { part, request, presolve, why } = turns[k];
    if (found && (part !== "search" || quick || proved)) continue;
    if (found && (yield* isGlobal(best(oracle, results)))) break;
    const left = whole.seconds === undefined ? undefined : whole.seconds - (now() - began) / 1000;
    const proving = part === "proof" && (more !== undefined || turns.some((t) => t.part !== "proof"));
    const proofTime = proving && left !== undefined ? new ProofTime(left) : undefined;
    const seconds = proofTime?.share ?? left;
    const used = results.reduce((sum, r) => sum + r.iterations, 0);
    const iterations = whole.iterations === undefined ? undefined : whole.iterations - used;
    if (results.length > 0 && ((seconds ?? 1) <= 0 || (iterations ?? 1) <= 0)) break;
    const limits = { seconds, iterations, calls: whole.calls };
    const solved = yield* solving(open === undefined ? oracle : withStart(oracle, open.x, open.y), {
      ...request,
      limits,
      proofTime,
    });
    const result = presolve === undefined ? solved : { ...solved, presolve };
    results.push(result);
    tried.push(attemptOf(result, why));
    // a search that ran out of its share may hold a confirmed answer, but no proof
    const most = proofTime?.granted ? proofTime.most : proofTime && (1 - CERTIFICATE) * proofTime.share;
    const cut = most !== undefined && result.seconds >= most;
    const global = result.certificate?.checks.some((c) => c.name === "global bound") === true;
    proved = part === "proof" && result.status === "converged" && (global || !cut);
    if (cut && isConfirmed(result)) open = result;
    if (!worthAnother.has(result.status) && !(cut && result.status === "time-limit")) break;
  }
  const chosen = results.find((r) => refuted.has(r.status)) ?? best(oracle, results);
  const doubtful = chosen.status === "converged" && !quick && !proved && turns[0].why !== undefined;
  if (doubtful && !late()) yield* isGlobal(chosen);
  const answer = answers.told(chosen);
  const others = results
    .filter((r) => r !== chosen)
    .map((r) => diagnostic("BLO0816", { method: r.method, status: r.status, reason: r.reason }));
  // what another method found out about the problem stands beside the answer
  const told = results.flatMap((r) => (r === chosen || r.remark === undefined ? [] : [`${r.method}: ${r.remark}`]));
  const remarks = [...told, ...uncertifiedBetter(oracle.problem, answer, results, tolerance ?? DEFAULT_TOLERANCE)];
  return {
    ...answer,
    reason: [answer.reason, ...new Set(remarks)].join(" "),
    counts: { ...oracle.counts },
    seconds: (now() - began) / 1000,
    ...((turns.length > 1 || turns[0].why !== undefined) && { tried }),
    warnings: [...answer.warnings, ...others],
  };
}

/** Between two turns. */
function progressOf({ iterations, seconds, upper }: Result, oracle: Oracle): Progress {
  return {
    iteration: iterations,
    calls: calls(oracle.counts),
    seconds,
    value: upper.objective,
    stationarity: Number.NaN,
  };
}

function attemptOf({ method, status, upper, certificate, seconds }: Result, why: string | undefined): Attempt {
  const attempt = { method, status, objective: upper.objective, certified: certificate?.certified === true, seconds };
  return why === undefined ? attempt : { ...attempt, why };
}

const confirming: ReadonlySet<string> = new Set(["domains", "upper constraints", "lower constraints", "value gap"]);

/** Constraints of both levels hold, and y solves the lower level. */
function isConfirmed({ certificate }: Result): boolean {
  const needed = certificate?.checks.filter((c) => confirming.has(c.name));
  return needed !== undefined && needed.length > 0 && needed.every((c) => c.holds);
}

/**
 * The lowest upper objective among certified answers; else among those whose lower level and domains hold; else the first
 * one on the problem as written.
 */
function best(oracle: Oracle, results: readonly Result[]): Result {
  const certified = results.filter((r) => r.status === "converged");
  const confirmed = results.filter(isConfirmed);
  const asWritten = results.filter((r) => r.presolve === undefined);
  // a start without values is what there is to mend, whatever a search made of it
  const noStart = asWritten.find((r) => r.status === "not-finite" && r.iterations === 0);
  return lowest(oracle, certified) ?? noStart ?? lowest(oracle, confirmed) ?? asWritten[0] ?? results[0];
}

function lowest(oracle: Oracle, results: readonly Result[]): Result | undefined {
  const sign = oracle.problem.upper.sense === "maximize" ? -1 : 1;
  return results.reduce<Result | undefined>((a, b) => {
    if (a === undefined) return b;
    const [old, fresh] = [sign * a.upper.objective, sign * b.upper.objective];
    return fresh < old - BETTER * (1 + Math.abs(old)) ? b : a;
  }, undefined);
}
