/** The same oracle with another starting point: for multistart, warm starts and resumed runs. */
import type { Oracle } from "../oracle/oracle.js";

/** x and y are copied and projected onto the domains; queries and counters are shared with `oracle`. */
export function withStart(oracle: Oracle, x: ArrayLike<number>, y: ArrayLike<number>): Oracle {
  const startX = Float64Array.from(x);
  const startY = Float64Array.from(y);
  oracle.domainX.project(startX);
  oracle.domainY.project(startY);
  return {
    problem: oracle.problem,
    n: oracle.n,
    m: oracle.m,
    startX,
    startY,
    upper: oracle.upper,
    lower: oracle.lower,
    domainX: oracle.domainX,
    domainY: oracle.domainY,
    counts: oracle.counts,
    fork: () => withStart(oracle.fork(), startX, startY),
    ...(oracle.backend === undefined ? {} : { backend: oracle.backend }),
    ...(oracle.sampled === undefined ? {} : { sampled: oracle.sampled }),
  };
}
