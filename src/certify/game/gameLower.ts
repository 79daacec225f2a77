/**
 * Is y a Nash equilibrium of the followers at x? Each follower in turn, the others' variables held: no follower can improve
 * by itself. The sum of their objectives says nothing here. Whether there are other equilibria is not asked.
 */
import type { Certificate } from "../../methods/result.js";
import type { Random } from "../../num/random.js";
import type { Oracle } from "../../oracle/oracle.js";
import { Checks, short } from "../checks.js";
import { verifyConstrainedLower } from "../constrainedLower.js";
import { type LowerVerdict, verifyLower } from "../lowerVerdict.js";
import { type FollowerView, followerView } from "./followerProblem.js";

type Vector = Float64Array;

export interface GameVerdict extends LowerVerdict {
  readonly views: readonly FollowerView[];
}

const order: readonly Certificate["lowerEvidence"][] = ["none", "local", "global (multistart)", "global (proved)"];

/** Adds the checks; pauses between lower solves. */
export function* verifyGame(
  { problem }: Oracle,
  x: Vector,
  y: Vector,
  tolerance: number,
  random: Random,
  exhausted: () => boolean,
  checks: Checks,
): Generator<void, GameVerdict, void> {
  const views = problem.lowers.map((_, i) => followerView(problem, i));
  const settled = y.slice();
  let [gap, limit, stationarity, L] = [0, Number.POSITIVE_INFINITY, 0, 0];
  let evidence: Certificate["lowerEvidence"] = "global (proved)";
  let improving = "";
  let solved = true;
  let equilibrium = true;
  for (const { name, oracle, own, rest, part } of views) {
    const found = new Checks();
    const verify = oracle.lower.constraints.rows > 0 ? verifyConstrainedLower : verifyLower;
    const verdict = yield* verify(oracle, rest(x, y), part(y), tolerance, random.split(name), exhausted, found);
    for (const check of found.list) {
      if (check.name === "value gap") {
        limit = Math.min(limit, check.tolerance);
        if (!check.holds) improving = name;
      }
      if (check.name !== "value gap" || !check.holds) {
        checks.add(`${name}: ${check.name}`, check.value, check.tolerance, check.holds, check.words);
      }
      if (!check.holds) equilibrium = false;
    }
    gap = Math.max(gap, Number.isNaN(verdict.gap) ? Number.POSITIVE_INFINITY : verdict.gap);
    stationarity = Math.hypot(stationarity, verdict.stationarity);
    L = Math.max(L, verdict.L);
    solved &&= verdict.solved;
    if (order.indexOf(verdict.evidence) < order.indexOf(evidence)) evidence = verdict.evidence;
    own.forEach((j, k) => {
      settled[j] = verdict.y[k];
    });
  }
  checks.add(
    "value gap",
    gap,
    limit,
    equilibrium,
    equilibrium
      ? "No follower can improve by itself. That this is the equilibrium the upper level likes best is not claimed."
      : improving === ""
        ? "That no follower can improve by itself was not confirmed."
        : `${improving} can improve by itself, by ${short(gap)} or less: y is no equilibrium.`,
  );
  return { views, y: settled, L, stationarity, gap, evidence, solved: solved && equilibrium };
}
