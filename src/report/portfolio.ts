/**
 * Several solves in turn: where one ends early without a certificate, the next method gets what is left of the budget.
 * The first certified answer is the result. Without one it is the best of the answers whose lower level holds.
 */
import { diagnostic } from "../base/diagnostic.js";
import type { Result, Status } from "../methods/result.js";
import type { Progress } from "../methods/run.js";
import type { Oracle } from "../oracle/oracle.js";
import { type SolveRequest, solving } from "./solving.js";

/** Ends after which another method may do better. After a limit nothing is left; after an interruption nobody waits. */
const worthAnother: ReadonlySet<Status> = new Set<Status>(["uncertified", "stalled", "diverged", "not-finite"]);

/** An answer, or the proof that there is none. */
const settled: ReadonlySet<Status> = new Set<Status>(["converged", "infeasible", "unbounded"]);

export function* solvingInTurn(oracle: Oracle, requests: readonly SolveRequest[]): Generator<Progress, Result, void> {
  const { now, limits: whole } = requests[0];
  const began = now();
  const results: Result[] = [];
  for (const request of requests) {
    const seconds = whole.seconds === undefined ? undefined : whole.seconds - (now() - began) / 1000;
    const used = results.reduce((sum, r) => sum + r.iterations, 0);
    const iterations = whole.iterations === undefined ? undefined : whole.iterations - used;
    if (results.length > 0 && ((seconds ?? 1) <= 0 || (iterations ?? 1) <= 0)) break;
    const result = yield* solving(oracle, { ...request, limits: { seconds, iterations, calls: whole.calls } });
    results.push(result);
    if (!worthAnother.has(result.status)) break;
  }
  const answer = results.find((r) => settled.has(r.status)) ?? best(oracle, results);
  const others = results
    .filter((r) => r !== answer)
    .map((r) => diagnostic("BLO0816", { method: r.method, status: r.status, reason: r.reason }));
  return {
    ...answer,
    counts: { ...oracle.counts },
    seconds: (now() - began) / 1000,
    warnings: [...answer.warnings, ...others],
  };
}

const confirming: ReadonlySet<string> = new Set(["domains", "upper constraints", "lower constraints", "value gap"]);

/** The lowest upper objective among answers whose lower level and domains were confirmed; else the first answer. */
function best(oracle: Oracle, results: readonly Result[]): Result {
  const sign = oracle.problem.upper.sense === "maximize" ? -1 : 1;
  const confirmed = results.filter((r) => {
    const needed = r.certificate?.checks.filter((c) => confirming.has(c.name));
    return needed !== undefined && needed.length > 0 && needed.every((c) => c.holds);
  });
  return (
    confirmed.reduce<Result | undefined>(
      (a, b) => (a === undefined || sign * b.upper.objective < sign * a.upper.objective ? b : a),
      undefined,
    ) ?? results[0]
  );
}
