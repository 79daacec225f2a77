/** Proved bounds as evidence for x: with more upper variables than the certificate compares neighbours for. */
import { expect, test } from "vitest";
import { asText, linearBilevel } from "../../bench/linearBilevelProblems.mjs";
import { certify, compile, type Problem, solve } from "../../src/api.js";
import { examine } from "../../src/certify/certificate.js";
import { createRandom } from "../../src/num/random.js";
import { compileOracle } from "../../src/oracle/compile.js";

async function problemOf(text: string): Promise<Problem> {
  const { problem, diagnostics } = await compile(text);
  if (!problem) throw new Error(diagnostics.map((d) => d.message).join("; "));
  return problem;
}

const text = asText(linearBilevel({ family: "sparse", n: 25, m: 10, rows: 12, seed: 3 }));

test("a linear bilevel problem with 25 upper variables is solved to proven optimality", async () => {
  const problem = await problemOf(text);
  const result = await solve(problem, { seconds: 60 });
  expect(result.status).toBe("converged");
  expect(result.method).toBe("branch-and-bound");
  const check = result.certificate?.checks.find((c) => c.name === "global bound");
  expect(check?.holds).toBe(true);
  // Without the proof the certificate looks along active sets, and claims nothing of global optimality.
  const alone = await certify(problem, result.values);
  expect(alone.certified, alone.sentence).toBe(true);
  expect(alone.checks.some((c) => c.name === "global bound")).toBe(false);
  // A point above the bound is refused, and so is a proof for a point that is not bilevel feasible.
  const oracle = compileOracle(problem);
  const judged = (y: Float64Array, bound: number) =>
    examine(oracle, result.x, y, { tolerance: 1e-6, random: createRandom(1), proof: { bound, words: "a test" } })
      .certificate;
  const f = oracle.upper.value(result.x, result.y);
  expect(judged(result.y, f - 0.1).checks.find((c) => c.name === "global bound")?.holds).toBe(false);
  expect(judged(result.y, f).certified).toBe(true);
  expect(judged(new Float64Array(oracle.m), f).certified).toBe(false);
});
