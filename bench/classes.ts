/**
 * Solved share and median cost of aid-auto on seeded classes of random problems. Run through bench/classes.mjs:
 *   node bench/classes.mjs [instances per class] [cap on calls]
 * "Solved", by the independent dense path: the projected hypergradient at the answer is at most 1e-6 of that at the start, or
 * the shortest convex combination of many of them within 1e-4 is at most 1e-5 of it (a stationary kink). Cost: gradient calls plus twice the second-order products. Beside it the figures of an earlier prototype in
 * numpy on its own instances of the same description: a guide, not the same problems.
 */
import { aidAuto } from "../src/methods/implicit/aidAuto.js";
import { runMethod } from "../src/methods/run.js";
import { calls } from "../src/oracle/oracle.js";
import { type ClassName, instance } from "../test/methods/classes.js";
import { exactHypergradient, exactKink } from "../test/methods/exactHypergradient.js";
import { handOracle } from "../test/methods/handOracle.js";

const prototype: Readonly<Record<ClassName, string>> = {
  C1: "94 % / 501",
  C1b: "94 % / 502",
  C2: "100 % / 528",
  C4: "90-93 %",
};

const count = Number(process.argv[2] ?? 48);
const cap = Number(process.argv[3] ?? 12000);

for (const name of ["C1", "C1b", "C2", "C4"] as const) {
  const costs: number[] = [];
  const failed: string[] = [];
  let milliseconds = 0;
  for (let i = 0; i < count; i++) {
    const made = instance(name, i);
    const oracle = handOracle(made.problem);
    const before = performance.now();
    const out = runMethod(aidAuto, oracle, { now: () => performance.now(), limits: { calls: cap }, traceRows: 0 });
    milliseconds += performance.now() - before;
    const start = exactHypergradient(made, oracle.startX, oracle.startY);
    const end = exactHypergradient(made, out.x, out.y);
    costs.push(calls(out.counts));
    const kink = end <= 1e-6 * start ? 0 : exactKink(made, out.x, out.y);
    if (!(kink <= 1e-5 * start))
      failed.push(
        `${made.label}: ${out.status}, ${(end / start).toExponential(1)}, at kinks ${(kink / start).toExponential(1)}, ${calls(out.counts)} calls`,
      );
    else if (out.status !== "converged") failed.push(`(solved) ${made.label}: ${out.status}: ${out.reason}`);
  }
  const solved = count - failed.filter((line) => !line.startsWith("(solved)")).length;
  const median = costs.sort((a, b) => a - b)[count >> 1];
  const share = ((100 * solved) / count).toFixed(0);
  console.log(
    `${name.padEnd(4)} ${share} % / ${median} calls    prototype ${prototype[name]}    ${(milliseconds / count).toFixed(1)} ms each`,
  );
  for (const line of failed) console.log(`     ${line}`);
}
