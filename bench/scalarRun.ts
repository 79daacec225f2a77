/** W1: seconds of one outer iteration (K = 10) of f2ba on the scalar quadratic through the public `solve`. */
import { solve } from "../src/api.js";
import type { Problem } from "../src/model/problem.js";
import type { Row } from "./kernels.js";
import { cpuSeconds, median } from "./measure.js";
import { f2ba } from "./reference/f2ba.js";

const steps = { K: 10, lambda: 100, alpha: 0.1, tau: 0.001, eta: 1e-7 };

/** A tiny upper step keeps the run from converging; what a run costs apart from its iterations cancels in a difference. */
export async function outerIteration(
  problem: Problem,
  c: ((calls: number) => number) | undefined,
  rounds: number,
): Promise<Row> {
  const few = 1000;
  const many = 3_001_000;
  const run = async (iterations: number) => {
    const start = cpuSeconds();
    const result = await solve(problem, { method: "f2ba", options: steps, iterations, seconds: 60, seed: 1 });
    if (result.iterations !== iterations) throw new Error(`stopped after ${result.iterations}: ${result.status}`);
    return cpuSeconds() - start;
  };
  await run(many);
  f2ba(0, 0, many, steps);
  f2ba(0, 0, many, steps);
  const times = new Map<string, number[]>();
  const note = (side: string, seconds: number) => times.set(side, [...(times.get(side) ?? []), seconds]);
  let sink = 0;
  for (let round = 0; round < rounds; round++) {
    note("blo", ((await run(many)) - (await run(few))) / (many - few));
    const start = cpuSeconds();
    sink += f2ba(0, 0, 10 * many, steps);
    note("closure", (cpuSeconds() - start) / (10 * many));
    if (c) note("C", c(10 * many));
  }
  return {
    name: "W1 one outer iteration of f2ba (K = 10) through solve",
    comparison: {
      seconds: new Map([...times].map(([side, list]) => [side, median(list)])),
      ratio: (a, b) => median(times.get(a)!.map((t, k) => t / times.get(b)![k])),
    },
    note: `f2ba ${JSON.stringify(steps)}, ${many - few} iterations`,
    error: Number.isFinite(sink) ? 0 : 1,
    bar: { of: "C", most: 3 },
  };
}
