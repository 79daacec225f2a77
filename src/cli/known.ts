/**
 * Best known values of a collection of problems, and what a run is worth beside one. The file is a JSON list of records
 *
 *     { "name": "Bard1988Ex1", "bestF": 17, "within": 0.01 }
 *
 * name: the problem's title or its file's name without .blo; bestF: best known upper objective as written, null where none
 * is; within: what counts as equal, times max(1, |bestF|) (default 0.01: most libraries print 2 to 5 digits). Anything else
 * in a record is left alone.
 */
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { reasonOf } from "../base/fileReasons.js";
import type { Result } from "../methods/result.js";
import type { Problem } from "../model/problem.js";
import { UsageError } from "./exit.js";

export interface KnownValue {
  readonly name: string;
  readonly best: number | undefined;
  readonly within: number;
}

const WITHIN = 0.01;
/** Violations up to this times the size of the point, and lower gaps up to this times 1 + |g|, count as none. */
const FEASIBLE = 1e-4;

/**
 * - `reached`, `better`, `worse`: than the best known value, by a point that both levels accept.
 * - `solved`: such a point where no value is known.
 * - `violated`: constraints do not hold.   `not lower`: a lower y was found, or no lower solution was confirmed.
 * - `none`: the run ended with the verdict that there is no solution, or did not run.
 */
export type KnownVerdict = "reached" | "better" | "worse" | "solved" | "violated" | "not lower" | "none";

export const fine: ReadonlySet<KnownVerdict> = new Set<KnownVerdict>(["reached", "better", "solved"]);

export async function readKnown(path: string): Promise<ReadonlyMap<string, KnownValue>> {
  let list: unknown;
  try {
    list = JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    const why = error instanceof SyntaxError ? "it is not JSON" : reasonOf(error);
    throw new UsageError(`--known ${path} cannot be read: ${why}`);
  }
  if (!Array.isArray(list)) throw new UsageError(`--known ${path}: expected a list of { "name": …, "bestF": … }`);
  return new Map(
    list.map((record: unknown, i) => {
      const known = recordOf(record);
      if (typeof known === "string") throw new UsageError(`--known ${path}, entry ${i + 1}: ${known}`);
      return [known.name, known];
    }),
  );
}

/** The record, or what is wrong with it. */
function recordOf(record: unknown): KnownValue | string {
  if (typeof record !== "object" || record === null) return `expected { "name": …, "bestF": … }`;
  const { name, bestF = null, within = WITHIN } = record as Record<string, unknown>;
  if (typeof name !== "string") return `"name" must be a text`;
  if (bestF !== null && typeof bestF !== "number") return `"bestF" must be a number or null`;
  if (typeof within !== "number" || !(within >= 0)) return `"within" must be a number from 0`;
  return { name, best: bestF ?? undefined, within };
}

/** By title, else by the file's name. */
export function knownOf(
  values: ReadonlyMap<string, KnownValue>,
  file: string,
  title: string | undefined,
): KnownValue | undefined {
  return (title === undefined ? undefined : values.get(title)) ?? values.get(basename(file, ".blo"));
}

export function verdictOf(problem: Problem, result: Result, known: KnownValue | undefined): KnownVerdict {
  const { status, upper, lower, x, y } = result;
  if (status === "infeasible" || status === "unbounded" || status === "not-applicable") return "none";
  if (status === "not-attained" && known?.best === undefined) return "none";
  const size = [...x, ...y].reduce((top, v) => Math.max(top, Math.abs(v)), 1);
  if (!(Math.max(upper.violation, lower.violation) <= FEASIBLE * size)) return "violated";
  if (!(lower.gap <= FEASIBLE * (1 + Math.abs(lower.objective)))) return "not lower";
  if (known?.best === undefined) return "solved";
  const above = (problem.upper.sense === "maximize" ? -1 : 1) * (upper.objective - known.best);
  const allowed = known.within * Math.max(1, Math.abs(known.best));
  if (above > allowed) return "worse";
  return above < -allowed ? "better" : above <= allowed ? "reached" : "worse";
}
