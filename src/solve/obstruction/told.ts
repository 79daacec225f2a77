/** A finding joins the result: the verdict, the reason, the warnings. */
import type { Obstruction, Result, Status } from "../../methods/result.js";
import type { Finding } from "./words.js";

const statuses: Readonly<Record<Obstruction["kind"], Status>> = {
  constraints: "infeasible",
  "upper constraints": "infeasible",
  "no equilibrium": "infeasible",
  "lower unbounded": "unbounded",
  "upper unbounded": "unbounded",
  "not attained": "not-attained",
  violation: "infeasible",
};

/** What is proved, or `decides` as seen, changes the verdict; the rest joins the reason. */
export function told(
  result: Result,
  { obstruction, diagnostic, sentence, decides = obstruction.proved }: Finding,
): Result {
  return {
    ...result,
    status: decides ? statuses[obstruction.kind] : result.status,
    reason: decides ? sentence : `${result.reason} ${sentence}`,
    obstruction,
    warnings: [...result.warnings, diagnostic],
  };
}
