/** Values of the hyper-objective phi(x) = min f(x, y) over lower solutions y, by an accurate optimistic lower solver. */
import type { Problem } from "../../src/api.js";
import { OptimisticValue } from "../../src/methods/zerothOrder/hyperValue.js";
import { createRandom } from "../../src/num/random.js";
import { compileOracle } from "../../src/oracle/compile.js";

/** phi of one upper variable; every value from the written start of y. */
export function hyperObjective(problem: Problem): (x: number) => number {
  const oracle = compileOracle(problem);
  const solver = new OptimisticValue({ oracle, random: createRandom(1), exhausted: () => false }, "auto");
  return (x) => solver.at(Float64Array.of(x), oracle.startY.slice());
}
