/** Does a result meet the `expect` block of its problem? */
import { closest } from "../base/suggest.js";
import type { Result } from "../methods/result.js";
import type { ExpectationModel, Problem } from "../model/problem.js";
import { evaluate } from "../ops/evaluate.js";
import { objectivesOf } from "../report/values.js";

type ValueExpectation = Extract<ExpectationModel, { kind: "value" }>;

export interface Judgement {
  readonly holds: boolean;
  /** As written: `x`, `upper`, `status`. */
  readonly text: string;
  readonly expected: readonly number[] | string;
  readonly found: readonly number[] | string;
  /** The largest difference and what was allowed for that entry; NaN for statuses. */
  readonly difference: number;
  readonly within: number;
}

function found(e: ValueExpectation, problem: Problem, { x, y }: Result): readonly number[] {
  if ("objective" in e.target) {
    const { upper, lowers } = objectivesOf(problem, x, y);
    return [e.target.objective === "upper" ? upper : lowers[e.target.follower]];
  }
  const inputs = new Map([
    [problem.x, x],
    [problem.y, y],
  ]);
  return [...evaluate([e.target], inputs)[0]];
}

function judgeValue(e: ValueExpectation, problem: Problem, result: Result): Judgement {
  const values = found(e, problem, result);
  const expected = values.map((_, i) => e.value[e.value.length === 1 ? 0 : i]);
  let worst = { ratio: Number.NEGATIVE_INFINITY, difference: 0, within: 0 };
  values.forEach((v, i) => {
    const within = e.within ?? 1e-6 * (1 + Math.abs(expected[i]));
    const difference = v === expected[i] ? 0 : Math.abs(v - expected[i]);
    // Entries that are not finite are infinitely far away.
    const ratio = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference === 0 ? 0 : difference / within;
    if (ratio > worst.ratio) worst = { ratio, difference, within };
  });
  const { ratio, difference, within } = worst;
  return { holds: ratio <= 1, text: e.text, expected, found: values, difference, within };
}

/** One judgement for each line of the block that says something about the result. */
export function judge(problem: Problem, result: Result): Judgement[] {
  return problem.expect.flatMap((e): Judgement[] => {
    if (e.kind === "value") return [judgeValue(e, problem, result)];
    if (e.kind === "needs") return [];
    const none = { difference: Number.NaN, within: Number.NaN };
    return [{ holds: e.status === result.status, text: "status", expected: e.status, found: result.status, ...none }];
  });
}

/** Why a problem is not run: it needs a method that does not exist, or expects nothing. */
export function whySkipped(problem: Problem, known: readonly string[]): string | undefined {
  for (const e of problem.expect) {
    if (e.kind !== "needs" || known.includes(e.method)) continue;
    const near = closest(e.method, known);
    return `needs method ${e.method}, which is not there${near === undefined ? "" : ` (did you mean ${near}?)`}`;
  }
  return problem.expect.every((e) => e.kind === "needs") ? "has no expectations" : undefined;
}
