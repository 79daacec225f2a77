/** Whether the followers are independent: none sees another one's variables. */
import type { Problem } from "../model/problem.js";
import { problemReads, readsAny } from "../model/reads.js";

export function findFollowers(problem: Problem): Problem {
  const independentFollowers = problem.lowers.every((level, k) => {
    const others = problem.lowers.filter((_, j) => j !== k).flatMap((l) => l.variables);
    const reads = problemReads(problem, [level.objective, ...level.constraints.map((r) => r.body)]);
    return !readsAny(reads, others);
  });
  return { ...problem, independentFollowers };
}
